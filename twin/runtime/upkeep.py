"""The history's upkeep: in the background, in bounded steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.state.history_rollup import Group, groups_of
from twin.state.history_settings import HistorySettings
from twin.state.history_tables import DAY_MS, HOUR_MS
from twin.state.history_totals import Asked

if TYPE_CHECKING:
    from twin.park import Park
    from twin.state.history import History
    from twin.state.hub import Hub

UPKEEP_S = 15.0
GRACE_MS = HOUR_MS
"""Samples are archived when they are so old: what is late by less costs nothing."""
WAIT_ROWS = 500_000
"""So many old samples are worth a step; fewer wait until the oldest is a day old."""
REST_MS = HOUR_MS
"""When nothing was old enough to be summarised, it is looked at again after this long."""
PERIODS = 3
"""A sample holds for so many expected periods, as in the hub."""


class Upkeep:
    """Moves samples into the archive and summarises old ones. A step takes about a second, and is done whole or not at all.

    Raises Invalid where `[history]` of park.toml is wrong.
    """

    def __init__(self, park: Park) -> None:
        self.settings = HistorySettings.of(park)
        self._rests_until = 0

    async def step(self, store: History, hub: Hub, now: int) -> None:
        """Do one step where there is something to do."""
        cutoff = (now - GRACE_MS) // HOUR_MS * HOUR_MS
        oldest, rows = await store.waiting(cutoff)
        if rows >= WAIT_ROWS or (rows and oldest < cutoff - DAY_MS):
            await store.seal(cutoff)
        elif self.settings.forgets and now >= self._rests_until:
            done = await store.roll(await groups(self.settings, store, hub), now)
            if not done.more:
                self._rests_until = now + REST_MS


async def groups(settings: HistorySettings, store: History, hub: Hub) -> list[Group]:
    """The park's points by how they are kept. Points that are bound no longer keep what they have."""
    kinds = hub.kind.tolist()
    keys = await store.register([point.point_id for point in hub.points])
    asked = Asked(keys, hub.period_ms * PERIODS, hub.high)
    return groups_of(kinds, asked, {kind: settings.of_kind(kind) for kind in set(kinds)})


async def compact(settings: HistorySettings, store: History, hub: Hub, now: int) -> dict[str, int]:
    """All steps at once, as `parktwin history compact` does: `{sealed, summarised}`, samples and buckets."""
    sealed = summarised = 0
    more = True
    while more:
        step = await store.seal(now - GRACE_MS)
        sealed, more = sealed + step.rows, step.more
    kept = await groups(settings, store, hub)
    more = settings.forgets
    while more:
        done = await store.roll(kept, now)
        summarised, more = summarised + done.taken, done.more
    return {"sealed": sealed, "summarised": summarised}
