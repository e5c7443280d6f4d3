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
    """Ticks at least every `seconds` (a burst that just began is waited for), and never sooner than that after one that told something.

    A reading that comes while nothing was told for a tick's length waits for the rest of its burst only: whoever sends
    more seldom than the beat is heard without half a beat's delay on average. `hurry` on the event loop says that there is
    something.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._news = asyncio.Event()
        self._since = 0.0  # when the news began, by the loop's clock

    def hurry(self) -> None:
        """There is something to tell."""
        if not self._news.is_set():
            self._since = asyncio.get_running_loop().time()
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
        """Wait for the beat, or for news once they may be told and their burst has had time; times of the loop's clock."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(min(beat, earliest) - loop.time())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(beat):
                await self._news.wait()
        if self._news.is_set():
            await asyncio.sleep(self._since + BURST * self.seconds - loop.time())
