"""The made-up site as others bring it: a node and a mesh per element, flat normals, no compression but gzip; as one GLB or tile by tile."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pyarrow as pa

from scenes.tiles.result import TilesResult
from tests.bench.parts import F64, I64
from tests.bench.scale import COLOURS, Mesh, Site

FLOAT, UINT, TRIANGLES = 5126, 5125, 4


def write(made: Site, path: Path, rows: I64 | None = None) -> int:
    """Write these objects (all by default) as a GLB, y up; returns its triangles as drawn. Shapes that repeat are one mesh with many nodes."""
    shape, place = np.concatenate(made.shape), np.concatenate(made.place)
    rows = np.arange(len(shape)) if rows is None else rows
    used, mesh_of = np.unique(shape[rows], return_inverse=True)
    glb = _Glb()
    meshes = [glb.mesh(*made.meshes[index]) for index in used.tolist()]
    nodes = [
        {"name": made.ids[row], "mesh": mesh, "translation": [x, z, -y]}
        for row, mesh, (x, y, z) in zip(rows.tolist(), mesh_of.tolist(), place[rows].tolist(), strict=True)
    ]
    glb.write(path, nodes, meshes)
    return int(np.array([len(made.meshes[index][0][1]) for index in used.tolist()])[mesh_of].sum())


def write_tiles(made: Site, result: TilesResult, tiles: Path, out: Path) -> None:
    """The tileset of `tiles` with the same tree, each tile's objects as a mesh of their own; without what stands for others from afar."""
    out.mkdir(parents=True)
    planned = [tile.statistics for tile in result.drawn]
    tileset = json.loads((tiles / "tileset.json").read_text(encoding="utf-8"))
    tileset["root"] = without_stand_ins(tileset["root"], {tile.uri for tile in planned})
    (out / "tileset.json").write_text(json.dumps(tileset), encoding="utf-8")
    numbers = {id_: number for number, id_ in enumerate(made.ids)}
    table_ids = pa.concat_tables(made.tables).column("id").to_pylist()
    by_ordinal = np.argsort(result.ordinal)
    at = 0
    for tile in planned:
        rows = by_ordinal[at : at + tile.features]
        write(made, out / tile.uri, np.array([numbers[table_ids[row]] for row in rows.tolist()]))
        at += tile.features


def without_stand_ins(tile: dict, planned: set[str]) -> dict:
    """A tile that holds objects of its own, or what it stands for."""
    children = [without_stand_ins(child, planned) for child in tile.get("children", ())]
    if "content" in tile and tile["content"]["uri"] not in planned:
        (only,) = children
        return {**only, **({"transform": tile["transform"]} if "transform" in tile else {})}
    return {**tile, "children": children} if children else tile


class _Glb:
    """A document being put together, with its buffer."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.views: list[dict] = []
        self.accessors: list[dict] = []
        self.at = 0

    def accessor(self, data: np.ndarray, kind: int, shape: str, **more: object) -> int:
        raw = data.tobytes()
        self.chunks.append(raw)
        self.views.append({"buffer": 0, "byteOffset": self.at, "byteLength": len(raw)})
        count = data.size if shape == "SCALAR" else len(data)
        self.accessors.append({"bufferView": len(self.views) - 1, "componentType": kind, "count": count, "type": shape, **more})  # fmt: skip
        self.at += len(raw)
        return len(self.accessors) - 1

    def mesh(self, mesh: Mesh, class_: str) -> dict:
        points, faces = mesh
        corners = points[faces].astype(np.float32)
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normal = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
        both: F64 = np.concatenate((corners.reshape(-1, 3), np.repeat(normal, 3, axis=0).round(5)), axis=1)
        unique, index = np.unique(both, axis=0, return_inverse=True)
        vertices = np.ascontiguousarray(unique[:, [0, 2, 1, 3, 5, 4]] * np.array([1, 1, -1, 1, 1, -1]), np.float32)
        low, high = vertices[:, :3].min(axis=0).tolist(), vertices[:, :3].max(axis=0).tolist()
        attributes = {
            "POSITION": self.accessor(vertices[:, :3].copy(), FLOAT, "VEC3", min=low, max=high),
            "NORMAL": self.accessor(vertices[:, 3:].copy(), FLOAT, "VEC3"),
        }
        indices = self.accessor(index.astype(np.uint32).ravel(), UINT, "SCALAR")
        return {"primitives": [{"attributes": attributes, "indices": indices, "mode": TRIANGLES, "material": list(COLOURS).index(class_)}]}  # fmt: skip

    def write(self, path: Path, nodes: list[dict], meshes: list[dict]) -> None:
        colours = [{"pbrMetallicRoughness": {"baseColorFactor": [*rgb, 1], "metallicFactor": 0, "roughnessFactor": 1}} for rgb in COLOURS.values()]  # fmt: skip
        document = {
            "asset": {"version": "2.0"},
            "scene": 0,
            "scenes": [{"nodes": list(range(len(nodes)))}],
            "nodes": nodes,
            "meshes": meshes,
            "materials": colours,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": self.at}],
        }
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        body = b"".join(self.chunks)
        with path.open("wb") as out:
            out.write(struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(body)))
            out.write(struct.pack("<I4s", len(text), b"JSON") + text)
            out.write(struct.pack("<I4s", len(body), b"BIN\0") + body)
