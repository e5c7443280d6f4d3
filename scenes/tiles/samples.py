"""Which voxels triangles lie in, by points on them that are near enough to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenes.tiles.arrays import F32, F64, I64, Flags
from scenes.tiles.shell import Grid
from scenes.tiles.soup import Soup
from twin.ranges import ranges

I32 = npt.NDArray[np.int32]
SAMPLES_PER_VOXEL = 1.6
"""Along a line. A square lattice at any angle meets every square of a sheet from 1.42 on."""
AT_ONCE = 200_000
"""Samples, about twice as many as there are: what is made of them stays in the processor's cache."""


@dataclass(frozen=True)
class Triangles:
    """Lowest corner of all at 0, by axis (m,): a: a corner; side, rise: along the longest side, to the top; base, height (m,)."""

    a: list[F32]
    side: list[F32]
    rise: list[F32]
    base: F32
    height: F32

    @classmethod
    def of(cls, soup: Soup) -> Triangles:
        """All triangles of a soup that has some."""
        axes = (soup.position - soup.position.min(axis=0)).astype(np.float32).T
        corners = [[np.ascontiguousarray(along)[faces] for along in axes] for faces in soup.faces.T]
        lengths = [_length([b - a for a, b in zip(corners[at], corners[(at + 1) % 3], strict=True)]) for at in range(3)]
        first = np.argmax(lengths, axis=0)
        a, b, c = ([np.choose((first + by) % 3, along) for along in zip(*corners, strict=True)] for by in range(3))
        side, rise = ([to - of for to, of in zip(one, a, strict=True)] for one in (b, c))
        across = [side[i] * rise[j] - side[j] * rise[i] for i, j in ((1, 2), (2, 0), (0, 1))]
        base = np.choose(first, lengths)
        return cls(a, side, rise, base, _length(across) / np.maximum(base, 1e-9))

    def part(self, first: int, end: int) -> Triangles:
        """Some of them."""
        a, side, rise = ([along[first:end] for along in one] for one in (self.a, self.side, self.rise))
        return Triangles(a, side, rise, self.base[first:end], self.height[first:end])

    def samples(self, step: float) -> F32:
        """(m,) twice as many points as a triangle has, about."""
        return np.asarray((self.base / step + 2) * (self.height / step + 2))

    def cost(self) -> F64:
        """(3,) sums of base times height (square metres) and of both (metres), and their number: by these `samples` goes."""
        base, height = self.base.astype(np.float64), self.height.astype(np.float64)
        return np.array([float((base * height).sum()), float((base + height).sum()), float(len(base))])

    def points(self, step: float) -> tuple[I64, list[F32]]:
        """Points on the triangles, at most `step` apart: where each triangle's begin, and for each axis where they are (s,)."""
        rows = np.ceil(self.height / step).astype(np.int64) + 1
        row, face = ranges(np.zeros(len(rows), np.int64), rows), np.repeat(np.arange(len(rows)), rows)
        up = (row / np.maximum(rows[face] - 1, 1)).astype(np.float32)
        columns = np.ceil(self.base[face] * (1 - up) / step).astype(np.int64) + 1
        reach = (1 - up) / np.maximum(columns - 1, 1).astype(np.float32)  # of the side: one step along the row
        along = ranges(np.zeros(len(columns), np.int64), columns).astype(np.float32)
        places = []
        for a, side, rise in zip(self.a, self.side, self.rise, strict=True):
            place = np.repeat(reach * side[face], columns)
            place *= along
            place += np.repeat(a[face] + up * rise[face], columns)
            places.append(place)
        begin = np.cumsum(columns) - columns
        return begin[np.cumsum(rows) - rows], places


def _length(along: list[F32]) -> F32:
    """(m,) of vectors by axis."""
    x, y, z = along
    return np.asarray(np.sqrt(x * x + y * y + z * z))


@dataclass(frozen=True)
class Samples:
    """The voxels of a soup. low: the first one's place among all, by axis; size: how many there are, by axis.

    parts: triangles at a time, where the points of each begin, and the voxel of each point.
    """

    low: I64
    size: I64
    parts: list[tuple[I64, I32]]

    @classmethod
    def of(cls, soup: Soup, triangles: Triangles, voxel: float) -> Samples:
        """Of a soup that has some triangles. voxel: metres; voxels begin at whole multiples of it."""
        low, high = (np.floor(end(soup.position, axis=0) / voxel) for end in (np.min, np.max))
        origin = (soup.position.min(axis=0) - low * voxel).astype(np.float32)
        size = (high - low).astype(np.int64) + 2  # one more for what rounding puts behind the last
        step = voxel / SAMPLES_PER_VOXEL
        many = np.cumsum(triangles.samples(step))
        ends = np.searchsorted(many, np.arange(AT_ONCE, many[-1] + AT_ONCE, AT_ONCE), "right")
        bounds = np.unique((0, *ends.tolist(), len(many)))
        parts = []
        for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            begin, places = triangles.part(first, end).points(step)
            key = np.zeros(len(places[0]), np.int32)
            for place, from_, long in zip(places, origin, size, strict=True):
                key *= np.int32(long)
                key += ((place + from_) / np.float32(voxel)).astype(np.int32)
            parts.append((begin, key))
        return cls(low.astype(np.int64), size, parts)

    def filled(self) -> Grid:
        """The voxels that hold a triangle."""
        found = np.zeros(int(np.prod(self.size)), np.bool_)
        for _, key in self.parts:
            found[key] = True
        return found.reshape(self.size)

    def at(self, voxels: Grid) -> Flags:
        """(m,) whether a triangle lies at one of these voxels."""
        flat = voxels.ravel()
        return np.concatenate([np.logical_or.reduceat(flat[key], begin) for begin, key in self.parts])
