"""Rings made fit for triangles: repeated points out, short rings out, normals by Newell, and what was wrong with which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.city.polygons import F64, I64, Mask, Polygons, offsets

SAME_M = 1e-5
"""Neighbouring points closer than this are one."""
FLAT_M2 = 1e-8
"""Polygons smaller than this have no direction."""
PLANE_M = 0.01
"""How far a point may lie off its polygon's plane: the default of val3dity (ISO 19107, code 203)."""


@dataclass(frozen=True)
class Cleaned:
    """polygons: all that came in, those of `lost` without rings; normal (p, 3): Newell's, its length twice the area.

    lost: (p,) fewer than three points, no area, or no finite coordinates; broken: (p,) of these, or with a hole that was
    left out; off_plane (p,) metres.
    """

    polygons: Polygons
    normal: F64
    lost: Mask
    broken: Mask
    off_plane: F64


def clean(given: Polygons) -> Cleaned:
    """Clean polygons whose points are metres."""
    finite = np.asarray(np.isfinite(given.points).all(axis=1))
    corner, ring_of = given.corner, given.ring_of_corner
    points = given.points if finite.all() else np.where(finite[:, None], given.points, 0.0)
    position = points[corner]
    count = np.diff(given.ring)
    after = _after(given.ring, count)
    step = np.abs(position[after] - position)
    keep = (step[:, 0] > SAME_M) | (step[:, 1] > SAME_M) | (step[:, 2] > SAME_M)
    corners = np.bincount(ring_of[keep], minlength=len(count))
    outer = np.zeros(len(count), np.bool_)
    outer[given.polygon[:-1][np.diff(given.polygon) > 0]] = True
    good = corners >= 3
    if not finite.all():
        good &= np.bincount(ring_of, ~finite[corner], len(count)) == 0
    polygon_of = given.polygon_of_ring
    lost = np.diff(given.polygon) == 0
    lost[polygon_of[outer & ~good]] = True
    broken = lost.copy()
    broken[polygon_of[~good]] = True
    keep &= (good & ~lost[polygon_of])[ring_of]
    polygons = _kept(given, keep)
    normal, spread = _newell(polygons, points)
    flat = ~lost & (np.linalg.norm(normal, axis=1) < 2 * FLAT_M2)
    if flat.any():
        lost |= flat
        broken |= flat
        polygons = _kept(polygons, ~flat[polygons.polygon_of_corner])
        normal[flat] = 0.0
        spread[flat] = 0.0
    return Cleaned(polygons.moved(points), normal, lost, broken, spread)


def _after(ring: I64, count: I64) -> I64:
    """(k,) the corner after each in its ring."""
    after = np.arange(1, int(ring[-1]) + 1, dtype=np.int64)
    filled = count > 0
    after[ring[1:][filled] - 1] = ring[:-1][filled]
    return after


def after(polygons: Polygons) -> I64:
    """(k,) the corner after each corner in its ring."""
    return _after(polygons.ring, np.diff(polygons.ring))


def _kept(polygons: Polygons, keep: Mask) -> Polygons:
    """Without the corners outside `keep`, and without the rings that are empty then."""
    if keep.all():
        return polygons
    counts = np.bincount(polygons.ring_of_corner[keep], minlength=len(polygons.ring) - 1)
    rings = np.bincount(polygons.polygon_of_ring[counts > 0], minlength=len(polygons))
    uv = None if polygons.uv is None else polygons.uv[keep]
    return Polygons(polygons.points, polygons.corner[keep], offsets(counts[counts > 0]), offsets(rings), uv)


def _sums(values: F64, first: I64) -> F64:
    """Sums over runs, zero where a run is empty. values (n, …)."""
    out = np.zeros((len(first) - 1, *values.shape[1:]))
    filled = np.flatnonzero(first[1:] > first[:-1])
    if len(filled):
        out[filled] = np.add.reduceat(values, first[filled], axis=0)
    return out


def _newell(polygons: Polygons, points: F64) -> tuple[F64, F64]:
    """Normals of whole polygons (holes counted with their own turn taken off), and distances from the plane."""
    first = polygons.first_corner
    polygon_of = polygons.polygon_of_corner
    filled = first[1:] > first[:-1]
    base = np.zeros((len(polygons), 3))
    base[filled] = points[polygons.corner[first[:-1][filled]]]
    local = points[polygons.corner] - base[polygon_of]
    cross = np.cross(local, local[after(polygons)])
    by_ring = _sums(cross, polygons.ring)
    normal = np.zeros((len(polygons), 3))
    normal[filled] = by_ring[polygons.polygon[:-1][filled]]
    length = np.linalg.norm(normal, axis=1)
    unit = np.divide(normal, length[:, None], out=np.zeros_like(normal), where=length[:, None] > 0)
    away = np.einsum("ij,ij->i", local, unit[polygon_of])
    low, high = np.zeros(len(polygons)), np.zeros(len(polygons))
    if filled.any():
        begin = first[:-1][filled]
        low[filled] = np.minimum.reduceat(away, begin)
        high[filled] = np.maximum.reduceat(away, begin)
    return normal, (high - low) / 2
