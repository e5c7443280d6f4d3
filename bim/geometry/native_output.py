"""Keeps what native code prints out of this process's standard output."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator


class NativeOutput:
    """Sends file descriptor 1 to nowhere while a native call runs.

    The kernels print debugging lines for some sweeps; a command that writes JSON to its standard
    output must not mix with them. Use one object for many calls: opening the sink is done once.
    """

    def __init__(self) -> None:
        self._quiet = _is_null(1)
        self._libc = ctypes.CDLL(None) if os.name == "posix" else None
        self._sink = os.open(os.devnull, os.O_WRONLY)

    @contextlib.contextmanager
    def silenced(self) -> Iterator[None]:
        """Within this block native writes to standard output are dropped."""
        if self._quiet:
            yield
            return
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
        try:
            kept = os.dup(1)
        except OSError:  # no standard output at all: nothing to protect
            yield
            return
        try:
            os.dup2(self._sink, 1)
            yield
        finally:
            if self._libc is not None:
                self._libc.fflush(None)
            os.dup2(kept, 1)
            os.close(kept)

    def close(self) -> None:
        """Give the sink back."""
        os.close(self._sink)


def _is_null(descriptor: int) -> bool:
    """Whether a descriptor goes nowhere already."""
    try:
        return os.fstat(descriptor).st_rdev == os.stat(os.devnull).st_rdev  # noqa: PTH116 - a device, no path
    except OSError:
        return False
