"""Objects coloured by the values of their points, as the stage of the web application colours them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from scenes.picture.looks import F64, Theme, ramp_colours, token

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Reading:
    """A point's present value. value: NaN where none; good: heard lately and usable; at: epoch ms, 0 for never."""

    gid: str
    kind: str
    unit: str
    value: float
    good: bool
    at: int


@dataclass(frozen=True)
class Themed:
    """Colours (sRGB) by gid, and what a legend says of them. at: epoch ms of the newest value; fresh: with a value."""

    theme: Theme
    colours: dict[str, Colour] = field(default_factory=dict)
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    fresh: int = 0
    at: int = 0


def themed(theme: Theme, readings: Iterable[Reading]) -> Themed:
    """Colour every object that has a point of the theme.

    Several points of one object: the mean of those that are good. An object without a good value is as grey as stale.
    """
    values: dict[str, list[float]] = defaultdict(list)
    unit, at = "", 0
    for one in readings:
        if one.kind not in theme.kinds:
            continue
        unit = unit or one.unit
        known = values[one.gid]
        if one.good and math.isfinite(one.value):
            known.append(one.value)
            at = max(at, one.at)
    means = np.array([sum(known) / len(known) if known else math.nan for known in values.values()], np.float64)
    low, high = theme.limits or observed_range(means)
    if theme.states:
        states = np.array([token(name) for name in theme.states])
        # Of several points of one object the worst state counts.
        row = np.clip(np.ceil(np.nan_to_num(means)), 0, len(states) - 1).astype(np.int64)
        colours = states[row]
    else:
        colours = ramp_colours(theme.ramp, means, low, high)
    found: dict[str, Colour] = {}
    stale = token("--severity-stale")
    for gid, mean, (r, g, b) in zip(values, means.tolist(), colours.tolist(), strict=True):
        found[gid] = stale if math.isnan(mean) else (int(r), int(g), int(b))
    return Themed(theme, found, low, high, unit, int(np.isfinite(means).sum()), at)


def observed_range(values: F64) -> tuple[float, float]:
    """Limits from the values present: 2nd to 98th percentile, rounded outward."""
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return 0.0, 1.0
    low, high = (float(known[math.floor(share * (len(known) - 1) + 0.5)]) for share in (0.02, 0.98))
    return nice_range(0.0 if 0 <= low < high / 3 else low, high)


def nice_range(low: float, high: float) -> tuple[float, float]:
    """Limits rounded outward to 1, 2 or 5 times a power of ten, so that a legend reads well."""
    if high <= low:
        return low - 0.5, low + 0.5
    rough = (high - low) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next((factor * power for factor in (1, 2, 5, 10) if factor * power >= rough), rough)
    return math.floor(low / step) * step, math.ceil(high / step) * step
