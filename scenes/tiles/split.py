"""Split objects by space."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F64, I64

TARGET = 40_000
"""Triangles a tile should have."""
FAN = 8
"""Children of a tile at most."""


def split_space(rows: I64, triangles: I64, boxes: F64, target: int = TARGET) -> list[I64]:
    """Two to eight groups of about equally many triangles, cut across the longest extent; one for a single row."""
    parts = int(np.clip(round(int(triangles[rows].sum()) / target), 2, FAN))
    centres = (boxes[:, :3] + boxes[:, 3:]) / 2
    return cut(rows, triangles, centres, min(parts, len(rows)))


def cut(rows: I64, triangles: I64, centres: F64, parts: int) -> list[I64]:
    """`parts` groups of about equally many triangles. triangles (n,), centres (n, 3), both indexed by `rows`."""
    if parts < 2:
        return [np.sort(rows)]
    axis = int(np.argmax(np.ptp(centres[rows], axis=0)))
    order = rows[np.argsort(centres[rows, axis], kind="stable")]
    filled = np.cumsum(triangles[order])
    first = parts // 2
    at = int(np.searchsorted(filled, filled[-1] * first / parts)) + 1
    at = int(np.clip(at, first, len(order) - (parts - first)))
    return cut(order[:at], triangles, centres, first) + cut(order[at:], triangles, centres, parts - first)
