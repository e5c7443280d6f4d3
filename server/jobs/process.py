"""Runs a Python module as a worker process for a job: progress in, cancel and crashes handled."""

from __future__ import annotations

import collections
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twin import errors

ROOT = Path(__file__).resolve().parents[2]
POLL_S = 0.2


def run_module(
    module: str,
    spec: dict[str, Any],
    *,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
    seconds: float = 1800.0,
) -> dict[str, Any]:
    """Run `python -m module SPEC`; returns what it printed as `{"done": …}`.

    The worker prints JSON lines: `{"progress": 0.4, "phase": "rules"}`, then `{"done": {…}}` or
    `{"error": {"class", "code", "message"}}`. Raises the error it names, or Unavailable where it was
    cancelled, took longer than `seconds`, or died.
    """
    command = [sys.executable, "-m", module, json.dumps(spec)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        ended = threading.Event()
        reason: list[errors.ParkError] = []

        def watch() -> None:
            elapsed = 0.0
            while not ended.wait(POLL_S):
                elapsed += POLL_S
                if cancelled():
                    reason.append(errors.Unavailable("The work was cancelled", code="cancelled"))
                elif elapsed > seconds:
                    reason.append(
                        errors.Unavailable(
                            f"The work took longer than {seconds:.0f} s and was stopped", code="time-limit"
                        )
                    )
                if reason:
                    process.kill()
                    return

        tail: collections.deque[str] = collections.deque(maxlen=20)
        chatter: collections.deque[str] = collections.deque(maxlen=20)
        threads = [
            threading.Thread(target=watch, daemon=True, name="job-watch"),
            threading.Thread(target=lambda: tail.extend(process.stderr or ()), daemon=True, name="job-stderr"),
        ]
        for thread in threads:
            thread.start()
        try:
            done, failure = _follow(process, progress, chatter)
            process.wait()
        finally:
            if process.poll() is None:
                process.kill()
            ended.set()
            process.wait()
            for thread in threads:
                thread.join(5)
    if reason:
        raise reason[0]
    if failure is not None:
        kind = getattr(errors, str(failure.get("class")), errors.ParkError)
        raise kind(str(failure.get("message")), code=str(failure.get("code", "worker")))
    if process.returncode != 0 or done is None:
        raise errors.Unavailable(f"The worker {module} {_how(process.returncode, [*chatter, *tail])}", code="worker")
    return done


def _follow(
    process: subprocess.Popen[str], progress: Callable[[float, str], None], tail: collections.deque[str]
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    done: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    for line in process.stdout or ():
        try:
            row = json.loads(line)
        except ValueError:
            tail.append(line)  # a library wrote to standard output
            continue
        if "progress" in row:
            progress(float(row["progress"]), str(row["phase"]))
        done, failure = row.get("done", done), row.get("error", failure)
    return done, failure


def _how(code: int, tail: list[str]) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    last = next((line.strip() for line in reversed(tail) if line.strip()), "no message")
    return f"ended with code {code}: {last}"
