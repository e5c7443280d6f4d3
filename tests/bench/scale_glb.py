"""The made-up site as others bring it: one GLB with a node and a mesh per element, flat normals, no compression but gzip."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np

from tests.bench.scale import COLOURS, Site

FLOAT, UINT, TRIANGLES = 5126, 5125, 4


def write(made: Site, path: Path) -> int:
    """Write the GLB, y up; returns its triangles as drawn. Shapes that repeat are one mesh with many nodes."""
    chunks: list[bytes] = []
    views: list[dict] = []
    accessors: list[dict] = []
    at = 0

    def accessor(data: np.ndarray, kind: int, shape: str, **more: object) -> int:
        nonlocal at
        raw = data.tobytes()
        chunks.append(raw)
        views.append({"buffer": 0, "byteOffset": at, "byteLength": len(raw)})
        accessors.append({"bufferView": len(views) - 1, "componentType": kind, "count": data.size if shape == "SCALAR" else len(data), "type": shape, **more})  # fmt: skip
        at += len(raw)
        return len(accessors) - 1

    names = list(COLOURS)
    meshes, triangles = [], []
    for (points, faces), class_ in made.meshes:
        corners = points[faces].astype(np.float32)
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normal = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
        both = np.concatenate((corners.reshape(-1, 3), np.repeat(normal, 3, axis=0).round(5)), axis=1)
        unique, index = np.unique(both, axis=0, return_inverse=True)
        vertices = np.ascontiguousarray(unique[:, [0, 2, 1, 3, 5, 4]] * np.array([1, 1, -1, 1, 1, -1]), np.float32)
        low, high = vertices[:, :3].min(axis=0).tolist(), vertices[:, :3].max(axis=0).tolist()
        attributes = {
            "POSITION": accessor(vertices[:, :3].copy(), FLOAT, "VEC3", min=low, max=high),
            "NORMAL": accessor(vertices[:, 3:].copy(), FLOAT, "VEC3"),
        }
        indices = accessor(index.astype(np.uint32).ravel(), UINT, "SCALAR")
        meshes.append({"primitives": [{"attributes": attributes, "indices": indices, "mode": TRIANGLES, "material": names.index(class_)}]})  # fmt: skip
        triangles.append(len(faces))
    nodes = [{"name": id_, "mesh": index, "translation": [x, z, -y]} for id_, index, (x, y, z) in made.placed]
    colours = [{"pbrMetallicRoughness": {"baseColorFactor": [*rgb, 1], "metallicFactor": 0, "roughnessFactor": 1}} for rgb in COLOURS.values()]  # fmt: skip
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(nodes)))}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": colours,
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": at}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(chunks)
    with path.open("wb") as out:
        out.write(struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(body)))
        out.write(struct.pack("<I4s", len(text), b"JSON") + text)
        out.write(struct.pack("<I4s", len(body), b"BIN\0") + body)
    return sum(triangles[index] for _, index, _ in made.placed)
