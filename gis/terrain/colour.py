"""Terrain colours: earthy greens by slope and height, few and close, so that they stay behind everything else."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gis.looks import Look
from twin.geometry.heightfield import HeightField

F64 = npt.NDArray[np.float64]
_BANDS = ((138, 150, 118), (150, 157, 126), (163, 164, 137), (173, 170, 148))
_SLOPES = ((0.0, 1.0), (8.0, 0.95), (18.0, 0.88), (30.0, 0.8))
"""From this slope in degrees, this share of the band's brightness; the steepest is bare."""
_BARE = (140, 133, 122)
_ONE_BAND_M = 40.0
"""Ground with less relief than this has one colour for all heights."""


def palette() -> list[Look]:
    """Looks by index: height band times four plus slope class."""
    looks = []
    for band, colour in enumerate(_BANDS):
        for slope, (_, share) in enumerate(_SLOPES):
            base = _BARE if slope == len(_SLOPES) - 1 else colour
            red, green, blue = (round(value * share / 255, 4) for value in base)
            looks.append(Look(f"terrain {band + 1}.{slope + 1}", (red, green, blue, 1.0)))
    return looks


def classes(field: HeightField) -> npt.NDArray[np.uint8]:
    """(rows - 1, columns - 1) palette index by cell."""
    z = field.z.astype(np.float64)
    cell = (z[:-1, :-1] + z[1:, :-1] + z[:-1, 1:] + z[1:, 1:]) / 4
    east = (z[:-1, 1:] + z[1:, 1:] - z[:-1, :-1] - z[1:, :-1]) / (2 * field.dx)
    north = (z[1:, :-1] + z[1:, 1:] - z[:-1, :-1] - z[:-1, 1:]) / (2 * field.dy)
    slope = np.degrees(np.arctan(_smooth(np.hypot(east, north))))
    steep = np.searchsorted([limit for limit, _ in _SLOPES], slope, side="right") - 1
    low, high = np.percentile(cell, (1, 99))
    if high - low < _ONE_BAND_M:
        band = np.zeros(cell.shape, int)
    else:
        band = np.clip(((_smooth(cell) - low) / (high - low) * len(_BANDS)).astype(int), 0, len(_BANDS) - 1)
    return (band * len(_SLOPES) + np.clip(steep, 0, len(_SLOPES) - 1)).astype(np.uint8)


def _smooth(values: F64) -> F64:
    """Means of 3 x 3 cells, so that colours form areas and not specks."""
    padded = np.pad(values, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9)
