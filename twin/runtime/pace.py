"""When the next tick is due: at a steady beat, and at once for what comes after a quiet while."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

BURST = 0.1
"""Of the beat: how long the rest of a burst is waited for. What came behind a tick at once would wait for a whole beat."""


class Pace:
    """Ticks at least every `seconds`, and never sooner than that after one that told something.

    A reading that comes while nothing was told for a tick's length waits for the rest of its burst only: whoever sends
    more seldom than the beat is heard without half a beat's delay on average. `hurry` on the event loop says that there is
    something.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._news = asyncio.Event()

    def hurry(self) -> None:
        """There is something to tell."""
        self._news.set()

    async def run(self, action: Callable[[float], Awaitable[bool]]) -> None:
        """Call `action` with the seconds since the call before until cancelled. It returns whether it told anything.

        One that fails is logged and called again at the next beat; beats that were missed are not made up for.
        """
        loop = asyncio.get_running_loop()
        last = told = loop.time()
        while True:
            await self._due(last + self.seconds, told + self.seconds)
            self._news.clear()
            now = loop.time()
            try:
                if await action(now - last):
                    told = now
            except Exception:
                told = now  # not again at once
                log.exception("A tick failed")
            last = now

    async def _due(self, beat: float, earliest: float) -> None:
        """Wait for the beat, or for news once they may be told; times of the loop's clock."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(min(beat, earliest) - loop.time())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(beat):
                await self._news.wait()
                await asyncio.sleep(BURST * self.seconds)
