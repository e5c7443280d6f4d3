"""How full a building is through the day and the week, and the integral of that over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenes.simulator.noise import Floats

DAY: Final = 86_400.0
WEEK: Final = 7 * DAY
_MONDAY: Final = 4 * DAY  # 1970-01-05 was the first Monday
_STEP: Final = 300.0

OFFICE, HOME, CANTEEN, PARKING = range(4)
# Hour of day → share of the people who belong there; weekdays and the factor of weekend days.
_CURVES: Final = (
    ((0, 0.03), (7, 0.04), (8.5, 0.5), (9.5, 0.92), (11.7, 0.9), (12.3, 0.35), (13.2, 0.45), (14, 0.9), (17.4, 0.85),
     (18.5, 0.4), (20.5, 0.16), (22.5, 0.05), (24, 0.03)),
    ((0, 0.95), (6.5, 0.93), (8, 0.55), (9, 0.2), (12, 0.25), (13.5, 0.35), (14.5, 0.15), (18, 0.3), (20, 0.6),
     (22, 0.85), (24, 0.95)),
    ((0, 0.01), (6.5, 0.02), (7.5, 0.45), (8.7, 0.2), (10.5, 0.12), (11.5, 0.6), (12.1, 1.0), (13, 0.35), (14, 0.08),
     (17, 0.2), (18, 0.7), (19.3, 0.15), (20.5, 0.03), (24, 0.01)),
    ((0, 0.12), (7, 0.14), (8.5, 0.55), (9.5, 0.86), (11.5, 0.88), (12.5, 0.74), (14, 0.87), (17.3, 0.82), (18.5, 0.45),
     (20.5, 0.25), (22.5, 0.15), (24, 0.12)),
)  # fmt: skip
_WEEKEND: Final = (0.14, 1.05, 0.45, 0.4)
_WORDS: Final = (
    (HOME, ("dorm", "residen", "apartment", "flat", "宿舍", "公寓", "住宅")),
    (CANTEEN, ("canteen", "restaurant", "dining", "食堂", "餐厅")),
    (PARKING, ("garage", "parking", "车库", "停车")),
)


def _week_table() -> tuple[Floats, Floats]:
    """Shares, (profiles, steps of a week + 1), and their running integral in seconds."""
    t = np.arange(0, WEEK + _STEP, _STEP)
    day, hour = np.floor(t / DAY) % 7, (t % DAY) / 3600
    rows = []
    for curve, weekend in zip(_CURVES, _WEEKEND, strict=True):
        hours, shares = np.array(curve).T
        rows.append(np.clip(np.interp(hour, hours, shares) * np.where(day >= 5, weekend, 1.0), 0, 1))
    table = np.array(rows)
    integral = np.zeros_like(table)
    np.cumsum((table[:, 1:] + table[:, :-1]) / 2 * _STEP, axis=1, out=integral[:, 1:])
    return table, integral


_SHARE, _INTEGRAL = _week_table()


def profile_of(texts: Sequence[str]) -> NDArray[np.int64]:
    """The profile of each text (a layer, a name) by the words in it; offices by default."""
    found = np.full(len(texts), OFFICE, dtype=np.int64)
    for number, text in enumerate(texts):
        low = text.lower()
        found[number] = next((profile for profile, words in _WORDS if any(word in low for word in words)), OFFICE)
    return found


def share(profile: NDArray[np.int64], t: Floats | float) -> Floats:
    """How full, 0 … 1, at local seconds since 1970-01-01."""
    place, part = _place(np.asarray(t, dtype=np.float64))
    full: Floats = (1 - part) * _SHARE[profile, place] + part * _SHARE[profile, place + 1]
    return full


def share_integral(profile: NDArray[np.int64], t: Floats | float) -> Floats:
    """∫ share dt in seconds, since the first Monday of 1970; exact for the piecewise linear shares."""
    local = np.asarray(t, dtype=np.float64)
    weeks = np.floor((local - _MONDAY) / WEEK)
    place, part = _place(local)
    left, right = _SHARE[profile, place], _SHARE[profile, place + 1]
    within = _STEP * part * (left + part * (right - left) / 2)
    total: Floats = weeks * _INTEGRAL[profile, -1] + _INTEGRAL[profile, place] + within
    return total


def _place(t: Floats) -> tuple[NDArray[np.int64], Floats]:
    step = ((t - _MONDAY) % WEEK) / _STEP
    place = np.minimum(np.floor(step).astype(np.int64), _SHARE.shape[1] - 2)
    return place, step - place
