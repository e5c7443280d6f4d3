"""Choosing points for an indicator, and sharing them out by building."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin.indicators.indicator import Moment, Part, Result
from twin.state import quality as q
from twin.state.kinds import KINDS
from twin.state.samples import Floats, Ints

OUTSIDE = ("", "室外", "Outdoors")
Reduce = Callable[[Floats], float]


def of_kind(moment: Moment, *kinds: str) -> Ints:
    """Indices of all points of these kinds."""
    return np.flatnonzero(np.isin(moment.hub.kind, kinds))


def main_meters(moment: Moment, points: Ints) -> Ints:
    """Leave out sub-meters: in a building that has a meter for the whole, only that one counts.

    A meter is of the whole when it is bound to the building itself.
    """
    building = moment.facts.building[points]
    whole = (building != "") & (moment.hub.gid[points] == building)
    chosen: Ints = points[whole | ~np.isin(building, building[whole])]
    return chosen


def usable(moment: Moment, points: Ints) -> NDArray[np.bool_]:
    """Which of the points have a good value."""
    return np.equal(moment.hub.quality[points], q.GOOD)


def reduced(moment: Moment, points: Ints, values: Floats, good: NDArray[np.bool_], reduce: Reduce, kind: str) -> Result:
    """One figure over the good values, and the same by building.

    points, values, good: (m,). A building without good values has the value None, and so has the
    whole where there is none at all, with the reason.
    """
    if not good.any():
        return nothing(kind, len(points))
    buildings = moment.facts.building[points]
    parts = []
    for name in np.unique(buildings).tolist():
        here = (buildings == name) & good
        zh, en = (OUTSIDE[1], OUTSIDE[2]) if name == "" else moment.facts.titles.get(name, (name, name))
        parts.append(Part(name, zh, en, reduce(values[here]) if here.any() else None))
    return Result(reduce(values[good]), tuple(parts), used=int(good.sum()), points=len(points))


def nothing(kind: str, points: int) -> Result:
    """No value, and why: no such points, or none with a good value."""
    known = KINDS.get(kind)
    zh, en = (known.zh, known.en.lower()) if known else (kind, kind)
    if points == 0:
        return Result(None, reason_zh=f"园区没有绑定{zh}测点", reason_en=f"No {en} points are bound in this park")
    return Result(
        None,
        reason_zh=f"{points} 个{zh}测点都没有有效数据",
        reason_en=f"None of the {points} {en} points has a good value",
        points=points,
    )


def total(values: Floats) -> float:
    """Sum."""
    return float(values.sum())


def mean(values: Floats) -> float:
    """Arithmetic mean."""
    return float(values.mean())


def in_unit(moment: Moment, points: Ints, factors: dict[str, float], values: Floats | None = None) -> Floats:
    """Values of points, the latest by default, each times the factor of its unit; units not listed count as they are."""
    chosen = moment.hub.values[points] if values is None else values
    units, which = np.unique(moment.hub.unit[points], return_inverse=True)
    factor = np.array([factors.get(unit, 1.0) for unit in units.tolist()], dtype=np.float64)
    return chosen * factor[which]
