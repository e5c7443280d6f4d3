"""Sums over an object and all below it: what its points of a kind came to, by hour, day, week or month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.histories import History
from twin.errors import Invalid, NotFound
from twin.runtime.day_start import COUNTERS
from twin.state.history_calendar import edges
from twin.state.history_totals import Asked, Totals, counter_totals, gauge_totals
from twin.state.kinds import canonical
from twin.state.samples import Floats, Ints

STATES = ("smoke", "leak", "door", "bay_occupied", "status")
FORMULAS = {
    "increase": "Σ over meters Σ over readings (reading − reading before), shared out by time; a reset counts from zero, a roll-over from the meter's max",
    "mean": "Σ value · time held / Σ time held; a value holds until the next, at most the given number of periods",
    "average": "Σ samples / number of samples",
    "min": "smallest sample",
    "max": "largest sample",
    "on_time": "Σ time held at 0.5 or above; a value holds until the next, at most the given number of periods",
}
MEMBERS_SHOWN = 1000
MAX_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class TotalsAsked:
    """One question. function: a key of FORMULAS, or empty for what the kind suggests."""

    gid: str
    kind: str
    function: str
    by: str
    start: int
    end: int
    periods: float


def default_function(kind: str) -> str:
    """What one asks of points of a kind: a meter's increase, a state's time on, a gauge's mean."""
    return "increase" if kind in COUNTERS else "on_time" if kind in STATES else "mean"


async def totals(history: History, asked: TotalsAsked) -> dict[str, Any]:
    """Answer, as `TotalsShape`. Raises NotFound where nothing of the kind is there, Invalid."""
    kind = canonical(asked.kind)
    function = asked.function or default_function(kind)
    if function not in FORMULAS:
        raise Invalid(f"Function {function!r} is unknown: expected {', '.join(FORMULAS)}", code="history-function")
    end = min(asked.end, history.clock.now_ms())
    cuts = edges(asked.start, end, asked.by, history.timezone)
    hub = history.hub
    index = await history.chosen(gid=asked.gid, kind=kind)
    if len(index) == 0:
        raise NotFound(
            f"{asked.gid or 'The park'} has no points of the kind {kind!r}: nothing can be summed", code="no-points"
        )
    unit = Counter(hub.unit[index].tolist()).most_common(1)[0][0]
    left_out = [{"point_id": hub.points[n].point_id, "unit": str(hub.unit[n])} for n in index if hub.unit[n] != unit]
    index = index[hub.unit[index] == unit]
    if len(index) * (len(cuts) - 1) > MAX_CELLS:
        raise Invalid(
            f"{len(index)} points in {len(cuts) - 1} parts are too many for one answer: expected at most {MAX_CELLS} values",
            code="history-span",
        )
    keys = await history.keys(index)
    question = Asked(keys, np.round(hub.period_ms[index] * asked.periods).astype(np.int64), hub.high[index])
    reckon = counter_totals if function == "increase" else gauge_totals
    found = await history.store.read(lambda cursor: reckon(cursor, question, cuts))
    grid = _grid(found, len(index), len(cuts) - 1)
    value, by_point = _values(grid, function)
    width = np.diff(cuts)
    covered = grid["covered" if function == "increase" else "held"]
    return {
        "gid": asked.gid,
        "kind": kind,
        "function": function,
        "formula": FORMULAS[function],
        "unit": "h" if function == "on_time" else unit,
        "by": asked.by,
        "timezone": str(history.timezone),
        "points": len(index),
        "used": int(np.isfinite(by_point).sum()),
        "coverage": float(covered.sum() / (width.sum() * len(index))),
        "left_out": left_out,
        "from": cuts[:-1],
        "to": cuts[1:],
        "value": value,
        "bucket_coverage": covered.sum(0) / (width * len(index)),
        "bucket_used": (grid["n"] > 0).sum(0),
        "estimated": grid["estimated"].sum(0) if function == "increase" else np.zeros(len(width)),
        "total": _total(grid, function),
        "members": _members(history, index, grid, by_point, covered, int(width.sum())),
    }


def _grid(found: Totals, points: int, bins: int) -> dict[str, Floats]:
    """Columns as (points, bins); 0 where there is nothing, but NaN for extremes and increases."""
    zero = (
        "n",
        "bad",
        "corrected",
        "total",
        "area",
        "held",
        "on_ms",
        "covered",
        "estimated",
        "resets",
        "rollovers",
        "backward",
    )
    grid = {name: np.zeros((points, bins)) for name in zero}
    grid |= {name: np.full((points, bins), np.nan) for name in ("low", "high", "rise")}
    for name, column in found.columns.items():
        present = np.isfinite(column)
        grid[name][found.point[present], found.bin[present]] = column[present]
    return grid


def _values(grid: dict[str, Floats], function: str) -> tuple[Floats, Floats]:
    """The value of every bin over all points, and of every point over all bins; NaN where nothing is known."""
    return _over(grid, function, 0), _over(grid, function, 1)


def _total(grid: dict[str, Floats], function: str) -> float | None:
    flat = {name: column.reshape(1, -1) for name, column in grid.items()}
    value = float(_over(flat, function, 1)[0])
    return value if np.isfinite(value) else None


def _over(grid: dict[str, Floats], function: str, axis: int) -> Floats:
    known: NDArray[np.bool_] = (grid["n"] > 0) if function != "mean" else (grid["held"] > 0)
    if function == "increase":
        value = np.nansum(grid["rise"], axis)
        known = np.isfinite(grid["rise"])
    elif function == "on_time":
        value = grid["on_ms"].sum(axis) / 3_600_000
        known = grid["held"] > 0
    elif function in {"min", "max"}:
        filled = np.where(np.isfinite(grid["low"]), grid["low"], np.inf)
        value = filled.min(axis)
        if function == "max":
            value = np.where(np.isfinite(grid["high"]), grid["high"], -np.inf).max(axis)
    else:
        above, under = ("area", "held") if function == "mean" else ("total", "n")
        weight = grid[under].sum(axis)
        value = np.divide(grid[above].sum(axis), weight, out=np.full(weight.shape, np.nan), where=weight > 0)
    return np.where(known.any(axis), value, np.nan)


def _members(
    history: History, index: Ints, grid: dict[str, Floats], by_point: Floats, covered: Floats, whole: int
) -> list[dict[str, Any]]:
    points = history.hub.points
    counts = ("resets", "rollovers", "backward", "bad", "corrected")
    return [
        {
            "point_id": points[n].point_id,
            "gid": points[n].gid,
            "name": points[n].name,
            "value": float(by_point[place]) if np.isfinite(by_point[place]) else None,
            "coverage": float(covered[place].sum() / whole),
            "estimated": float(grid["estimated"][place].sum()),
            **{name: int(grid[name][place].sum()) for name in counts},
        }
        for place, n in enumerate(index[:MEMBERS_SHOWN].tolist())
    ]
