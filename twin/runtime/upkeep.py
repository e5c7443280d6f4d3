"""The history's upkeep: in the background, in bounded steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.state.history_tables import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from twin.runtime.park_runtime import ParkRuntime

UPKEEP_S = 15.0
GRACE_MS = HOUR_MS
"""Samples are archived when they are so old: what is late by less costs nothing."""
WAIT_ROWS = 500_000
"""So many old samples are worth a step; fewer wait until the oldest is a day old."""


class Upkeep:
    """Moves samples into the archive. A step takes about a second, and is done whole or not at all."""

    def __init__(self, runtime: ParkRuntime) -> None:
        self._runtime = runtime

    async def step(self) -> None:
        """Do one step where there is something to do."""
        store, now = self._runtime.store, self._runtime.clock.now_ms()
        cutoff = (now - GRACE_MS) // HOUR_MS * HOUR_MS
        oldest, rows = await store.waiting(cutoff)
        if rows >= WAIT_ROWS or (rows and oldest < cutoff - DAY_MS):
            await store.seal(cutoff)
