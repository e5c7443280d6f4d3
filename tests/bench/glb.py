"""What GLBs draw: triangles and square metres, by the decoder of the tiles' tests, which shares no code with the writer."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.scenes.tiles.decode import read_tiles

TRIANGLES = 4


@dataclass(frozen=True)
class Drawn:
    """triangles as drawn: an instanced mesh counts once per instance; area: m2 by ordinal, or in all under -1."""

    triangles: int
    area: dict[int, float]


def of_tiles(folder: Path) -> Drawn:
    """All tiles of a tileset. Raises where a compressed stream does not decode or an id is not in its table."""
    triangles, area = 0, {}
    for _, tile in read_tiles(folder)[1]:
        for part in tile.drawn() if tile is not None else ():
            if part.faces.shape[1] != 3:
                continue  # edge lines
            triangles += len(part.faces)
            ordinals, place = np.unique(part.ordinal[part.faces[:, 0]], return_inverse=True)
            sums = np.bincount(place, weights=_areas(part.position, part.faces))
            for ordinal, value in zip(ordinals.tolist(), sums.tolist(), strict=True):
                area[ordinal] = area.get(ordinal, 0.0) + value
    return Drawn(triangles, area)


def of_glb(path: Path) -> Drawn:
    """One plain GLB whose nodes place meshes without scaling them: floats and 32-bit indices, nothing compressed."""
    data = path.read_bytes()
    size = struct.unpack_from("<I", data, 12)[0]
    model, binary = json.loads(data[20 : 20 + size]), data[28 + size :]

    def read(index: int, kind: type, width: int) -> np.ndarray:
        accessor = model["accessors"][index]
        start = model["bufferViews"][accessor["bufferView"]].get("byteOffset", 0) + accessor.get("byteOffset", 0)
        return np.frombuffer(binary, kind, accessor["count"] * width, start)

    triangles, area = 0, 0.0
    meshes = []
    for mesh in model.get("meshes", []):
        count, size = 0, 0.0
        for part in mesh["primitives"]:
            if part.get("mode", TRIANGLES) == TRIANGLES:
                faces = read(part["indices"], np.uint32, 1).astype(np.int64).reshape(-1, 3)
                corners = read(part["attributes"]["POSITION"], np.float32, 3).astype(np.float64).reshape(-1, 3)
                count += len(faces)
                size += float(_areas(corners, faces).sum())
        meshes.append((count, size))
    # The serializer writes a product that has its shape in two contexts twice, at the same place.
    for _, mesh in {(node["name"], node["mesh"]) for node in model.get("nodes", []) if "mesh" in node}:
        triangles += meshes[mesh][0]
        area += meshes[mesh][1]
    return Drawn(triangles, {-1: area})


def _areas(position: np.ndarray, faces: np.ndarray) -> np.ndarray:
    a, b, c = (position[faces[:, n]] for n in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
