"""Messages on their way from a client's thread to the event loop, in batches."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
MAX_WAITING = 100_000


class Inbox(Generic[T]):
    """Collects items that any thread puts in, and hands them to `take` on the loop, every `interval_s` at most.

    At most `limit` items wait; `put` tells whether there was room. Handing over waits for `take`.
    """

    def __init__(self, take: Callable[[list[T]], Awaitable[None]], interval_s: float, limit: int = MAX_WAITING) -> None:
        self._take, self._interval_s, self._limit = take, interval_s, limit
        self._loop = asyncio.get_running_loop()
        self._items: list[T] = []
        self._lock = threading.Lock()
        self._filled = asyncio.Event()
        self._task = self._loop.create_task(self._run())

    def put(self, item: T) -> bool:
        """Add an item, from any thread; False where the inbox is full."""
        with self._lock:
            if len(self._items) >= self._limit:
                return False
            self._items.append(item)
            first = len(self._items) == 1
        if first:
            try:
                self._loop.call_soon_threadsafe(self._filled.set)
            except RuntimeError:  # the loop is closed: nobody will read
                return False
        return True

    async def _run(self) -> None:
        while True:
            await self._filled.wait()
            await asyncio.sleep(self._interval_s)  # let a batch gather
            try:
                await self.flush()
            except Exception:
                log.exception("A batch was lost")  # the next ones must still come through

    async def flush(self) -> None:
        """Hand over what is there."""
        self._filled.clear()
        with self._lock:
            items, self._items = self._items, []
        if items:
            await self._take(items)

    async def close(self) -> None:
        """Hand nothing over any more by itself; `flush` gives what is left."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
