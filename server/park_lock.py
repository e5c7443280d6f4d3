"""One server per park: a lock that dies with its process, and `server.json`, by which the command line finds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass
from typing import IO

import psutil

from twin.errors import Conflict, Unavailable
from twin.park import Park

FILE = "server.json"
LOCK = ".server.lock"


@dataclass(frozen=True)
class Serving:
    """The server of a park. `token` opens `/api/v1/control/…`; only the file's owner can read it."""

    pid: int
    url: str
    token: str


def read_serving(park: Park) -> Serving | None:
    """The server that serves a park now; None where there is none, or the one that wrote the file is dead."""
    try:
        row = json.loads((park.folder / FILE).read_text(encoding="utf-8"))
        found = Serving(int(row["pid"]), str(row["url"]), str(row["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if psutil.pid_exists(found.pid) else None


class ParkLock:
    """Held by the serving process: the system lets go of it when the process ends, however it ends."""

    def __init__(self, park: Park) -> None:
        self._park = park
        self._stream: IO[str] | None = None
        self.token = secrets.token_urlsafe(32)

    def acquire(self) -> None:
        """Raises Conflict where the park is served already, Unavailable where its folder cannot be written."""
        try:
            stream = (self._park.folder / LOCK).open("a+")
        except OSError as error:
            raise Unavailable(f"{self._park.folder} cannot be written: {error.strerror}", code="disk") from error
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            stream.close()
            raise Conflict(f"{self._park.folder} is served already{_by(self._park)}", code="park-served") from error
        self._stream = stream
        (self._park.folder / FILE).unlink(missing_ok=True)  # of a server that died

    def announce(self, url: str) -> Serving:
        """Write `server.json`, readable by this user only; at once or not at all."""
        serving = Serving(os.getpid(), url, self.token)
        temporary = self._park.folder / f".{FILE}.{os.getpid()}.tmp"
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(asdict(serving), stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._park.folder / FILE)
        return serving

    def release(self) -> None:
        """Take the file away and let go."""
        if self._stream is None:
            return
        with contextlib.suppress(OSError):
            (self._park.folder / FILE).unlink(missing_ok=True)
        self._stream.close()
        self._stream = None


def _by(park: Park) -> str:
    found = read_serving(park)
    if found is None:
        return " by another process: stop that one first"
    return f" by process {found.pid} at {found.url}: use that address, or stop that process first"
