"""Sinks that keep what connectors hand over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class KeptRows:
    """rows: (point, value, time, quality, simulated) in order; error is raised instead of a commit, while it is set."""

    def __init__(self, error: Exception | None = None) -> None:
        self.rows: list[tuple[int, float, int, int, bool]] = []
        self.error = error
        self._changed = asyncio.Event()

    async def __call__(self, readings) -> None:
        if self.error is not None:
            raise self.error
        columns = (readings.points, readings.values, readings.times, readings.quality, readings.simulated)
        self.rows += zip(*(column.tolist() for column in columns), strict=True)
        self._changed.set()

    async def until(self, count: int) -> list[tuple[int, float, int, int, bool]]:
        async with asyncio.timeout(20):
            while len(self.rows) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.rows


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds that nobody announces."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  nobody sets an event
            await asyncio.sleep(0.005)
