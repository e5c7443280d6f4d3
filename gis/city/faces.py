"""Polygons in space to triangles: convex ones as fans, all at once; the others by ear clipping in their own plane."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat

import mapbox_earcut
import numpy as np
import numpy.typing as npt

from gis.city.polygons import F64, I64, Mask, Polygons, offsets, spread
from gis.city.rings import Cleaned, after, following, ring_ends

STRAIGHT = 1e-9
"""Sine of the least turn at a corner that counts as one."""
DEVIATION = 1e-3
"""Share of a polygon's area by which its triangles may differ; more means that the ring crosses itself."""
_NONE = np.zeros(0, np.uint32)


@dataclass(frozen=True)
class Faces:
    """corners (t, 3): points of triangles, turned as their polygon; polygon (t,) ascending; crossing (p,): rings cross.

    place (t, 3): the same as ring corners of the polygons.
    """

    corners: I64
    polygon: I64
    crossing: Mask
    place: I64


def triangulate(cleaned: Cleaned) -> Faces:
    """Triangles of cleaned polygons, counter-clockwise seen from the side that a polygon's outer ring turns so."""
    polygons = cleaned.polygons
    plane = _plane(cleaned)
    first, count = polygons.first_corner, np.diff(polygons.first_corner)
    convex = _convex(polygons, plane)
    ears, ear_of, crossing = _ears(polygons, plane, np.flatnonzero((count >= 3) & ~convex))
    triangles = np.where(convex, count - 2, 0)
    if len(ear_of):
        triangles += np.bincount(ear_of, minlength=len(polygons))
    start, owner = offsets(triangles), np.repeat(np.arange(len(polygons)), triangles)
    local = np.arange(len(owner)) - np.repeat(start[:-1], triangles)
    begin = np.repeat(first[:-1], triangles)
    corner = np.empty((len(owner), 3), np.int64)
    corner[:, 0] = begin
    np.add(begin, local + 1, out=corner[:, 1])
    np.add(corner[:, 1], 1, out=corner[:, 2])
    corner[~convex[owner]] = ears
    return Faces(polygons.corner[corner], owner, crossing, corner)


def _plane(cleaned: Cleaned) -> tuple[F64, F64]:
    """(k,), (k,) corners in the coordinate plane that a polygon faces most, turned so that outer rings run counter-clockwise.

    Around the polygon's first corner, which keeps the determinants of the ear test exact enough.
    """
    x, y, z = (np.abs(column) for column in cleaned.normal)
    axis = np.where((x >= y) & (x >= z), 0, np.where(y >= z, 1, 2))
    total = len(cleaned.local[0])
    back = np.choose(axis, cleaned.normal) < 0
    u, v = (axis + 1) % 3, (axis + 2) % 3
    u, v = np.where(back, v, u) * total, np.where(back, u, v) * total
    local, corner = np.concatenate(cleaned.local), np.arange(total)
    count = np.diff(cleaned.polygons.first_corner)
    return local[np.repeat(u, count) + corner], local[np.repeat(v, count) + corner]


def _convex(polygons: Polygons, plane: tuple[F64, F64]) -> Mask:
    """(p,) polygons of one ring that turn left at every corner, once around."""
    count = np.diff(polygons.first_corner)
    ends = ring_ends(polygons.ring)
    x, y = (following(column, ends) - column for column in plane)
    ahead_x, ahead_y = following(x, ends), following(y, ends)
    length = np.sqrt(x * x + y * y)
    turn = x * ahead_y - y * ahead_x
    left = turn > STRAIGHT * length * following(length, ends)
    convex = (np.diff(polygons.polygon) == 1) & (count >= 3)
    convex[polygons.polygon_of_corner[~left]] = False
    many = convex & (count > 4)  # with five corners or more a star turns left everywhere, too
    if many.any():
        some = spread(polygons.first_corner, np.flatnonzero(many))
        angle = np.arctan2(turn[some], x[some] * ahead_x[some] + y[some] * ahead_y[some])
        around = np.add.reduceat(angle, offsets(count[many])[:-1])
        convex[many] = around < 3 * np.pi
    return np.asarray(convex, np.bool_)


def _ears(polygons: Polygons, plane: tuple[F64, F64], chosen: I64) -> tuple[I64, I64, Mask]:
    """Ear clipping, one polygon at a time: (t, 3) corners, (t,) polygons, and (p,) polygons whose rings cross."""
    crossing = np.zeros(len(polygons), np.bool_)
    if not len(chosen):
        return np.zeros((0, 3), np.int64), np.zeros(0, np.int64), crossing
    part = polygons.take(chosen)
    first = part.first_corner
    place = spread(polygons.first_corner, chosen)
    flat = np.column_stack((plane[0][place], plane[1][place]))
    found = _clipped(part, flat)
    size = np.fromiter(map(len, found), np.int64, len(found)) // 3
    corner = np.concatenate(found).astype(np.int64).reshape(-1, 3)
    owner = np.repeat(np.arange(len(chosen)), size)
    corner += first[owner][:, None]
    a, b2, c = flat[corner[:, 0]], flat[corner[:, 1]], flat[corner[:, 2]]
    area = (b2[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b2[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    corner[area < 0] = corner[area < 0][:, ::-1]
    keep = area != 0
    covered = np.bincount(owner, np.abs(area), len(chosen))
    wanted = _ring_area(part, flat)
    crossing[chosen[np.abs(covered - wanted) > DEVIATION * np.maximum(wanted, 1e-12)]] = True
    return place[corner[keep]], chosen[owner[keep]], crossing


def _clipped(polygons: Polygons, plane: F64) -> list[npt.NDArray[np.uint32]]:
    """Corners of the triangles of each polygon, counted from its first corner."""
    clip, first = mapbox_earcut.triangulate_float64, polygons.first_corner
    count = np.where(np.diff(polygons.polygon) == 1, np.diff(first), 0)  # 0: with holes
    found: list[npt.NDArray[np.uint32]] = [_NONE] * len(polygons)
    for size in set(count.tolist()) - {0}:
        rows = np.flatnonzero(count == size)
        block = plane[spread(first, rows)].reshape(-1, size, 2)
        for row, triangles in zip(rows.tolist(), map(clip, block, repeat(np.array([size], np.uint32))), strict=True):
            found[row] = triangles
    for row in np.flatnonzero(count == 0).tolist():
        begin, end = int(first[row]), int(first[row + 1])
        ends = polygons.ring[polygons.polygon[row] + 1 : polygons.polygon[row + 1] + 1] - begin
        found[row] = clip(plane[begin:end], ends.astype(np.uint32))
    return found


def _ring_area(polygons: Polygons, plane: F64) -> F64:
    """(p,) twice the area of the outer ring less its holes, in the plane."""
    next_ = plane[after(polygons)]
    cross = plane[:, 0] * next_[:, 1] - plane[:, 1] * next_[:, 0]
    by_ring = np.bincount(polygons.ring_of_corner, cross, len(polygons.ring) - 1)
    outer = np.zeros(len(by_ring), np.bool_)
    outer[polygons.polygon[:-1][np.diff(polygons.polygon) > 0]] = True
    signed = np.where(outer, np.abs(by_ring), -np.abs(by_ring))
    return np.asarray(np.bincount(polygons.polygon_of_ring, signed, len(polygons)), np.float64)
