"""Write one tile mesh as GLB."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from scenes.tiles.arrays import F64, U32, y_up
from scenes.tiles.glb.buffers import MESHOPT, Buffers
from scenes.tiles.glb.container import pack
from scenes.tiles.glb.names_apart import APART, NAMES
from scenes.tiles.glb.primitives import (
    FEATURES,
    INSTANCE_FEATURES,
    INSTANCING,
    Materials,
    write_instances,
    write_primitive,
)
from scenes.tiles.glb.quantise import Grid
from scenes.tiles.glb.table import METADATA, property_table
from scenes.tiles.glb.textures import WEBP, write_pages
from scenes.tiles.mesh import EDGES, TileMesh

VERTICES_PER_PLACE = 10
"""Of an instanced mesh: with more of them a coarser grid saves more than rounded places do."""


def write_glb(
    mesh: TileMesh, ordinal: U32, columns: pa.Table, *, compress: bool = True, names: str | None = None
) -> tuple[bytes, F64 | None]:
    """The GLB, and the box (6,) of what it holds in the park frame (None where it draws nothing).

    ordinal: (features,); columns: gid, name, class, storey of the features. names: the file beside it that holds the
    columns of `names_apart.APART` in its stead.
    """
    buffers, materials = Buffers(compress=compress), Materials(mesh.pages)
    nodes: list[dict[str, Any]] = []
    meshes: list[dict[str, Any]] = []
    boxes: list[F64] = []
    centre = y_up(mesh.centre[None])[0]
    translation = [float(value) for value in centre + 0.0]
    if mesh.primitives:
        grid = Grid.over(max(float(np.abs(item.position).max()) for item in mesh.primitives), mesh.step)
        written = [write_primitive(buffers, materials, item, grid) for item in mesh.primitives]
        node: dict[str, Any] = {"mesh": 0, "translation": translation}
        if grid.scale != 1:
            node["scale"] = [grid.scale] * 3
        nodes.append(node)
        meshes.append({"primitives": [primitive for some, _ in written for primitive in some]})
        boxes += [box for _, box in written]
    for instances in mesh.instances:
        if not instances.primitives:
            continue
        reach = max(float(np.abs(item.position).max()) for item in instances.primitives)
        rounded = len(instances.feature) * VERTICES_PER_PLACE > sum(len(item.position) for item in instances.primitives)
        grid = Grid.over(reach, scale=float(instances.scale.max()), rounded=rounded)
        written = [write_primitive(buffers, materials, item, grid) for item in instances.primitives]
        extensions = write_instances(buffers, instances, grid, rounded=rounded)
        nodes.append({"mesh": len(meshes), "translation": translation, "extensions": extensions})
        meshes.append({"primitives": [primitive for some, _ in written for primitive in some]})
    images = write_pages(buffers, mesh.pages)
    columns = columns if names is None else columns.drop_columns(list(APART))
    table = property_table(buffers, ordinal, columns)  # last, because renaming writes it anew
    views, binary = buffers.finish()
    used = [METADATA]
    if any(item.feature is not None for item in mesh.primitives):
        used.append(FEATURES)
    required = ["KHR_mesh_quantization"] if meshes else []
    instanced = any("extensions" in node for node in nodes)
    if instanced:
        used.append(INSTANCE_FEATURES)
        required.append(INSTANCING)
    if len(views) > 1:
        required.append(MESHOPT)
    if mesh.pages:
        required.append(WEBP)
    if EDGES in materials:
        used.append("KHR_materials_unlit")
    scene: dict[str, Any] = {"nodes": list(range(len(nodes)))} if nodes else {}
    if names is not None:
        scene["extras"] = {NAMES: names}
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "parktwin"},
        "extensionsUsed": sorted(used + required),
        "extensionsRequired": sorted(required),
        "scene": 0,
        "scenes": [scene],
        "nodes": nodes,
        "meshes": meshes,
        "materials": materials.list,
        **images,
        "accessors": buffers.accessors,
        "bufferViews": buffers.views,
        "buffers": views,
        "extensions": {METADATA: table},
    }
    return pack({key: value for key, value in document.items() if value != []}, binary), _box(boxes, centre)


def _box(boxes: list[F64], centre: F64) -> F64 | None:
    """(6,) in park axes, from (2, 3) boxes in glTF axes around the centre."""
    if not boxes:
        return None
    low = np.min([box[0] for box in boxes], axis=0) + centre
    high = np.max([box[1] for box in boxes], axis=0) + centre
    return np.array([low[0], -high[2], low[1], high[0], -low[2], high[1]])
