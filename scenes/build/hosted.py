"""Build workers forked from a warm host; one host per process, started when it is first needed."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from scenes.build.host import ANSWER
from twin.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]


class HostedWorker:
    """A running build: `stdout` and `stderr` as text, `pid`, `kill` and `wait` as of a Popen."""

    def __init__(self, stdout: TextIO, stderr: TextIO, answer: int) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self._answer = answer
        self._lock = threading.Lock()
        self.returncode: int | None = None
        self.pid = _number(answer)
        if self.pid is None:
            self.close()
            raise Unavailable("The build host ended before it started a worker: try again", code="worker")

    def kill(self) -> None:
        """End the worker, if it still runs."""
        with self._lock:
            if self.returncode is None and self.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """The exit code; negative for a signal. A host that died took its workers along."""
        status = _number(self._answer)
        with self._lock:
            self.returncode = -signal.SIGKILL if status is None else os.waitstatus_to_exitcode(status)
        return self.returncode

    def close(self) -> None:
        """Give the pipes back."""
        self.stdout.close()
        self.stderr.close()
        os.close(self._answer)


def _number(descriptor: int) -> int | None:
    data = b""
    while len(data) < ANSWER.size:
        more = os.read(descriptor, ANSWER.size - len(data))
        if not more:
            return None
        data += more
    return int(ANSWER.unpack(data)[0])


class _Host:
    """The one host of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._door: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def start(self, spec: str) -> HostedWorker:
        """Fork a worker for this spec, from a new host where there is none or it has ended."""
        pipes = [os.pipe() for _ in range(3)]
        theirs = [write for _, write in pipes]
        try:
            with self._lock:
                if self._owner != os.getpid() or self._door is None or not _asked(self._door, spec, theirs):
                    _asked(self._renewed(), spec, theirs)
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        out, err, answer = (read for read, _ in pipes)
        return HostedWorker(os.fdopen(out, encoding="utf-8"), os.fdopen(err, errors="replace"), answer)

    def _renewed(self) -> socket.socket:
        if self._owner == os.getpid():
            self.end()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", f"from scenes.build.host import host; host({theirs.fileno()})"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._door, self._owner = ours, os.getpid()
        return ours

    def end(self) -> None:
        """Let the host go, with all that it runs."""
        if self._owner != os.getpid():
            return
        if self._door is not None:
            self._door.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._door = self._process = None


def _asked(door: socket.socket, spec: str, files: list[int]) -> bool:
    try:
        socket.send_fds(door, [spec.encode()], files)
    except OSError:
        return False
    return True


_HOST = _Host()
atexit.register(_HOST.end)


def start_worker(spec: str) -> HostedWorker:
    """Start a build in a worker forked from this process's host. spec: `Spec` as JSON."""
    return _HOST.start(spec)


def end_host() -> None:
    """Let this process's host go, with all that it runs; the next build starts another."""
    _HOST.end()
