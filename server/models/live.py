"""Alarms, indicators, the park's status, and the messages of the live connection."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from server.models.base import Body, Box, Shape
from server.models.commands import CommandShape


class AlarmShape(Shape):
    """An alarm. `object_state`: the state index of its object; `count`: how often it was raised; times in epoch ms.

    `state`: active, acknowledged, cleared (over, but not acknowledged), latched, latched-acknowledged, shelved, suppressed,
    out-of-service, normal (closed). `process`: the state beneath a hold. `held_by`, `held_reason`: who holds it, and why;
    `escalated`: steps taken while nobody acknowledged it, `role` whom the last one called; `hidden`: alarms of children
    that this one stands for.
    """

    id: str
    rule: str
    point_id: str
    gid: str | None
    object_state: int | None
    state: str
    severity: str
    message_zh: str
    message_en: str
    value: float | None
    limit: float | None
    unit: str | None
    raised_at: int
    cleared_at: int | None
    acknowledged_at: int | None
    acknowledged_by: str | None
    comment: str
    count: int
    source: str
    mark: str
    name: str | None
    process: str
    latching: bool
    shelved_until: int | None
    suppressed: bool
    out_of_service: bool
    held_by: str
    held_reason: str
    escalated: int
    role: str
    hidden: int
    storey: str
    building: str
    system: str
    cause: str
    box: Box | None


class AlarmPage(Shape):
    """Alarms, and how many there are in all."""

    items: list[AlarmShape]
    total: int


class Acknowledge(Body):
    """What the operator says to the alarm."""

    comment: str = Field(default="", max_length=1000)


class BreakdownRow(Shape):
    """A part of an indicator."""

    key: str
    label_zh: str
    label_en: str
    value: float | None


class Indicator(Shape):
    """A figure computed from live values and the graph.

    `used` of `points` points went into it; without a value the reasons say why. `trend` has its times in `trend_at`.
    """

    name: str
    title_zh: str
    title_en: str
    value: float | None
    unit: str
    at: int | None
    trend: list[float | None]
    trend_at: list[int]
    breakdown: list[BreakdownRow]
    reason_zh: str
    reason_en: str
    used: int
    points: int
    formula: str
    source: str
    mark: str


class Connection(Shape):
    """A connection to devices, and its counts since the start; bad, late, skewed: see `UpdateCounts`.

    unknown: messages of addresses that belong to no point; undecodable: that could not be read; dropped: not kept;
    null: not counted for this connection.
    """

    name: str
    kind: str
    state: str
    detail: str
    detail_zh: str | None
    messages: int
    acknowledged: int
    unknown: int
    undecodable: int
    dropped: int
    bad: int | None
    late: int | None
    skewed: int | None


class PointCounts(Shape):
    """How many points there are, and of which quality."""

    count: int
    good: int
    stale: int
    bad: int
    never: int


class UpdateCounts(Shape):
    """Readings since the start. late: older than what was known; skewed: from a clock that runs ahead; bad: unusable."""

    updates: int
    late: int
    bad: int
    skewed: int


class Versions(Shape):
    """What runs here."""

    parktwin: str
    python: str
    duckdb: str


class ParkShape(Shape):
    """The park and the state of its connections. `clock`: the server's time, epoch ms."""

    id: str
    name: str
    name_en: str
    clock: int
    started_at: str
    revision: int
    live: bool
    simulated: bool
    points: PointCounts
    updates: UpdateCounts
    connections: list[Connection]
    broker: dict[str, Any] | None
    history: dict[str, Any] | None
    rules_without_points: list[str]
    rules_error: str
    rules_problems: list[str]
    versions: Versions


class Scope(Body):
    """What to follow; empty lists are no limit, given lists are combined with AND."""

    layers: list[str] = Field(default_factory=list)
    types: list[str] = Field(default_factory=list)
    storeys: list[str] = Field(default_factory=list)
    gids: list[str] = Field(default_factory=list)
    points: list[str] = Field(default_factory=list)
    kinds: list[str] = Field(default_factory=list)
    box: Box | None = None


class Subscribe(Body):
    """Client → server."""

    type: Literal["subscribe"]
    id: int | str
    scope: Scope = Scope()
    max_rate_hz: float = 5.0
    window: int | None = Field(default=None, ge=1, le=100)


class Ack(Body):
    """Client → server: one frame of a subscription with a `window` was taken."""

    type: Literal["ack"]
    id: int | str


class ReplayAsk(Body):
    """Client → server: turn this connection to the past and play; without `from` go on from where it stands."""

    type: Literal["replay"]
    from_: int | None = Field(default=None, alias="from")
    to: int | None = None
    speed: float | None = None


class ReplayPause(Body):
    """Client → server: stand still in the past."""

    type: Literal["pause"]


class ReplaySeek(Body):
    """Client → server: go to another past moment."""

    type: Literal["seek"]
    at: int


class ReplayEnd(Body):
    """Client → server: back to the present."""

    type: Literal["live"]


class ReplayState(Shape):
    """Where a replay stands; `live` after it ended."""

    type: Literal["replay"]
    state: Literal["playing", "paused", "ended", "live"]
    at: int
    to: int
    speed: float


class PastAlarms(Shape):
    """The alarms that were open at the moment a replay went to."""

    type: Literal["past-alarms"]
    at: int
    items: list[AlarmShape]


class Unsubscribe(Body):
    """Client → server."""

    type: Literal["unsubscribe"]
    id: int | str


class Ping(Body):
    """Client → server; answered by `pong` with the same id."""

    type: Literal["ping"]
    id: int | str | None = None


class Hello(Shape):
    """First message of the server."""

    type: Literal["hello"]
    revision: int
    time: int
    tick_ms: int


class _Values(Shape):
    id: int | str
    seq: int
    time: int
    points: list[int]
    values: list[float | None]
    quality: list[int]
    changed_at: list[int]
    heard_at: list[int]
    past: bool = False


class Snapshot(_Values):
    """All points of a subscription."""

    type: Literal["snapshot"]


class Delta(_Values):
    """The points of a subscription that changed since the message before."""

    type: Literal["delta"]


class AlarmEvent(Shape):
    """Something happened to an alarm. `many`: to `count` more than are told one by one, `alarm` is one of them."""

    type: Literal["alarm"]
    event: Literal[
        "raised",
        "cleared",
        "acknowledged",
        "reset",
        "shelved",
        "unshelved",
        "suppressed",
        "unsuppressed",
        "removed",
        "returned",
        "escalated",
        "counted",
        "many",
    ]
    alarm: AlarmShape
    count: int
    past: bool = False


class CommandEvent(Shape):
    """A command was asked for, sent, or has its outcome."""

    type: Literal["command"]
    command: CommandShape


class SceneEvent(Shape):
    """Something was published: load the manifest again."""

    type: Literal["scene"]
    revision: int


class Pong(Shape):
    """Answer to a ping."""

    type: Literal["pong"]
    id: int | str | None
    time: int


class LiveError(Shape):
    """A message was refused."""

    type: Literal["error"]
    code: str
    message: str


LIVE_MESSAGES: tuple[type[Shape | Body], ...] = (
    Subscribe,
    Unsubscribe,
    Ack,
    ReplayAsk,
    ReplayPause,
    ReplaySeek,
    ReplayEnd,
    ReplayState,
    PastAlarms,
    Ping,
    Hello,
    Snapshot,
    Delta,
    AlarmEvent,
    CommandEvent,
    SceneEvent,
    Pong,
    LiveError,
)
"""Put into the OpenAPI document, so that the web application's types cover the live connection too."""
