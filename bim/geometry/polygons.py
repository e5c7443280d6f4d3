"""Many planar polygons in space cut into triangles at once; no corner is left out, so that shells stay closed."""

from __future__ import annotations

from typing import NamedTuple

import manifold3d
import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64

I64 = npt.NDArray[np.int64]
_STRAIGHT = 1e-6
"""Sine of the turn at a corner; below it a fan could make a triangle without area."""
_SLIVER = 1e-12
"""Square metres: a face with less has none."""
_AREA_TOLERANCE = 1e-4
"""Relative: triangles that miss their polygon's area by more overlap; it crosses itself."""


class Triangles(NamedTuple):
    """corners (t, 3): points; face (t,): the face that each comes from, ascending; bad: faces that cross themselves."""

    corners: I64
    face: I64
    bad: I64


class _Loops(NamedTuple):
    corners: I64
    sizes: I64
    faces: I64

    @property
    def starts(self) -> I64:
        return np.cumsum(self.sizes) - self.sizes

    def following(self) -> I64:
        """By corner: the index of the next one in its loop."""
        after = np.arange(1, len(self.corners) + 1)
        starts = self.starts
        after[starts + self.sizes - 1] = starts
        return after

    def only(self, chosen: npt.NDArray[np.bool_]) -> _Loops:
        return _Loops(self.corners[np.repeat(chosen, self.sizes)], self.sizes[chosen], self.faces[chosen])


def triangulate(points: F64, corners: I64, sizes: I64, faces: I64) -> Triangles:
    """Triangles of faces with the sense of their largest loops.

    points (n, 3); corners: points of all loops, one loop after the other; sizes: corners by loop; faces: face by
    loop, ascending, some with several loops. Loops of less than three different corners are dropped.
    """
    loops = _real(_Loops(corners, sizes, faces))
    if not len(loops.sizes):
        return Triangles(np.empty((0, 3), np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
    single = np.bincount(loops.faces)[loops.faces] == 1
    three = single & (loops.sizes == 3)
    parts, owners = [loops.only(three).corners.reshape(-1, 3)], [loops.faces[three]]
    rest = loops.only(~three)
    if len(rest.sizes):
        normals = _normals(points, rest)
        convex = single[~three] & _convex(points, rest, normals)
        fans = rest.only(convex)
        parts.append(_fans(fans))
        owners.append(np.repeat(fans.faces, fans.sizes - 2))
        found, owner, bad = _others(points, rest.only(~convex), normals[~convex])
        parts.append(found)
        owners.append(owner)
    else:
        bad = np.empty(0, np.int64)
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return Triangles(np.concatenate(parts)[order], owner[order], bad)


def _real(loops: _Loops) -> _Loops:
    """Without corners that repeat the one after them, and loops of which too little is left."""
    keep = loops.corners != loops.corners[loops.following()]
    if not keep.all():
        loops = _Loops(loops.corners[keep], np.add.reduceat(keep, loops.starts, dtype=np.int64), loops.faces)
    wide = loops.sizes > 2
    return loops if wide.all() else loops.only(wide)


def _normals(points: F64, loops: _Loops) -> F64:
    """Newell's normals (l, 3) of loops, as long as twice their areas."""
    starts, after = loops.starts, loops.following()
    places = points[loops.corners]
    x, y, z = (places - np.repeat(places[starts], loops.sizes, axis=0)).T
    u, v, w = x[after], y[after], z[after]
    cross = (y * w - z * v, z * u - x * w, x * v - y * u)
    return np.column_stack([np.add.reduceat(part, starts) for part in cross])


def _convex(points: F64, loops: _Loops, normals: F64) -> npt.NDArray[np.bool_]:
    """By loop: whether it turns to the same side at every corner, nowhere straight on."""
    after = loops.following()
    places = points[loops.corners]
    x, y, z = (places[after] - places).T
    u, v, w = x[after], y[after], z[after]
    length = np.sqrt(x * x + y * y + z * z)
    size = np.sqrt((normals**2).sum(axis=1))
    a, b, c = np.repeat(normals, loops.sizes, axis=0).T
    turn = a * (y * w - z * v) + b * (z * u - x * w) + c * (x * v - y * u)
    limit = _STRAIGHT * np.repeat(size, loops.sizes) * length * length[after]
    return np.logical_and.reduceat(turn > limit, loops.starts)


def _fans(loops: _Loops) -> I64:
    """Triangles from the first corner of each loop to its other sides."""
    sides = loops.sizes - 2
    first = np.repeat(loops.starts, sides)
    second = first + np.arange(len(first)) - np.repeat(np.cumsum(sides) - sides, sides) + 1
    return loops.corners[np.column_stack((first, second, second + 1))]


def _others(points: F64, loops: _Loops, normals: F64) -> tuple[I64, I64, I64]:
    """Concave faces and such with holes: their triangles, the face of each, and the faces that cross themselves.

    Each is seen along the axis that it faces most. Manifold's triangulation keeps every corner.
    """
    order = np.lexsort((-np.abs(normals).max(axis=1), loops.faces))  # a face's largest loop is its outer one
    firsts = np.flatnonzero(np.diff(loops.faces[order], prepend=-1))
    members = np.diff(firsts, append=len(order))
    outer = normals[order[firsts]]
    along = np.abs(outer).argmax(axis=1)
    facing = outer[np.arange(len(outer)), along]
    area = normals[order, np.repeat(along, members)] * np.repeat(np.sign(facing), members)
    starts, sizes = loops.starts[order].tolist(), loops.sizes[order].tolist()
    right = np.where(facing > 0, (along + 1) % 3, (along + 2) % 3).tolist()
    up = np.where(facing > 0, (along + 2) % 3, (along + 1) % 3).tolist()
    places = points[loops.corners]
    found: list[I64] = []
    for face, (at, count) in enumerate(zip(firsts.tolist(), members.tolist(), strict=True)):
        rings = [np.arange(starts[n], starts[n] + sizes[n]) for n in range(at, at + count)]
        if abs(facing[face]) > _SLIVER:
            rings[1:] = [ring[::-1] if area[at + n] > 0 else ring for n, ring in enumerate(rings[1:], 1)]
            origin = places[starts[at]]
            flat = [(places[ring] - origin)[:, (right[face], up[face])] for ring in rings]
            found.append((rings[0] if count == 1 else np.concatenate(rings))[manifold3d.triangulate(flat)])
        else:  # without area, but its sides close its neighbours'
            ring = rings[0]
            found.append(np.column_stack((np.full(len(ring) - 2, ring[0]), ring[1:-1], ring[2:])))
    corners = np.concatenate(found) if found else np.empty((0, 3), np.int64)
    owner = np.repeat(np.arange(len(found)), [len(part) for part in found])
    faces = loops.faces[order[firsts]]
    holes = np.abs(area)
    holes[firsts] = 0.0
    wanted = np.abs(facing) - (np.add.reduceat(holes, firsts) if len(firsts) else 0.0)
    a, b, c = (places[corners[:, n]] for n in range(3))
    cross = np.abs(np.cross(b - a, c - a))
    thin = (np.abs(facing) <= _SLIVER)[owner]
    seen = np.where(thin, cross.max(axis=1, initial=0.0), cross[np.arange(len(corners)), along[owner]])
    off = np.abs(np.bincount(owner, seen, len(faces)) - wanted) > _AREA_TOLERANCE * wanted + _SLIVER
    return loops.corners[corners], faces[owner], faces[off]
