"""What rays from a camera meet in a spool, by brute force over boxes and triangles: the truth that a viewer's picture is held against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.bench.parts import F64
from twin.geometry.spool import SpoolReader

WIDTH, HEIGHT, FIELD = 1280, 720, 40.0
"""Pixels and degrees from the lower to the upper edge, as in web/bench/shared.js."""


def directions(eye: F64, target: F64, places: Sequence[Sequence[float]]) -> F64:
    """(n, 3) unit vectors from the eye through the middles of pixels (n, 2); z is up."""
    ahead = _unit(target - eye)
    right = _unit(np.cross(ahead, (0.0, 0.0, 1.0)))
    up, half = np.cross(right, ahead), np.tan(np.radians(FIELD / 2))
    at = (np.asarray(places, float) + 0.5) / (WIDTH, HEIGHT) * 2 - 1
    rays = ahead + at[:, :1] * half * WIDTH / HEIGHT * right - at[:, 1:] * half * up
    return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True))


def distances(spool: SpoolReader, boxes: F64, eye: F64, rays: F64) -> F64:
    """(n,) metres to the first triangle, NaN where there is none. boxes: (p, 6) by placement."""
    return np.array([_first(spool, boxes, eye, ray) for ray in rays])


def right(seen: Sequence[float | None], true: F64, near: float = 0.01) -> float:
    """Share of the places, where a viewer or the truth meets something, at which both do, equally far within a part `near`."""
    given = np.array([np.nan if one is None else one for one in seen], float)
    some = ~(np.isnan(given) & np.isnan(true))
    return float(np.mean(np.abs(given - true)[some] <= near * true[some])) if some.any() else 0.0


def _unit(vector: F64) -> F64:
    return np.asarray(vector / np.linalg.norm(vector))


def _first(spool: SpoolReader, boxes: F64, eye: F64, ray: F64) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (boxes[:, :3] - eye) / ray, (boxes[:, 3:] - eye) / ray
    enter, leave = np.minimum(low, high).max(axis=1), np.maximum(low, high).min(axis=1)
    met = np.flatnonzero((enter <= leave) & (leave >= 0))
    best = np.inf
    for placed in met[np.argsort(enter[met])].tolist():
        if enter[placed] >= best:
            break
        shape, matrix = spool.shape(int(spool.placed_shape[placed])), spool.matrix[placed]
        points = shape.vertices @ matrix[:, :3].T + matrix[:, 3] - eye
        best = min(best, _nearest(points[shape.faces.astype(np.int64)], ray))
    return best if np.isfinite(best) else np.nan


def _nearest(corners: F64, ray: F64) -> float:
    """Distance along the ray to the nearest of (f, 3, 3) triangles, infinite where none is met (Möller and Trumbore's test)."""
    a, b, c = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    across = np.cross(ray, c)
    size = np.einsum("fi,fi->f", b, across)
    with np.errstate(divide="ignore", invalid="ignore"):
        u = -np.einsum("fi,fi->f", a, across) / size
        other = np.cross(-a, b)
        v = other @ ray / size
        t = np.einsum("fi,fi->f", c, other) / size
    inside = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
    return float(t[inside].min()) if inside.any() else np.inf
