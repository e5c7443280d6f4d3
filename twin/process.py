"""What every process of ours that works for another does first."""

from __future__ import annotations

import contextlib
import ctypes
import signal
from collections.abc import Iterator

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def die_with_parent() -> None:
    """Ask Linux to end this process when the one that started it ends, however it ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """End this process where what runs inside, in its main thread, takes longer: whoever waits for it sees SIGALRM."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
