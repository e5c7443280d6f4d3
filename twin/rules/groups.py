"""Open alarms in groups: by object, storey, building, system, cause or rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from twin.errors import Invalid
from twin.finding import Severity
from twin.rules.alarm import Alarm
from twin.rules.states import UNACKNOWLEDGED

KEYS: Final[dict[str, Callable[[Alarm], str]]] = {
    "object": lambda alarm: alarm.gid,
    "storey": lambda alarm: alarm.storey,
    "building": lambda alarm: alarm.building,
    "system": lambda alarm: alarm.system,
    "cause": lambda alarm: alarm.cause or alarm.rule,
    "rule": lambda alarm: alarm.rule,
}


@dataclass
class Group:
    """Alarms that have something in common. key: "" for those that have nothing of the kind; first: the worst, latest."""

    key: str
    first: Alarm
    count: int = 0
    unacknowledged: int = 0
    severities: dict[str, int] = field(default_factory=lambda: {severity.value: 0 for severity in Severity})

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {**asdict(self), "first": self.first.as_dict()}


def grouped(alarms: Sequence[Alarm], by: str) -> list[Group]:
    """Groups in the order of their first alarm. Raises Invalid where there is no such grouping."""
    key = KEYS.get(by)
    if key is None:
        raise Invalid(f"Alarms by {by!r}: expected one of {', '.join(KEYS)}", code="alarm-group")
    groups: dict[str, Group] = {}
    for alarm in alarms:
        group = groups.setdefault(key(alarm), Group(key(alarm), alarm))
        group.count += 1
        group.unacknowledged += alarm.process in UNACKNOWLEDGED
        group.severities[alarm.severity.value] += 1
    return list(groups.values())
