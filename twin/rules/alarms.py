"""The alarms of a park: raised and cleared by the watch, acknowledged by people, kept over restarts."""

from __future__ import annotations

import asyncio
import logging
import math
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from twin.clock import Clock
from twin.errors import Conflict, Invalid, NotFound, Unavailable
from twin.finding import Severity
from twin.rules import alarm_table
from twin.rules.alarm import HOLDING, Alarm, AlarmEvent, AlarmState
from twin.rules.rule import QUALITY_OPS, AlarmRule
from twin.rules.watch import Watch
from twin.state.history import History
from twin.state.hub import Hub

log = logging.getLogger(__name__)

Listener = Callable[[AlarmEvent], None]
RANK = {severity: rank for rank, severity in enumerate(Severity)}
MAX_COMMENT = 2000
RETRY_MS = 5000
MAX_EVENTS = 10_000


class Alarms:
    """Open alarms and how they change. All calls come from the event loop.

    Raised and cleared alarms are told at once and written behind; a change that could not be written is
    written again later. An acknowledgement counts only once it is committed.
    """

    def __init__(self, hub: Hub, rules: Sequence[AlarmRule], history: History, clock: Clock) -> None:
        self._history, self._clock = history, clock
        self._watch = Watch(hub, rules)
        self._open: dict[str, Alarm] = {}
        self._by_row: dict[tuple[str, str], str] = {}
        self._listeners: list[Listener] = []
        self._unsaved: dict[str, Alarm] = {}
        self._unsaved_events: list[AlarmEvent] = []
        self._saving: asyncio.Task[None] | None = None
        self._retry_at = 0

    async def load(self) -> None:
        """Take open alarms up from the history. Those whose rule or point is gone are closed."""
        for alarm in await self._history.read(alarm_table.read_open):
            self._open[alarm.id] = alarm
            self._by_row[_row(alarm)] = alarm.id
        self._bind_open()

    def rebind(self, hub: Hub, rules: Sequence[AlarmRule]) -> None:
        """Watch other points or rules; alarms of rules and points that are gone are closed."""
        self._watch = Watch(hub, rules)
        self._bind_open()

    def listen(self, listener: Listener) -> None:
        """Tell this function every change, on the event loop."""
        self._listeners.append(listener)

    @property
    def unbound(self) -> tuple[str, ...]:
        """Rules that watch no point."""
        return self._watch.unbound

    def open(self, state: str | None = None) -> list[Alarm]:
        """Open alarms, or those of one open state; the most severe first, then the latest."""
        chosen = [alarm for alarm in self._open.values() if state in {None, alarm.state.value}]
        return sorted(chosen, key=lambda alarm: (RANK[alarm.severity], -alarm.raised_at, alarm.id))

    async def page(self, state: str | None = "open", limit: int = 100, offset: int = 0) -> tuple[list[Alarm], int]:
        """A page of alarms, and how many there are in all.

        state: open, active, acknowledged, cleared, or None for all that ever were, the latest first.
        Raises Invalid where the state is unknown.
        """
        if state is None:
            rows, total = await self._history.read(lambda cursor: alarm_table.read_page(cursor, limit, offset))
            return [self._named(self._open.get(row.id) or self._unsaved.get(row.id) or row) for row in rows], total
        if state not in {"open", "active", "acknowledged", "cleared"}:
            raise Invalid(
                f"Alarm state {state!r} is unknown: expected open, active, acknowledged or cleared", code="alarm-state"
            )
        found = self.open(None if state == "open" else state)
        return found[offset : offset + limit], len(found)

    def counts(self) -> dict[str, int]:
        """Open alarms by severity; every severity is there."""
        counts = {severity.value: 0 for severity in Severity}
        for alarm in self._open.values():
            counts[alarm.severity.value] += 1
        return counts

    def tick(self) -> list[AlarmEvent]:
        """Evaluate all rules now; returns what happened."""
        now = self._clock.now_ms()
        raised, cleared = self._watch.evaluate(now)
        events = [self._cleared(int(row), now) for row in cleared] + [self._raised(int(row), now) for row in raised]
        self._keep([event for event in events if event is not None])
        return [event for event in events if event is not None]

    async def acknowledge(self, alarm_id: str, user: str, comment: str = "") -> Alarm:
        """Note that a person knows of an open alarm; returns the alarm once that is committed.

        Raises NotFound where no such alarm is open, Conflict where it is acknowledged already, Invalid
        where the comment is too long, Unavailable where it could not be written.
        """
        alarm = self._open.get(alarm_id)
        if alarm is None:
            raise NotFound(f"Alarm {alarm_id!r} is not open", code="no-alarm")
        if alarm.state is AlarmState.ACKNOWLEDGED:
            raise Conflict(
                f"Alarm {alarm_id!r} was acknowledged by {alarm.acknowledged_by} already", code="alarm-acknowledged"
            )
        if len(comment) > MAX_COMMENT:
            raise Invalid(
                f"A comment has {len(comment)} characters: expected at most {MAX_COMMENT}", code="alarm-comment"
            )
        now = self._clock.now_ms()
        state = AlarmState.NORMAL if alarm.state is AlarmState.CLEARED else AlarmState.ACKNOWLEDGED
        known = replace(alarm, state=state, acknowledged_at=now, acknowledged_by=user, comment=comment)
        event = AlarmEvent("acknowledged", known, now, user)
        try:
            done = self._history.write(alarm_table.save([known], [event]))
            self._put(known)
            self._unsaved.pop(alarm_id, None)
            await done
        except Unavailable:
            if self._open.get(alarm_id, known) is known and self._by_row.get(_row(alarm), alarm_id) == alarm_id:
                self._put(alarm)
                self._unsaved.setdefault(alarm_id, alarm)
            raise
        self._tell(event)
        return known

    async def flush(self) -> None:
        """Wait until all that happened is committed, or once more refused."""
        while self._saving is not None or (self._unsaved and self._clock.now_ms() >= self._retry_at):
            if self._saving is None:
                self._save()
            if self._saving is not None:
                await self._saving

    def _raised(self, row: int, now: int) -> AlarmEvent:
        rule = self._watch.rules[self._watch.rule[row]]
        hub, index = self._watch.hub, int(self._watch.point[row])
        point, number = hub.points[index], float(hub.values[index])
        value = None if rule.op in QUALITY_OPS or math.isnan(number) else number
        before = self._open.get(self._by_row.get((rule.id, point.point_id), ""))
        if before is not None:  # cleared and not acknowledged: the same alarm again
            alarm = replace(
                before, state=AlarmState.ACTIVE, value=value, raised_at=now, cleared_at=None, count=before.count + 1
            )
        else:
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
            )
        self._put(alarm)
        return AlarmEvent("raised", alarm, now)

    def _cleared(self, row: int, now: int) -> AlarmEvent | None:
        rule, point = self._watch.rules[self._watch.rule[row]], self._watch.hub.points[int(self._watch.point[row])]
        before = self._open.get(self._by_row.get((rule.id, point.point_id), ""))
        return None if before is None else self._over(before, now)

    def _over(self, before: Alarm, now: int, comment: str = "") -> AlarmEvent:
        known = before.state is AlarmState.ACKNOWLEDGED
        state = AlarmState.NORMAL if known or comment else AlarmState.CLEARED
        alarm = replace(before, state=state, cleared_at=now, comment=comment or before.comment)
        self._put(alarm)
        return AlarmEvent("cleared", alarm, now)

    def _put(self, alarm: Alarm) -> None:
        if alarm.state is AlarmState.NORMAL:
            self._open.pop(alarm.id, None)
            self._by_row.pop(_row(alarm), None)
        else:
            self._open[alarm.id] = alarm
            self._by_row[_row(alarm)] = alarm.id

    def _bind_open(self) -> None:
        gone: list[AlarmEvent] = []
        now = self._clock.now_ms()
        for alarm in list(self._open.values()):
            row = self._watch.rows.get(_row(alarm))
            if row is None:
                gone.append(self._over(alarm, now, comment="The rule or the point was removed"))
            else:
                self._watch.holding[row] = alarm.state in HOLDING
                self._put(self._named(alarm))
        self._keep(gone)

    def _named(self, alarm: Alarm) -> Alarm:
        index = self._watch.hub.index.get(alarm.point_id)
        return alarm if index is None else replace(alarm, name=self._watch.hub.points[index].name)

    def _keep(self, events: list[AlarmEvent]) -> None:
        for event in events:
            self._unsaved[event.alarm.id] = event.alarm
            self._unsaved_events.append(event)
            self._tell(event)
        if self._saving is None:  # else the running write's count would no longer fit
            del self._unsaved_events[:-MAX_EVENTS]
        if self._unsaved and self._saving is None and self._clock.now_ms() >= self._retry_at:
            self._save()

    def _save(self) -> None:
        # Submitted at once, so that the order of writes is the order of what happened.
        alarms, count = dict(self._unsaved), len(self._unsaved_events)
        try:
            done = self._history.write(alarm_table.save(list(alarms.values()), self._unsaved_events))
        except Unavailable as error:
            self._refused(error)
        else:
            self._saving = asyncio.get_running_loop().create_task(self._written(done, alarms, count))

    async def _written(self, done: asyncio.Future[None], alarms: dict[str, Alarm], events: int) -> None:
        try:
            await done
        except Unavailable as error:
            self._refused(error)
        else:
            self._retry_at = 0
            for name, alarm in alarms.items():
                if self._unsaved.get(name) is alarm:
                    del self._unsaved[name]
            del self._unsaved_events[:events]
        finally:
            self._saving = None

    def _refused(self, error: Unavailable) -> None:
        log.warning("%d alarms were not written and will be again: %s", len(self._unsaved), error)
        self._retry_at = self._clock.now_ms() + RETRY_MS

    def _tell(self, event: AlarmEvent) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                log.exception("A listener failed on alarm %s", event.alarm.id)


def _row(alarm: Alarm) -> tuple[str, str]:
    return alarm.rule, alarm.point_id
