"""The memory of a process that builds one thing and ends: what it has freed stays at hand, what it came with is left alone."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import mmap

MAPPED_FROM = 32 << 20
"""Blocks of this size and more have a mapping of their own; smaller ones come from the heap and are used again."""
GROWTH = 16 << 20
"""Bytes that the heap grows by at least."""
LARGE_PAGE = 2 << 20
LEFT = 64 << 10
"""Bytes before a fresh large page that blocks of the process itself come from."""
RESERVED = 512 << 20
"""Bytes of addresses that the heap grows into by large pages; only what is touched takes memory."""
YOUNG = 50_000
"""Objects between two looks for circles among them: a build makes many objects and hardly a circle."""
_TRIM, _TOP_PAD, _MAP = -1, -2, -3  # <malloc.h>


def keep_memory() -> None:
    """Let this process and its children use freed memory again instead of handing it back, and spare what exists already.

    A page asked for anew costs one to three microseconds, 512 of them in one large page a fifth of that; so does one
    shared with the parent that a search for circles of objects touches. Without effect on the heap where the C library
    has no `mallopt`, on its pages where Linux gives no large ones.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        for option, value in ((_MAP, MAPPED_FROM), (_TRIM, 1 << 30), (_TOP_PAD, RESERVED)):
            libc.mallopt(option, value)
        _grow_by_large_pages(libc)
        libc.mallopt(_TOP_PAD, GROWTH)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def _grow_by_large_pages(libc: ctypes.CDLL) -> None:
    """Make the heap grow by what TOP_PAD says, and ask for large pages there."""
    libc.sbrk.restype = libc.malloc.restype = ctypes.c_void_p
    libc.sbrk.argtypes, libc.malloc.argtypes = [ctypes.c_ssize_t], [ctypes.c_size_t]
    libc.free.argtypes, libc.madvise.argtypes = [ctypes.c_void_p], [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    start = libc.sbrk(0)
    libc.free(libc.malloc(MAPPED_FROM - LARGE_PAGE))  # more than is free at the heap's end
    begin, end = -(-start // LARGE_PAGE) * LARGE_PAGE, libc.sbrk(0) // LARGE_PAGE * LARGE_PAGE
    if begin < end:
        libc.madvise(begin, end - begin, mmap.MADV_HUGEPAGE)
        _spend_first_page(libc, begin)


def _spend_first_page(libc: ctypes.CDLL, begin: int) -> None:
    """Let the heap go on with a large page that nothing was written to: one in use is copied by small pages after a fork.

    begin: of the first large page. What is free before the next one, and the end of it that is left, serves small blocks.
    """
    free = libc.malloc(MAPPED_FROM - LARGE_PAGE)
    libc.free(free)
    left = -(free - begin) % LARGE_PAGE
    if left > LEFT:
        libc.malloc(left - LEFT)
