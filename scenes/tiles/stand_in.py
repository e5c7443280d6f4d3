"""What stands for many objects seen from afar: their triangles on a coarse grid, each still of its own object."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F64, I64, cross, runs
from scenes.tiles.soup import Soup

STEP = 1.3
"""How near the size of cells comes to the finest that leaves few enough triangles."""
ENOUGH = 0.5
"""Of the triangles that are allowed: so many are good enough."""
FINEST_M = 0.05
PER_CELL = 4
"""Places along a cell, at least, where its corners may come together: few, so that they compress."""
DENSE = 16
"""Cells of a grid for each point, at most, for them to be counted in a table; those of larger ones are sorted."""
MOST_CELLS = 1 << 20
"""Cells along one axis: three of these numbers fit into one of 64 bits."""


def stand_in(soup: Soup, target: int, cell: float = FINEST_M) -> tuple[Soup, float]:
    """At most `target` triangles of the soup, and the cell's size (metres, `cell` or more) that it took."""
    if len(soup.faces) <= target:
        return soup, cell
    finest, best = cell, None
    coarsest = cell * STEP
    while best is None:
        found = clustered(soup, coarsest)
        if len(found.faces) <= target:
            best = found
        else:  # triangles of a surface go with the square of the cell: come near at once
            finest, coarsest = coarsest, coarsest * max(STEP, float(np.sqrt(len(found.faces) / target)))
    while coarsest > finest * STEP and len(best.faces) < ENOUGH * target:
        cell = float(np.sqrt(finest * coarsest))
        found = clustered(soup, cell)
        if len(found.faces) <= target:
            coarsest, best = cell, found
        else:
            finest = cell
    return best, coarsest


def clustered(soup: Soup, cell: float) -> Soup:
    """The soup with all corners of a grid cell in one place, their mean; what has no area then is dropped.

    cell: metres. Of triangles that fall upon each other the largest stays, so that a wall becomes one sheet. Thinner and
    smaller things than a cell vanish unless they reach across some.
    """
    if not len(soup.faces):
        return soup
    number, count = _cells(soup.position, cell)
    a, b, c = (number[soup.faces[:, corner]] for corner in range(3))
    spread = np.flatnonzero((a != b) & (b != c) & (c != a))
    a, b, c = a[spread], b[spread], c[spread]
    one = _one_each(a, b, c, len(count), _sizes(soup.position, soup.faces[spread]))
    faces, kept = np.column_stack((a[one], b[one], c[one])), spread[one]
    used = np.zeros(len(count), np.bool_)
    used[faces] = True
    position = np.column_stack([(np.bincount(number, soup.position[:, axis]) / count)[used] for axis in range(3)])
    position = np.rint(position / step(cell)) * step(cell)
    return Soup(position, (np.cumsum(used) - 1)[faces], soup.row[kept], soup.material[kept])


def step(cell: float) -> float:
    """Metres, a power of two: the grid on which the corners of cells of this size stand."""
    return float(2.0 ** np.floor(np.log2(cell / PER_CELL)))


def _cells(position: F64, cell: float) -> tuple[I64, I64]:
    """For each point the number of its cell among those that hold points, and how many points each holds."""
    key, cells = np.zeros(len(position), np.int64), 1.0
    for axis in range(3):
        along = np.ascontiguousarray(position[:, axis])
        place = ((along - along.min()) / cell).astype(np.int64)
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


def _one_each(a: I64, b: I64, c: I64, corners: int, size: F64) -> I64:
    """Of faces (m,) with the same three corners (below `corners`) the one of the greatest size; ascending."""
    if not len(a):
        return a
    low, high = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    key = low * corners + high
    if corners > MOST_CELLS * 2:  # pairs are numbered first, so that a third number fits
        order, begin = runs(key)
        pairs = np.diff(np.append(begin, len(key)))
        key[order] = np.repeat(np.arange(len(pairs)), pairs)
    order, begin = runs(key * corners + (a + b + c - low - high))
    greatest = np.repeat(np.maximum.reduceat(size[order], begin), np.diff(np.append(begin, len(order))))
    return np.sort(np.minimum.reduceat(np.where(size[order] == greatest, order, len(a)), begin))
