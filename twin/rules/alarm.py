"""An alarm and what happened to it (ISA-18.2)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from twin.finding import Severity
from twin.rules.states import HOLDS, AlarmState, Position, Step

__all__ = ["Alarm", "AlarmEvent", "AlarmState"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. Times are epoch ms; value: what raised it; count: how often it was raised before it closed.

    state: what is shown; process: the state beneath a hold, the same where there is none. shelved_until: end of the
    shelving; held_by, held_reason: who shelved it or took it out of service, and why; "" where its rule hides it. escalated: steps of
    the rule's escalation that were taken; role: whom the last one called. hidden: alarms of children that this one
    stands for. storey, building, system, cause: what it can be grouped by.
    """

    id: str
    rule: str
    point_id: str
    gid: str
    state: AlarmState
    severity: Severity
    value: float | None
    limit: float | None
    unit: str
    raised_at: int
    cleared_at: int | None = None
    acknowledged_at: int | None = None
    acknowledged_by: str = ""
    comment: str = ""
    count: int = 1
    message_zh: str = ""
    message_en: str = ""
    source: str = ""
    mark: str = ""
    name: str = ""
    process: AlarmState = AlarmState.ACTIVE
    latching: bool = False
    shelved_until: int | None = None
    suppressed: bool = False
    out_of_service: bool = False
    held_by: str = ""
    held_reason: str = ""
    escalated: int = 0
    role: str = ""
    hidden: int = 0
    storey: str = ""
    building: str = ""
    system: str = ""
    cause: str = ""

    @property
    def position(self) -> Position:
        """Where it stands in the table of states."""
        on = (self.out_of_service, self.shelved_until is not None, self.suppressed)
        return Position(self.process, frozenset(hold for hold, held in zip(HOLDS, on, strict=True) if held))

    def moved(self, step: Step, **changes: object) -> Alarm | None:
        """This alarm after a step, with other changes; None where the table does not allow the step."""
        position = self.position.after(step)
        if position is None:
            return None
        changed = replace(self, process=position.process, **changes)  # type: ignore[arg-type]
        return replace(changed, state=changed.position.shown)

    def stepped(self, step: Step, **changes: object) -> Alarm:
        """The same where the caller knows that the step is allowed."""
        moved = self.moved(step, **changes)
        if moved is None:
            raise ValueError(f"Alarm {self.id} is {self.state} over {self.process}: no {step} leads on from there")
        return moved

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        row = {name: getattr(self, name) for name in FIELDS}
        row["state"], row["severity"], row["process"] = self.state.value, self.severity.value, self.process.value
        return row


FIELDS = tuple(field.name for field in fields(Alarm))


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """Something that happened to an alarm.

    event: raised, cleared, acknowledged, reset, shelved, unshelved, suppressed, unsuppressed, removed (from service),
    returned, escalated, counted (`hidden` changed); many: so much happened in one tick that the rest is not told one
    by one (`count` of them, `alarm` is the first).
    """

    event: str
    alarm: Alarm
    at: int
    user: str = ""
    count: int = 1
