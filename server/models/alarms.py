"""What the alarm routes take and answer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from server.models.base import Body, Shape
from server.models.live import AlarmShape

Ids = Field(min_length=1, max_length=1000)


class AcknowledgeMany(Body):
    """Alarms to acknowledge or to reset, and what the operator says."""

    ids: list[str] = Ids
    comment: str = Field(default="", max_length=1000)


class ShelveBody(Body):
    """Alarms to put aside, for how long, and why."""

    ids: list[str] = Ids
    seconds: float = Field(gt=0, le=604_800, description="at most seven days")
    reason: str = Field(min_length=1, max_length=1000)


class AlarmIds(Body):
    """Alarms by id."""

    ids: list[str] = Ids


class OutOfServiceBody(Body):
    """A rule, a point, an object (or device), or what all that are given have in common, and why."""

    rule: str = ""
    point_id: str = ""
    gid: str = ""
    reason: str = Field(min_length=1, max_length=1000)


class RefusedShape(Shape):
    """An alarm that stayed as it was."""

    id: str
    code: str
    message: str


class AlarmsDone(Shape):
    """Alarms that were changed, and those that were not."""

    items: list[AlarmShape]
    refused: list[RefusedShape]


class HoldShape(Shape):
    """What is shelved or out of service. `until`: epoch ms, null until a person ends it; empty names leave that open."""

    id: str
    kind: Literal["shelved", "out-of-service"]
    rule: str
    point_id: str
    gid: str
    author: str
    reason: str
    since: int
    until: int | None


class AlarmGroup(Shape):
    """Alarms that have something in common; `first` is the worst of them, `name` that of a storey or object."""

    key: str
    name: str
    count: int
    unacknowledged: int
    severities: dict[str, int]
    first: AlarmShape


class FrequentAlarm(Shape):
    """How often a rule raised alarms on a point, and its share of all."""

    rule: str
    point_id: str
    count: int
    share: float


class AlarmBenchmarks(Shape):
    """What the figures are compared with, and how far that was verified."""

    flood_count: int
    flood_minutes: int
    per_operator_day: int
    stale_hours: int
    source: str
    mark: str


class AlarmFigures(Shape):
    """Figures of a span (`start` to `end`, epoch ms) and of the alarms that are open now (`standing`, `stale`, `held`)."""

    start: int
    end: int
    operators: int
    raised: int
    acknowledged: int
    cleared: int
    escalated: int
    mtta_s: float | None
    mttr_s: float | None
    per_operator_hour: float
    per_operator_day: float
    peak: int
    floods: int
    flood_share: float
    standing: int
    stale: int
    held: int
    chattering: list[FrequentAlarm]
    severities: dict[str, int]
    top: list[FrequentAlarm]
    benchmarks: AlarmBenchmarks


class AlarmRules(Shape):
    """The rules in force. `error`: why they are not those of the file; `problems`: points that a rule leaves out."""

    items: list[dict[str, object]]
    rows: int
    error: str
    problems: list[str]
    without_points: list[str]
