"""Find vertices that stand at one place."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F32, F64, I64, runs
from scenes.tiles.components import components

GRID_M = 2.0**-13
"""Vertices nearer than this (0.12 mm) are one."""


def weld(points: F64 | F32, group: I64, *, grid: float = GRID_M) -> I64:
    """For each vertex the first vertex of its group at the same place; (n,).

    Places are compared as 64-bit mixtures of their grid cells: two different places meet by chance
    once in 10^7 meshes of a million vertices, which would only bend one normal.
    """
    if not len(points):
        return np.empty(0, np.int64)
    cells = np.rint(np.asarray(points, np.float64) / grid).astype(np.int64).astype(np.uint64)
    key = np.zeros(len(cells), np.uint64)
    for number in (group.astype(np.uint64), cells[:, 0], cells[:, 1], cells[:, 2]):
        key = (key ^ number) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
        key *= np.uint64(0xBF58476D1CE4E5B9)
        key ^= key >> np.uint64(32)
    order, begin = runs(key)
    result = np.empty(len(key), np.int64)
    result[order] = np.repeat(order[begin], np.diff(begin, append=len(key)))
    return result


def weld_near(points: F64, grid: float) -> I64:
    """For each vertex the first one nearer than about `grid` / 2; points that a cell's border parts are found too.

    Two grids, half a cell apart, are tried: what one of them parts, the other holds together.
    """
    group = np.zeros(len(points), np.int64)
    index = np.arange(len(points))
    one, other = weld(points, group, grid=grid), weld(points + grid / 2, group, grid=grid)
    return components(len(points), np.concatenate((index, index)), np.concatenate((one, other)))
