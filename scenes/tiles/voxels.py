"""Voxels in few bytes, and the grid that holds those of several pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from scenes.tiles.arrays import I64
from scenes.tiles.shell import Grid

Whole3 = tuple[int, int, int]


class Voxels(NamedTuple):
    """low: the place of the first voxel among all, size: how many there are, by axis; bits: which are filled, eight a byte."""

    low: Whole3
    size: Whole3
    bits: bytes

    @classmethod
    def of(cls, low: I64, filled: Grid) -> Voxels:
        """Of an array by axis that begins at a place."""
        return cls(_three(low), _three(np.array(filled.shape)), np.packbits(filled).tobytes())

    def grid(self) -> Grid:
        """The array by axis."""
        count = int(np.prod(self.size))
        return np.unpackbits(np.frombuffer(self.bits, np.uint8), count=count).view(np.bool_).reshape(self.size)


class Room(NamedTuple):
    """The grid of voxels that some pieces take, with an empty border. low, size: as of Voxels."""

    low: Whole3
    size: Whole3

    @classmethod
    def of(cls, pieces: Sequence[Voxels], reach: int = 0) -> Room:
        """reach: how many more on each side in plan."""
        more = np.array([reach + 1, reach + 1, 1])
        low = np.min([one.low for one in pieces], axis=0) - more
        high = np.max([np.add(one.low, one.size) for one in pieces], axis=0) + more
        return cls(_three(low), _three(high - low))

    def higher(self, pieces: Sequence[Voxels]) -> Room:
        """The same in plan, and as low and as high as these pieces are too."""
        if not pieces:
            return self
        other = Room.of(pieces)
        low = min(self.low[2], other.low[2])
        high = max(room.low[2] + room.size[2] for room in (self, other))
        return Room((*self.low[:2], low), (*self.size[:2], high - low))

    def same_plan(self, other: Voxels) -> bool:
        """Whether both take the same place in plan."""
        return self.low[:2] == other.low[:2] and self.size[:2] == other.size[:2]

    def filled(self, pieces: Iterable[Voxels]) -> Grid:
        """The voxels of pieces together; what lies beyond the border is left out."""
        found = np.zeros(self.size, np.bool_)
        for one in pieces:
            self.add(found, np.array(one.low), one.grid())
        return found

    def add(self, found: Grid, low: I64, filled: Grid) -> None:
        """Put an array that begins at a place into one of this room, but for what lies on its border or beyond."""
        first = low - self.low
        here = [slice(max(at, 1), min(at + n, m - 1)) for at, n, m in zip(first, filled.shape, self.size, strict=True)]
        if all(one.start < one.stop for one in here):
            there = tuple(slice(one.start - at, one.stop - at) for one, at in zip(here, first, strict=True))
            found[tuple(here)] |= filled[there]

    def part(self, found: Grid, piece: Voxels) -> Grid:
        """The part of an array of this room that a piece takes (a view)."""
        first = np.subtract(piece.low, self.low)
        return found[tuple(slice(int(at), int(at + n)) for at, n in zip(first, piece.size, strict=True))]


def _three(values: I64) -> Whole3:
    x, y, z = (int(value) for value in values)
    return x, y, z
