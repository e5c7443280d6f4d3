"""What ends a process."""

from __future__ import annotations

import os
import signal
import time

from twin.process import ended_after


def _way(seconds: float, work: float) -> int:
    pid = os.fork()
    if pid == 0:
        with ended_after(seconds):
            time.sleep(work)
        time.sleep(2 * seconds)  # the time is for what stands inside alone
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_what_takes_too_long_ends_the_process():
    assert _way(0.05, 5.0) == -signal.SIGALRM
    assert _way(0.5, 0.0) == 7
