"""Planning schemes and their comparison."""

from __future__ import annotations

from pydantic import Field

from server.models.base import Body, Shape


class SchemeShape(Shape):
    """A scheme: the layers it adds over the base, the base objects it takes away."""

    id: str
    name: str
    name_en: str
    colour: str
    layers: list[str]
    hides: list[str]


class LimitShape(Shape):
    """A planning limit: `op` is `<=`, `>=` or `=`; `mark` says how sure its source is."""

    op: str
    value: float
    mark: str | None


class CellShape(Shape):
    """A scheme's figure with the objects that make it, and how it was computed."""

    value: float | None
    verdict: str
    objects: list[str]
    formula: str


class ComparisonRow(Shape):
    """One indicator across the schemes."""

    name: str
    title_zh: str
    title_en: str
    unit: str
    better: str
    limit: LimitShape | None
    values: dict[str, CellShape]


class Decide(Body):
    """The choice and why."""

    scheme: str = Field(min_length=1, max_length=63)
    reason: str = Field(min_length=1, max_length=4000)


class Decision(Shape):
    """A saved choice."""

    scheme: str
    reason: str
    by: str
    at: str


class PlotShape(Shape):
    """The plot the schemes stand on; area in m²."""

    gid: str | None
    area: float | None


class Comparison(Shape):
    """The table, and the latest choice if there is one."""

    plot: PlotShape
    rows: list[ComparisonRow]
    decision: Decision | None
