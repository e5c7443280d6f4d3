"""What the history's routes ask: points of the graph, samples of the history, periods of the hub."""

from __future__ import annotations

from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool

from server.runtime import Runtime
from server.services import Services
from twin.errors import Unavailable
from twin.runtime.day_start import positions
from twin.state import quality as q
from twin.state.history import History as Store
from twin.state.kinds import DEFAULT_PERIOD_S


class History:
    """The history of a served park. Raises Unavailable where it runs without live state."""

    def __init__(self, use: Services) -> None:
        if use.runtime is None:
            raise Unavailable("This park runs without live state: it keeps no history", code="no-live")
        self.use = use
        self.runtime: Runtime = use.runtime

    @property
    def store(self) -> Store:
        """The open history."""
        return self.runtime.store

    def limit_ms(self, point_id: str, periods: float) -> int:
        """How long a point may be silent before that is a gap."""
        index = self.runtime.hub.index.get(point_id)
        period = DEFAULT_PERIOD_S * 1000 if index is None else float(self.runtime.hub.period_ms[index])
        return round(periods * period)

    def unit(self, point_id: str) -> str | None:
        """The point's unit, None where it is bound no longer."""
        index = self.runtime.hub.index.get(point_id)
        return None if index is None else str(self.runtime.hub.unit[index])

    async def plot(self, point_id: str, start: int, end: int, points: int, periods: float) -> dict[str, Any]:
        """A curve, as `PlotColumns`."""
        limit = self.limit_ms(point_id, periods)
        found = await self.store.plot(point_id, start, end, points, limit)
        return {
            "point_id": point_id,
            "unit": self.unit(point_id),
            "t": found.t,
            "value": found.value,
            "gaps": np.stack([found.gap_start, found.gap_stop], axis=1),
            "bad": found.bad,
            "corrected": found.corrected,
            "samples": found.samples,
            "width_ms": found.width_ms,
            "limit_ms": limit,
            "raw_from": await self.store.raw_from(point_id),
        }

    async def samples(self, point_id: str, start: int, end: int, limit: int) -> dict[str, Any]:
        """Samples, as `SamplePage`."""
        found = await self.store.page(point_id, start, end, limit)
        names = ("t", "value", "quality", "corrected", "original", "next")
        return {
            "point_id": point_id,
            "unit": self.unit(point_id),
            **{name: getattr(found, name) for name in names},
            "raw_from": await self.store.raw_from(point_id),
        }

    async def gaps(self, point_id: str, start: int, end: int, periods: float) -> dict[str, Any]:
        """Spans without samples, as `GapList`."""
        found = await self.store.gaps(point_id, start, end, self.limit_ms(point_id, periods))
        return {
            "point_id": point_id,
            "items": np.stack([found.start, found.stop], axis=1),
            "total": found.total,
            "limit_ms": found.limit_ms,
        }

    async def as_of(self, at: int, gid: str = "") -> dict[str, Any]:
        """All points at an instant, as `AsOfColumns`."""
        hub = self.runtime.hub
        index = np.arange(len(hub))
        if gid:
            below = set(await run_in_threadpool(self.use.graph.points_below, gid))
            index = np.array([n for n, point in enumerate(hub.points) if point.point_id in below], dtype=np.int64)
        keys = await self.store.register([hub.points[n].point_id for n in index])
        found = await self.store.as_of(at, keys)
        place = positions(keys, found.keys)
        count = len(index)
        t, value = np.zeros(count, np.int64), np.full(count, np.nan)
        quality, corrected = np.full(count, q.NEVER, np.uint8), np.zeros(count, np.bool_)
        t[place], value[place], corrected[place] = found.times, found.values, found.corrected
        old = at - found.times > hub.stale_after[index[place]]
        quality[place] = np.where(found.heard > found.times, q.BAD, np.where(old, q.STALE, found.quality))
        return {
            "at": at,
            "point_id": [hub.points[n].point_id for n in index],
            "gid": hub.gid[index].tolist(),
            "kind": hub.kind[index].tolist(),
            "unit": hub.unit[index].tolist(),
            "value": value,
            "quality": quality,
            "t": t,
            "age_ms": [at - then if then else None for then in t.tolist()],
            "corrected": corrected,
        }
