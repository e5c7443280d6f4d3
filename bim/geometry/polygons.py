"""Many planar polygons in space cut into triangles at once; no corner is left out, so that shells stay closed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import manifold3d
import mapbox_earcut
import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from twin.geometry.vectors import cross, dot, minus

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
        left = np.ones(len(rest.sizes), np.bool_)
        convex = single[~three] & _convex(points, rest, normals)
        fans = rest.only(convex)
        left &= ~convex
        quads = np.flatnonzero(single[~three] & ~convex & (rest.sizes == 4))
        halves, whole = _halves(points, rest.corners[rest.starts[quads, None] + np.arange(4)], normals[quads])
        left[quads[whole]] = False
        found, owner, bad = _others(points, rest.only(left), normals[left])
        parts += [_fans(fans), halves, found]
        owners += [np.repeat(fans.faces, fans.sizes - 2), np.repeat(rest.faces[quads[whole]], 2), owner]
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


def _halves(points: F64, quads: I64, normals: F64) -> tuple[I64, npt.NDArray[np.bool_]]:
    """The two triangles of each of (q, 4) quadrangles that one of its diagonals lies in; and of which that is so.

    Those that are not convex, or have a corner on a straight side: there are many of these.
    """
    x, y, z = points.T
    a, b, c, d = ((x[n], y[n], z[n]) for n in quads.T)
    u, v, w = normals.T
    size = u * u + v * v + w * w
    one, other = (
        np.minimum(dot((u, v, w), cross(minus(q, p), minus(r, p))), dot((u, v, w), cross(minus(r, p), minus(s, p))))
        for p, q, r, s in ((a, b, c, d), (b, c, d, a))
    )
    whole = np.maximum(one, other) > _STRAIGHT * size
    corners = np.where((one > other)[:, None], quads[:, (0, 1, 2, 0, 2, 3)], quads[:, (1, 2, 3, 1, 3, 0)])
    return corners[whole].reshape(-1, 3), whole


class _Flat(NamedTuple):
    """Faces seen along the axis that they face most, their loops one after the other, the outer one first.

    places (n, 2): outer loops counter-clockwise, holes clockwise; corner (n,): where each stands in its loops' corners;
    begin (f + 1,): of each face; ends: of each loop; first (f + 1,): loop of each face; area (f,): of its outer loop
    without its holes, twice; thin (f,): whether it has none.
    """

    places: F64
    corner: I64
    begin: I64
    ends: I64
    first: I64
    area: F64
    thin: npt.NDArray[np.bool_]


def _others(points: F64, loops: _Loops, normals: F64) -> tuple[I64, I64, I64]:
    """Concave faces and such with holes: their triangles, the face of each, and the faces that cross themselves.

    Earcut is fast and drops corners on straight sides; where it did, Manifold's triangulation keeps every corner.
    """
    if not len(loops.sizes):
        return np.empty((0, 3), np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
    order = np.lexsort((-np.abs(normals).max(axis=1), loops.faces))  # a face's largest loop is its outer one
    faces = loops.faces[order]
    flat = _flat(points, loops, order, faces, normals[order])
    made = [_earcut(flat, face) for face in range(len(flat.area))]
    corners, owner, missing, off = _joined(flat, made)
    again = np.flatnonzero((off | missing) & ~flat.thin).tolist()
    if again:
        for face in again:
            made[face] = _every_corner(flat, face)
        corners, owner, _, off = _joined(flat, made)
    faces, corners = faces[flat.first[:-1]], loops.corners[flat.corner[corners]]
    for face in np.flatnonzero(flat.thin).tolist():
        x, y, z = points.T
        a, b, c = ((x[n], y[n], z[n]) for n in corners[owner == face].T)
        off[face] = np.abs(cross(minus(b, a), minus(c, a))).max(axis=0, initial=0.0).sum() > 2 * _SLIVER
    return corners, faces[owner], faces[off]


def _flat(points: F64, loops: _Loops, order: I64, faces: I64, normals: F64) -> _Flat:
    size, start = loops.sizes[order], loops.starts[order]
    first = np.flatnonzero(np.diff(faces, prepend=-1))
    members = np.diff(first, append=len(order))
    face = np.repeat(np.arange(len(first)), members)
    outer = normals[first]
    along = np.abs(outer).argmax(axis=1)
    facing = outer[np.arange(len(outer)), along]
    area = normals[np.arange(len(order)), along[face]] * np.sign(facing)[face]
    begin = np.cumsum(size) - size
    turned = area > 0
    turned[first] = False
    at = np.arange(int(size.sum()))
    corner = at + np.repeat(start - begin, size)
    if turned.any():
        corner = np.where(np.repeat(turned, size), np.repeat(start + begin + size - 1, size) - at, corner)
    of = np.repeat(face, size)
    places = points[loops.corners[corner]] - points[loops.corners[start[first]]][of]
    up = (along + np.where(facing > 0, 2, 1)) % 3
    right = 3 - along - up
    holes = np.abs(area)
    holes[first] = 0.0
    return _Flat(
        places=np.column_stack((places[at, right[of]], places[at, up[of]])),
        corner=corner,
        begin=np.append(begin[first], len(at)),
        ends=begin + size,
        first=np.append(first, len(order)),
        area=np.abs(facing) - np.add.reduceat(holes, first),
        thin=np.abs(facing) <= _SLIVER,
    )


def _earcut(flat: _Flat, face: int) -> npt.NDArray[Any]:
    low, high = flat.begin[face], flat.begin[face + 1]
    if flat.thin[face]:  # without area, but its sides close its neighbours'
        count = int(flat.ends[flat.first[face]] - low)
        fan = np.arange(1, count - 1)
        return np.column_stack((np.zeros(count - 2, np.int64), fan, fan + 1)).ravel()
    ends = flat.ends[flat.first[face] : flat.first[face + 1]] - low
    return np.asarray(mapbox_earcut.triangulate_float64(flat.places[low:high], ends.astype(np.uint32)))


def _every_corner(flat: _Flat, face: int) -> npt.NDArray[Any]:
    ends = flat.ends[flat.first[face] : flat.first[face + 1]].tolist()
    rings = [flat.places[low:high] for low, high in pairwise((int(flat.begin[face]), *ends))]
    return np.asarray(manifold3d.triangulate(rings)).ravel()


def _joined(flat: _Flat, made: list[npt.NDArray[Any]]) -> tuple[I64, I64, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Triangles (t, 3) of all faces, the face of each; whether a face has too few of them, and whether they overlap."""
    count = np.array([len(part) // 3 for part in made])
    owner = np.repeat(np.arange(len(made)), count)
    corners = np.concatenate(made).astype(np.int64).reshape(-1, 3) + flat.begin[owner, None]
    x, y = flat.places.T
    a, b, c = corners.T
    twice = np.abs((x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a]))
    off = np.abs(np.bincount(owner, twice, len(made)) - flat.area) > _AREA_TOLERANCE * flat.area + _SLIVER
    wanted = np.diff(flat.begin) + 2 * np.diff(flat.first) - 4
    return corners, owner, count < wanted, off
