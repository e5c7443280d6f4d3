"""Ordinals: the numbers of objects in one layer version."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from scenes.tiles.arrays import I64


def number(ordinal: I64, tiles: Iterable[I64]) -> None:
    """Fill `ordinal` (n,) in place: rows in the order of the tiles, then all others in table order."""
    order = np.concatenate([np.empty(0, np.int64), *tiles])
    ordinal[:] = -1
    ordinal[order] = np.arange(len(order))
    rest = np.flatnonzero(ordinal < 0)
    ordinal[rest] = np.arange(len(order), len(ordinal))
