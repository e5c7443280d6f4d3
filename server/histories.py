"""What the history's routes ask: points of the graph, samples of the history, periods of the hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool

from server.services import Services
from twin.clock import Clock
from twin.errors import NotFound, Unavailable
from twin.graph import GraphStore
from twin.runtime.day_start import positions
from twin.state import quality as q
from twin.state.history import History as Store
from twin.state.hub import Hub
from twin.state.kinds import DEFAULT_PERIOD_S, canonical
from twin.state.samples import Ints


@dataclass(frozen=True)
class History:
    """The history of a park, with the graph that its points stand in."""

    graph: GraphStore
    clock: Clock
    hub: Hub
    store: Store
    timezone: tzinfo

    @classmethod
    def of(cls, use: Services) -> History:
        """The served park's. Raises Unavailable where it runs without live state."""
        if use.runtime is None:
            raise Unavailable("This park runs without live state: it keeps no history", code="no-live")
        live = use.runtime
        return cls(use.graph, use.clock, live.hub, live.store, live.timezone)

    async def chosen(self, points: Sequence[str] = (), gid: str = "", kind: str = "") -> Ints:
        """Indices of the points that are all that is given; nothing given is every point. Raises NotFound."""
        index = np.arange(len(self.hub)) if not kind else np.flatnonzero(self.hub.kind == canonical(kind))
        if gid:
            below = set(await run_in_threadpool(self.graph.points_below, gid))
            index = np.array([n for n in index.tolist() if self.hub.points[n].point_id in below], dtype=np.int64)
        if points:
            unknown = [name for name in points if name not in self.hub.index]
            if unknown:
                raise NotFound(f"The park has no point {unknown[0]!r}", code="no-point")
            index = np.intersect1d(index, [self.hub.index[name] for name in points])
        return index.astype(np.int64)

    async def keys(self, index: Ints) -> Ints:
        """The history's keys of points by index."""
        return await self.store.register([self.hub.points[n].point_id for n in index])

    def limit_ms(self, point_id: str, periods: float) -> int:
        """How long a point may be silent before that is a gap."""
        index = self.hub.index.get(point_id)
        period = DEFAULT_PERIOD_S * 1000 if index is None else float(self.hub.period_ms[index])
        return round(periods * period)

    def unit(self, point_id: str) -> str | None:
        """The point's unit, None where it is bound no longer."""
        index = self.hub.index.get(point_id)
        return None if index is None else str(self.hub.unit[index])

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
        hub = self.hub
        index = await self.chosen(gid=gid)
        keys = await self.keys(index)
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
