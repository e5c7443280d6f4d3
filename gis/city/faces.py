"""Polygons in space to triangles: convex ones as fans, all at once; the others by ear clipping in their own plane."""

from __future__ import annotations

from dataclasses import dataclass

import mapbox_earcut
import numpy as np

from gis.city.polygons import F64, I64, Mask, Polygons, offsets
from gis.city.rings import Cleaned, after

STRAIGHT = 1e-9
"""Sine of the least turn at a corner that counts as one."""
DEVIATION = 1e-3
"""Share of a polygon's area by which its triangles may differ; more means that the ring crosses itself."""


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
    plane, following = _plane(cleaned), after(polygons)
    first, count = polygons.first_corner, np.diff(polygons.first_corner)
    convex = _convex(polygons, plane, following)
    fan = np.flatnonzero(convex)
    triangles = count[fan] - 2
    local = np.arange(int(triangles.sum())) - np.repeat(offsets(triangles)[:-1], triangles)
    begin = np.repeat(first[:-1][fan], triangles)
    fans = np.column_stack((begin, begin + local + 1, begin + local + 2))
    fan_of = np.repeat(fan, triangles)
    ears, ear_of, crossing = _ears(polygons, plane, np.flatnonzero((count >= 3) & ~convex), first)
    corner, owner = np.concatenate((fans, ears)), np.concatenate((fan_of, ear_of))
    order = np.argsort(owner, kind="stable")
    return Faces(polygons.corner[corner[order]], owner[order], crossing, corner[order])


def _plane(cleaned: Cleaned) -> F64:
    """(k, 2) corners in the coordinate plane that a polygon faces most, turned so that outer rings run counter-clockwise.

    Around the polygon's first corner, which keeps the determinants of the ear test exact enough.
    """
    polygons, normal = cleaned.polygons, cleaned.normal
    axis = np.abs(normal).argmax(axis=1)
    rows = np.arange(len(normal))
    u = np.array([1, 2, 0])[axis]
    v = np.array([2, 0, 1])[axis]
    back = normal[rows, axis] < 0
    u, v = np.where(back, v, u), np.where(back, u, v)
    polygon_of = polygons.polygon_of_corner
    first = polygons.first_corner[:-1]
    flat = polygons.points.ravel()
    place = 3 * polygons.corner
    plane = np.empty((len(place), 2))
    for column, chosen in enumerate((u, v)):
        value = flat[place + chosen[polygon_of]]
        plane[:, column] = value - value[first[polygon_of]] if len(value) else value
    return plane


def _convex(polygons: Polygons, plane: F64, following: I64) -> Mask:
    """(p,) polygons of one ring that turn left at every corner, once around."""
    count = np.diff(polygons.first_corner)
    edge = plane[following] - plane
    length = np.hypot(edge[:, 0], edge[:, 1])
    turn = edge[:, 0] * edge[following, 1] - edge[:, 1] * edge[following, 0]
    left = turn > STRAIGHT * length * length[following]
    lefts = np.bincount(polygons.polygon_of_corner[left], minlength=len(polygons))
    convex = (np.diff(polygons.polygon) == 1) & (count >= 3) & (lefts == count)
    many = convex & (count > 4)  # with five corners or more a star turns left everywhere, too
    if many.any():
        of = polygons.polygon_of_corner
        some = np.flatnonzero(many[of])
        ahead = np.einsum("ij,ij->i", edge[some], edge[following[some]])
        angle = np.bincount(of[some], np.arctan2(turn[some], ahead), len(polygons))
        convex &= ~many | (angle < 3 * np.pi)
    return np.asarray(convex)


def _ears(polygons: Polygons, plane: F64, chosen: I64, first: I64) -> tuple[I64, I64, Mask]:
    """Ear clipping, one polygon at a time: (t, 3) corners, (t,) polygons, and (p,) polygons whose rings cross."""
    crossing = np.zeros(len(polygons), np.bool_)
    if not len(chosen):
        return np.zeros((0, 3), np.int64), np.zeros(0, np.int64), crossing
    begin, end = first[:-1][chosen].tolist(), first[1:][chosen].tolist()
    rings, ring_ends = polygons.polygon, polygons.ring[1:]
    low, high = rings[chosen].tolist(), rings[chosen + 1].tolist()
    clip = mapbox_earcut.triangulate_float64
    cache: dict[int, np.ndarray[tuple[int], np.dtype[np.uint32]]] = {}
    found = []
    for b, e, r0, r1 in zip(begin, end, low, high, strict=True):
        if r1 - r0 == 1:
            ends = cache.get(e - b)
            if ends is None:
                ends = cache[e - b] = np.array([e - b], np.uint32)
        else:
            ends = (ring_ends[r0:r1] - b).astype(np.uint32)
        found.append(clip(plane[b:e], ends))
    size = np.fromiter(map(len, found), np.int64, len(found)) // 3
    corner = np.concatenate(found).astype(np.int64).reshape(-1, 3)
    owner = np.repeat(chosen, size)
    corner += first[:-1][owner][:, None]
    a, b2, c = plane[corner[:, 0]], plane[corner[:, 1]], plane[corner[:, 2]]
    area = (b2[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b2[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    corner[area < 0] = corner[area < 0][:, ::-1]
    keep = area != 0
    covered = np.bincount(owner, np.abs(area), len(polygons))[chosen]
    wanted = _ring_area(polygons, plane)[chosen]
    crossing[chosen[np.abs(covered - wanted) > DEVIATION * np.maximum(wanted, 1e-12)]] = True
    return corner[keep], owner[keep], crossing


def _ring_area(polygons: Polygons, plane: F64) -> F64:
    """(p,) twice the area of the outer ring less its holes, in the plane."""
    next_ = plane[after(polygons)]
    cross = plane[:, 0] * next_[:, 1] - plane[:, 1] * next_[:, 0]
    by_ring = np.bincount(polygons.ring_of_corner, cross, len(polygons.ring) - 1)
    outer = np.zeros(len(by_ring), np.bool_)
    outer[polygons.polygon[:-1][np.diff(polygons.polygon) > 0]] = True
    signed = np.where(outer, np.abs(by_ring), -np.abs(by_ring))
    return np.asarray(np.bincount(polygons.polygon_of_ring, signed, len(polygons)), np.float64)
