"""The sizes that cells of far views may have: few, so that a small change of a model seldom leads to another one."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log2

FINEST_M = 0.05
PER_DOUBLING = 12
"""Levels until cells are twice as large: from one to the next a surface loses a tenth of its triangles."""
_FIRST_JUMP = 8


def cell_of(level: int) -> float:
    """Metres; level 0 is the finest."""
    return float(FINEST_M * 2.0 ** (level / PER_DOUBLING))


def finest(triangles: Callable[[int], int], given: int, target: int, below: int) -> int:
    """A level that leaves at most `target` triangles while the one before leaves more.

    triangles: how many a level leaves; given: more than `target`, which are left at the level `below` (-1: nothing is gathered).
    Equal counts are asked for in the same order, and lead to the same level.
    """
    level, count, jump = below, given, 0
    while count > target:
        below = level
        jump = max(_FIRST_JUMP, ceil(PER_DOUBLING * log2(count / target) / 2), 2 * jump)
        level += jump
        count = triangles(level)
    while level - below > 1:
        middle = (level + below) // 2
        if triangles(middle) > target:
            below = middle
        else:
            level = middle
    return level
