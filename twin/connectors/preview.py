"""What a mapping entry makes of the last value of its address, to be shown before it is saved."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import orjson

from twin.connectors.intake import Arrived
from twin.state.point import PointSpec


@dataclass(frozen=True, slots=True)
class Preview:
    """raw: payload as text; paths: of the values in it, where it is JSON; value, text: what was taken out of it.

    converted: in `unit`, the point's, NaN where it will be bad; time: epoch ms by the sender, 0 where it told none.
    problem: why the entry would do nothing, or the value be bad; empty where all is well.
    """

    raw: str = ""
    paths: list[str] = field(default_factory=list)
    value: float | None = None
    text: str = ""
    converted: float | None = None
    unit: str = ""
    time: int = 0
    problem: str = ""

    def judged(self, point: PointSpec | None) -> Preview:
        """With the problem that the value itself would have on a point."""
        value = self.converted
        if self.problem or point is None or value is None:
            return self
        if not math.isfinite(value):
            given = f"{self.text!r} is no number and does not stand in values" if self.text else "there is no number"
            return replace(self, problem=f"The value would be bad: {given}")
        low, high = (-math.inf if point.min is None else point.min), (math.inf if point.max is None else point.max)
        if not low <= value <= high:
            return replace(
                self,
                problem=f"The value would be bad: {value:g} lies outside {low:g} … {high:g} of point {point.point_id!r}",
            )
        return self


def document_of(arrived: Arrived) -> object:
    """The payload as JSON; None where it is none."""
    try:
        return orjson.loads(arrived.sample)
    except orjson.JSONDecodeError:
        return None
