"""Runs a build worker and watches it: progress, cancel, limits on time and memory, crashes.

A worker makes the shapes of a small file itself (`bim/geometry/unforked.py`). Where it is lost over them, another one builds
the file anew, with the shapes in a child: then a shape costs itself, and not the file.
"""

from __future__ import annotations

import collections
import contextlib
import json
import logging
import mmap
import shutil
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from scenes.build.hosted import HostedWorker, start_worker
from scenes.build.limits import Limits
from scenes.build.spec import Spec
from twin import errors
from twin.layer import Progress

POLL_S = 0.25
TAIL_LINES = 200
"""Of what a worker wrote, kept for the log: a traceback as deep as any of ours."""
_SHAPES = "geometry"
"""The phase in which shapes are made."""
log = logging.getLogger(__name__)


class _Lost(Exception):
    """A worker was ended by a signal while it made shapes itself."""


def _raise(row: dict[str, Any]) -> None:
    kind = getattr(errors, str(row["class"]), errors.ParkError)
    raise kind(row["message"], code=row["code"])


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found, waiting = [pid], [pid]
    while waiting:
        parent = waiting.pop()
        try:
            threads = list(Path(f"/proc/{parent}/task").iterdir())
            below = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
        except FileNotFoundError:  # it has ended, or the kernel tells no children
            if not Path(f"/proc/{parent}/task").exists():
                continue
            below = [one.pid for one in psutil.Process(parent).children()]
        found += below
        waiting += below
    return found


def _resident(pid: int) -> int:
    """Bytes that a process has in memory, shared ones too; 0 where it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * mmap.PAGESIZE
    return 0


def _proportional(pid: int) -> int:
    """A process's share of the memory it uses (PSS), bytes; 0 where it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class _Watch(threading.Thread):
    """Kills the worker when it breaks a limit or is cancelled; `reason` says which."""

    def __init__(self, process: HostedWorker, limits: Limits, cancelled: Callable[[], bool]) -> None:
        super().__init__(daemon=True, name="build-watch")
        self._process, self._limits, self._cancelled = process, limits, cancelled
        self._ended = threading.Event()
        self.reason: errors.ParkError | None = None

    def run(self) -> None:
        elapsed = 0.0
        self._check(elapsed)  # at once too: a small file is built before the first wait ends
        while not self._ended.wait(POLL_S):
            elapsed += POLL_S
            self._check(elapsed)

    def _check(self, elapsed: float) -> None:
        if self._cancelled():
            self._kill(errors.Unavailable("The build was cancelled", code="cancelled"))
        elif elapsed > self._limits.seconds:
            self._kill(
                errors.Unavailable(
                    f"The build took longer than {self._limits.seconds:.0f} s and was stopped", code="time-limit"
                )
            )
        elif self._resident() > self._limits.memory:
            self._kill(
                errors.Unavailable(
                    f"The build used more than {self._limits.memory / 1024**3:.3g} GB and was stopped",
                    code="memory-limit",
                )
            )

    def _resident(self) -> int:
        """Bytes held by the worker and its children; pages that they share count once, if that makes a difference."""
        try:
            family = _family(int(self._process.pid or 0))
        except (psutil.Error, OSError):
            return 0
        most = sum(map(_resident, family))  # the kernel has this at hand; a process's share takes it milliseconds
        return most if most <= self._limits.memory else sum(map(_proportional, family))

    def _kill(self, reason: errors.ParkError) -> None:
        self.reason = reason
        self._process.kill()
        self._ended.set()

    def end(self) -> None:
        self._ended.set()
        self.join()


def run_worker(
    spec: Spec, limits: Limits, progress: Progress, cancelled: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    """Build in a subprocess; returns the name and the count of objects of the version. Raises what the worker said, or Unavailable."""
    try:
        return _run(spec, limits, progress, cancelled)
    except _Lost:
        shutil.rmtree(spec.staging)
        Path(spec.staging).mkdir()
        return _run(replace(spec, isolated=True), limits, progress, cancelled)


def _run(spec: Spec, limits: Limits, progress: Progress, cancelled: Callable[[], bool]) -> dict[str, Any]:
    process = start_worker(json.dumps(vars(spec)))
    watch = _Watch(process, limits, cancelled)
    watch.start()
    tail: collections.deque[str] = collections.deque(maxlen=TAIL_LINES)
    drain = threading.Thread(target=lambda: tail.extend(process.stderr), daemon=True)
    drain.start()
    done: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    phase = ""
    try:
        for line in process.stdout:
            try:
                row = json.loads(line)
            except ValueError:
                tail.append(line)  # a kernel wrote to standard output
                continue
            if not isinstance(row, dict):
                tail.append(line)
                continue
            if "progress" in row:
                phase = str(row["phase"])
                progress(float(row["progress"]), phase)
            done, failure = row.get("done", done), row.get("error", failure)
        process.wait()
    finally:
        process.kill()
        watch.end()
        if process.returncode is None:
            process.wait()
        drain.join(5)
        process.close()
    if watch.reason is not None:
        raise watch.reason
    if failure is not None:
        _raise(failure)
    if process.returncode or done is None:
        name = Path(spec.source).name
        code = process.returncode or 0
        log.error("the build of %s ended with code %s:\n%s", name, code, "".join(tail).rstrip())
        if code < 0 and phase == _SHAPES and not spec.isolated:
            raise _Lost
        raise errors.Unavailable(f"Building {name} failed: {_how(code, list(tail))}", code="worker")
    return done


def _how(code: int, tail: list[str]) -> str:
    if code < 0:
        return f"the worker was ended by {signal.Signals(-code).name}"
    last = next((line.strip() for line in reversed(tail) if line.strip()), "no message")
    return f"a defect of parktwin, not of the file ({last}): report it with the traceback in the log"
