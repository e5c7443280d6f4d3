"""Chains of local placements, gathered from many products and told level by level."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterator
from typing import Any

import numpy as np
from ifcopenshell import entity_instance

from bim.geometry.axes import Axes
from bim.geometry.engine import F64
from bim.source.attribute import class_of, id_of, value_at

ROW = 12
"""Numbers of a matrix without its last row."""
_REFUSED = -1


class Chains:
    """known: STEP ids of the placements that were worked out before; guessed: those of them that are no such chain."""

    def __init__(self, length: float, known: Container[int], guessed: Container[int]) -> None:
        self.axes = Axes(length)
        self._known = known
        self._guessed = guessed
        self._level: dict[int, int] = {}  # STEP id → placements above it; _REFUSED: it hangs in something else
        self._own = array("d")
        self._levels: list[list[tuple[int, int, int]]] = []  # (STEP id, the one above or 0, row of `_own`)

    def add(self, placement: Any) -> bool:
        """Gather a placement with all above it that are new; False for what is no chain of local placements."""
        path: list[tuple[int, Any]] = []
        node, above, level = placement, 0, -1
        while node is not None:
            if not isinstance(node, entity_instance):
                return False
            key = id_of(node)
            if key in self._known:
                if key in self._guessed:
                    return False
                above = key
                break
            met = self._level.get(key)
            if met is not None:
                if met == _REFUSED:
                    return False
                above, level = key, met
                break
            if class_of(node) != "IfcLocalPlacement":
                return False
            self._level[key] = _REFUSED  # until its chain has ended well: one that bites its own tail never does
            path.append((key, node))
            node = value_at(node, 0)
        for key, each in reversed(path):
            level += 1
            self._level[key] = level
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append((key, above, len(self._own) // ROW))
            self._own.extend(self.axes.rows(value_at(each, 1)))
            above = key
        return True

    def levels(self) -> Iterator[tuple[list[int], list[int], F64]]:
        """(STEP ids, those above them or 0, their own matrices (n, 4, 4)), the uppermost first."""
        own = np.tile(np.eye(4), (len(self._own) // ROW, 1, 1))
        own[:, :3] = np.array(self._own, np.float64).reshape(-1, 3, 4)
        for level in self._levels:
            keys, above, rows = (list(column) for column in zip(*level, strict=True))
            yield keys, above, own[rows]
