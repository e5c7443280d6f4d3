"""Cuts features to the park's extent: a square around its origin."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Objects = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]


def outside(geometry: Objects, half: float) -> Mask:
    """(n,) features wholly outside the square of ±half metres; None is not outside."""
    square = shapely.box(-half, -half, half, half)
    shapely.prepare(square)
    return np.asarray(~shapely.is_missing(geometry) & ~shapely.intersects(square, geometry))


def clip(geometry: Objects, half: float, whole: Mask) -> tuple[Objects, Mask]:
    """Geometry cut at the square, and which were cut. `whole` features (buildings) are left as they are.

    Cutting adds vertices at the square's edge; their Z is interpolated by GEOS.
    """
    square = shapely.box(-half, -half, half, half)
    bounds = shapely.bounds(geometry)
    with np.errstate(invalid="ignore"):
        crossing = (np.abs(bounds) > half).any(axis=1) & ~whole
    if crossing.any():
        geometry = geometry.copy()
        geometry[crossing] = shapely.intersection(geometry[crossing], square)
    return geometry, crossing
