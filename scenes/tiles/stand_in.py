"""What stands for many objects seen from afar: their triangles on a coarse grid, each still of its own object."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F64, I64
from scenes.tiles.soup import Soup

STEP = 1.3
"""How near the size of cells comes to the finest that leaves few enough triangles."""
ENOUGH = 0.5
"""Of the triangles that are allowed: so many are good enough."""
FINEST_M = 0.05
PER_CELL = 4
"""Places along a cell, at least, where its corners may come together: few, so that they compress."""
DENSE = 1 << 22
"""Cells of a grid that are counted in a table; those of larger ones are sorted."""
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
    faces = number[soup.faces]
    spread = np.flatnonzero((faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0]))
    kept = spread[_one_each(faces[spread], len(count), _sizes(soup.position, soup.faces[spread]))]
    position = np.column_stack([np.bincount(number, soup.position[:, axis]) / count for axis in range(3)])
    position = np.rint(position / step(cell)) * step(cell)
    used = np.zeros(len(count), np.bool_)
    used[faces[kept]] = True
    return Soup(position[used], (np.cumsum(used) - 1)[faces[kept]], soup.row[kept], soup.material[kept])


def step(cell: float) -> float:
    """Metres, a power of two: the grid on which the corners of cells of this size stand."""
    return float(2.0 ** np.floor(np.log2(cell / PER_CELL)))


def _cells(position: F64, cell: float) -> tuple[I64, I64]:
    """For each point the number of its cell among those that hold points, and how many points each holds."""
    place = np.floor((position - position.min(axis=0)) / cell).astype(np.int64)
    size = place.max(axis=0) + 1
    if size.max() > MOST_CELLS:
        np.minimum(place, MOST_CELLS - 1, out=place)
        size = np.minimum(size, MOST_CELLS)
    key = (place[:, 0] * size[1] + place[:, 1]) * size[2] + place[:, 2]
    if float(size[0]) * float(size[1]) * float(size[2]) > DENSE:
        _, number, count = np.unique(key, return_inverse=True, return_counts=True)
        return number, count
    filled = np.bincount(key)
    return (np.cumsum(filled > 0) - 1)[key], filled[filled > 0]


def _sizes(position: F64, faces: I64) -> F64:
    """(m,) four times the squared areas."""
    a, b, c = (position[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    return np.asarray(np.einsum("ij,ij->i", across, across))


def _one_each(faces: I64, corners: int, size: F64) -> I64:
    """Of faces with the same three corners (below `corners`) the one of the greatest size; ascending."""
    if not len(faces):
        return np.empty(0, np.int64)
    a, c = faces.min(axis=1), faces.max(axis=1)
    pair, b = a * corners + c, faces.sum(axis=1) - a - c
    order = np.lexsort((b, pair)) if corners > MOST_CELLS * 2 else np.argsort(pair * corners + b, kind="stable")
    new = np.ones(len(order), np.bool_)
    new[1:] = (pair[order][1:] != pair[order][:-1]) | (b[order][1:] != b[order][:-1])
    begin = np.flatnonzero(new)
    greatest = np.repeat(np.maximum.reduceat(size[order], begin), np.diff(np.append(begin, len(order))))
    return np.sort(np.minimum.reduceat(np.where(size[order] == greatest, order, len(faces)), begin))
