from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from server.live.park import park_runtime
from tests.server.conftest import PASSWORD, Served, begin
from tests.server.test_live import feed

STA = "/sta/v1.1"
NOW = 1_700_000_000_000


def sign_in(served: Served, role: str = "operator") -> Any:
    """The application's own client, with name and password in each request: live state runs on its event loop."""
    if role not in {user.name for user in served.services.accounts.users()}:
        served.services.accounts.create(role, PASSWORD, [role])
    served.client.auth = (role, PASSWORD)
    return served.client


class Client:
    """Asks the service and gives back JSON; `status` is that of the last answer."""

    def __init__(self, served: Served, role: str = "operator") -> None:
        self.served, self.http = served, sign_in(served, role)
        self.status = 0

    def get(self, path: str, **options: Any) -> Any:
        query = "&".join(
            f"{name if name == 'resultFormat' else '$' + name}={quote(str(value))}" for name, value in options.items()
        )
        answer = self.http.get(f"{STA}/{path}" + (f"?{query}" if query else ""))
        self.status = answer.status_code
        return answer.json() if "json" in answer.headers["content-type"] else answer.text

    def follow(self, link: str) -> Any:
        answer = self.http.get(link)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.http.request(method, f"{STA}/{path}", json=body, headers=headers)
        self.status = answer.status_code
        return answer

    def post(self, path: str, body: Any) -> str:
        """The id of what was created."""
        answer = self.send("POST", path, body)
        assert answer.status_code == 201, answer.text
        assert answer.content == b""
        location = answer.headers["location"]
        assert location.startswith(f"http://park.test{STA}/")
        return location[location.index("('") + 2 : -2]

    def ids(self, path: str, **options: Any) -> list[str]:
        body = self.get(path, **options)
        assert self.status == 200, body
        return [row["@iot.id"] for row in body["value"]]


VALUES = [20.0 + number for number in range(10)]


def quiet(folder: Path) -> Path:
    """A park whose broker is a closed port, so that nothing outside this process takes part."""
    with (folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    return folder


def sample(served: Served) -> None:
    """VALUES as readings of t1, a second apart, from a second after NOW on."""
    for value in VALUES:
        served.clock.advance(1)
        feed(served, t1=value)


@pytest.fixture
def folder(park) -> Path:
    return quiet(park.folder)


@pytest.fixture
def live(start, folder) -> Served:
    return start(runtime=park_runtime)


@pytest.fixture
def sta(live) -> Client:
    return Client(live)


@pytest.fixture(scope="module")
def read(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One service with ten readings of t1, for all tests of a file that only read."""
    folder = tmp_path_factory.mktemp("read") / "park"
    shutil.copytree(template, folder)
    served = begin(quiet(folder), runtime=park_runtime)
    sample(served)
    yield Client(served)
    served.close()
