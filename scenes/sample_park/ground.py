"""The shape of the ground: gentle hills around, the park nearly flat, a level pad under each building."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import shapely

from scenes.sample_park import site

Array = npt.NDArray[np.float64]
PAD_MARGIN = 8.0
"""Metres of level ground around a building: more than one diagonal of the terrain's 5 m cells."""
PAD_BLEND = 16.0
_HILLS = (  # east, north, height, radius: a ridge in the north-west, knolls in the south and east
    (-520.0, 470.0, 46.0, 210.0),
    (-330.0, 640.0, 34.0, 180.0),
    (-690.0, 250.0, 30.0, 190.0),
    (560.0, 600.0, 22.0, 200.0),
    (640.0, -520.0, 18.0, 230.0),
    (-560.0, -600.0, 14.0, 220.0),
)


def _smooth(t: Array) -> Array:
    t = np.clip(t, 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def _natural(x: Array, y: Array) -> Array:
    base = 24.0 + 0.0040 * x + 0.0055 * y + 0.35 * np.sin(x / 170.0) * np.cos(y / 140.0)
    hills = sum(h * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * (r / 1.6) ** 2)) for cx, cy, h, r in _HILLS)
    x0, y0, x1, y1 = site.PLOT.bounds
    distance = np.hypot(np.maximum(np.maximum(x0 - x, x - x1), 0.0), np.maximum(np.maximum(y0 - y, y - y1), 0.0))
    away = _smooth((distance - 60.0) / 260.0)
    swell = 1.1 * np.sin(x / 90.0 + 0.7) * np.sin(y / 110.0 + 0.3)
    return np.asarray(base + away * (hills + swell))


@cache
def pads() -> dict[str, float]:
    """Ground height of each building lot, of the scheme plot and of the lake, metres."""
    levels = {}
    areas = {key: lot.footprint for key, lot in site.LOTS.items()} | {"scheme": site.SCHEME_PLOT}
    for key, area in areas.items():
        centre = area.centroid
        levels[key] = round(float(_natural(np.array([centre.x]), np.array([centre.y]))[0]), 2)
    centre = site.lake().centroid
    lake = float(_natural(np.array([centre.x]), np.array([centre.y]))[0])
    levels["lake"] = round(lake - site.LAKE_LEVEL_DROP, 2)
    return levels


def heights(x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
    """Ground heights (1985 datum, metres) at site coordinates."""
    xs, ys = np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(y, float))
    z = _natural(xs, ys)
    near = (np.abs(xs) < 300) & (np.abs(ys) < 300)
    if not near.any():
        return z
    points = shapely.points(xs[near], ys[near])
    levels = pads()
    flat = z[near]
    areas = [("lake", site.lake(), 6.0, 13.0), ("scheme", site.SCHEME_PLOT, 4.0, PAD_BLEND)]
    areas += [(key, lot.footprint, PAD_MARGIN, PAD_BLEND) for key, lot in site.LOTS.items()]
    for key, area, margin, blend in areas:
        distance = shapely.distance(area, points)
        weight = 1.0 - _smooth((distance - margin) / blend)
        flat = flat * (1.0 - weight) + levels[key] * weight
    z[near] = flat
    return z


def height(x: float, y: float) -> float:
    """Ground height at one place."""
    return float(heights(x, y)[0])
