"""Polygons of a city model in flat arrays: nothing is kept per polygon, ring or corner but numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def offsets(counts: npt.ArrayLike) -> I64:
    """(n + 1,) where runs of these lengths begin, and the end of the last."""
    array = np.asarray(counts, np.int64)
    begin = np.zeros(len(array) + 1, np.int64)
    np.cumsum(array, out=begin[1:])
    return begin


def spread(first: I64, chosen: I64) -> I64:
    """All members of the chosen runs, in the order of `chosen`. first: (n + 1,) offsets."""
    begin, count = first[chosen], first[chosen + 1] - first[chosen]
    total = offsets(count)
    return np.asarray(np.arange(total[-1]) + np.repeat(begin - total[:-1], count))


@dataclass(frozen=True)
class Polygons:
    """points (v, 3); corner (k,) the point of each ring corner; ring (r + 1,) first corner; polygon (p + 1,) first ring.

    The first ring of a polygon is its outer one. Rings are open once `gis.city.rings` has cleaned them.
    uv: (k, 2) texture coordinates of the ring corners, v downwards, NaN where there is none; None where all have none.
    """

    points: F64
    corner: I64
    ring: I64
    polygon: I64
    uv: F64 | None = None

    def __len__(self) -> int:
        return len(self.polygon) - 1

    @classmethod
    def empty(cls) -> Polygons:
        """No polygon."""
        return cls(np.zeros((0, 3)), np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(1, np.int64))

    @cached_property
    def first_corner(self) -> I64:
        """(p + 1,) first corner of each polygon."""
        return np.asarray(self.ring[self.polygon])

    @cached_property
    def ring_of_corner(self) -> I64:
        """(k,) the ring of each corner."""
        return np.repeat(np.arange(len(self.ring) - 1), np.diff(self.ring))

    @cached_property
    def polygon_of_ring(self) -> I64:
        """(r,) the polygon of each ring."""
        return np.repeat(np.arange(len(self)), np.diff(self.polygon))

    @cached_property
    def polygon_of_corner(self) -> I64:
        """(k,) the polygon of each corner."""
        return np.repeat(np.arange(len(self)), np.diff(self.first_corner))

    def take(self, chosen: I64) -> Polygons:
        """These polygons, in this order; a polygon may be taken twice. Points stay as they are."""
        rings = spread(self.polygon, chosen)
        corners = spread(self.ring, rings)
        return Polygons(
            self.points,
            self.corner[corners],
            offsets(np.diff(self.ring)[rings]),
            offsets(np.diff(self.polygon)[chosen]),
            None if self.uv is None else self.uv[corners],
        )

    def part(self, begin: int, end: int) -> Polygons:
        """The polygons `begin` … `end` with their own points only."""
        rings = self.polygon[begin : end + 1]
        ring = self.ring[rings[0] : rings[-1] + 1]
        corner = self.corner[ring[0] : ring[-1]]
        used, inverse = _compact(corner)
        uv = None if self.uv is None else self.uv[ring[0] : ring[-1]]
        return Polygons(self.points[used], inverse, ring - ring[0], rings - rings[0], uv)

    def moved(self, points: F64) -> Polygons:
        """The same polygons on other points (v, 3)."""
        return replace(self, points=points)

    def turned(self, flip: Mask) -> Polygons:
        """The polygons of `flip` (p,) with all their rings run backwards."""
        if not flip.any():
            return self
        ring_of = self.ring_of_corner
        backwards = flip[self.polygon_of_ring][ring_of]
        mirrored = self.ring[ring_of] + self.ring[ring_of + 1] - 1 - np.arange(len(self.corner))
        place = np.where(backwards, mirrored, np.arange(len(self.corner)))
        return replace(self, corner=self.corner[place], uv=None if self.uv is None else self.uv[place])


def _compact(corner: I64) -> tuple[I64, I64]:
    """The used points, ascending, and each corner's place among them."""
    if not len(corner):
        return np.zeros(0, np.int64), corner
    low, high = int(corner.min()), int(corner.max()) + 1
    if high - low <= 4 * len(corner):
        seen = np.zeros(high - low, np.bool_)
        seen[corner - low] = True
        used = np.flatnonzero(seen)
        place = np.cumsum(seen) - 1
        return used + low, place[corner - low]
    used, inverse = np.unique(corner, return_inverse=True)
    return used, inverse


def joined(parts: Sequence[Polygons]) -> Polygons:
    """Several sets as one, each with its points."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Polygons.empty()
    point, corner, ring = (
        offsets([len(getattr(part, name)) for part in parts]) for name in ("points", "corner", "ring")
    )
    return Polygons(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.corner + point[n] for n, part in enumerate(parts)]),
        np.concatenate([part.ring[int(n > 0) :] + corner[n] for n, part in enumerate(parts)]),
        np.concatenate([part.polygon[int(n > 0) :] + ring[n] - n for n, part in enumerate(parts)]),
        None
        if all(part.uv is None for part in parts)
        else np.concatenate([np.full((len(part.corner), 2), np.nan) if part.uv is None else part.uv for part in parts]),
    )
