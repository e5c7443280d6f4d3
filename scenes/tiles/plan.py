"""Which object goes into which tile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from scenes.tiles.arrays import F64, I64
from scenes.tiles.split import FAN, TARGET, cut, split_space

MAX_TRIANGLES = 60_000
MAX_FEATURES = 65_535
"""Local feature ids are uint16."""


@dataclass
class Tile:
    """rows: objects shown by this tile itself (may be none); error: metres, what is missing without the children."""

    rows: I64
    children: list[Tile] = field(default_factory=list)
    error: float = 0.0

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Tile]]:
        """This tile and all below, parents first, with their depth."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


def sizes(boxes: F64) -> F64:
    """(n,) metres: how large objects look, the geometric mean of their two longer extents.

    A pipe of 20 m by 5 cm counts 1 m, a wall of 5 m by 3 m counts 3.9 m.
    """
    extent = np.sort(boxes[:, 3:] - boxes[:, :3], axis=1)
    return np.asarray(np.sqrt(extent[:, 2] * np.maximum(extent[:, 1], extent[:, 2] * 1e-3)))


Grouping = Callable[[I64], list[I64]]
"""Splits rows into groups that belong together, or returns one group where it sees none."""


def plan_additive(rows: I64, triangles: I64, boxes: F64, group: Grouping) -> Tile:
    """A tree in which each object stands once: large ones high, the rest split by `group`, then by space.

    triangles (n,), boxes (n, 6) by row. A tile's error is the size of the largest object below it.
    """
    size = np.zeros(len(triangles))
    size[rows] = sizes(boxes[rows])
    return _grow(np.sort(rows), triangles, boxes, size, group)


def _grow(rows: I64, triangles: I64, boxes: F64, size: F64, group: Grouping) -> Tile:
    if len(rows) <= 1 or (int(triangles[rows].sum()) <= MAX_TRIANGLES and len(rows) <= MAX_FEATURES):
        return Tile(rows)
    order = rows[np.argsort(-size[rows], kind="stable")]
    light = order[triangles[order] <= TARGET // 4]
    own = light[np.cumsum(triangles[light]) <= TARGET][:MAX_FEATURES]
    rest = np.setdiff1d(rows, own)
    groups = group(rest)
    if len(groups) < 2:
        groups = split_space(rest, triangles, boxes)
    children = [_grow(part, triangles, boxes, size, group) for part in groups]
    error = float(size[rest].max())
    return Tile(np.sort(own), _neighbours(children, groups, triangles, boxes, error), error)


def _neighbours(children: list[Tile], groups: list[I64], triangles: I64, boxes: F64, error: float) -> list[Tile]:
    """At most FAN tiles: more children are put under tiles of their own, neighbours together."""
    if len(children) <= FAN:
        return children
    weight = np.array([int(triangles[rows].sum()) for rows in groups])
    low = np.array([boxes[rows, :3].min(axis=0) for rows in groups])
    high = np.array([boxes[rows, 3:].max(axis=0) for rows in groups])
    parts = cut(np.arange(len(children)), weight, (low + high) / 2, FAN)
    return [
        children[part[0]]
        if len(part) == 1
        else Tile(
            np.empty(0, np.int64),
            _neighbours([children[one] for one in part], [groups[one] for one in part], triangles, boxes, error),
            error,
        )
        for part in parts
    ]
