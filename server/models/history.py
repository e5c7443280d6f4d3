"""Answers of the history, and what is asked of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from server.models.base import Body, Shape

Span = tuple[int, int]
"""From, to: epoch ms."""


class PlotColumns(Shape):
    """A curve: chosen samples, ascending.

    `gaps`: spans longer than `limit_ms` without a sample, as far as buckets of `width_ms` show them; `bad`, `corrected`:
    instants near which samples are unusable, or were corrected; `samples`: how many the curve stands for. Before
    `raw_from` (0: nowhere) it is drawn from summaries.
    """

    point_id: str
    unit: str | None
    t: list[int]
    value: list[float]
    gaps: list[Span]
    bad: list[int]
    corrected: list[int]
    samples: int
    width_ms: int
    limit_ms: int
    raw_from: int


class SamplePage(Shape):
    """Samples as columns, ascending; `original`: the values as they arrived. `next`: `from` of the next page, null at the end.

    `quality`: 0 good, 1 stale, 2 bad. Before `raw_from` samples have become summaries; 0: all are there.
    """

    point_id: str
    unit: str | None
    t: list[int]
    value: list[float | None]
    quality: list[int]
    corrected: list[bool]
    original: list[float | None]
    next: int | None
    raw_from: int


class GapList(Shape):
    """Spans longer than `limit_ms` without a usable sample: the first thousand of `total`."""

    point_id: str
    items: list[Span]
    total: int
    limit_ms: int


class AsOfColumns(Shape):
    """All points at the instant `at`. `t`: when the value was sampled, 0 where none was; `age_ms`: how old it was then.

    `quality`: 0 good, 1 stale, 2 bad (a later sample could not be used), 3 never heard until then.
    """

    at: int
    point_id: list[str]
    gid: list[str]
    kind: list[str]
    unit: list[str | None]
    value: list[float | None]
    quality: list[int]
    t: list[int]
    age_ms: list[int | None]
    corrected: list[bool]


class OddUnit(Shape):
    """A point that was left out, as its unit is not that of most."""

    point_id: str
    unit: str


class TotalsMember(Shape):
    """What one point gave to the whole span.

    `coverage`: share of the span that its samples tell of; `estimated`: increase across silences. `resets`, `rollovers`,
    `backward`: how often a counter fell; `bad`, `corrected`: samples, of gauges and states.
    """

    point_id: str
    gid: str
    name: str
    value: float | None
    coverage: float
    estimated: float
    resets: int
    rollovers: int
    backward: int
    bad: int
    corrected: int


class TotalsShape(Shape):
    """Points of a kind under an object, summed by the calendar of `timezone`.

    `used` of `points` points gave a value; `coverage`: share of points × span that samples tell of, in all and by
    bucket. `estimated`: the part of an increase that lies in silences. `members`: the first thousand points.
    """

    gid: str
    kind: str
    function: str
    formula: str
    unit: str
    by: str
    timezone: str
    points: int
    used: int
    coverage: float
    left_out: list[OddUnit]
    from_: list[int] = Field(alias="from")
    to: list[int]
    value: list[float | None]
    bucket_coverage: list[float]
    bucket_used: list[int]
    estimated: list[float]
    total: float | None
    members: list[TotalsMember]


class CorrectionBody(Body):
    """Correct the samples of a point from `from` until before `to`, epoch ms; one sample: its time and 1 ms more.

    `value`: they read `value`; `scale`: they read value · `factor` + `offset`; `exclude`: they read as bad.
    """

    point_id: str = Field(max_length=300)
    from_: int = Field(alias="from", ge=0)
    to: int = Field(ge=1)
    action: Literal["value", "scale", "exclude"]
    value: float | None = None
    factor: float = 1.0
    offset: float = 0.0
    reason: str = Field(min_length=1, max_length=1000)


class CorrectionShape(Shape):
    """A correction, in force until `undone_at`. `samples`: how many it found when it was made."""

    id: int
    point_id: str
    from_: int = Field(alias="from")
    to: int
    action: str
    value: float | None
    factor: float | None
    offset: float | None
    author: str
    reason: str
    made_at: int
    undone_at: int | None
    undone_by: str | None
    samples: int


class CorrectionPage(Shape):
    """Corrections, newest first, undone ones too."""

    items: list[CorrectionShape]
    total: int
