"""Start a program that must not outlive its parent, and that must not run twice on one folder.

Run as a script: `python -I -S guard.py PARENT_PID LOCK_FILE PROGRAM ARGUMENT…`. It waits for the lock,
asks the kernel for SIGTERM when the parent ends, and becomes the program. The lock stays with the
program until it ends, because the open file is inherited. A script of its own, because code run
between fork and exec of a threaded parent is not safe.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
LOCK_WAIT_S = 15
EXIT_LOCKED = 75  # EX_TEMPFAIL


def die_with_parent(parent: int) -> None:
    """Ask the kernel for SIGTERM when the process `parent`, which started this one, ends. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before the request was made
            sys.exit(0)


def main(parent: int, lock: str, command: list[str]) -> None:
    """Become `command`. Exits with 75 where the lock is not free within some seconds."""
    die_with_parent(parent)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(EXIT_LOCKED))
    signal.alarm(LOCK_WAIT_S)
    fcntl.flock(handle, fcntl.LOCK_EX)
    signal.alarm(0)
    os.set_inheritable(handle, True)
    os.execv(command[0], command)  # noqa: S606  no shell is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
