"""An alarm and its states (ISA-18.2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from twin.finding import Severity


class AlarmState(StrEnum):
    """Where an alarm stands. All but `NORMAL` are open."""

    ACTIVE = "active"  # B: the condition holds, nobody has acknowledged it
    ACKNOWLEDGED = "acknowledged"  # C: it holds, and somebody knows
    CLEARED = "cleared"  # D: it is over, and nobody has acknowledged it
    NORMAL = "normal"  # A: over and acknowledged


HOLDING = frozenset({AlarmState.ACTIVE, AlarmState.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. Times are epoch ms; value: what raised it; count: how often it was raised before it closed."""

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

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        row = asdict(self)
        row["state"], row["severity"] = self.state.value, self.severity.value
        return row


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """Something that happened to an alarm: `raised`, `cleared` or `acknowledged`."""

    event: str
    alarm: Alarm
    at: int
    user: str = ""
