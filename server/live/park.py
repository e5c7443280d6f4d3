"""The park's live state for the server: `twin.runtime` bound to the published scene graph."""

from __future__ import annotations

import asyncio
import logging
from datetime import tzinfo
from typing import Any

from server.live.events import Events
from server.runtime import Runtime
from twin.clock import Clock
from twin.errors import ParkError
from twin.graph import GraphStore
from twin.rules.alarm import AlarmEvent
from twin.runtime.park_runtime import ParkRuntime
from twin.state.facts import PointFacts
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.point import PointSpec, points_from_rows
from twin.state.stream import LiveStream

log = logging.getLogger(__name__)

BUILDINGS = 10_000
Place = tuple[int, list[float] | None]
"""State index and box of an object."""


class LivePark:
    """A `ParkRuntime` whose points, places and building names come from the graph (see `server/runtime.py`)."""

    def __init__(self, graph: GraphStore, events: Events, clock: Clock) -> None:
        self._graph = graph
        self._events = events
        points, facts, self._places = read_points(graph)
        self._runtime = ParkRuntime(graph.park, points, facts=facts, clock=clock)
        self._runtime.listen(self._alarm)
        self._trouble = "it has not started"

    @property
    def hub(self) -> Hub:
        """Latest values by point index."""
        return self._runtime.hub

    @property
    def stream(self) -> LiveStream:
        """What live clients follow."""
        return self._runtime.stream

    @property
    def store(self) -> History:
        """The history. Raises Unavailable before the start."""
        return self._runtime.store

    @property
    def timezone(self) -> tzinfo:
        """Where the park's day begins."""
        return self._runtime.settings.timezone

    @property
    def park(self) -> ParkRuntime:
        """The runtime itself, as for a test that feeds readings."""
        return self._runtime

    async def start(self) -> None:
        """Open the history, connect, begin to tick."""
        await self._runtime.start()
        self._trouble = ""

    async def close(self) -> None:
        """Stop, with everything that was taken committed."""
        self._trouble = "it was stopped"
        await self._runtime.stop()

    async def rebind(self) -> None:
        """Take points and state indices anew, after something was published. Raises Invalid where they cannot be used."""
        try:
            points, facts, places = await asyncio.to_thread(read_points, self._graph)
            await self._runtime.rebind(points, facts)
        except ParkError as error:
            self._trouble = error.message  # live indices may no longer fit the points: not ready until it is mended
            raise
        self._places = places
        self._trouble = ""

    async def history(self, point_id: str, start: int, end: int, count: int) -> dict[str, list[Any]]:
        """`{t, min, mean, max, count}` in equal buckets of [start, end), epoch ms. Raises NotFound, Invalid."""
        return dict(await self._runtime.history(point_id, start, end, count))

    async def alarms(self, state: str | None, limit: int, offset: int) -> dict[str, Any]:
        """`{items, total}`, each with the place of its object."""
        items, total = await self._runtime.book.page(state, limit, offset)
        return {"items": [self._placed(alarm.as_dict()) for alarm in items], "total": total}

    async def acknowledge(self, alarm_id: str, user: str, comment: str) -> dict[str, Any]:
        """Acknowledge an open alarm; returns it once that is committed."""
        return self._placed(await self._runtime.acknowledge(alarm_id, user, comment))

    async def indicators(self) -> list[dict[str, Any]]:
        """Indicators with their present value, trend and breakdown."""
        return await self._runtime.indicators()

    def status(self) -> dict[str, Any]:
        """Connections, broker, points by quality, history; `simulated` says whether any value was declared made up."""
        found = self._runtime.status()
        kept = ("connections", "broker", "points", "history", "rules_without_points")
        return {**{name: found[name] for name in kept}, "simulated": bool(found["simulated"])}

    def trouble(self) -> str:
        """Why the live state does not run; empty where it does."""
        return self._trouble

    def _alarm(self, event: AlarmEvent) -> None:
        self._events.alarm(event.event, self._placed(event.alarm.as_dict()))

    def _placed(self, row: dict[str, Any]) -> dict[str, Any]:
        state, box = self._places.get(str(row["gid"]), (None, None))
        return {**row, "object_state": state, "box": box}


def read_points(graph: GraphStore) -> tuple[list[PointSpec], PointFacts, dict[str, Place]]:
    """Points in index order, what the graph knows of their objects, and where these stand, by gid."""
    rows = graph.points()
    gids = sorted({str(row["gid"]) for row in rows if row["gid"]})
    places = {item["gid"]: (item["state"], item["box"]) for item in graph.items(gids)}
    return points_from_rows(rows), PointFacts.from_rows(rows, _building_titles(graph)), places


def _building_titles(graph: GraphStore) -> dict[str, tuple[str, str]]:
    """Chinese and English names of buildings: the layer's titles where it holds one building, else the object's name."""
    titles = {row["layer"]: (row["title"], row["title_en"]) for row in graph.layers()}
    buildings = graph.search(type="Building", limit=BUILDINGS)["items"]
    counts: dict[str, int] = {}
    for item in buildings:
        counts[item["layer"]] = counts.get(item["layer"], 0) + 1
    return {
        item["gid"]: titles[item["layer"]]
        if counts[item["layer"]] == 1
        else (item["name"] or item["gid"], item["name"] or item["gid"])
        for item in buildings
    }


def park_runtime(graph: GraphStore, events: Events, clock: Clock) -> Runtime:
    """The live state of a park; it reads the points of the graph now and starts later."""
    return LivePark(graph, events, clock)
