"""Polygons to triangles in plan, many at a time."""

from __future__ import annotations

from dataclasses import dataclass

import mapbox_earcut
import numpy as np
import numpy.typing as npt
import shapely

Objects = npt.NDArray[np.object_]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rings:
    """Polygons as arrays, rings open (last vertex not repeated), outer rings counter-clockwise, holes clockwise.

    xy (v, 2) metres; z (v,) NaN in two dimensions; ring (r + 1,) first vertex of each ring;
    polygon (p + 1,) first ring of each polygon.
    """

    xy: F64
    z: F64
    ring: I64
    polygon: I64

    @property
    def first_vertex(self) -> I64:
        """(p + 1,) first vertex of each polygon."""
        return np.asarray(self.ring[self.polygon])


def rings_of(polygons: Objects) -> Rings:
    """Take polygons (p,) apart; empty ones have no rings."""
    oriented = shapely.orient_polygons(polygons)
    rings, polygon_of = shapely.get_rings(oriented, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, include_z=True, return_index=True)
    closing = np.r_[ring_of[1:] != ring_of[:-1], True] if len(ring_of) else np.zeros(0, bool)
    points, ring_of = points[~closing], ring_of[~closing]
    ring = np.searchsorted(ring_of, np.arange(len(rings) + 1)).astype(np.int64)
    polygon = np.searchsorted(polygon_of, np.arange(len(polygons) + 1)).astype(np.int64)
    return Rings(points[:, :2], points[:, 2], ring, polygon)


def next_vertex(rings: Rings) -> I64:
    """(v,) the vertex after each one in its ring."""
    after = np.arange(1, len(rings.xy) + 1, dtype=np.int64)
    filled = rings.ring[1:] > rings.ring[:-1]
    after[rings.ring[1:][filled] - 1] = rings.ring[:-1][filled]
    return after


def triangulate(rings: Rings) -> tuple[I64, I64]:
    """Triangles of all polygons, counter-clockwise seen from above.

    Returns faces (t, 3), indices into `rings.xy`, ordered by polygon, and count (p,) triangles by polygon.
    """
    first = rings.first_vertex
    count = np.zeros(len(rings.polygon) - 1, np.int64)
    ring, polygon = rings.ring, rings.polygon
    size = np.diff(first)
    # coordinates around the polygon's own vertex keep the determinants of the ear test exact enough
    local = rings.xy - np.repeat(rings.xy[np.minimum(first[:-1], max(len(rings.xy) - 1, 0))], size, axis=0)
    ends = (ring[1:] - np.repeat(first[:-1], np.diff(polygon))).astype(np.uint32)
    chosen = np.flatnonzero(size >= 3).tolist()
    begins, rows = first.tolist(), polygon.tolist()
    clip = mapbox_earcut.triangulate_float64
    found = [clip(local[begins[n] : begins[n + 1]], ends[rows[n] : rows[n + 1]]) for n in chosen]
    if not found:
        return np.zeros((0, 3), np.int64), count
    count[chosen] = np.fromiter(map(len, found), np.int64, len(found)) // 3
    faces = np.concatenate(found).astype(np.int64).reshape(-1, 3) + np.repeat(first[:-1], count)[:, None]
    return _upward(faces, rings.xy), count


def _upward(faces: I64, xy: F64) -> I64:
    a, b, c = xy[faces[:, 0]], xy[faces[:, 1]], xy[faces[:, 2]]
    turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return np.where((turn < 0)[:, None], faces[:, ::-1], faces)
