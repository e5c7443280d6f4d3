"""Which triangles of a heap can be seen from outside: a flood of voxels from the border tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenes.tiles.arrays import F32, I64, Flags
from scenes.tiles.soup import Soup
from twin.ranges import ranges

VOXELS = 2_000_000
"""Of a grid at most: 2 MB, and some hundredths of a second."""
SAMPLES_PER_VOXEL = 1.6
"""Along a line. A square lattice at any angle meets every square of a sheet from 1.42 on."""
MOST_SAMPLES = 4_000_000
AT_ONCE = 200_000
"""Samples, about twice as many as there are: what is made of them stays in the processor's cache."""
Grid = npt.NDArray[np.bool_]
U64 = npt.NDArray[np.uint64]
_STEPS = [np.uint64(1 << number) for number in range(6)]
"""Bits that a word is shifted by, until all of them are passed."""


def outside(soup: Soup, voxel: float) -> Flags:
    """(m,) whether a triangle lies at a voxel that is reached from outside without crossing a surface.

    voxel: metres, grown where the grid would be too large: gaps narrower than it are closed. What lies in a hollow that
    nothing reaches is inside.
    """
    extent = np.ptp(soup.position, axis=0)
    voxel = max(voxel, float(np.cbrt(np.prod(np.maximum(extent, voxel)) / VOXELS)))
    triangles = _Triangles.of(soup)
    while (many := triangles.samples(voxel / SAMPLES_PER_VOXEL)).sum() > 2 * MOST_SAMPLES:
        voxel *= 1.5
    size = np.floor(extent / voxel).astype(np.int64) + 3  # an empty border on every side
    ends = np.searchsorted(np.cumsum(many), np.arange(AT_ONCE, many.sum() + AT_ONCE, AT_ONCE), "right")
    bounds = np.unique((0, *ends.tolist(), len(soup.faces)))
    filled, parts = np.zeros(int(np.prod(size)), np.bool_), []
    for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        begin, places = triangles.part(first, end).points(voxel / SAMPLES_PER_VOXEL)
        key = np.zeros(len(places[0]), np.int32)
        for axis, place in enumerate(places):
            key *= np.int32(size[axis])
            key += (place / voxel).astype(np.int32)
        key += np.int32((size[1] + 1) * size[2] + 1)
        filled[key] = True
        parts.append((begin, key))
    near = _beside(_flood(~filled.reshape(size))).ravel()
    return np.concatenate([np.logical_or.reduceat(near[key], begin) for begin, key in parts])


def _beside(wet: Grid) -> Grid:
    """The voxels with a face at a wet one."""
    near = np.zeros_like(wet)
    for axis in range(3):
        to, of = np.moveaxis(near, axis, 0), np.moveaxis(wet, axis, 0)
        to[1:] |= of[:-1]
        to[:-1] |= of[1:]
    return near


def _flood(free: Grid) -> Grid:
    """The free voxels that hang together with the border of the grid, face to face. Sixty-four of them are one word."""
    long = int(np.argmax(free.shape))
    length = free.shape[long]
    rows = np.zeros((*np.delete(free.shape, long), -(-length // 64) * 64), np.bool_)
    rows[:, :, :length] = np.moveaxis(free, long, 2)
    border = np.zeros_like(rows)
    border[[0, -1]] = border[:, [0, -1]] = border[:, :, [0, length - 1]] = True
    open_, wet = (
        np.ascontiguousarray(np.moveaxis(np.packbits(one, 2, "little").view("<u8"), 2, 0)) for one in (rows, border)
    )
    before = None
    while before is None or not np.array_equal(wet, before):
        before = wet.copy()
        _fill_words(wet, open_)
        for axis in (1, 2):
            along, free_ = np.moveaxis(wet, axis, 0), np.moveaxis(open_, axis, 0)
            for number in range(1, len(along)):
                along[number] |= along[number - 1] & free_[number]
            for number in range(len(along) - 2, -1, -1):
                along[number] |= along[number + 1] & free_[number]
    bits = np.unpackbits(np.ascontiguousarray(np.moveaxis(wet, 0, 2)).view(np.uint8), 2, length, "little")
    return np.ascontiguousarray(np.moveaxis(bits.view(np.bool_), 2, long))


def _fill_words(wet: U64, free: U64) -> None:
    """Spread along the first axis, in each word from bit to bit and over to the next word, both ways."""
    one, last = np.uint64(1), np.uint64(63)
    for number in range(len(wet)):
        if number:
            wet[number] |= (wet[number - 1] >> last) & free[number]
        way = free[number]
        for step in _STEPS:
            wet[number] |= way & (wet[number] << step)
            way = way & (way << step)
    for number in range(len(wet) - 1, -1, -1):
        if number + 1 < len(wet):
            wet[number] |= ((wet[number + 1] & one) << last) & free[number]
        way = free[number]
        for step in _STEPS:
            wet[number] |= way & (wet[number] >> step)
            way = way & (way >> step)


@dataclass(frozen=True)
class _Triangles:
    """Lowest corner of all at 0, by axis (m,): a: a corner; side, rise: along the longest side, to the top; base, height (m,)."""

    a: list[F32]
    side: list[F32]
    rise: list[F32]
    base: F32
    height: F32

    @classmethod
    def of(cls, soup: Soup) -> _Triangles:
        axes = (soup.position - soup.position.min(axis=0)).astype(np.float32).T
        corners = [[np.ascontiguousarray(along)[faces] for along in axes] for faces in soup.faces.T]
        lengths = [_length([b - a for a, b in zip(corners[at], corners[(at + 1) % 3], strict=True)]) for at in range(3)]
        first = np.argmax(lengths, axis=0)
        a, b, c = ([np.choose((first + by) % 3, along) for along in zip(*corners, strict=True)] for by in range(3))
        side, rise = ([to - of for to, of in zip(one, a, strict=True)] for one in (b, c))
        across = [side[i] * rise[j] - side[j] * rise[i] for i, j in ((1, 2), (2, 0), (0, 1))]
        base = np.choose(first, lengths)
        return cls(a, side, rise, base, _length(across) / np.maximum(base, 1e-9))

    def part(self, first: int, end: int) -> _Triangles:
        """Some of them."""
        a, side, rise = ([along[first:end] for along in one] for one in (self.a, self.side, self.rise))
        return _Triangles(a, side, rise, self.base[first:end], self.height[first:end])

    def samples(self, step: float) -> F32:
        """(m,) twice as many points as a triangle has, about."""
        return np.asarray((self.base / step + 2) * (self.height / step + 2))

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
