"""The whole server as a process: start, address, lock, control, live connection, stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.park_lock import ParkLock, Serving, read_serving
from server.serve import listen, serve, url_of
from tests.server.conftest import API
from twin.errors import Conflict, Invalid, NotFound
from twin.park import Park

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from server.serve import serve
from twin.errors import ParkError
from pathlib import Path
try:
    serve(Path(sys.argv[1]), port=int(sys.argv[2]))
except ParkError as error:
    print("error", error.code, error)
    sys.exit(5)
"""


class Process:
    """A server process; its lines of standard output as they come."""

    def __init__(self, folder: Path, port: int = 0, **environment: str) -> None:
        self.run = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), str(port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PARK_ARGON2_MEMORY_KIB": "64", "PARK_ARGON2_TIME_COST": "1", **environment},
        )
        self.lines: list[str] = []

    def wait_ready(self) -> str:
        """The address, once the server says it is ready."""
        for line in self.run.stdout or ():
            self.lines.append(line.strip())
            if "serving at" in line:
                return line.split("serving at ")[1].strip()
        raise AssertionError(f"it did not start: {self.lines} {self.run.stderr.read() if self.run.stderr else ''}")

    def password(self) -> str:
        return next(line.split("password ")[1].split(" ")[0] for line in self.lines if "password" in line)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.run.send_signal(number)
        self.run.communicate(timeout=30)
        return self.run.returncode


@pytest.fixture
def quiet(park: Park) -> Park:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    return park


@pytest.fixture
def process(quiet: Park) -> Iterator[Callable[..., Process]]:
    begun: list[Process] = []

    def begin(**options: object) -> Process:
        begun.append(Process(quiet.folder, **options))
        return begun[-1]

    yield begin
    for one in begun:
        if one.run.poll() is None:
            one.run.kill()
        one.run.communicate()


def read_on(live: ClientConnection) -> None:
    """Read what is still on its way, up to the close."""
    for _ in range(100):
        live.recv(timeout=10)


def test_the_whole_way(process: Callable[..., Process], quiet: Park) -> None:
    first = process()
    url = first.wait_ready()
    assert httpx.get(f"{url}/readyz").json()["status"] == "ready"
    file = quiet.folder / "server.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = json.loads(file.read_text())
    assert (said["pid"], said["url"]) == (first.run.pid, url)

    control = httpx.Client(base_url=f"{url}{API}/control", headers={"X-Control-Token": said["token"]})
    assert control.get("/layers").json()[0]["version"] == "v1"
    assert control.post("/publish", json={"layer": "a1", "version": "v2"}).json()["revision"] == 2
    assert control.post("/points", json={}).json() == []
    found = control.post("/sql", json={"query": "SELECT layer, count FROM layer"}).json()
    assert found["columns"] == ["layer", "count"]
    assert control.post("/sql", json={"query": "DELETE FROM layer"}).status_code == 422
    assert control.get("/layers").json()[0]["layer"] == "a1"
    assert httpx.get(f"{url}{API}/control/layers").status_code == 403

    client = httpx.Client(base_url=url)
    session = client.post(f"{API}/session", json={"username": "admin", "password": first.password()}).json()
    client.headers["X-CSRF-Token"] = session["csrf"]
    assert {row["action"] for row in client.get(f"{API}/audit?user=command-line").json()["items"]} == {
        "layer.publish",
        "points.load",
        "sql.select",
    }
    cookie = f"parktwin_session={client.cookies['parktwin_session']}"
    with connect(
        url.replace("http", "ws") + f"{API}/live", subprotocols=["parktwin.json"], additional_headers={"Cookie": cookie}
    ) as live:
        assert json.loads(live.recv(timeout=10))["type"] == "hello"
        live.send(json.dumps({"type": "subscribe", "id": 1, "scope": {}}))
        assert len(json.loads(live.recv(timeout=10))["points"]) == 2
        first.run.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed):
            read_on(live)
    control.close()
    client.close()
    first.run.communicate(timeout=30)
    assert first.run.returncode == 0
    assert not file.exists()


def test_a_park_is_served_once(process: Callable[..., Process]) -> None:
    first = process()
    url = first.wait_ready()
    second = process()
    output, _ = second.run.communicate(timeout=30)
    assert second.run.returncode == 5
    assert "error park-served" in output
    assert f"process {first.run.pid} at {url}" in output
    assert httpx.get(f"{url}/readyz").status_code == 200
    assert first.end(signal.SIGINT) == 0


def test_a_killed_server_leaves_nothing_in_the_way(process: Callable[..., Process], quiet: Park) -> None:
    first = process()
    first.wait_ready()
    first.end(signal.SIGKILL)
    assert (quiet.folder / "server.json").exists()
    assert read_serving(quiet) is None
    again = process()
    assert httpx.get(f"{again.wait_ready()}/readyz").status_code == 200
    assert not any("password" in line for line in again.lines), "the first administrator is made once"


def test_a_park_opened_by_another_command_is_one_sentence(process: Callable[..., Process], quiet: Park) -> None:
    from twin.graph import Database

    database = Database(quiet.database)
    try:
        second = process()
        output, errors = second.run.communicate(timeout=30)
        assert second.run.returncode == 5
        assert "error park-locked" in output
        assert "Traceback" not in output + errors
    finally:
        database.close()


def test_port_in_use_is_named(quiet: Park) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=rf"port {port}.*--port") as error:
            serve(quiet.folder, port=port)
    assert error.value.code == "port-in-use"
    assert not (quiet.folder / "server.json").exists()
    lock = ParkLock(quiet)
    lock.acquire()
    lock.release()


def test_bad_addresses() -> None:
    with pytest.raises(Invalid, match="70000"):
        listen("127.0.0.1", 70000)
    with pytest.raises(Invalid, match=r"203\.0\.113\.1 is no address of this machine"):
        listen("203.0.113.1", 0)
    with pytest.raises(NotFound):
        serve(Path("/nonexistent-park"))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104  nothing is bound here
        ("::1", "http://[::1]:80"),
        ("::", "http://[::1]:80"),
    ],
)
def test_address_for_a_browser_here(host: str, expected: str) -> None:
    assert url_of(host, 80) == expected


def test_lock_tells_who_has_it(quiet: Park) -> None:
    lock = ParkLock(quiet)
    lock.acquire()
    serving = lock.announce("http://127.0.0.1:9")
    assert read_serving(quiet) == serving == Serving(os.getpid(), "http://127.0.0.1:9", lock.token)
    with pytest.raises(Conflict, match=f"process {os.getpid()} at http://127.0.0.1:9"):
        ParkLock(quiet).acquire()
    lock.release()
    lock.release()
    assert read_serving(quiet) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}', '{"pid": 4194304, "url": "u", "token": "t"}'])
def test_unusable_server_files_count_as_none(quiet: Park, text: str) -> None:
    (quiet.folder / "server.json").write_text(text)
    assert read_serving(quiet) is None
