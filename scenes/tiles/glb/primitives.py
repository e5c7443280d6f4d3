"""glTF primitives and instanced nodes from tile meshes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import meshopt
import numpy as np

from scenes.tiles.arrays import F64, I64, order_of
from scenes.tiles.glb.buffers import Buffers
from scenes.tiles.glb.quantise import Grid
from scenes.tiles.glb.textures import textured_material, write_uv
from scenes.tiles.mesh import EDGES, OPAQUE, TRANSPARENT, Instances, Primitive
from scenes.tiles.textures import Page

FEATURES, INSTANCING, INSTANCE_FEATURES = "EXT_mesh_features", "EXT_mesh_gpu_instancing", "EXT_instance_features"
PLACE_BITS = 12
LINES = 1
"""glTF's mode."""
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
) -> tuple[list[dict[str, Any]], F64]:
    """A primitive and, between the same vertices, its edges; also the box (2, 3) of its rounded positions in metres.

    Vertices stand in the order in which triangles use them; ends of edges that no triangle uses follow.
    """
    lines = primitive.material == EDGES
    indices, place, used = meshopt.reorder_mesh(primitive.indices.astype(np.uint32).ravel(), not lines, not lines)
    place = _placed(place.astype(np.int64), used, len(primitive.position), primitive.edges)
    kept = np.flatnonzero(place >= 0)
    order = np.empty(len(kept), np.int64)
    order[place[kept]] = kept
    stored = grid.quantise(primitive.position.take(order, axis=0))
    shared = {"POSITION": buffers.vertices(stored.data, bounds=True, exponent=stored.exponent, for_gzip=True)}
    attributes = dict(shared)
    if primitive.normal is not None:
        attributes["NORMAL"] = buffers.normals(primitive.normal.take(order, axis=0))
    if primitive.colour is not None:
        attributes["COLOR_0"] = buffers.vertices(primitive.colour.take(order, axis=0), normalized=True)
    if primitive.uv is not None:
        attributes["TEXCOORD_0"] = write_uv(buffers, primitive.uv[order])
    extensions: dict[str, Any] = {}
    if primitive.feature is not None:
        feature = primitive.feature[order].astype(np.uint16)
        shared["_FEATURE_ID_0"] = attributes["_FEATURE_ID_0"] = buffers.vertices(feature)
        ids = {"featureCount": int(np.count_nonzero(np.bincount(feature))), "attribute": 0, "propertyTable": 0}
        extensions = {"extensions": {FEATURES: {"featureIds": [ids]}}}
    result: dict[str, Any] = {
        "attributes": attributes,
        "indices": buffers.indices(indices, "INDICES" if lines else "TRIANGLES"),
        "material": materials.index(primitive.material, primitive.page),
        **({"mode": LINES} if lines else {}),
        **extensions,
    }
    written = [result]
    if primitive.edges is not None:
        ends = np.sort(place[primitive.edges], axis=1)
        ends = ends[order_of(ends[:, 0] * len(order) + ends[:, 1])]
        edges = {"attributes": shared, "indices": buffers.indices(ends.astype(np.uint32), "INDICES")}
        written.append({**edges, "material": materials.index(EDGES), "mode": LINES, **extensions})
    box = np.stack((stored.data.min(axis=0), stored.data.max(axis=0))).astype(np.float64) * stored.scale
    return written, box


def _placed(place: I64, used: int, count: int, edges: I64 | None) -> I64:
    """The new place of each of `count` vertices, -1 for those that nothing uses. place: after reordering by triangles."""
    result = np.full(count, -1, np.int64)
    result[: len(place)] = np.where(place < used, place, -1)
    if edges is not None:
        more = np.unique(edges[result[edges] < 0])
        result[more] = used + np.arange(len(more))
    return result


def write_instances(buffers: Buffers, instances: Instances, grid: Grid, *, rounded: bool) -> dict[str, Any]:
    """The extensions of a node that draws one mesh at several places; the grid's step stands in the scale.

    rounded: places to 2^-12 m (an error below 0.13 mm along each axis), so that they pack well.
    """
    place = instances.translation
    if rounded:
        place = np.ldexp(np.rint(np.ldexp(place, PLACE_BITS)), -PLACE_BITS)
    attributes = {"TRANSLATION": buffers.instances(place.astype(np.float32))}
    if np.abs(instances.rotation[:, :3]).max() > 0:
        attributes["ROTATION"] = buffers.instances(instances.rotation.astype(np.float32))
    attributes["SCALE"] = buffers.instances((instances.scale * grid.scale).astype(np.float32))
    attributes["_FEATURE_ID_0"] = buffers.instances(instances.feature.astype(np.uint16))
    ids = {"featureCount": len(np.unique(instances.feature)), "attribute": 0, "propertyTable": 0}
    return {INSTANCING: {"attributes": attributes}, INSTANCE_FEATURES: {"featureIds": [ids]}}
