"""Triangles of a shell turned so that neighbours agree, and closed shells outside out.

Some exporters write a surface model's faces in either sense; a shell that is closed but for that has a
volume, and openings can be cut from it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64

I64 = npt.NDArray[np.int64]


def oriented(points: F64, triangles: I64, part: I64, count: int) -> I64:
    """The triangles with the parts of which neighbours disagree turned.

    points (n, 3); triangles (t, 3); part (t,): ascending numbers below count. A part in which every edge
    is walked as often forth as back is not touched.
    """
    loose = np.flatnonzero(imbalance(triangles, part, count, len(points))[part])
    if not len(loose):
        return triangles
    found = triangles.copy()
    found[loose] = _turned(points, triangles[loose], part[loose])
    return found


def imbalance(triangles: I64, part: I64, count: int, points: int) -> npt.NDArray[np.uint64]:
    """By part: zero where every edge is walked as often one way as the other. Told by mixed numbers: no sorting."""
    total = np.zeros(len(triangles), np.uint64)
    for n in range(3):
        total += walked(triangles[:, n], triangles[:, n - 2], points)
    found = np.zeros(count, np.uint64)
    if len(part):
        present, starts = np.unique(part, return_index=True)
        found[present] = np.add.reduceat(total, starts)
    return found


def walked(start: I64, end: I64, points: int) -> npt.NDArray[np.uint64]:
    """A number for each walk from one of `points` to another; the way back has the opposite one."""
    forth, back = _mixed(2 * points).reshape(2, points)
    return np.asarray(forth[start] * back[end] - forth[end] * back[start])


@lru_cache(maxsize=2)
def _mixed(count: int) -> npt.NDArray[np.uint64]:
    """Numbers as good as random (splitmix64); NumPy's own take 10 ms to import."""
    found = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ found >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ found >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return found ^ found >> np.uint64(31)


def _turned(points: F64, triangles: I64, part: I64) -> I64:
    neighbour, agrees = _neighbours(triangles, part)
    piece, sign = _pieces(neighbour, agrees)
    places = points[triangles] - points[triangles[:, 0]][piece][:, None]
    volume = np.bincount(piece, sign * np.einsum("ij,ij->i", places[:, 0], np.cross(places[:, 1], places[:, 2])))
    border = np.bincount(piece, (neighbour < 0).any(axis=1), len(volume)) > 0
    sign = np.where((volume < 0) & ~border, -1, 1)[piece] * sign
    return np.where(sign[:, None] < 0, triangles[:, ::-1], triangles)


def _pieces(neighbour: I64, agrees: I64) -> tuple[I64, I64]:
    """By triangle the lowest one that it hangs together with, and 1 where it has that one's sense, else -1.

    Each piece that has a lower neighbour is laid to it, so that half of those left go in each round. Where a surface
    has one side only, one of the ways decides.
    """
    one, side = np.nonzero(neighbour > np.arange(len(neighbour))[:, None])
    other, sense = neighbour[one, side], agrees[one, side]
    piece, sign = np.arange(len(neighbour)), np.ones(len(neighbour), np.int64)
    while len(one):
        above, turn = np.arange(len(piece)), np.ones(len(piece), np.int64)
        high = np.maximum(one, other)
        above[high], turn[high] = np.minimum(one, other), sense
        while ((further := above[above]) != above).any():
            turn *= turn[above]
            above = further
        sign *= turn[piece]
        piece = above[piece]
        sense = sense * turn[one] * turn[other]
        one, other = above[one], above[other]
        apart = one != other
        one, other, sense = one[apart], other[apart], sense[apart]
    return piece, sign


def _neighbours(triangles: I64, part: I64) -> tuple[I64, I64]:
    """By triangle and side: the one triangle that shares the side (-1: none, or several), and 1 where both have one sense."""
    a, b = triangles.ravel(), triangles[:, (1, 2, 0)].ravel()
    owner = np.repeat(part, 3)
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((high, low, owner))
    low, high, owner = low[order], high[order], owner[order]
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (owner[1:] == owner[:-1])
    before, after = np.concatenate(([False], same)), np.concatenate((same, [False]))
    first = np.flatnonzero(after & ~before & ~np.concatenate((after[1:], [False])))
    one, other = order[first], order[first + 1]
    neighbour = np.full(len(a), -1, np.int64)
    agrees = np.ones(len(a), np.int64)
    neighbour[one], neighbour[other] = other // 3, one // 3
    agrees[one] = agrees[other] = np.where(a[one] == a[other], -1, 1)
    return neighbour.reshape(-1, 3), agrees.reshape(-1, 3)
