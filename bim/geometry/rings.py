"""Many polygons at once: their areas and bends, and the triangles over them."""

from __future__ import annotations

import manifold3d
import mapbox_earcut
import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
AREA_TOLERANCE = 1e-6
"""Relative: a triangulation whose area misses its ring's by more crosses itself; the kernels decide then."""


class Rings:
    """Rings one after the other: points (n, 2), size (r,)."""

    def __init__(self, points: F64, size: I64) -> None:
        self.points = points
        self.size = size
        self.start = np.cumsum(size) - size
        self.owner = np.repeat(np.arange(len(size)), size)

    def before(self) -> I64:
        """The corner before each in its ring."""
        found = np.arange(len(self.points)) - 1
        real = self.size > 0
        found[self.start[real]] += self.size[real]
        return found

    def after(self) -> I64:
        """The corner after each in its ring."""
        found = np.arange(len(self.points)) + 1
        real = self.size > 0
        found[(self.start + self.size - 1)[real]] = self.start[real]
        return found

    def only(self, kept: Flags) -> Rings:
        """With some of the corners."""
        return Rings(self.points[kept], np.bincount(self.owner[kept], minlength=len(self.size)))

    def some(self, kept: Flags) -> Rings:
        """Some of the rings."""
        return Rings(self.points[kept[self.owner]], self.size[kept])

    def turned(self, back: Flags) -> Rings:
        """Some of the rings the other way round."""
        at = np.arange(len(self.points))
        last = (2 * self.start + self.size - 1)[self.owner]
        return Rings(self.points[np.where(back[self.owner], last - at, at)], self.size)

    def areas(self) -> F64:
        """Signed, positive where a ring runs counter-clockwise."""
        x, y = (self.points - self.points[self.start][self.owner]).T
        after = self.after()
        return np.asarray(np.add.reduceat(x * y[after] - x[after] * y, self.start) / 2)

    def bends(self) -> F64:
        """By corner: positive where the ring turns left."""
        here = self.points - self.points[self.before()]
        there = here[self.after()]
        return np.asarray(here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0])

    def split(self) -> list[F64]:
        """The points of each ring."""
        start = self.start.tolist()
        return [self.points[low : low + size] for low, size in zip(start, self.size.tolist(), strict=True)]


def triangulated(points: F64, ends: npt.NDArray[np.uint32]) -> I32:
    """Triangles over the area in an outer ring and around holes, of points (n, 2); ends: of each ring."""
    made = mapbox_earcut.triangulate_float64(points, ends).reshape(-1, 3)
    if len(made) != len(points) + 2 * len(ends) - 4:
        # It drops corners of holes that stand in a line; this one, at ten times the cost, does not.
        made = manifold3d.triangulate(np.split(points, ends[:-1])).reshape(-1, 3)
    return np.asarray(made, np.int32)


def caps_of(rings: Rings, holes: I64) -> list[I32 | None]:
    """The triangles over areas, counter-clockwise, by the corners of each; None where a ring crosses itself.

    holes (a,): how many of the rings each area has, its outer one, counter-clockwise, and its holes behind it, clockwise.
    No ring has a straight corner.
    """
    last = np.cumsum(holes)
    ends = np.cumsum(rings.size)[last - 1]
    size = np.diff(ends, prepend=0)
    within = (np.cumsum(rings.size) - np.repeat(ends - size, holes)).astype(np.uint32)
    wanted = size + 2 * holes - 4
    caps = [
        triangulated(rings.points[high - corners : high], within[first:end])
        for high, corners, first, end in zip(*map(np.ndarray.tolist, (ends, size, last - holes, last)), strict=True)
    ]
    drawn = np.array([len(cap) for cap in caps])
    owner = np.repeat(np.arange(len(caps)), drawn)
    own = np.concatenate(caps)
    a, b, c = (rings.points[own[:, n] + (ends - size)[owner]] for n in range(3))
    twice = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    area = np.add.reduceat(rings.areas(), last - holes)
    covered = np.bincount(owner, np.abs(twice), len(caps)) / 2
    fine = (drawn == wanted) & (area > 0) & (np.abs(covered - area) <= AREA_TOLERANCE * area)
    own = np.where((twice < 0)[:, None], own[:, ::-1], own)
    till = np.cumsum(drawn).tolist()
    return [
        own[end - count : end] if whole else None
        for end, count, whole in zip(till, drawn.tolist(), fine.tolist(), strict=True)
    ]
