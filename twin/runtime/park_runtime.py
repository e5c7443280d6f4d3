"""A running park: values come in by connectors, live in the hub, are kept, watched, and followed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from twin.clock import Clock, SystemClock
from twin.commands.commands import Commands
from twin.commands.commands import Listener as CommandListener
from twin.connectors.broker import Broker
from twin.connectors.broker_users import BrokerUser
from twin.connectors.connector import Connector, Gatherer, Readings, State
from twin.connectors.mapping import MappingEntry
from twin.connectors.registry import Factory, make_connector
from twin.errors import Conflict, Invalid, ParkError, Unavailable
from twin.indicators.board import SAMPLE_S, IndicatorBoard
from twin.indicators.indicator import Moment
from twin.park import Park
from twin.rules.alarm import Alarm
from twin.rules.alarms import Alarms, Listener
from twin.rules.rule import AlarmRule
from twin.rules.rule_file import FILE as RULE_FILE
from twin.rules.rule_file import read_rules
from twin.rules.watch import Watch
from twin.rules.wiring import Links
from twin.runtime.alarm_links import with_connectors
from twin.runtime.connecting import Connecting
from twin.runtime.day_start import COUNTERS, counter_baseline, day_start, positions
from twin.runtime.delivery import deliver
from twin.runtime.mappings import Mappings
from twin.runtime.pace import Pace
from twin.runtime.past_indicators import past_indicators
from twin.runtime.replay import Replay, Tell
from twin.runtime.settings import LiveSettings
from twin.runtime.ticker import every
from twin.runtime.upkeep import UPKEEP_S, Upkeep
from twin.state.facts import PointFacts
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.kinds import periods_ms
from twin.state.picture import picture_at
from twin.state.point import PointSpec
from twin.state.samples import Floats, Ints, Samples
from twin.state.scope import scope_resolver
from twin.state.stream import TICK_MS, LiveStream

log = logging.getLogger(__name__)

BASELINE_S = 5
START_S = 10.0
STOP_S = 15.0
"""How long one connector may take to start and to stop."""
JUDGED = ("bad", "late", "skewed")
"""What the hub finds of readings, counted for each connector too."""
Tap = Callable[[Samples, asyncio.Future[None]], None]
"""Is told every batch that is taken, by point index, and the future of its commit; must be quick."""
MAX_REPLAYS = 16
"""Replays at once; each costs a state of all points and some queries a second."""


class ParkRuntime:
    """Hub, history, stream, connectors, alarms and indicators of one park, on one event loop.

    points: in index order; facts: what the graph knows of their objects, in the same order. kinds: further
    kinds of connectors. `hub`, `stream`, `store` (the history) and `book` (the alarms) are there after `start`.
    """

    def __init__(
        self,
        park: Park,
        points: Sequence[PointSpec],
        *,
        facts: PointFacts | None = None,
        links: Links | None = None,
        clock: Clock | None = None,
        tick_ms: int = TICK_MS,
        kinds: Mapping[str, Factory] = MappingProxyType({}),
    ) -> None:
        self.park, self.clock = park, clock or SystemClock()
        self.settings = LiveSettings.of(park)
        self._kinds = kinds
        self.facts = facts or PointFacts.unknown(points)
        self.links = with_connectors(links, points, self.settings.connectors)
        self.rules: list[AlarmRule] = []
        self.rules_error = ""  # why the rules in force are not those of the file
        self.hub = self._make_hub(points)
        self.stream = LiveStream(self.hub, scope_resolver(points, self.facts), tick_ms)
        self.board = IndicatorBoard()
        self.broker: Broker | None = None
        self.broker_users: Sequence[BrokerUser] = ()
        self.wants_broker = False  # whether something beside connectors and devices needs the embedded one
        self.connectors: list[Connector] = []
        self.mappings = Mappings(park.folder)
        self.connecting = Connecting(self.mappings, lambda: (self.connectors, self.hub.points))
        self._store: History | None = None
        self._book: Alarms | None = None
        self._listeners: list[Listener] = []
        self.taps: list[Tap] = []
        self._commands: Commands | None = None
        self._replays: set[Replay] = set()
        self._command_listeners: list[CommandListener] = []
        self._keys: Ints = np.empty(0, dtype=np.int64)
        self._baseline: Floats = np.full(len(self.hub), np.nan)
        self._day = 0  # start of the day that the baseline belongs to
        self._upkeep = Upkeep(park)
        self._pace = Pace(tick_ms / 1000)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def store(self) -> History:
        """The history. Raises Unavailable before the start."""
        if self._store is None:
            raise Unavailable("The park is not running: its history is closed", code="not-running")
        return self._store

    @property
    def keys(self) -> Ints:
        """The history's key of each point, in index order."""
        return self._keys

    @property
    def book(self) -> Alarms:
        """The alarms. Raises Unavailable before the start."""
        if self._book is None:
            raise Unavailable("The park is not running: its alarms are not watched", code="not-running")
        return self._book

    @property
    def commands(self) -> Commands:
        """The commands. Raises Unavailable before the start."""
        if self._commands is None:
            raise Unavailable("The park is not running: no command can be taken", code="not-running")
        return self._commands

    async def start(self) -> None:
        """Open the history, take the last values and open alarms up, connect, begin to tick.

        Raises Conflict where it runs already or another process has the history, Invalid where
        `alarms.yaml`, `mappings.yaml` or a connector's settings are wrong. A broker or connector that
        cannot work now is no error: its state tells.
        """
        if self._store is not None:
            raise Conflict(f"Park {self.park.id!r} is running already", code="running")
        self.rules, entries = read_rules(self.park.folder / RULE_FILE), self.mappings.read()
        self._store = await History.open(self.park.history)
        try:
            self._keys = await self._store.register([point.point_id for point in self.hub.points])
            await self._take_up()
            self._book = Alarms(self.hub, self.rules, self._store, self.clock, facts=self.facts, links=self.links)
            for listener in self._listeners:
                self._book.listen(listener)
            await self._book.load()
            self._commands = Commands(self.hub, self._store, self.clock, self._deliver)
            for command_listener in self._command_listeners:
                self._commands.listen(command_listener)
            await self._commands.load()
            await self._connect(entries)
        except BaseException:
            await self.stop()
            raise
        self._tasks = [
            asyncio.create_task(self._pace.run(self.beat), name="tick"),
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
        await asyncio.gather(*(replay.close() for replay in list(self._replays)), return_exceptions=True)
        commands, self._commands = self._commands, None
        if commands is not None:
            await commands.stop()
        await asyncio.gather(*(_end(connector) for connector in self.connectors))
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

    def replay(self, tell: Tell) -> Replay:
        """A past for one client, standing still; close it at the end. Raises Unavailable where too many play."""
        if len(self._replays) >= MAX_REPLAYS:
            raise Unavailable(f"{MAX_REPLAYS} replays are open: close one first", code="replays-full")
        made = Replay(self, tell, self._replays.discard)
        self._replays.add(made)
        return made

    def listen_commands(self, listener: CommandListener) -> None:
        """Tell this function every change of a command, on the event loop."""
        self._command_listeners.append(listener)
        if self._commands is not None:
            self._commands.listen(listener)

    def ingest(self, readings: Readings) -> Awaitable[None]:
        """Take readings: the hub has them when this returns, the history when the result is awaited.

        Raises Unavailable, here or there, where the history cannot keep them.
        """
        samples = self.hub.update(
            readings.points, readings.values, readings.times, readings.quality, readings.simulated
        )
        if self.hub.news > self.hub.seq:
            self._pace.hurry()
        committed = self.store.append(samples, self._keys)
        for tap in self.taps:
            tap(samples, committed)
        return committed

    async def beat(self, passed_s: float) -> bool:
        """A tick of what has arrived up to now, `passed_s` after the one before; whether it told anything new."""
        for connector in self.connectors:
            if isinstance(connector, Gatherer):
                connector.hand_over()
        self.tick(passed_s)
        return self.hub.news == self.hub.seq

    def tick(self, passed_s: float | None = None) -> None:
        """Close the hub's tick, watch the alarms, tell the followers. passed_s: since the tick before."""
        self.hub.tick()
        self.book.connections_down(
            frozenset(connector.name for connector in self.connectors if connector.state is State.FAILED)
        )
        self.book.tick()
        self.stream.publish(None if passed_s is None else 1000 * passed_s)

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

    async def reload_rules(self) -> None:
        """Watch the rules of `alarms.yaml` as it is now. Raises Invalid where it is wrong: the rules before go on.

        Raises Conflict where the points changed meanwhile: then that change reads the rules.
        """
        hub = self.hub
        try:
            rules = await asyncio.to_thread(read_rules, self.park.folder / RULE_FILE)
        except Invalid as error:
            self.rules_error = error.message
            raise
        watch = await asyncio.to_thread(Watch, hub, rules, self.links)
        if hub is not self.hub:
            raise Conflict("The park's points changed while the alarm rules were read: try again", code="rules-changed")
        self.rules, self.rules_error = rules, ""
        self.book.rebind(watch, facts=self.facts, links=self.links)

    async def rebind(
        self, points: Sequence[PointSpec], facts: PointFacts | None = None, links: Links | None = None
    ) -> None:
        """Take other points, after something was published: state is carried over by point id.

        Rules and mappings are read again; where `alarms.yaml` is wrong the rules before go on, and `rules_error` says so.
        Followers get new snapshots. Raises Invalid where `mappings.yaml` is wrong; then all stays as it was.
        """
        entries = self.mappings.read()
        try:
            rules = await asyncio.to_thread(read_rules, self.park.folder / RULE_FILE)
            self.rules_error = ""
        except Invalid as error:
            log.error("The alarm rules before go on: %s", error)  # noqa: TRY400  one sentence tells it
            rules, self.rules_error = self.rules, error.message
        hub = self._make_hub(points)
        known = facts or PointFacts.unknown(points)
        keys = await self.store.register([point.point_id for point in points])
        joined = with_connectors(links, points, self.settings.connectors)
        watch = await asyncio.to_thread(Watch, hub, rules, joined)
        # From here on nothing is awaited: readings must not meet half a change.
        hub.adopt(self.hub)
        self.hub, self.facts, self._keys = hub, known, keys
        self.rules, self.links = rules, joined
        self._baseline = np.full(len(hub), np.nan)
        self.book.rebind(watch, facts=known, links=joined)
        self.commands.rebind(hub)
        self.stream.rebind(hub, scope_resolver(points, known))
        for connector in self.connectors:
            connector.bind(points)
        self.mappings.apply(entries, self.connectors, self.hub.points)
        await self._take_up()

    def moment(self) -> Moment:
        """All that indicators are computed from, now."""
        alarms = self._book.counts() if self._book is not None else {}
        return Moment(self.hub, self.facts, alarms, self._baseline, self.clock.now_ms())

    async def indicators(self, at: int | None = None) -> list[dict[str, object]]:
        """All indicators with value, trend and breakdown: of now, or as of `at`, epoch ms. Raises Invalid, Unavailable."""
        if at is None:
            return self.board.rows(self.moment())
        return await past_indicators(self, at, self.settings.timezone)

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
        """`{items, total}`; state: open, held, one of the states, or None for all that ever were."""
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
                    **{name: getattr(connector.counters, name) for name in JUDGED},
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
            "rules_error": self.rules_error,
            "rules_problems": [] if self._book is None else list(self._book.problems),
        }

    def candidates(self) -> list[dict[str, object]]:
        """Addresses that send values but belong to no point, of all connectors."""
        return [{"connector": c.name, **row} for c in self.connectors for row in c.candidates()]

    async def _deliver(self, point: PointSpec, value: float) -> None:
        await deliver(self.connectors, point, value)

    def _make_hub(self, points: Sequence[PointSpec]) -> Hub:
        return Hub(points, self.clock, periods=periods_ms(points, self.settings.period_s))

    async def _take_up(self) -> None:
        hub, keys, now = self.hub, self._keys, self.clock.now_ms()
        if len(hub):
            last = await self.store.read(lambda cursor: picture_at(cursor, now, keys))
            hub.restore(positions(keys, last.keys), last.good, last.values, last.heard)
        await self.refresh_baseline()

    async def _connect(self, mapped: list[MappingEntry]) -> None:
        entries = self.settings.connectors or ({"kind": "mqtt", "name": "mqtt"},)
        url = self.settings.broker_url
        if not url and self._needs_broker(entries):
            url = await self._start_broker()
        for entry in entries:
            settings = {"url": url, **entry} if entry.get("kind") == "mqtt" else entry
            if settings.get("url") == "" and "url" not in entry:
                log.error("Connector %s is left out: there is no broker", entry.get("name"))
                continue
            connector = self._make_connector(settings)
            if any(other.name == connector.name for other in self.connectors):
                raise Invalid(f"Two connectors are called {connector.name!r}: give each a name", code="connector-name")
            self.connectors.append(connector)
        self.mappings.apply(mapped, self.connectors, self.hub.points)
        await asyncio.gather(*(self._begin(connector) for connector in self.connectors))

    def _make_connector(self, settings: Mapping[str, object]) -> Connector:
        def take(readings: Readings) -> Awaitable[None]:
            counters, before = self.hub.counters, dict(self.hub.counters)
            try:
                return self.ingest(readings)
            finally:
                for name in JUDGED:
                    setattr(made.counters, name, getattr(made.counters, name) + counters[name] - before[name])

        made = make_connector(settings, self.hub.points, take, folder=self.park.folder, others=self._kinds)
        return made

    async def _begin(self, connector: Connector) -> None:
        """Start a connector; one that hangs or fails must not keep the others from starting."""
        try:
            async with asyncio.timeout(START_S):
                await connector.start()
        except Exception as error:
            log.exception("Connector %s did not start", connector.name)
            connector.state, connector.detail = State.FAILED, f"did not start: {str(error) or type(error).__name__}"

    def _needs_broker(self, entries: Sequence[Mapping[str, object]]) -> bool:
        return (
            self.wants_broker
            or self.settings.broker_port is not None
            or bool(self.broker_users)
            or any(entry.get("kind") == "mqtt" and "url" not in entry for entry in entries)
        )

    async def _start_broker(self) -> str:
        """The embedded broker's url, empty where it cannot start."""
        self.broker = Broker(
            self.park.folder / "broker",
            port=self.settings.broker_port,
            ack_wait_s=self.settings.broker_ack_wait_s,
            users=self.broker_users,
        )
        try:
            await self.broker.start()
        except ParkError as error:
            log.error("The embedded broker did not start: %s", error)  # noqa: TRY400  one sentence tells it
            self.broker.detail = error.message
            return ""
        return self.broker.url


async def _end(connector: Connector) -> None:
    try:
        async with asyncio.timeout(STOP_S):
            await connector.stop()
    except Exception:
        log.exception("Connector %s did not stop", connector.name)
