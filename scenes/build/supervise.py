"""Runs a build worker and watches it: progress, cancel, limits on time and memory, crashes."""

from __future__ import annotations

import collections
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from scenes.build.limits import Limits
from scenes.build.spec import Spec
from twin import errors
from twin.layer import Progress

POLL_S = 0.25
ROOT = Path(__file__).resolve().parents[2]


def _raise(row: dict[str, Any]) -> None:
    kind = getattr(errors, str(row["class"]), errors.ParkError)
    raise kind(row["message"], code=row["code"])


class _Watch(threading.Thread):
    """Kills the worker when it breaks a limit or is cancelled; `reason` says which."""

    def __init__(self, process: subprocess.Popen[str], limits: Limits, cancelled: Callable[[], bool]) -> None:
        super().__init__(daemon=True, name="build-watch")
        self._process, self._limits, self._cancelled = process, limits, cancelled
        self._ended = threading.Event()
        self.reason: errors.ParkError | None = None

    def run(self) -> None:
        elapsed = 0.0
        while not self._ended.wait(POLL_S):
            elapsed += POLL_S
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
                        f"The build used more than {self._limits.memory / 1024**3:.1f} GB and was stopped",
                        code="memory-limit",
                    )
                )

    def _resident(self) -> int:
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

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
    """Build in a subprocess; returns the version's manifest. Raises what the worker said, or Unavailable."""
    command = [sys.executable, "-m", "scenes.build.worker", json.dumps(asdict(spec))]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        watch = _Watch(process, limits, cancelled)
        watch.start()
        tail: collections.deque[str] = collections.deque(maxlen=20)
        drain = threading.Thread(target=lambda: tail.extend(process.stderr or ()), daemon=True)
        drain.start()
        done: dict[str, Any] | None = None
        failure: dict[str, Any] | None = None
        try:
            for line in process.stdout or ():
                try:
                    row = json.loads(line)
                except ValueError:
                    tail.append(line)  # a kernel wrote to standard output
                    continue
                if "progress" in row:
                    progress(float(row["progress"]), str(row["phase"]))
                done, failure = row.get("done", done), row.get("error", failure)
            process.wait()
        finally:
            if process.poll() is None:
                process.kill()
            watch.end()
            process.wait()
            drain.join(5)
    if watch.reason is not None:
        raise watch.reason
    if failure is not None:
        _raise(failure)
    if process.returncode != 0 or done is None:
        raise errors.Unavailable(
            f"Building {Path(spec.source).name} failed: {_how(process.returncode, list(tail))}", code="worker"
        )
    return done


def _how(code: int, tail: list[str]) -> str:
    if code < 0:
        return f"the worker was ended by {signal.Signals(-code).name}"
    last = next((line.strip() for line in reversed(tail) if line.strip()), "no message")
    return f"the worker ended with code {code}: {last}"
