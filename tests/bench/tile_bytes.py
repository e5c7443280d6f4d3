"""What the bytes of tiles are spent on, after gzip."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path

PARTS = ("geometry", "lines", "ids", "tables")
"""geometry: positions, normals, colours, triangles, places of instances, texture coordinates, images; lines: edge lines,
their indices and what only they use; ids: feature ids; tables: property tables and the JSON chunk."""
LINES = 1
IDS = "_FEATURE_ID_0"


def spent(tiles: list[Path], level: int = 6) -> dict[str, int]:
    """Bytes of each part, the streams of a part in one file packed alone; together within some percent of the whole."""
    total = dict.fromkeys(PARTS, 0)
    for path in tiles:
        for part, streams in _streams(path.read_bytes()).items():
            total[part] += len(gzip.compress(streams, level)) if streams else 0
    return total


def _streams(data: bytes) -> dict[str, bytes]:
    """The bytes of each part of a GLB, as they stand in it."""
    (length,) = struct.unpack_from("<I", data, 12)
    text = data[20 : 20 + length]
    model, binary = json.loads(text), data[28 + length :]
    part = _parts(model)
    streams = {name: [] for name in PARTS}
    for index, view in enumerate(model.get("bufferViews", [])):
        stored = view.get("extensions", {}).get("EXT_meshopt_compression", view)
        start = stored.get("byteOffset", 0)
        streams[part.get(index, "tables")].append(binary[start : start + stored["byteLength"]])
    streams["tables"].append(text)
    return {name: b"".join(some) for name, some in streams.items()}


def _parts(model: dict) -> dict[int, str]:
    """The part that a buffer view belongs to: geometry before lines, where both use it; tables where none does."""
    part: dict[int, str] = {}

    def claim(accessor: int, name: str) -> None:
        part.setdefault(model["accessors"][accessor]["bufferView"], name)

    primitives = [one for mesh in model.get("meshes", []) for one in mesh["primitives"]]
    for primitive in sorted(primitives, key=lambda one: one.get("mode") == LINES):
        name = "lines" if primitive.get("mode") == LINES else "geometry"
        for attribute, accessor in primitive["attributes"].items():
            claim(accessor, "ids" if attribute == IDS else name)
        claim(primitive["indices"], name)
    for node in model.get("nodes", []):
        placed = node.get("extensions", {}).get("EXT_mesh_gpu_instancing", {}).get("attributes", {})
        for attribute, accessor in placed.items():
            claim(accessor, "ids" if attribute == IDS else "geometry")
    for image in model.get("images", []):
        part[image["bufferView"]] = "geometry"
    return part
