"""The book of open alarms: raised, cleared, suppressed and escalated by the watch, kept over restarts."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from twin.clock import Clock
from twin.errors import Unavailable
from twin.rules import alarm_table, memory
from twin.rules.alarm import Alarm, AlarmEvent
from twin.rules.alarm_writer import AlarmWriter
from twin.rules.conditions import Flags
from twin.rules.escalation import RANK, Escalations, worse
from twin.rules.hold import Hold, HoldKind, marks
from twin.rules.rule import QUALITY_OPS, RESERVED, AlarmRule
from twin.rules.states import HOLDING, HOLDS, AlarmState, Step
from twin.rules.watch import Watch
from twin.rules.wiring import Links
from twin.state.facts import PointFacts
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.samples import Ints

log = logging.getLogger(__name__)

Listener = Callable[[AlarmEvent], None]
CHANGES_A_TICK = 2500
"""Alarms raised, cleared or held in one tick, the most severe first; the others follow in the next ones."""
TOLD_A_TICK = 200
"""Changes of one tick that listeners hear one by one; then one event says that there were more."""
MEMORY_MS = 5000
"""Delays on their way are kept this often: after `kill -9` they go on from what was known this long ago."""
COUNT_MS = 5000
MEMORY = "watch"


class AlarmBook:
    """Open alarms and how the watch changes them. All calls come from the event loop.

    Changes are told at once and written behind; a change that could not be written is written again later.
    """

    def __init__(
        self,
        hub: Hub,
        rules: Sequence[AlarmRule],
        history: History,
        clock: Clock,
        *,
        facts: PointFacts | None = None,
        links: Links | None = None,
    ) -> None:
        self._history, self._clock = history, clock
        self._writer = AlarmWriter(history, clock)
        self._open: dict[str, Alarm] = {}
        self._by_row: dict[tuple[str, str], str] = {}
        self._holds: dict[str, Hold] = {}
        self._listeners: list[Listener] = []
        self._sorted: list[Alarm] | None = None
        self._remembered = b""
        self._remember_at = 0
        self._counted_at = 0
        self._remembering: asyncio.Task[None] | None = None
        self._bind(Watch(hub, rules, links), facts, links)

    def _bind(self, watch: Watch, facts: PointFacts | None, links: Links | None) -> None:
        self._facts = facts or PointFacts.unknown(watch.hub.points)
        self._links = links or Links()
        self._watch = watch
        self._node_open = np.zeros(len(watch.wiring.names), dtype=np.bool_)
        self._rank = np.array([RANK[rule.severity] for rule in self._watch.rules], dtype=np.int64)
        self._recorded = np.zeros(len(self._watch), dtype=np.bool_)
        self._suppressed = self._watch.suppressed.copy()
        self._escalations = Escalations(watch)
        self._mark_holds()

    async def load(self) -> None:
        """Take open alarms, holds and delays up from the history. Alarms whose rule or point is gone are closed."""
        self._holds = {hold.id: hold for hold in await self._history.read(alarm_table.read_holds)}
        for alarm in await self._history.read(alarm_table.read_open):
            self._open[alarm.id] = alarm
            self._by_row[_row(alarm)] = alarm.id
        text = await self._history.read(lambda cursor: alarm_table.read_memory(cursor, MEMORY))
        self._take_up(text)

    def rebind(self, watch: Watch, *, facts: PointFacts | None = None, links: Links | None = None) -> None:
        """Go on with another watch: other points or rules; alarms of rules and points that are gone are closed.

        Making the watch takes a second for a hundred thousand points: do that in a thread.
        """
        text = memory.moment(self._watch).text()
        watch.follow(self._watch)
        self._bind(watch, facts, links)
        self._take_up(text)

    def listen(self, listener: Listener) -> None:
        """Tell this function every change, on the event loop."""
        self._listeners.append(listener)

    def connections_down(self, names: frozenset[str]) -> None:
        """Say which connectors have lost their connection: they hide the missing alarms of their points."""
        self._watch.wiring.down = names

    @property
    def rows(self) -> int:
        """Rule and point pairs that are watched."""
        return len(self._watch)

    @property
    def unbound(self) -> tuple[str, ...]:
        """Rules that watch no point."""
        return self._watch.unbound

    @property
    def problems(self) -> tuple[str, ...]:
        """Why points are left out of a rule."""
        return self._watch.problems

    def tick(self) -> list[AlarmEvent]:
        """Evaluate all rules now; returns what happened."""
        now = self._clock.now_ms()
        watch = self._watch
        events = self._end_shelving(now)
        watch.evaluate(now)
        moved = np.flatnonzero((watch.suppressed != self._suppressed) & self._recorded)[:CHANGES_A_TICK]
        events += self._follow_holds(moved, now)
        self._suppressed[moved] = watch.suppressed[moved]
        np.copyto(self._suppressed, watch.suppressed, where=~self._recorded)
        held = watch.suppressed | self._out | self._shelved
        events += [self._over(self._at(row), now) for row in self._first(watch.told & ~watch.holding)]
        fresh = self._first(watch.holding & ~watch.told & (~held | self._recorded))
        events += [self._raised(row, now) for row in fresh]
        if watch.wiring.watched:
            events += self._follow_nodes(now)
        for alarm in self._escalations.take(now, self._open.get):
            self._put(alarm)
            self._escalations.follow(alarm)
            events.append(AlarmEvent("escalated", alarm, now))
        self._keep(events)
        self._remember(now)
        return events

    async def flush(self) -> None:
        """Wait until all that happened is committed, or once more refused."""
        if self._remembering is not None:
            await self._remembering
        await self._keep_memory(memory.moment(self._watch))
        await self._writer.flush()

    def _first(self, rows: Flags) -> list[int]:
        """Flagged rows, no more than a tick takes; the most severe first where there are more."""
        found = np.flatnonzero(rows)
        if len(found) > CHANGES_A_TICK:
            found = found[np.argsort(self._rank[self._watch.rule[found]], kind="stable")[:CHANGES_A_TICK]]
        return found.tolist()

    def _at(self, row: int) -> Alarm:
        watch = self._watch
        return self._open[
            self._by_row[watch.rules[watch.rule[row]].id, watch.hub.points[int(watch.point[row])].point_id]
        ]

    def _raised(self, row: int, now: int) -> AlarmEvent:
        watch = self._watch
        rule, index = watch.rules[watch.rule[row]], int(watch.point[row])
        point, number = watch.hub.points[index], float(watch.hub.values[index])
        value = None if rule.op in QUALITY_OPS or number != number else number  # noqa: PLR0124  NaN
        before = self._open.get(self._by_row.get((rule.id, point.point_id), ""))
        if before is not None:  # over and not acknowledged or reset: the same alarm again
            alarm = before.stepped(
                Step.RAISE, value=value, raised_at=now, cleared_at=None, acknowledged_at=None, acknowledged_by="",
                comment="", count=before.count + 1, severity=rule.severity, escalated=0, role="",
            )  # fmt: skip
        else:
            facts = self._facts
            alarm = Alarm(
                id=uuid.uuid4().hex,
                rule=rule.id,
                point_id=point.point_id,
                gid=point.gid,
                state=AlarmState.ACTIVE,
                severity=rule.severity,
                value=value,
                limit=rule.limit,
                unit=point.unit,
                raised_at=now,
                message_zh=rule.message_zh,
                message_en=rule.message_en,
                source=rule.source,
                mark=rule.mark,
                name=point.name,
                latching=rule.latching,
                storey=str(facts.storey[index]),
                building=str(facts.building[index]),
                system=self._links.systems.get(point.device) or self._links.systems.get(point.gid, ""),
                cause=rule.cause,
            )
        self._put(alarm)
        self._escalations.follow(alarm)
        return AlarmEvent("raised", alarm, now)

    def _over(self, before: Alarm, now: int) -> AlarmEvent:
        alarm = before.stepped(Step.LATCH if before.latching else Step.CLEAR, cleared_at=now)
        self._put(alarm)
        return AlarmEvent("cleared", alarm, now)

    def _follow_nodes(self, now: int) -> list[AlarmEvent]:
        """One alarm for each lost gateway or connector that hides something."""
        wiring, events = self._watch.wiring, list[AlarmEvent]()
        count_now = now - self._counted_at >= COUNT_MS
        for number in np.flatnonzero((wiring.hidden > 0) | self._node_open).tolist():
            name = wiring.names[number]
            before = self._open.get(self._by_row.get((RESERVED, name), ""))
            hidden = int(wiring.hidden[number])
            covered = wiring.covered(name)
            holds = before is not None and before.process in HOLDING
            if holds and before is not None and hidden == 0:
                # Lost and nothing hidden: what it hangs on is lost too, or its children had no time yet after a restart.
                if not wiring.lost[number]:
                    events.append(self._over(before, now))
            elif holds and before is not None and hidden != before.hidden and count_now:
                alarm = replace(before, hidden=hidden, severity=worse(before.severity, self._worst(number).severity))
                self._put(alarm)
                events.append(AlarmEvent("counted", alarm, now))
                self._counted_at = now
            elif hidden and not holds:
                held = [hold for hold in self._holds.values() if hold.fits(RESERVED, name, wiring.gids[name])]
                if not held or before is not None:
                    events.append(self._node_raised(before, number, name, now))
            after = self._open.get(self._by_row.get((RESERVED, name), ""))
            if after is not None and after.suppressed != covered:
                events += self._follow_alarm(after, covered, now)
        return events

    def _worst(self, number: int) -> AlarmRule:
        """The most severe rule among the alarms that a lost node hides now."""
        watch = self._watch
        rows = watch.wiring.rows_under(number)
        used = watch.rule[rows[watch.holding[rows]]]
        return watch.rules[int(used[np.argmin(self._rank[used])])]

    def _node_raised(self, before: Alarm | None, number: int, name: str, now: int) -> AlarmEvent:
        wiring = self._watch.wiring
        hidden = int(wiring.hidden[number])
        worst = self._worst(number)
        if before is not None:
            alarm = before.stepped(
                Step.RAISE, raised_at=now, cleared_at=None, acknowledged_at=None, acknowledged_by="", comment="",
                count=before.count + 1, hidden=hidden, severity=worst.severity, latching=worst.latching,
                escalated=0, role="",
            )  # fmt: skip
        else:
            title = wiring.title(name)
            alarm = Alarm(
                id=uuid.uuid4().hex, rule=RESERVED, point_id=name, gid=wiring.gids[name], state=AlarmState.ACTIVE,
                severity=worst.severity, latching=worst.latching, value=None, limit=None, unit="", raised_at=now,
                hidden=hidden, name=title,
                message_zh=f"{title} 失联", message_en=f"{title} is lost", cause=RESERVED,
                system=self._links.systems.get(wiring.gids[name], ""),
            )  # fmt: skip
        self._put(alarm)
        self._escalations.follow(alarm)
        return AlarmEvent("raised", alarm, now)

    def _end_shelving(self, now: int) -> list[AlarmEvent]:
        """Shelvings whose time is over end by themselves."""
        over = [hold for hold in self._holds.values() if hold.until is not None and hold.until <= now]
        for hold in over:
            del self._holds[hold.id]
            try:
                self._history.write(alarm_table.end_hold(hold, now, "")).add_done_callback(_look)
            except Unavailable:  # it is over all the same, and the next start ends it again
                log.warning("The end of a shelving was not written: %s", hold.id)
        return self._apply_holds(now) if over else []

    def _apply_holds(self, now: int, user: str = "") -> list[AlarmEvent]:
        """Bring flags and open alarms in step with the holds."""
        out, shelved = self._out, self._shelved
        self._mark_holds()
        rows = np.flatnonzero(self._recorded & ((out != self._out) | (shelved != self._shelved)))
        events = self._follow_holds(rows, now, user)
        nodes = [alarm for alarm in self._open.values() if alarm.rule == RESERVED]
        return events + [event for alarm in nodes for event in self._follow_alarm(alarm, alarm.suppressed, now, user)]

    def _mark_holds(self) -> None:
        self._out = marks(self._holds.values(), HoldKind.OUT_OF_SERVICE, self._watch)
        self._shelved = marks(self._holds.values(), HoldKind.SHELVED, self._watch)

    def _follow_holds(self, rows: Ints, now: int, user: str = "") -> list[AlarmEvent]:
        events: list[AlarmEvent] = []
        for row in rows.tolist():
            events += self._follow_alarm(self._at(row), bool(self._watch.suppressed[row]), now, user)
        return events

    def _follow_alarm(self, alarm: Alarm, suppressed: bool, now: int, user: str = "") -> list[AlarmEvent]:
        """Lay on an open alarm what holds it now, and take off what does not any more."""
        index = self._watch.hub.index.get(alarm.point_id)
        device = "" if index is None else self._watch.hub.points[index].device
        mine = [hold for hold in self._holds.values() if hold.fits(alarm.rule, alarm.point_id, alarm.gid, device)]
        out = next((hold for hold in mine if hold.kind is HoldKind.OUT_OF_SERVICE), None)
        shelf = max(
            (hold for hold in mine if hold.kind is HoldKind.SHELVED), key=lambda hold: hold.until or 0, default=None
        )
        until = None if shelf is None else shelf.until
        shown = out or shelf
        words = {"held_by": shown.author if shown else "", "held_reason": shown.reason if shown else ""}
        events: list[AlarmEvent] = []
        for name, step, wanted, changes in (
            ("removed", Step.REMOVE, out is not None and not alarm.out_of_service, {"out_of_service": True}),
            ("returned", Step.RETURN, out is None and alarm.out_of_service, {"out_of_service": False}),
            ("shelved", Step.SHELVE, until is not None and alarm.shelved_until is None, {"shelved_until": until}),
            ("unshelved", Step.UNSHELVE, until is None and alarm.shelved_until is not None, {"shelved_until": None}),
            ("suppressed", Step.SUPPRESS, suppressed and not alarm.suppressed, {"suppressed": True}),
            ("unsuppressed", Step.UNSUPPRESS, not suppressed and alarm.suppressed, {"suppressed": False}),
        ):
            moved = alarm.moved(step, **changes, **words) if wanted else None
            if moved is not None:
                alarm = moved
                events.append(AlarmEvent(name, alarm, now, user))
        if events:
            self._put(alarm)
        return events

    def _put(self, alarm: Alarm) -> None:
        self._sorted = None
        name = _row(alarm)
        row = self._watch.rows.get(name)
        if alarm.state is AlarmState.NORMAL:
            self._open.pop(alarm.id, None)
            if self._by_row.get(name) == alarm.id:
                del self._by_row[name]
        else:
            self._open[alarm.id] = alarm
            self._by_row[name] = alarm.id
        number = self._watch.wiring.index.get(alarm.point_id) if alarm.rule == RESERVED else None
        if number is not None:
            self._node_open[number] = alarm.state is not AlarmState.NORMAL
        if row is not None:
            self._recorded[row] = alarm.state is not AlarmState.NORMAL
            self._watch.told[row] = alarm.process in HOLDING

    def _take_up(self, text: bytes | str) -> None:
        """Tie open alarms and remembered delays to the watch's rows."""
        gone: list[AlarmEvent] = []
        now = self._clock.now_ms()
        watch = self._watch
        for alarm in list(self._open.values()):
            row = watch.rows.get(_row(alarm))
            if row is not None:
                watch.holding[row] = alarm.process in HOLDING
                watch.suppressed[row] = self._suppressed[row] = alarm.suppressed
                self._put(self._named(alarm))
            elif not (alarm.rule == RESERVED and alarm.point_id in watch.wiring.names):
                why = "The rule or the point was removed"
                normal = AlarmState.NORMAL
                closed = replace(alarm, state=normal, process=normal, cleared_at=now, comment=why)
                self._put(closed)
                gone.append(AlarmEvent("cleared", closed, now))
        if text:
            memory.restore(watch, text)
        for alarm in self._open.values():
            self._escalations.follow(alarm)
        self._mark_holds()
        held = self._follow_holds(np.flatnonzero(self._recorded & (self._out | self._shelved)), now)
        loose = [
            watch.rows[_row(alarm)]
            for alarm in self._open.values()
            if alarm.state in HOLDS and _row(alarm) in watch.rows
        ]
        held += self._follow_holds(np.array(loose, dtype=np.int64), now)
        self._keep(gone + held)

    def _named(self, alarm: Alarm) -> Alarm:
        index = self._watch.hub.index.get(alarm.point_id)
        if index is None:
            return alarm
        return replace(
            alarm,
            name=self._watch.hub.points[index].name,
            storey=str(self._facts.storey[index]),
            building=str(self._facts.building[index]),
        )

    def _keep(self, events: list[AlarmEvent]) -> None:
        self._writer.keep(events)
        for event in events[:TOLD_A_TICK]:
            self._tell(event)
        if len(events) > TOLD_A_TICK:
            first = events[TOLD_A_TICK]
            self._tell(AlarmEvent("many", first.alarm, first.at, count=len(events) - TOLD_A_TICK))

    def _remember(self, now: int) -> None:
        if self._remembering is None and not 0 <= now - self._remember_at < MEMORY_MS:
            self._remember_at = now
            kept = self._keep_memory(memory.moment(self._watch))
            self._remembering = asyncio.get_running_loop().create_task(kept)

    async def _keep_memory(self, moment: memory.Moment) -> None:
        try:
            text = await asyncio.to_thread(moment.text)
            if text != self._remembered:
                await self._history.write(alarm_table.keep_memory(MEMORY, text.decode()))
                self._remembered = text
        except Unavailable as error:
            log.warning("Delays of alarms were not written: after a restart they begin anew: %s", error)
        finally:
            self._remembering = None

    def _tell(self, event: AlarmEvent) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                log.exception("A listener failed on alarm %s", event.alarm.id)


def _look(done: object) -> None:
    """Take an exception that nobody waits for; the history has logged it."""
    getattr(done, "exception", lambda: None)()


def _row(alarm: Alarm) -> tuple[str, str]:
    return alarm.rule, alarm.point_id
