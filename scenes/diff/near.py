"""Pairs of points of two sets that lie near each other, by a grid: no n x m table."""

from __future__ import annotations

from itertools import product

import numpy as np

from scenes.diff.moments import F64, I64

PER_CELL = 8
"""At most so many candidates of one cell; where more lie together, another round takes the rest."""
_MIX = np.array([73_856_093, 19_349_663, 83_492_791], np.int64)
"""Primes of a spatial hash (Teschner et al. 2003); cells that share a hash are told apart by distance."""


def near(a: F64, group_a: I64, b: F64, group_b: I64, reach: float) -> tuple[I64, I64, F64]:
    """Pairs (i, j) with |a[i] − b[j]| ≤ reach and equal groups, and their distances. a (n, 3), b (m, 3): finite."""
    empty = np.empty(0, np.int64)
    if not (len(a) and len(b)):
        return empty, empty, np.empty(0)
    cell_a, cell_b = (np.floor(points / reach).astype(np.int64) for points in (a, b))
    key_b = _key(cell_b, group_b)
    order = np.argsort(key_b, kind="stable")
    keys = key_b[order]
    left, right = [], []
    for step in product((-1, 0, 1), repeat=3):
        wanted = _key(cell_a + np.array(step), group_a)
        begin = np.searchsorted(keys, wanted, "left")
        count = np.minimum(np.searchsorted(keys, wanted, "right") - begin, PER_CELL)
        i = np.repeat(np.arange(len(a)), count)
        offset = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
        left.append(i)
        right.append(order[np.repeat(begin, count) + offset])
    i, j = np.concatenate(left), np.concatenate(right)
    distance = np.linalg.norm(a[i] - b[j], axis=1)
    good = (distance <= reach) & (group_a[i] == group_b[j])
    pairs = np.unique(np.stack((i[good], j[good])), axis=1)
    return pairs[0], pairs[1], np.linalg.norm(a[pairs[0]] - b[pairs[1]], axis=1)


def _key(cell: I64, group: I64) -> I64:
    """A hash of cell and group; wraps around."""
    with np.errstate(over="ignore"):
        mixed = cell * _MIX
        return np.asarray(mixed[:, 0] ^ mixed[:, 1] ^ mixed[:, 2] ^ (group * np.int64(2_654_435_761)), np.int64)


def best_pairs(i: I64, j: I64, cost: F64) -> I64:
    """A one-to-one choice among pairs: indices of pairs, cheapest first, none sharing an end with a cheaper one."""
    order = np.lexsort((j, i, cost))
    used_i, used_j, taken = set[int](), set[int](), []
    for place, one, other in zip(order.tolist(), i[order].tolist(), j[order].tolist(), strict=True):
        if one not in used_i and other not in used_j:
            used_i.add(one)
            used_j.add(other)
            taken.append(place)
    return np.array(taken, np.int64)
