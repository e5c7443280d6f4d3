"""The park's live state for the server: `twin.runtime` bound to the published scene graph."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

import numpy as np

from server.live.events import Events
from server.runtime import Runtime
from twin.clock import Clock
from twin.commands.command import Command
from twin.commands.commands import Commands
from twin.connectors.connector import Connector, Sink
from twin.connectors.registry import Factory
from twin.errors import ParkError
from twin.graph import GraphStore
from twin.rules.alarm import AlarmEvent
from twin.rules.alarms import Alarms
from twin.rules.wiring import Links
from twin.runtime.connecting import Connecting
from twin.runtime.park_runtime import ParkRuntime
from twin.runtime.replay import Replay, Tell
from twin.state.facts import PointFacts
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.point import PointSpec, points_from_rows
from twin.state.stream import LiveStream

log = logging.getLogger(__name__)

BUILDINGS = 10_000


def _simulator(name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink) -> Connector:
    from scenes.simulator.connector import simulator_from_settings  # noqa: PLC0415  few parks have one

    return simulator_from_settings(name, settings, points, sink)


KINDS: Mapping[str, Factory] = {"simulator": _simulator}
"""Kinds of connectors that are no part of the kernel."""

Place = tuple[int, list[float] | None]
"""State index and box of an object."""


class LivePark:
    """A `ParkRuntime` whose points, places and building names come from the graph (see `server/runtime.py`)."""

    def __init__(self, graph: GraphStore, events: Events, clock: Clock) -> None:
        self._graph = graph
        self._events = events
        points, facts, self._places = read_points(graph)
        links = read_links(graph)
        self._runtime = ParkRuntime(graph.park, points, facts=facts, links=links, clock=clock, kinds=KINDS)
        self._runtime.listen(self._alarm)
        self._runtime.listen_commands(self._command)
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
    def connecting(self) -> Connecting:
        """The connectors and the mapping of their addresses."""
        return self._runtime.connecting

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

    @property
    def book(self) -> Alarms:
        """The alarms. Raises Unavailable while the park does not run."""
        return self._runtime.book

    @property
    def commands(self) -> Commands:
        """What people ask devices to do. Raises Unavailable before the start."""
        return self._runtime.commands

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
            links = await asyncio.to_thread(read_links, self._graph)
            await self._runtime.rebind(points, facts, links)
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
        return {"items": [self.placed(alarm.as_dict()) for alarm in items], "total": total}

    async def acknowledge(self, alarm_id: str, user: str, comment: str) -> dict[str, Any]:
        """Acknowledge an open alarm; returns it once that is committed."""
        return self.placed(await self._runtime.acknowledge(alarm_id, user, comment))

    def names(self, gids: list[str]) -> dict[str, str]:
        """Names of those gids that are objects."""
        return {item["gid"]: item["name"] or "" for item in self._graph.items([gid for gid in gids if "/" in gid])}

    def rules(self) -> dict[str, Any]:
        """The alarm rules in force, and what is wrong with those of the file."""
        park = self._runtime
        return {
            "items": [rule.model_dump(mode="json", exclude_defaults=True) for rule in park.rules],
            "rows": park.book.rows,
            "error": park.rules_error,
            "problems": list(park.book.problems),
            "without_points": list(park.book.unbound),
        }

    async def reload_rules(self) -> None:
        """Put the rules of `alarms.yaml` in force. Raises Invalid where it is wrong: those before go on."""
        await self._runtime.reload_rules()

    async def indicators(self, at: int | None = None) -> list[dict[str, Any]]:
        """Indicators with value, trend and breakdown, of now or as of `at`, epoch ms. Raises Invalid, Unavailable."""
        return await self._runtime.indicators(at)

    def replay(self, tell: Tell) -> Replay:
        """A past for one client; its alarms have the places of their objects. Raises Unavailable where too many play."""

        async def placed(message: dict[str, Any]) -> None:
            if message["type"] == "past-alarms":
                message = {**message, "items": [self.placed(alarm) for alarm in message["items"]]}
            elif message["type"] == "alarm":
                message = {**message, "alarm": self.placed(message["alarm"])}
            await tell(message)

        return self._runtime.replay(placed)

    def status(self) -> dict[str, Any]:
        """Connections, broker, points by quality, history; `simulated` says whether any value was declared made up."""
        found = self._runtime.status()
        kept = (
            "connections", "broker", "points", "updates", "history", "rules_without_points", "rules_error",
            "rules_problems",
        )  # fmt: skip
        return {**{name: found[name] for name in kept}, "simulated": bool(found["simulated"])}

    def trouble(self) -> str:
        """Why the live state does not run; empty where it does."""
        return self._trouble

    def _alarm(self, event: AlarmEvent) -> None:
        self._events.alarm(event.event, self.placed(event.alarm.as_dict()), event.count)

    def _command(self, command: Command) -> None:
        self._events.command(command.as_dict())

    def placed(self, row: dict[str, Any]) -> dict[str, Any]:
        """An alarm's row with the state index and box of its object."""
        state, box = self._places.get(str(row["gid"]), (None, None))
        return {**row, "object_state": state, "box": box}


def read_points(graph: GraphStore) -> tuple[list[PointSpec], PointFacts, dict[str, Place]]:
    """Points in index order, what the graph knows of their objects, and where these stand, by gid."""
    rows = graph.points()
    gids = sorted({str(row["gid"]) for row in rows if row["gid"]})
    places = {item["gid"]: (item["state"], item["box"]) for item in graph.items(gids)}
    blank = [math.nan] * 6
    boxes = np.array([places.get(row["gid"], (None, None))[1] or blank for row in rows]).reshape(-1, 6)
    return points_from_rows(rows), PointFacts.from_rows(rows, _building_titles(graph), boxes), places


def read_links(graph: GraphStore) -> Links:
    """Which gateway each device reports through, and which system it belongs to."""
    tree = graph.device_tree()
    return Links(above=tree.above, names=tree.names, systems=tree.systems)


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
