"""A sink of readings for tests of connectors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from twin.connectors.connector import Readings


class Row(NamedTuple):
    point: int
    value: float
    time: int
    quality: int


class Kept:
    """Keeps readings; commits when `gate` opens, refuses with `error`."""

    def __init__(self, *, gate: asyncio.Event | None = None, error: Exception | None = None) -> None:
        self.rows: list[Row] = []
        self.gate, self.error = gate, error
        self._arrived = asyncio.Event()

    async def __call__(self, readings: Readings) -> None:
        columns = (readings.points, readings.values, readings.times, readings.quality)
        self.rows += [Row(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
        self._arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error

    def last(self, point: int) -> Row | None:
        """The latest reading of a point."""
        return next((row for row in reversed(self.rows) if row.point == point), None)

    def value(self, point: int) -> float | None:
        """The latest value of a point."""
        row = self.last(point)
        return None if row is None else row.value

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition on what was kept holds; it is asked after each arrival."""
        async with asyncio.timeout(20):
            while not condition():
                self._arrived.clear()
                await self._arrived.wait()


async def settled(connector: object, condition: Callable[[], bool]) -> None:
    """Wait until a condition on a connector's state or detail holds."""
    changed: asyncio.Event = connector._changed
    async with asyncio.timeout(20):
        while not condition():
            changed.clear()
            await changed.wait()
