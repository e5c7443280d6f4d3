"""tileset.json: 3D Tiles 1.1."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scenes.tiles.arrays import F64

GRID = 2.0**10
"""Boxes grow outwards to this part of a metre: sums and halves are exact then, so parents contain children exactly."""


@dataclass
class Node:
    """One tile of the tileset. box: (6,) of its own content in the park frame, None without content.

    refine: ADD or REPLACE, None as its parent.
    """

    error: float
    uri: str | None
    box: F64 | None
    children: list[Node] = field(default_factory=list)
    refine: str | None = None

    def whole(self) -> F64 | None:
        """(6,) box over the content and all children, on the grid; None where nothing is drawn."""
        boxes = [
            box
            for box in [None if self.box is None else _outward(self.box), *(c.whole() for c in self.children)]
            if box is not None
        ]
        if not boxes:
            return None
        stack = np.stack(boxes)
        return np.concatenate((stack[:, :3].min(axis=0), stack[:, 3:].max(axis=0)))


def _outward(box: F64) -> F64:
    low, high = np.floor(box[:3] * GRID), np.ceil(box[3:] * GRID)
    low, high = np.where(high - low < 2, low - 1, low), np.where(high - low < 2, high + 1, high)
    return np.concatenate((low, high)) / GRID


def _volume(box: F64 | None) -> dict[str, list[float]]:
    low, high = (np.zeros(3), np.zeros(3)) if box is None else (box[:3], box[3:])
    centre, half = (low + high) / 2, (high - low) / 2
    axes = np.diag(half).ravel() if box is not None else np.eye(3).ravel()
    return {"box": [float(value) + 0.0 for value in (*centre, *axes)]}


def _tile(node: Node, fallback: F64 | None) -> dict[str, Any]:
    box = node.whole()
    box = fallback if box is None else box
    result: dict[str, Any] = {"boundingVolume": _volume(box), "geometricError": node.error}
    if node.refine is not None:
        result["refine"] = node.refine
    if node.uri is not None:
        result["content"] = {"uri": node.uri}
        if node.box is not None and node.children:
            result["content"]["boundingVolume"] = _volume(_outward(node.box))
    if node.children:
        result["children"] = [_tile(child, box) for child in node.children]
    return result


def tileset_json(root: Node, transform: list[float], refine: str) -> str:
    """The document. transform: 16 numbers, park frame → geocentric; refine: ADD or REPLACE."""
    box = root.whole()
    diagonal = 0.0 if box is None else float(np.linalg.norm(box[3:] - box[:3]))
    head = _tile(root, None)
    document = {
        "asset": {"version": "1.1", "generator": "parktwin"},
        "geometricError": round(max(diagonal, root.error), 3) + 0.001,
        "root": {"transform": transform, "refine": refine, **head},
    }
    return json.dumps(document, separators=(",", ":"), allow_nan=False)
