"""Polygons of any size to triangles, many at a time."""

from __future__ import annotations

import mapbox_earcut
import numpy as np
import numpy.typing as npt

from bim.mesh_model.model import F64

I64 = npt.NDArray[np.int64]


def triangulate(points: F64, corners: I64, counts: I64) -> tuple[I64, I64]:
    """Triangles of polygons whose corners stand one after the other.

    points (n, 3); corners (c,) indices into them; counts (p,) corners of each polygon. Returns places (t, 3) in
    `corners` and polygon (t,). Convex polygons become fans; the others are cut by ear clipping in the plane of
    their mean normal. Polygons of fewer than three corners have no triangle.
    """
    first = np.cumsum(counts) - counts
    places: list[I64] = []
    owners: list[I64] = []
    for size in np.unique(counts[counts >= 3]).tolist():
        polygons = np.flatnonzero(counts == size)
        ring = first[polygons][:, None] + np.arange(size)
        fans = np.stack([np.zeros(size - 2, np.int64), np.arange(1, size - 1), np.arange(2, size)], axis=1)
        some = ring[:, fans]
        for row in np.flatnonzero(_hollow(points, corners[ring], fans)) if size > 3 else ():
            some[row] = ring[row][_ears(points[corners[ring[row]]], fans)]
        places.append(some.reshape(-1, 3))
        owners.append(np.repeat(polygons, size - 2))
    if not places:
        return np.empty((0, 3), np.int64), np.empty(0, np.int64)
    place, owner = np.concatenate(places), np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return place[order], owner[order]


def _hollow(points: F64, rings: I64, fans: I64) -> npt.NDArray[np.bool_]:
    """(p,) whether a triangle of a polygon's fan looks against the polygon's own normal."""
    at = points[rings]
    normals = np.cross(at[:, fans[:, 1]] - at[:, :1], at[:, fans[:, 2]] - at[:, :1])
    return np.asarray((np.einsum("pfd,pd->pf", normals, normals.sum(axis=1)) < 0).any(axis=1))


def _ears(ring: F64, fans: I64) -> I64:
    """(t, 3) triangles of one ring (k, 3); the fan where ear clipping finds fewer."""
    away = ring - ring.mean(axis=0)
    normal = np.cross(away, np.roll(away, -1, axis=0)).sum(axis=0)
    flat = np.delete(away, int(np.argmax(np.abs(normal))), axis=1)
    if not np.isfinite(flat).all():
        return fans
    found = mapbox_earcut.triangulate_float64(flat, np.array([len(flat)], np.uint32)).astype(np.int64).reshape(-1, 3)
    if len(found) != len(fans):
        return fans
    area = np.cross(away[found[:, 1]] - away[found[:, 0]], away[found[:, 2]] - away[found[:, 0]])
    return np.asarray(found if float(area.sum(axis=0) @ normal) > 0 else found[:, ::-1])
