"""The plot that schemes stand on: its ground and the limits set for it (`[plot]` in park.toml)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from twin.errors import Invalid
from twin.graph import GraphStore, measures
from twin.park import Park

OPERATORS = {"far": "<=", "coverage": "<=", "height": "<=", "green": ">="}
"""Indicator → how its limit reads (`standards.md` 1.2, compare rule)."""


@dataclass(frozen=True)
class Limit:
    """A limit with its operator; `mark` says where an unverified or invented number comes from."""

    op: str
    value: float
    mark: str = ""

    def holds(self, value: float) -> bool:
        """Whether a figure keeps the limit."""
        return value <= self.value + 1e-9 if self.op == "<=" else value >= self.value - 1e-9


@dataclass(frozen=True)
class Plot:
    """gid of the plot's object, its area in square metres, limits by indicator name."""

    gid: str | None
    area: float | None
    limits: dict[str, Limit] = field(default_factory=dict)


def _limits(table: dict[str, Any], mark: str) -> dict[str, Limit]:
    limits = {}
    for name, value in table.items():
        if name not in OPERATORS or not isinstance(value, (int, float)):
            raise Invalid(
                f"park.toml [plot.limits] has {name} = {value!r}: expected numbers for {', '.join(OPERATORS)}",
                code="park-file",
            )
        limits[name] = Limit(OPERATORS[name], float(value), mark)
    return limits


def plot_of(graph: GraphStore, park: Park) -> Plot:
    """The plot named by `[plot] gid`; its area is measured from the published polygon. Raises Invalid."""
    table = park.tables.get("plot")
    settings: dict[str, Any] = dict(table) if isinstance(table, dict) else {}
    gid = settings.get("gid")
    area = measures.quantity(graph.db, str(gid), "Area") if gid else None
    return Plot(gid, area, _limits(dict(settings.get("limits", {})), str(settings.get("mark", ""))))
