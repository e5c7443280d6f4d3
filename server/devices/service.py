"""`Devices`: the register, bound to the park's live state while there is one."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from server.runtime import Runtime
from twin.clock import Clock
from twin.connectors.broker_users import BrokerUser
from twin.devices import listing, watch
from twin.devices.credentials import TOPIC, Credentials
from twin.devices.groups import Groups
from twin.devices.presence import Presence, owners
from twin.devices.register import DeviceRegister
from twin.errors import Conflict, Unavailable
from twin.graph import GraphStore
from twin.runtime.ticker import every
from twin.state import quality
from twin.state.hub import Hub
from twin.state.point import PointSpec

log = logging.getLogger(__name__)

TICK_S = 1.0
KEEP_S = 60.0
MQTT = "mqtt:"


@dataclass(frozen=True, slots=True)
class DeviceGrant:
    """What a device's token opens: its id, and the ids of the points that it may send values of."""

    device: str
    points: tuple[str, ...]


class Devices:
    """The devices of a park. Reading and writing may come from any thread; start and close run on the event loop."""

    def __init__(self, graph: GraphStore, clock: Clock) -> None:
        self.clock = clock
        self.register = DeviceRegister(graph.db, clock)
        self.credentials = Credentials(graph.db, clock)
        self.groups = Groups(self.register)
        self.watch: watch.DeviceWatch | None = None
        self._live: Runtime | None = None
        self._seen: tuple[int, Hub] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._started_ms = clock.now_ms()
        self._users: list[BrokerUser] = []

    def prepare(self, live: Runtime) -> None:
        """Give the embedded broker its users before it starts, so that no device is turned away in its first moments."""
        self._users = self.broker_users(live.hub.points)
        live.park.broker_users = self._users

    async def start(self, live: Runtime | None) -> None:
        """Watch from now on; without live state there is nothing to watch."""
        self._started_ms = self.clock.now_ms()
        self._tasks = [asyncio.create_task(every(KEEP_S, self.keep), name="device-uses")]
        if live is None:
            return
        self._live = live
        presence = await asyncio.to_thread(self._presence, live.hub)
        self._seen = (self.register.revision, live.hub)
        self.watch = await watch.DeviceWatch.open(presence, live.park.store, self.clock)
        self._tasks.append(asyncio.create_task(every(TICK_S, self.tick), name="devices"))

    async def close(self) -> None:
        """Stop watching; what is known is written down."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self.keep()

    async def tick(self) -> None:
        """Look who is heard; first take up other devices and points, where these changed."""
        live, guard = self._live, self.watch
        if live is None or guard is None:
            return
        now = (self.register.revision, live.hub)
        if self._seen is None or now[0] != self._seen[0] or now[1] is not self._seen[1]:
            presence = await asyncio.to_thread(self._presence, now[1])
            guard.bind(presence)
            self._seen = now
            await self.sync_broker()
        guard.tick()

    async def keep(self) -> None:
        """Write down uses of tokens, and until when the park watched."""
        await asyncio.to_thread(self.credentials.flush)
        if self.watch is not None:
            await asyncio.to_thread(watch.note_watch, self.register, self._started_ms, self.clock.now_ms())

    async def sync_broker(self) -> None:
        """Let in at the embedded broker who holds a credential now, and nobody else."""
        live = self._live
        if live is None or live.park.broker is None:
            return
        users = await asyncio.to_thread(self.broker_users, live.hub.points)
        if users != self._users:
            self._users = users
            live.park.broker_users = users
            await live.park.broker.set_users(users)

    def broker_users(self, points: Sequence[PointSpec]) -> list[BrokerUser]:
        """The embedded broker's users beside the park."""
        return self.credentials.broker_users(self._topics(points))

    def verify(self, token: str) -> DeviceGrant | None:
        """What a token for HTTP push opens, None where it holds no more or never did; memory only, from any thread."""
        device = self.credentials.verify(token)
        if device is None:
            return None
        return DeviceGrant(device, tuple(point.point_id for _, point in self._points_of(device)))

    def heard(self) -> pa.Table:
        """Who is heard, for the list: columns id, status, heard_at."""
        return listing.NONE_HEARD if self.watch is None else self.watch.presence.table(self.watch.found)

    def values(self, device: str) -> list[dict[str, Any]]:
        """Points of a device with their last values."""
        live = self._live
        if live is None:
            return []
        hub = live.hub
        return [
            {
                "point_id": point.point_id,
                "gid": point.gid,
                "name": point.name,
                "kind": point.kind,
                "unit": point.unit,
                "address": point.source,
                "value": None if math.isnan(hub.values[number]) else float(hub.values[number]),
                "quality": quality.NAMES[hub.quality[number]],
                "heard_at": int(hub.heard_at[number]) or None,
            }
            for number, point in self._points_of(device)
        ]

    def topics(self, device: str) -> list[str]:
        """MQTT topics that a device may send on."""
        own = [point.source.removeprefix(MQTT) for _, point in self._points_of(device) if point.source.startswith(MQTT)]
        return [TOPIC.format(id=device), *dict.fromkeys(own)]

    def broker_address(self) -> str:
        """`host:port` of the embedded broker. Raises Conflict where the park uses a broker of others, or none."""
        live = self._live
        if live is None:
            raise Unavailable(
                "The park is not served now, or without live state: its broker is not there; start the server",
                code="no-live",
            )
        if live.park.broker is None and not live.park.settings.broker_url:
            raise Conflict(
                "The embedded broker does not run, for no connector of the park is of kind mqtt: add one to park.toml",
                code="broker-idle",
            )
        if live.park.broker is None:
            raise Conflict(
                "The park uses a broker of others ([broker] url in park.toml): make the device's user there",
                code="broker-foreign",
            )
        door = live.park.broker.door
        return f"{door.host}:{door.mqtt_port}"

    async def events(self, device: str, limit: int, offset: int) -> list[dict[str, object]]:
        """Comings and goings, newest first."""
        return [] if self._live is None else await watch.events(self._live.park.store, device, limit, offset)

    async def availability(self, device: str, start: int, end: int) -> dict[str, object]:
        """Share of the watched time of [start, end), epoch ms, in which a device was online."""
        if self._live is None:
            return {"share": None, "online_ms": 0, "watched_ms": 0, "outages": 0}
        await self.keep()
        spans = await asyncio.to_thread(watch.watched, self.register, start, end)
        return await watch.availability(self._live.park.store, device, start, end, spans)

    def _points_of(self, device: str) -> list[tuple[int, PointSpec]]:
        if self.watch is None:
            return []
        presence = self.watch.presence
        return [(number, presence.hub.points[number]) for number in presence.points.get(device, ())]

    def _presence(self, hub: Hub) -> Presence:
        rows = self._in_service()
        beats = np.array(
            [math.nan if row["heartbeat_s"] is None else row["heartbeat_s"] for row in rows], dtype=np.float64
        )
        points = owners(hub.points, {row["id"]: row["gid"] or "" for row in rows})
        return Presence(hub, [row["id"] for row in rows], [row["parent"] or "" for row in rows], beats, points)

    def _topics(self, points: Sequence[PointSpec]) -> Mapping[str, list[str]]:
        found = owners(points, {row["id"]: row["gid"] or "" for row in self._in_service()})
        return {
            ident: [points[n].source.removeprefix(MQTT) for n in numbers if points[n].source.startswith(MQTT)]
            for ident, numbers in found.items()
        }

    def _in_service(self) -> list[dict[str, Any]]:
        return self.register.db.rows(
            "SELECT id, gid, parent, heartbeat_s FROM device WHERE state = 'active' ORDER BY id"
        )
