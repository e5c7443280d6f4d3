"""Rings made fit for triangles: repeated points out, short rings out, normals by Newell, and what was wrong with which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from gis.city.polygons import F64, I64, Mask, Polygons, offsets
from twin.geometry.vectors import Vectors, cross, dot

_Kind = TypeVar("_Kind", bound=np.generic)
SAME_M = 1e-5
"""Neighbouring points closer than this are one."""
FLAT_M2 = 1e-8
"""Polygons smaller than this have no direction."""
PLANE_M = 0.01
"""How far a point may lie off its polygon's plane: the default of val3dity (ISO 19107, code 203)."""


@dataclass(frozen=True)
class Cleaned:
    """polygons: all that came in, those of `lost` without rings; normal (p,): Newell's, its length twice the area.

    local (k,): ring corners, counted from the first of their polygon; length (p,) of the normals;
    lost: (p,) fewer than three points, no area, or no finite coordinates; broken: (p,) of these, or with a hole that was
    left out; off_plane (p,) metres.
    """

    polygons: Polygons
    local: Vectors
    normal: Vectors
    length: F64
    lost: Mask
    broken: Mask
    off_plane: F64


def clean(given: Polygons) -> Cleaned:
    """Clean polygons whose points are metres."""
    points, corner = given.points, given.corner
    whole = bool(np.isfinite(points).all())
    finite: Mask = np.asarray(np.isfinite(points).all(axis=1)) if not whole else np.ones(len(points), np.bool_)
    if not whole:
        points = np.where(finite[:, None], points, 0.0)
    position = _columns(points, corner)
    count, ends = np.diff(given.ring), ring_ends(given.ring)
    keep = np.zeros(len(corner), np.bool_)
    for column in position:
        keep |= np.abs(following(column, ends) - column) > SAME_M
    corners = count if keep.all() else np.bincount(given.ring_of_corner[keep], minlength=len(count))
    good = corners >= 3
    if not whole:
        good &= np.bincount(given.ring_of_corner, ~finite[corner], len(count)) == 0
    lost = np.diff(given.polygon) == 0
    broken = lost.copy()
    if not good.all():
        outer = np.zeros(len(count), np.bool_)
        outer[given.polygon[:-1][~lost]] = True
        polygon_of = given.polygon_of_ring
        lost[polygon_of[outer & ~good]] = True
        broken |= lost
        broken[polygon_of[~good]] = True
        keep &= (good & ~lost[polygon_of])[given.ring_of_corner]
    polygons, position = _kept(given.moved(points), position, keep)
    local, normal, spread = _newell(polygons, position)
    length = np.sqrt(dot(normal, normal))
    flat = ~lost & (length < 2 * FLAT_M2)
    if flat.any():
        lost |= flat
        broken |= flat
        polygons, local = _kept(polygons, local, ~flat[polygons.polygon_of_corner])
        for column in (*normal, length, spread):
            column[flat] = 0.0
    return Cleaned(polygons, local, normal, length, lost, broken, spread)


def _columns(points: F64, corner: I64) -> Vectors:
    x, y, z = points.T
    return x[corner], y[corner], z[corner]


def ring_ends(ring: I64) -> tuple[I64, I64]:
    """First and last corners of the rings that have any."""
    filled = ring[1:] > ring[:-1]
    return ring[:-1][filled], ring[1:][filled] - 1


def following(values: npt.NDArray[_Kind], ends: tuple[I64, I64]) -> npt.NDArray[_Kind]:
    """(k,) the value at the corner after each in its ring."""
    out = np.empty_like(values)
    out[:-1] = values[1:]
    out[ends[1]] = values[ends[0]]
    return out


def after(polygons: Polygons) -> I64:
    """(k,) the corner after each corner in its ring."""
    return following(np.arange(len(polygons.corner), dtype=np.int64), ring_ends(polygons.ring))


def _kept(polygons: Polygons, columns: Vectors, keep: Mask) -> tuple[Polygons, Vectors]:
    """Without the corners outside `keep`, and without the rings that are empty then; columns (k,) by corner."""
    if keep.all():
        return polygons, columns
    counts = np.bincount(polygons.ring_of_corner[keep], minlength=len(polygons.ring) - 1)
    rings = np.bincount(polygons.polygon_of_ring[counts > 0], minlength=len(polygons))
    uv = None if polygons.uv is None else polygons.uv[keep]
    kept = Polygons(polygons.points, polygons.corner[keep], offsets(counts[counts > 0]), offsets(rings), uv)
    return kept, (columns[0][keep], columns[1][keep], columns[2][keep])


def _newell(polygons: Polygons, position: Vectors) -> tuple[Vectors, Vectors, F64]:
    """Corners around the first of their polygon, normals of the outer rings, and distances from the plane."""
    count = np.diff(polygons.first_corner)
    filled = np.flatnonzero(count)
    begin = polygons.first_corner[filled]

    def wide(values: F64) -> F64:
        """By corner."""
        return np.repeat(values, count[filled])

    def around(column: F64) -> F64:
        return column - wide(column[begin])

    def summed(cross_: F64) -> F64:
        """By polygon, over its outer ring."""
        out, by_ring = np.zeros(len(polygons)), np.zeros(len(polygons.ring) - 1)
        if len(filled):
            by_ring[np.diff(polygons.ring) > 0] = np.add.reduceat(cross_, ends[0])
            out[filled] = by_ring[polygons.polygon[filled]]
        return out

    ends = ring_ends(polygons.ring)
    x, y, z = map(around, position)
    turn = cross((x, y, z), (following(x, ends), following(y, ends), following(z, ends)))
    normal = (summed(turn[0]), summed(turn[1]), summed(turn[2]))
    length = np.sqrt(dot(normal, normal))
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)[filled]
    away = (
        x * wide(normal[0][filled] * scale) + y * wide(normal[1][filled] * scale) + z * wide(normal[2][filled] * scale)
    )
    spread = np.zeros(len(polygons))
    if len(filled):
        spread[filled] = (np.maximum.reduceat(away, begin) - np.minimum.reduceat(away, begin)) / 2
    return (x, y, z), normal, spread
