"""Feature ids: EXT_mesh_features of primitives, EXT_instance_features of nodes."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.check.gltf.document import Array, Document
from scenes.tiles.check.gltf.textures import TEXTURE, check_texture, sample
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.shape import Field, Table, check_object, mapping, objects

MESH, INSTANCE = "EXT_mesh_features", "EXT_instance_features"
INSTANCING = "EXT_mesh_gpu_instancing"
FEATURE: Table = {
    "featureCount": Field("integer", required=True, low=1),
    "nullFeatureId": Field("integer", low=0),
    "label": Field("string", pattern=r"[a-zA-Z_][a-zA-Z0-9_]*"),
    "attribute": Field("integer", low=0),
    "texture": Field("object", fields=TEXTURE),
    "propertyTable": Field("integer", low=0),
}
FEATURES: Table = {"featureIds": Field("array", required=True, length=(1, None), items=Field("object", fields=FEATURE))}


def check_features(issues: Issues, document: Document) -> None:
    """Judge the feature ids of all primitives and nodes."""
    for i, mesh in enumerate(objects(document.get("meshes"))):
        for j, primitive in enumerate(objects(mesh.get("primitives"))):
            raw = mapping(primitive.get("extensions")).get(MESH)
            if raw is not None:
                path = f"/meshes/{i}/primitives/{j}/extensions/{MESH}"
                _features(issues, document, path, raw, primitive.get("attributes") or {})
    for i, node in enumerate(objects(document.get("nodes"))):
        extensions = mapping(node.get("extensions"))
        if extensions.get(INSTANCE) is None:
            continue
        path = f"/nodes/{i}/extensions/{INSTANCE}"
        instancing = extensions.get(INSTANCING)
        if instancing is None:
            issues.add("INVALID_GLTF_STRUCTURE", path, f"{INSTANCE} needs {INSTANCING} on the node")
        else:
            _features(issues, document, path, extensions[INSTANCE], instancing.get("attributes") or {})


def _features(issues: Issues, document: Document, path: str, raw: Any, attributes: dict[str, int]) -> None:
    if not check_object(issues, path, raw, FEATURES):
        return
    for index, feature in enumerate(raw["featureIds"]):
        where = f"{path}/featureIds/{index}"
        rows = _rows(issues, document, where, feature)
        if rows is None:
            continue
        ids = _ids(issues, document, where, feature, attributes)
        if ids is not None:
            _judge(issues, where, feature, ids, rows)


def _rows(issues: Issues, document: Document, path: str, feature: dict[str, Any]) -> int | None:
    """Rows of the property table, 0 without one; None where it does not exist."""
    table = feature.get("propertyTable")
    if table is None:
        return 0
    if document.metadata is None:
        issues.add("INVALID_GLTF_STRUCTURE", path, "propertyTable needs EXT_structural_metadata in the glTF")
        return None
    tables = objects(document.metadata.get("propertyTables"))
    if table >= len(tables):
        issues.add("VALUE_NOT_IN_RANGE", f"{path}/propertyTable", f"there are {len(tables)} property tables")
        return None
    return int(tables[table]["count"])


def _ids(
    issues: Issues, document: Document, path: str, feature: dict[str, Any], attributes: dict[str, int]
) -> Array | None:
    if feature.get("texture") is not None:
        if not check_texture(issues, document, f"{path}/texture", feature["texture"], attributes):
            return None
        pixels = sample(document, feature["texture"]).reshape(-1, len(feature["texture"].get("channels") or [0]))
        # The first channel is the lowest byte (EXT_mesh_features, feature id textures).
        return np.asarray((pixels.astype(np.int64) << (8 * np.arange(pixels.shape[1]))).sum(axis=1))
    if feature.get("attribute") is None:
        return None  # implicit ids: vertices or instances by their index
    name = f"_FEATURE_ID_{feature['attribute']}"
    if name not in attributes:
        issues.add("IDENTIFIER_NOT_FOUND", f"{path}/attribute", f"there is no attribute {name}")
        return None
    accessor = document.json["accessors"][attributes[name]]
    if accessor["type"] != "SCALAR" or accessor.get("normalized"):
        issues.add("INVALID_GLTF_STRUCTURE", f"{path}/attribute", f"{name} has to be SCALAR and not normalized")
        return None
    return document.accessor(attributes[name]).ravel()


def _judge(issues: Issues, path: str, feature: dict[str, Any], ids: Array, rows: int) -> None:
    ids = np.unique(ids)
    if feature.get("nullFeatureId") is not None:
        ids = ids[ids != feature["nullFeatureId"]]
    if not len(ids):
        return
    if (ids != np.floor(ids)).any() or ids[0] < 0:
        issues.add("VALUE_NOT_IN_RANGE", path, f"{ids[0]} is no feature id: whole numbers from 0 on are")
    elif rows and ids[-1] >= rows:
        message = f"feature id {int(ids[-1])} has no row in the property table of {rows}"
        issues.add("VALUE_NOT_IN_RANGE", path, message)
    elif len(ids) > feature["featureCount"]:
        message = f"featureCount is {feature['featureCount']}, but there are {len(ids)} feature ids"
        issues.add("FEATURE_COUNT_MISMATCH", f"{path}/featureCount", message)
