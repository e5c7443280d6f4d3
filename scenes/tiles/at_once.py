"""Independent parts of a build in threads: the results in order, few of them in memory.

NumPy and the encoders work without the interpreter's lock for most of a tile, so threads are enough; they share the spool.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

MOST = 4
"""Threads: each holds what one tile, or one far view, needs while it is made (up to 200 MB)."""
LEAST_TRIANGLES = 500_000
"""A smaller layer is built in less time than is worth a thread."""


def threads(triangles: int) -> int:
    """How many threads make the tiles of so many triangles: as many as this process may use cores, at most MOST."""
    return min(len(os.sched_getaffinity(0)), MOST) if triangles >= LEAST_TRIANGLES else 1


def in_order(make: Callable[[Item], Made], items: Iterable[Item], workers: int) -> Iterator[Made]:
    """`make` of each item, in the order of the items; at most workers + 1 are begun and not yet taken."""
    if workers < 2:
        yield from map(make, items)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="tiles") as pool:
        begun: deque[Future[Made]] = deque()
        try:
            for item in items:
                begun.append(pool.submit(make, item))
                if len(begun) > workers:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for one in begun:
                one.cancel()
