"""What stands for many objects seen from afar: their triangles on a coarse grid, each still of its own object."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scenes.tiles.arrays import F64, I64, cross, runs
from scenes.tiles.levels import cell_of, finest
from scenes.tiles.soup import Soup

PER_CELL = 4
"""Places along a cell, at least, where its corners may come together: few, so that they compress."""
DENSE = 16
"""Cells of a grid for each point, at most, for them to be counted in a table; those of larger ones are sorted."""
MOST_CELLS = 1 << 20
"""Cells along one axis: three of these numbers fit into one of 64 bits."""


def stand_in(soup: Soup, target: int) -> tuple[Soup, int]:
    """At most `target` triangles of the soup, and the level of the cells that they took; -1 where it is left as it is."""
    if len(soup.faces) <= target:
        return soup, -1
    tried: dict[int, Gathered] = {}

    def triangles(level: int) -> int:
        tried[level] = Gathered.of(soup, cell_of(level))
        return tried[level].triangles

    level = finest(triangles, len(soup.faces), target, -1)
    return tried[level].soup(soup), level


def clustered(soup: Soup, cell: float) -> Soup:
    """The soup with all corners of a grid cell in one place, their mean; what has no area then is dropped.

    cell: metres; cells begin at whole multiples of it, so that what is gathered in parts fits together. Of triangles that fall upon each other the largest stays, so that a wall becomes one sheet. Thinner and
    smaller things than a cell vanish unless they reach across some.
    """
    return Gathered.of(soup, cell).soup(soup) if len(soup.faces) else soup


@dataclass(frozen=True)
class Gathered:
    """A soup, not an empty one, whose corners are gathered by cells of a grid.

    number: of each point's cell among those that hold points; count: how many points each holds. Of the faces whose corners
    lie in three cells: kept (k,), their numbers; corners (k, 3), their cells; key (k,), equal where the three cells are.
    """

    cell: float
    number: I64
    count: I64
    kept: I64
    corners: list[I64]
    key: I64

    @classmethod
    def of(cls, soup: Soup, cell: float) -> Gathered:
        """Gather by cells of so many metres."""
        number, count = _cells(soup.position, cell)
        a, b, c = (number[soup.faces[:, corner]] for corner in range(3))
        kept = np.flatnonzero((a != b) & (b != c) & (c != a))
        a, b, c = a[kept], b[kept], c[kept]
        low, high = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
        key = low * len(count) + high
        if len(count) > MOST_CELLS * 2:  # pairs are numbered first, so that a third number fits
            key = np.unique(key, return_inverse=True)[1]
        return cls(cell, number, count, kept, [a, b, c], key * len(count) + (a + b + c - low - high))

    @cached_property
    def runs(self) -> tuple[I64, I64]:
        """Faces that fall upon each other together: their order, and where each run begins."""
        return runs(self.key)

    @property
    def triangles(self) -> int:
        """Faces that are left: those upon each other count once."""
        return len(self.runs[1])

    def soup(self, soup: Soup) -> Soup:
        """Those faces, the largest of each, in the order in which they stood."""
        order, begin = self.runs
        length = np.diff(np.append(begin, len(order)))
        alone = length == 1  # most are, and need not be measured
        others, count = order[np.repeat(~alone, length)], length[~alone]
        one = order[begin[alone]]
        if len(others):
            size, start = _sizes(soup.position, soup.faces[self.kept[others]]), np.cumsum(count) - count
            greatest = np.repeat(np.maximum.reduceat(size, start), count)
            first = np.minimum.reduceat(np.where(size == greatest, others, len(order)), start)
            one = np.concatenate((one, first))
        one = np.sort(one)
        faces, face = np.column_stack([corner[one] for corner in self.corners]), self.kept[one]
        used = np.zeros(len(self.count), np.bool_)
        used[faces] = True
        mean = [np.bincount(self.number, soup.position[:, axis]) / self.count for axis in range(3)]
        grid = step(self.cell)
        position = np.rint(np.column_stack([along[used] for along in mean]) / grid) * grid
        return Soup(position, (np.cumsum(used) - 1)[faces], soup.row[face], soup.material[face])


def step(cell: float) -> float:
    """Metres, a power of two: the grid on which the corners of cells of this size stand."""
    return float(2.0 ** np.floor(np.log2(cell / PER_CELL)))


def _cells(position: F64, cell: float) -> tuple[I64, I64]:
    """For each point the number of its cell among those that hold points, and how many points each holds."""
    key, cells = np.zeros(len(position), np.int64), 1.0
    for axis in range(3):
        along = np.ascontiguousarray(position[:, axis])
        place = np.floor(along / cell).astype(np.int64)
        place -= place.min()
        np.minimum(place, MOST_CELLS - 1, out=place)
        size = int(place.max()) + 1
        key *= size
        key += place
        cells *= size
    if cells > DENSE * len(key):
        order, begin = runs(key)
        number = np.empty(len(key), np.int64)
        count = np.diff(np.append(begin, len(key)))
        number[order] = np.repeat(np.arange(len(count)), count)
        return number, count
    filled = np.bincount(key)
    return (np.cumsum(filled > 0) - 1)[key], filled[filled > 0]


def _sizes(position: F64, faces: I64) -> F64:
    """(m,) four times the squared areas."""
    a, b, c = (position[faces[:, i]] for i in range(3))
    across = cross(b - a, c - a)
    return np.asarray(np.einsum("ij,ij->i", across, across))
