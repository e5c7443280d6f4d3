"""A running park: values come in by connectors, live in the hub, are kept, watched, and followed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence

import numpy as np

from twin.clock import Clock, SystemClock
from twin.connectors.broker import Broker
from twin.connectors.connector import Connector, Readings
from twin.connectors.registry import make_connector
from twin.errors import Conflict, ParkError, Unavailable
from twin.indicators.board import SAMPLE_S, IndicatorBoard
from twin.indicators.indicator import Moment
from twin.park import Park
from twin.rules.alarm import Alarm
from twin.rules.alarms import Alarms, Listener
from twin.rules.rule_file import FILE as RULE_FILE
from twin.rules.rule_file import read_rules
from twin.runtime.day_start import COUNTERS, counter_baseline, day_start, positions
from twin.runtime.settings import LiveSettings
from twin.runtime.ticker import every
from twin.runtime.upkeep import UPKEEP_S, Upkeep
from twin.state.facts import PointFacts
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.kinds import periods_ms
from twin.state.point import PointSpec
from twin.state.samples import Floats, Ints
from twin.state.scope import scope_resolver
from twin.state.stream import TICK_MS, LiveStream

log = logging.getLogger(__name__)

BASELINE_S = 5


class ParkRuntime:
    """Hub, history, stream, connectors, alarms and indicators of one park, on one event loop.

    points: in index order; facts: what the graph knows of their objects, in the same order. `hub`,
    `stream`, `store` (the history) and `book` (the alarms) are there after `start`.
    """

    def __init__(
        self,
        park: Park,
        points: Sequence[PointSpec],
        *,
        facts: PointFacts | None = None,
        clock: Clock | None = None,
        tick_ms: int = TICK_MS,
    ) -> None:
        self.park, self.clock = park, clock or SystemClock()
        self.settings = LiveSettings.of(park)
        self.facts = facts or PointFacts.unknown(points)
        self.hub = self._make_hub(points)
        self.stream = LiveStream(self.hub, scope_resolver(points, self.facts), tick_ms)
        self.board = IndicatorBoard()
        self.broker: Broker | None = None
        self.connectors: list[Connector] = []
        self._store: History | None = None
        self._book: Alarms | None = None
        self._listeners: list[Listener] = []
        self._keys: Ints = np.empty(0, dtype=np.int64)
        self._baseline: Floats = np.full(len(self.hub), np.nan)
        self._day = 0  # start of the day that the baseline belongs to
        self._upkeep = Upkeep(park)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def store(self) -> History:
        """The history. Raises Unavailable before the start."""
        if self._store is None:
            raise Unavailable("The park is not running: its history is closed", code="not-running")
        return self._store

    @property
    def book(self) -> Alarms:
        """The alarms. Raises Unavailable before the start."""
        if self._book is None:
            raise Unavailable("The park is not running: its alarms are not watched", code="not-running")
        return self._book

    async def start(self) -> None:
        """Open the history, take the last values and open alarms up, connect, begin to tick.

        Raises Conflict where it runs already or another process has the history, Invalid where
        `alarms.yaml` or a connector's settings are wrong. A broker or connector that cannot work now is
        no error: its state tells.
        """
        if self._store is not None:
            raise Conflict(f"Park {self.park.id!r} is running already", code="running")
        rules = read_rules(self.park.folder / RULE_FILE)
        self._store = await History.open(self.park.history)
        try:
            self._keys = await self._store.register([point.point_id for point in self.hub.points])
            await self._take_up()
            self._book = Alarms(self.hub, rules, self._store, self.clock)
            for listener in self._listeners:
                self._book.listen(listener)
            await self._book.load()
            await self._connect()
        except BaseException:
            await self.stop()
            raise
        self._tasks = [
            asyncio.create_task(every(self.stream.tick_ms / 1000, self.tick), name="tick"),
            asyncio.create_task(every(SAMPLE_S, self.sample), name="indicators"),
            asyncio.create_task(every(BASELINE_S, self.refresh_baseline), name="baseline"),
            asyncio.create_task(every(UPKEEP_S, self._keep_order), name="upkeep"),
        ]

    async def stop(self) -> None:
        """Disconnect, commit what was taken, close. Calling it twice is no error."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await asyncio.gather(*(connector.stop() for connector in self.connectors), return_exceptions=True)
        self.connectors = []
        if self.broker is not None:
            await self.broker.stop()
        self.stream.close()
        store, book = self._store, self._book
        self._store = self._book = None
        if book is not None:
            await book.flush()
        if store is not None:
            await store.close()

    close = stop

    def listen(self, listener: Listener) -> None:
        """Tell this function every change of an alarm, on the event loop."""
        self._listeners.append(listener)
        if self._book is not None:
            self._book.listen(listener)

    def ingest(self, readings: Readings) -> Awaitable[None]:
        """Take readings: the hub has them when this returns, the history when the result is awaited.

        Raises Unavailable, here or there, where the history cannot keep them.
        """
        samples = self.hub.update(
            readings.points, readings.values, readings.times, readings.quality, readings.simulated
        )
        return self.store.append(samples, self._keys)

    def tick(self) -> None:
        """Close the hub's tick, watch the alarms, tell the followers."""
        self.hub.tick()
        self.book.tick()
        self.stream.publish()

    async def _keep_order(self) -> None:
        await self._upkeep.step(self.store, self.hub, self.clock.now_ms())

    def sample(self) -> None:
        """Add the indicators' present values to their trends."""
        self.board.sample(self.moment())

    async def refresh_baseline(self) -> None:
        """Read the counters' values at the start of the day, where the day is new or some counter has none yet."""
        hub, keys, now = self.hub, self._keys, self.clock.now_ms()
        start = day_start(now, self.settings.timezone)
        lacking = np.isfinite(hub.values) & np.isnan(self._baseline) & np.isin(hub.kind, COUNTERS)
        if start == self._day and not lacking.any():
            return
        baseline = await counter_baseline(hub, self.store, keys, start, now)
        if hub is self.hub:  # else the points changed meanwhile
            self._baseline, self._day = baseline, start

    async def rebind(self, points: Sequence[PointSpec], facts: PointFacts | None = None) -> None:
        """Take other points, after something was published: state is carried over by point id.

        Rules are read again. Followers get new snapshots. Raises Invalid where `alarms.yaml` is wrong;
        then all stays as it was.
        """
        rules = read_rules(self.park.folder / RULE_FILE)
        hub = self._make_hub(points)
        known = facts or PointFacts.unknown(points)
        keys = await self.store.register([point.point_id for point in points])
        # From here on nothing is awaited: readings must not meet half a change.
        hub.adopt(self.hub)
        self.hub, self.facts, self._keys = hub, known, keys
        self._baseline = np.full(len(hub), np.nan)
        self.book.rebind(hub, rules)
        self.stream.rebind(hub, scope_resolver(points, known))
        for connector in self.connectors:
            connector.bind(points)
        await self._take_up()

    def moment(self) -> Moment:
        """All that indicators are computed from, now."""
        alarms = self._book.counts() if self._book is not None else {}
        return Moment(self.hub, self.facts, alarms, self._baseline, self.clock.now_ms())

    async def indicators(self) -> list[dict[str, object]]:
        """All indicators with value, trend and breakdown."""
        return self.board.rows(self.moment())

    async def history(self, point_id: str, start: int, end: int, count: int = 300) -> dict[str, list[float]]:
        """`{t, min, mean, max, count}` in equal buckets of [start, end), epoch ms. Raises NotFound, Invalid."""
        found = await self.store.buckets(point_id, start, end, count)
        return {
            "t": found.t.tolist(),
            "min": found.min.tolist(),
            "mean": found.mean.tolist(),
            "max": found.max.tolist(),
            "count": found.count.tolist(),
        }

    async def alarms(self, state: str | None = "open", limit: int = 100, offset: int = 0) -> dict[str, object]:
        """`{items, total}`; state: open, active, acknowledged, cleared, or None for all that ever were."""
        items, total = await self.book.page(state, limit, offset)
        return {"items": [alarm.as_dict() for alarm in items], "total": total}

    async def acknowledge(self, alarm_id: str, user: str, comment: str = "") -> dict[str, object]:
        """Acknowledge an open alarm; returns it once that is committed. Raises NotFound, Conflict, Unavailable."""
        alarm: Alarm = await self.book.acknowledge(alarm_id, user, comment)
        return alarm.as_dict()

    def status(self) -> dict[str, object]:
        """State of everything for the status page. simulated: points whose last value was declared made up."""
        hub = self.hub
        return {
            "connections": [
                {
                    "name": connector.name,
                    "kind": connector.kind,
                    "state": connector.state.value,
                    "detail": connector.detail,
                    "messages": connector.counters.messages,
                    "acknowledged": connector.counters.acknowledged,
                    "unknown": connector.counters.unknown,
                    "undecodable": connector.counters.undecodable,
                    "dropped": connector.counters.dropped,
                }
                for connector in self.connectors
            ],
            "broker": None if self.broker is None else self.broker.status(),
            "simulated": int(hub.simulated.sum()),
            "points": {
                "count": len(hub),
                **dict(
                    zip(("good", "stale", "bad", "never"), np.bincount(hub.quality, minlength=4).tolist(), strict=True)
                ),
            },
            "updates": dict(hub.counters),
            "seq": hub.seq,
            "followers": self.stream.feeds,
            "history": {"state": "closed"} if self._store is None else self._store.status(),
            "rules_without_points": [] if self._book is None else list(self._book.unbound),
        }

    def candidates(self) -> list[dict[str, object]]:
        """Addresses that send values but belong to no point, of all connectors."""
        return [{"connector": c.name, **row} for c in self.connectors for row in c.candidates()]

    def _make_hub(self, points: Sequence[PointSpec]) -> Hub:
        return Hub(points, self.clock, periods=periods_ms(points, self.settings.period_s))

    async def _take_up(self) -> None:
        hub, keys, now = self.hub, self._keys, self.clock.now_ms()
        if len(hub):
            latest = await self.store.latest_before(now, keys)
            hub.restore(positions(keys, latest.keys), latest.times, latest.values)
        await self.refresh_baseline()

    async def _connect(self) -> None:
        url = self.settings.broker_url or await self._start_broker()
        entries = self.settings.connectors or ({"kind": "mqtt", "name": "mqtt"},)
        for entry in entries:
            settings = {"url": url, **entry} if entry.get("kind") == "mqtt" else entry
            if settings.get("url") == "" and "url" not in entry:
                log.error("Connector %s is left out: there is no broker", entry.get("name"))
                continue
            self.connectors.append(make_connector(settings, self.hub.points, self.ingest))
        for connector in self.connectors:
            await connector.start()

    async def _start_broker(self) -> str:
        """The embedded broker's url, empty where it cannot start."""
        self.broker = Broker(
            self.park.folder / "broker", port=self.settings.broker_port, ack_wait_s=self.settings.broker_ack_wait_s
        )
        try:
            await self.broker.start()
        except ParkError as error:
            log.error("The embedded broker did not start: %s", error)  # noqa: TRY400  one sentence tells it
            self.broker.detail = error.message
            return ""
        return self.broker.url
