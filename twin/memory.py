"""The memory of a process that builds one thing and ends: what it has freed stays at hand, what it came with is left alone."""

from __future__ import annotations

import contextlib
import ctypes
import gc

MAPPED_FROM = 32 << 20
"""Blocks of this size and more have a mapping of their own; smaller ones come from the heap and are used again."""
GROWTH = 16 << 20
"""Bytes that the heap grows by at least."""
YOUNG = 50_000
"""Objects between two looks for circles among them: a build makes many objects and hardly a circle."""
_TRIM, _TOP_PAD, _MAP = -1, -2, -3  # <malloc.h>


def keep_memory() -> None:
    """Let this process and its children use freed memory again instead of handing it back, and spare what exists already.

    A page asked for anew costs one to three microseconds; so does one shared with the parent that a search for circles
    of objects touches. Without effect on the heap where the C library has no `mallopt`.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        for option, value in ((_MAP, MAPPED_FROM), (_TRIM, 1 << 30), (_TOP_PAD, GROWTH)):
            libc.mallopt(option, value)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
