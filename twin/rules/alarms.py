"""What people do with the alarms of a park: read, acknowledge, shelve, take out of service, reset."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from twin.errors import Conflict, Invalid, NotFound, ParkError, Unavailable
from twin.finding import Severity
from twin.rules import alarm_table
from twin.rules.alarm import Alarm, AlarmEvent
from twin.rules.book import AlarmBook, Listener
from twin.rules.escalation import RANK
from twin.rules.groups import Group, grouped
from twin.rules.hold import Hold, HoldKind
from twin.rules.rule import RESERVED
from twin.rules.states import HOLDS, AlarmState, Step
from twin.rules.statistics import Figures, figures
from twin.state.history_writer import Statement

__all__ = ["Alarms", "Done", "Listener"]

MAX_COMMENT = 2000
MAX_MANY = 1000
MAX_SHELF_S = 7 * 86_400
"""A shelf is for days, not for ever: that is what out of service is for."""
OPEN = "open"
HELD = "held"
LISTED = (OPEN, HELD, *(state.value for state in AlarmState if state is not AlarmState.NORMAL))


@dataclass(frozen=True)
class Done:
    """What came of an operation on many alarms. refused: id, code and sentence of each that stayed as it was."""

    alarms: list[Alarm] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)


class Alarms(AlarmBook):
    """The book, and what people do with it. What a person did counts once it is committed."""

    def open(self, state: str | None = None) -> list[Alarm]:
        """Alarms that are shown, those that are `held`, or those of one state; the most severe first, then the latest."""
        if self._sorted is None:
            self._sorted = sorted(
                self._open.values(), key=lambda alarm: (RANK[alarm.severity], -alarm.raised_at, alarm.id)
            )
        if state in {None, OPEN}:
            return [alarm for alarm in self._sorted if alarm.state not in HOLDS]
        if state == HELD:
            return [alarm for alarm in self._sorted if alarm.state in HOLDS]
        return [alarm for alarm in self._sorted if alarm.state.value == state]

    async def page(self, state: str | None = OPEN, limit: int = 100, offset: int = 0) -> tuple[list[Alarm], int]:
        """A page of alarms, and how many there are in all.

        state: open (all that are shown), held, one of the states, or None for all that ever were, the latest first.
        Raises Invalid where the state is unknown.
        """
        if state is None:
            rows, total = await self._history.read(lambda cursor: alarm_table.read_page(cursor, limit, offset))
            unsaved = self._writer.alarms
            return [self._named(self._open.get(row.id) or unsaved.get(row.id) or row) for row in rows], total
        if state not in LISTED:
            raise Invalid(f"Alarm state {state!r} is unknown: expected {', '.join(LISTED)}", code="alarm-state")
        found = self.open(state)
        return found[offset : offset + limit], len(found)

    def counts(self) -> dict[str, int]:
        """Alarms that are shown, by severity; every severity is there."""
        counts = {severity.value: 0 for severity in Severity}
        for alarm in self._open.values():
            if alarm.state not in HOLDS:
                counts[alarm.severity.value] += 1
        return counts

    def groups(self, by: str) -> list[Group]:
        """Shown alarms by object, storey, building, system, cause or rule; the worst group first. Raises Invalid."""
        return grouped(self.open(), by)

    def holds(self) -> list[Hold]:
        """What is shelved or out of service, the latest first."""
        return sorted(self._holds.values(), key=lambda hold: (-hold.since, hold.id))

    async def figures(self, start: int, end: int, operators: int = 1) -> Figures:
        """How the alarms of a span (epoch ms) fared, and how the open ones stand. Raises Invalid."""
        if not (start < end and operators >= 1):
            raise Invalid(
                f"Alarm statistics of {start} … {end} for {operators} operators: expected from < to and 1 or more",
                code="alarm-span",
            )
        now, standing = self._clock.now_ms(), list(self._open.values())
        return await self._history.read(lambda cursor: figures(cursor, start, end, operators, standing, now))

    async def acknowledge(self, alarm_id: str, user: str, comment: str = "") -> Alarm:
        """Note that a person knows of an open alarm; returns the alarm once that is committed.

        Raises NotFound where no such alarm is open, Conflict where it is acknowledged or held, Invalid
        where the comment is too long, Unavailable where it could not be written.
        """
        _check_text("comment", comment)
        now = self._clock.now_ms()
        return (await self._commit([self._acknowledged(alarm_id, user, comment, now)], user, now))[0]

    async def acknowledge_many(self, ids: Sequence[str], user: str, comment: str = "") -> Done:
        """Acknowledge several at once: what cannot be is told, and holds nothing up. Raises Invalid, Unavailable."""
        _check_text("comment", comment)
        return await self._many(ids, user, lambda name, now: self._acknowledged(name, user, comment, now))

    async def reset(self, ids: Sequence[str], user: str, comment: str = "") -> Done:
        """Close latched alarms whose condition is over and that are acknowledged. Raises Invalid, Unavailable."""
        _check_text("comment", comment)
        return await self._many(ids, user, lambda name, _now: self._reset(name, comment))

    async def shelve(self, ids: Sequence[str], user: str, seconds: float, reason: str) -> Done:
        """Put alarms aside for a time, which ends by itself. Raises Invalid, Unavailable."""
        _check_reason(reason)
        if not 0 < seconds <= MAX_SHELF_S:
            raise Invalid(
                f"Shelving for {seconds:g} s: expected more than 0 and at most {MAX_SHELF_S} s", code="alarm-shelf"
            )
        _check_count(ids)
        now = self._clock.now_ms()
        holds, refused = list[Hold](), list[dict[str, str]]()
        for name in dict.fromkeys(ids):
            try:
                alarm = self._find(name)
                if alarm.shelved_until is not None:
                    raise Conflict(f"Alarm {name!r} is shelved already", code="alarm-shelved")
            except ParkError as error:
                refused.append({"id": name, "code": error.code, "message": error.message})
                continue
            until = now + round(1000 * seconds)
            kind = HoldKind.SHELVED
            holds.append(Hold(uuid.uuid4().hex, kind, alarm.rule, alarm.point_id, "", user, reason, now, until))
        await self._lay(holds, user)
        chosen = {(hold.rule, hold.point_id) for hold in holds}
        return Done([alarm for alarm in self._open.values() if (alarm.rule, alarm.point_id) in chosen], refused)

    async def unshelve(self, ids: Sequence[str], user: str) -> Done:
        """Take alarms off the shelf before their time. Raises Invalid, Unavailable."""
        _check_count(ids)
        ends, found, refused = list[Hold](), set[str](), list[dict[str, str]]()
        for name in dict.fromkeys(ids):
            try:
                alarm = self._find(name)
                if alarm.shelved_until is None:
                    raise Conflict(f"Alarm {name!r} is not shelved", code="alarm-not-shelved")
            except ParkError as error:
                refused.append({"id": name, "code": error.code, "message": error.message})
                continue
            found.add(name)
            on = (alarm.rule, alarm.point_id)
            ends += [
                hold
                for hold in self._holds.values()
                if hold.kind is HoldKind.SHELVED and (hold.rule, hold.point_id) == on
            ]
        await self._lift(ends, user)
        return Done([self._open[name] for name in found if name in self._open], refused)

    async def remove_from_service(
        self, user: str, reason: str, *, rule: str = "", point_id: str = "", gid: str = ""
    ) -> Hold:
        """Take a rule, a point, an object, or what all that are given have in common, out of service.

        Raises Invalid without reason or target, NotFound where nothing watched fits, Conflict where that is out of
        service already, Unavailable where it could not be written.
        """
        _check_reason(reason)
        if not (rule or point_id or gid):
            raise Invalid("Out of service without a target: expected rule, point_id or gid", code="alarm-hold")
        hold = Hold(uuid.uuid4().hex, HoldKind.OUT_OF_SERVICE, rule, point_id, gid, user, reason, self._clock.now_ms())
        if not self._hold_fits(hold):
            raise NotFound(
                f"No rule watches rule {rule!r}, point {point_id!r}, object {gid!r}: expected names of this park",
                code="no-alarm-row",
            )
        for other in self._holds.values():
            if (other.kind, other.rule, other.point_id, other.gid) == (hold.kind, rule, point_id, gid):
                raise Conflict(f"This is out of service already, by {other.author}", code="alarm-out")
        await self._lay([hold], user)
        return hold

    async def end_hold(self, ident: str, user: str) -> Hold:
        """Return to service, or end a shelving, by the hold's id. Raises NotFound, Unavailable."""
        hold = self._holds.get(ident)
        if hold is None:
            raise NotFound(f"Hold {ident!r} is not in force", code="no-alarm-hold")
        await self._lift([hold], user)
        return hold

    def _hold_fits(self, hold: Hold) -> bool:
        watch = self._watch
        names = (name for name in watch.wiring.names if hold.fits(RESERVED, name, watch.wiring.gids[name]))
        flags = watch.told & False
        hold.mark(watch, flags)
        return bool(flags.any()) or next(names, None) is not None

    def _find(self, alarm_id: str) -> Alarm:
        alarm = self._open.get(alarm_id)
        if alarm is None:
            raise NotFound(f"Alarm {alarm_id!r} is not open", code="no-alarm")
        return alarm

    def _acknowledged(self, alarm_id: str, user: str, comment: str, now: int) -> tuple[str, Alarm]:
        alarm = self._find(alarm_id)
        known = alarm.moved(Step.ACKNOWLEDGE, acknowledged_at=now, acknowledged_by=user, comment=comment)
        if known is None and alarm.state in HOLDS:
            raise Conflict(f"Alarm {alarm_id!r} is {alarm.state}: return it first", code="alarm-held")
        if known is None:
            raise Conflict(
                f"Alarm {alarm_id!r} was acknowledged by {alarm.acknowledged_by} already", code="alarm-acknowledged"
            )
        return "acknowledged", known

    def _reset(self, alarm_id: str, comment: str) -> tuple[str, Alarm]:
        alarm = self._find(alarm_id)
        done = alarm.moved(Step.RESET, comment=comment or alarm.comment)
        if done is None:
            raise Conflict(
                f"Alarm {alarm_id!r} is {alarm.state}: expected {AlarmState.LATCHED_ACKNOWLEDGED} for a reset",
                code="alarm-reset",
            )
        return "reset", done

    async def _many(self, ids: Sequence[str], user: str, change: Callable[[str, int], tuple[str, Alarm]]) -> Done:
        _check_count(ids)
        now = self._clock.now_ms()
        changes, refused = list[tuple[str, Alarm]](), list[dict[str, str]]()
        for name in dict.fromkeys(ids):
            try:
                changes.append(change(name, now))
            except ParkError as error:
                refused.append({"id": name, "code": error.code, "message": error.message})
        return Done(await self._commit(changes, user, now), refused)

    async def _commit(self, changes: list[tuple[str, Alarm]], user: str, now: int) -> list[Alarm]:
        """Write changes that people made; they count, and are told, once they are committed."""
        after = [alarm for _name, alarm in changes]
        if not after:
            return []
        before = [self._open[alarm.id] for alarm in after]
        events = [AlarmEvent(name, alarm, now, user) for name, alarm in changes]
        try:
            done = self._history.write(alarm_table.save(after, events))
            for alarm in after:
                self._put(alarm)
            self._writer.settled(after)
            await done
        except Unavailable:
            for old, new in zip(before, after, strict=True):
                current = self._open.get(old.id, new)
                if current is new and self._by_row.get((old.rule, old.point_id), old.id) == old.id:
                    self._put(old)
                    self._writer.alarms.setdefault(old.id, old)
            raise
        for event in events:
            self._tell(event)
        return after

    async def _lay(self, holds: list[Hold], user: str) -> None:
        statements: list[Statement] = [one for hold in holds for one in alarm_table.add_hold(hold)]
        if not holds:
            return
        await self._history.write(statements)
        for hold in holds:
            self._holds[hold.id] = hold
        self._keep(self._apply_holds(self._clock.now_ms(), user))

    async def _lift(self, holds: list[Hold], user: str) -> None:
        now = self._clock.now_ms()
        if not holds:
            return
        await self._history.write([one for hold in holds for one in alarm_table.end_hold(hold, now, user)])
        for hold in holds:
            self._holds.pop(hold.id, None)
        self._keep(self._apply_holds(now, user))


def _check_text(name: str, text: str) -> None:
    if len(text) > MAX_COMMENT:
        raise Invalid(f"A {name} has {len(text)} characters: expected at most {MAX_COMMENT}", code="alarm-comment")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("The reason is empty: expected why the alarm is taken off the list", code="alarm-reason")
    _check_text("reason", reason)


def _check_count(ids: Sequence[str]) -> None:
    if not 0 < len(ids) <= MAX_MANY:
        raise Invalid(f"{len(ids)} alarms at once: expected 1 … {MAX_MANY}", code="alarm-many")
