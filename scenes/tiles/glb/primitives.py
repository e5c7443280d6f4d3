"""glTF primitives and instanced nodes from tile meshes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import meshopt
import numpy as np

from scenes.tiles.arrays import F64
from scenes.tiles.glb.buffers import Buffers
from scenes.tiles.glb.quantise import Grid
from scenes.tiles.glb.textures import textured_material, write_uv
from scenes.tiles.mesh import EDGES, OPAQUE, TRANSPARENT, Instances, Primitive
from scenes.tiles.textures import Page

FEATURES, INSTANCING, INSTANCE_FEATURES = "EXT_mesh_features", "EXT_mesh_gpu_instancing", "EXT_instance_features"
MATERIALS: dict[str, dict[str, Any]] = {
    OPAQUE: {
        "name": OPAQUE,
        "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 0.9},
        "doubleSided": True,
    },
    TRANSPARENT: {
        "name": TRANSPARENT,
        "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 0.9},
        "alphaMode": "BLEND",
        "doubleSided": True,
    },
    EDGES: {
        "name": EDGES,
        "pbrMetallicRoughness": {"baseColorFactor": [0.02, 0.025, 0.035, 1], "metallicFactor": 0, "roughnessFactor": 1},
        "extensions": {"KHR_materials_unlit": {}},
    },
}


class Materials:
    """Materials in the order of first use; textured ones by the page they show."""

    def __init__(self, pages: Sequence[Page] = ()) -> None:
        self._pages = pages
        self._index: dict[tuple[str, int | None], int] = {}

    def index(self, name: str, page: int | None = None) -> int:
        """Number of a material class in this file."""
        return self._index.setdefault((name, page), len(self._index))

    @property
    def list(self) -> list[dict[str, Any]]:
        """The glTF `materials`."""
        return [
            MATERIALS[name] if page is None else textured_material(page, self._pages[page])
            for name, page in self._index
        ]

    def __contains__(self, name: str) -> bool:
        return any(name == known for known, _ in self._index)


def write_primitive(
    buffers: Buffers, materials: Materials, primitive: Primitive, grid: Grid
) -> tuple[dict[str, Any], F64]:
    """One primitive, its vertices in the order of use; also the box (2, 3) of its rounded positions in metres."""
    lines = primitive.material == EDGES
    indices, new_place, used = meshopt.reorder_mesh(primitive.indices.astype(np.uint32).ravel(), not lines, not lines)
    order = np.empty(used, np.int64)
    kept = new_place < used
    order[new_place[kept]] = np.flatnonzero(kept)
    stored = grid.quantise(primitive.position[order])
    attributes = {"POSITION": buffers.vertices(stored.data, bounds=True, exponent=stored.exponent)}
    if primitive.normal is not None:
        normal = np.rint(primitive.normal[order] * 127).astype(np.int8)
        attributes["NORMAL"] = buffers.vertices(normal, normalized=True)
    if primitive.colour is not None:
        attributes["COLOR_0"] = buffers.vertices(primitive.colour[order], normalized=True)
    if primitive.uv is not None:
        attributes["TEXCOORD_0"] = write_uv(buffers, primitive.uv[order])
    if primitive.feature is not None:
        attributes["_FEATURE_ID_0"] = buffers.vertices(primitive.feature[order].astype(np.uint16))
    result: dict[str, Any] = {
        "attributes": attributes,
        "indices": buffers.indices(indices, "INDICES" if lines else "TRIANGLES"),
        "material": materials.index(primitive.material, primitive.page),
    }
    if lines:
        result["mode"] = 1
    if primitive.feature is not None:
        ids = {"featureCount": len(np.unique(primitive.feature)), "attribute": 0, "propertyTable": 0}
        result["extensions"] = {FEATURES: {"featureIds": [ids]}}
    box = np.stack((stored.data.min(axis=0), stored.data.max(axis=0))).astype(np.float64) * stored.scale
    return result, box


def write_instances(buffers: Buffers, instances: Instances, grid: Grid) -> dict[str, Any]:
    """The extensions of a node that draws one mesh at many places; the grid's step stands in the scale."""
    attributes = {
        "TRANSLATION": buffers.instances(np.ldexp(np.rint(np.ldexp(instances.translation, 12)), -12).astype(np.float32))
    }
    if np.abs(instances.rotation[:, :3]).max() > 0:
        attributes["ROTATION"] = buffers.instances(instances.rotation.astype(np.float32))
    attributes["SCALE"] = buffers.instances((instances.scale * grid.scale).astype(np.float32))
    attributes["_FEATURE_ID_0"] = buffers.instances(instances.feature.astype(np.uint16))
    ids = {"featureCount": len(np.unique(instances.feature)), "attribute": 0, "propertyTable": 0}
    return {INSTANCING: {"attributes": attributes}, INSTANCE_FEATURES: {"featureIds": [ids]}}
