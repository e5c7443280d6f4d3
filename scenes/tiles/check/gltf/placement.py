"""Whether what a glTF draws lies inside its tile's bounding volume."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scenes.tiles.arrays import F64
from scenes.tiles.check.containment import CORNERS, outside
from scenes.tiles.check.gltf.document import Broken, Document, normalized
from scenes.tiles.check.issues import Issues, Severity
from scenes.tiles.check.run import Where
from scenes.tiles.check.shape import mapping

Z_UP = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
"""glTF's y up → z up, as 3D Tiles turns contents."""
MOST = 50_000_000
"""Points (times instances) that are looked at one by one."""


def check_placement(issues: Issues, document: Document, where: Where) -> bool:
    """Judge the positions of all primitives, by their accessors' boxes first, then one by one."""
    assert where.volume is not None  # noqa: S101 - callers ask only with one
    if mapping(document.get("extensions")).get("CESIUM_RTC") is not None:
        return True
    fine = True
    for node, matrices in _drawn(document):
        mesh = document.json["nodes"][node]["mesh"]
        for index, primitive in enumerate(document.json["meshes"][mesh]["primitives"]):
            position = (primitive.get("attributes") or {}).get("POSITION")
            if position is None or document.json["accessors"][position].get("sparse") is not None:
                continue
            gap = _gap(document, where.volume, position, matrices)
            if gap:
                path = f"/meshes/{mesh}/primitives/{index}"
                message = f"positions of node {node} lie {gap:.3g} m outside the tile's bounding volume"
                severity: Severity = "ERROR" if where.strict else "WARNING"
                fine = issues.add("CONTENT_OUTSIDE_BOUNDING_VOLUME", path, message, severity=severity)
    return fine


def _gap(document: Document, volume: dict[str, Any], position: int, matrices: F64) -> float:
    item = document.json["accessors"][position]
    low, high = (normalized(np.asarray(item[key]), item) for key in ("min", "max"))
    corners = (low + high) / 2 + CORNERS * (high - low) / 2
    gap = outside(volume, _move(corners, matrices))
    if not gap:
        return 0.0
    # A turned box is larger than what is in it, so only the points themselves can tell.
    if item["count"] * len(matrices) > MOST:
        return 0.0
    points = document.real(position)
    return max(outside(volume, _move(points, matrix[None])) or 0.0 for matrix in matrices)


def _move(points: F64, matrices: F64) -> F64:
    moved = np.einsum("kij,nj->kni", matrices[:, :3, :3], points) + matrices[:, None, :3, 3]
    return np.asarray(moved.reshape(-1, 3), np.float64)


def _drawn(document: Document) -> Iterator[tuple[int, F64]]:
    """Nodes with a mesh in the scenes, and (k, 4, 4) of each: once, or per instance, in the tile's frame."""
    nodes = document.get("nodes") or []
    scene = document.get("scenes", document.get("scene") or 0) or {}
    stack = [(index, Z_UP) for index in scene.get("nodes") or []]
    seen = 0
    while stack:
        index, above = stack.pop()
        seen += 1
        if seen > len(nodes):
            raise Broken("the nodes are no tree")
        node = nodes[index]
        matrix = above @ _local(node)
        stack.extend((child, matrix) for child in node.get("children") or [])
        if node.get("mesh") is not None:
            yield index, matrix @ _instances(document, node)


def _local(node: dict[str, Any]) -> F64:
    if node.get("matrix") is not None:
        return np.asarray(node["matrix"], np.float64).reshape(4, 4).T
    (local,) = _compose(
        np.asarray([node.get("translation") or [0, 0, 0]], np.float64),
        np.asarray([node.get("rotation") or [0, 0, 0, 1]], np.float64),
        np.asarray([node.get("scale") or [1, 1, 1]], np.float64),
    )
    return np.asarray(local, np.float64)


def _instances(document: Document, node: dict[str, Any]) -> F64:
    raw = mapping(mapping(node.get("extensions")).get("EXT_mesh_gpu_instancing")).get("attributes")
    given = {name: document.real(i) for name, i in mapping(raw).items() if name in {"TRANSLATION", "ROTATION", "SCALE"}}
    if not given:
        return np.eye(4)[None]
    count = len(next(iter(given.values())))
    empty = {"TRANSLATION": [0, 0, 0], "ROTATION": [0, 0, 0, 1], "SCALE": [1, 1, 1]}
    parts = {name: given.get(name, np.tile(np.asarray(one, np.float64), (count, 1))) for name, one in empty.items()}
    return _compose(parts["TRANSLATION"], parts["ROTATION"], parts["SCALE"])


def _compose(translation: F64, rotation: F64, scale: F64) -> F64:
    """(k, 3), (k, 4) x y z w, (k, 3) → (k, 4, 4)."""
    x, y, z, w = (rotation / np.linalg.norm(rotation, axis=1, keepdims=True)).T
    result = np.zeros((len(translation), 4, 4))
    result[:, :3, 0] = np.column_stack((1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)))
    result[:, :3, 1] = np.column_stack((2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)))
    result[:, :3, 2] = np.column_stack((2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)))
    result[:, :3, :3] *= scale[:, None, :]
    result[:, :3, 3] = translation
    result[:, 3, 3] = 1
    return result
