"""What goes wrong: excursions that raise alarms, devices that fall silent or send rubbish.

Time is cut in windows, shifted for each point; in few of them something begins somewhere in the first
half and lasts some minutes. All is a function of seed, point and time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.simulator.noise import Floats, Hashes, uniform

Flags = NDArray[np.bool_]

EXCURSION_WINDOW_S, FAULT_WINDOW_S = 1800.0, 3600.0
EXCURSION_S, FAULT_S = (120.0, 480.0), (120.0, 600.0)
SILENT_SHARE = 0.7
RARE = frozenset({"smoke", "leak", "gas", "co"})
NO_EXCURSION = frozenset(
    {"energy", "water", "occupancy", "bay_occupied", "lift_position", "door", "rainfall", "air_temperature",
     "wind_speed", "wind_direction", "status", "solar_power"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incidents:
    """At one instant, (n,): how far into an excursion (0 none … 1 full), silent, and sending no number."""

    excursion: Floats
    silent: Flags
    broken: Flags


def chance(kinds: NDArray[np.str_]) -> Floats:
    """Probability of an excursion in a window, by kind."""
    odds = np.where(np.isin(kinds, list(RARE)), 0.004, 0.012)
    return np.where(np.isin(kinds, list(NO_EXCURSION)), 0.0, odds)


def incidents(excursion: Hashes, fault: Hashes, odds: Floats, t: float, fault_odds: float = 0.006) -> Incidents:
    """What is wrong at local seconds t. excursion, fault: random streams of the points."""
    level = _episode(excursion, odds, t, EXCURSION_WINDOW_S, EXCURSION_S)
    failing = _episode(fault, np.full(len(fault), fault_odds), t, FAULT_WINDOW_S, FAULT_S) > 0
    silent = failing & (uniform(fault, -7) < SILENT_SHARE)
    return Incidents(level, silent, failing & ~silent)


def _episode(start: Hashes, odds: Floats, t: float, window: float, lasts: tuple[float, float]) -> Floats:
    """Rises within 20 s from 0 to 1, holds, and falls as fast."""
    place = t + uniform(start, -2) * window
    number = np.floor(place / window).astype(np.int64)
    inside = place - number * window
    begin = 0.5 * window * uniform(start, 4 * number + 1)
    end = begin + lasts[0] + (lasts[1] - lasts[0]) * uniform(start, 4 * number + 2)
    level = np.clip(np.minimum(inside - begin, end - inside) / 20, 0, 1)
    return np.where(uniform(start, 4 * number) < odds, level, 0.0)
