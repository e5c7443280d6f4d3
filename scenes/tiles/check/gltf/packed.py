"""Accessors in compressed buffer views, into which the glTF validator does not look."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.check.gltf.document import Document
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.shape import mapping, objects

NAME = "EXT_meshopt_compression"


def check_packed(issues: Issues, document: Document) -> None:
    """Judge declared bounds and index ranges of EXT_meshopt_compression, under the glTF validator's names."""
    views = [NAME in mapping(view.get("extensions")) for view in objects(document.get("bufferViews"))]
    if not any(views):
        return
    accessors = objects(document.get("accessors"))
    packed = [a.get("bufferView") is not None and views[a["bufferView"]] for a in accessors]
    for index, accessor in enumerate(accessors):
        if packed[index]:
            _bounds(issues, document, index, accessor)
    for i, mesh in enumerate(objects(document.get("meshes"))):
        for j, primitive in enumerate(objects(mesh.get("primitives"))):
            indices, position = primitive.get("indices"), mapping(primitive.get("attributes")).get("POSITION")
            if indices is None or position is None or not packed[indices]:
                continue
            count, faces = accessors[position]["count"], document.accessor(indices)
            if faces.size and int(faces.max()) >= count:
                message = f"index {int(faces.max())} names none of {count} vertices"
                issues.add("ACCESSOR_INDEX_OOB", f"/meshes/{i}/primitives/{j}/indices", message)


def _bounds(issues: Issues, document: Document, index: int, accessor: dict[str, Any]) -> None:
    values = document.accessor(index)
    if not len(values):
        return
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        issues.add("ACCESSOR_INVALID_FLOAT", f"/accessors/{index}", "the values hold NaN or infinity")
        return
    for name, found in (("min", values.min(axis=0)), ("max", values.max(axis=0))):
        declared = accessor.get(name)
        if declared is not None and (np.asarray(declared, np.float64).astype(values.dtype) != found).any():
            message = f"{name} is {declared}, but of the values it is {found.tolist()}"
            issues.add(f"ACCESSOR_{name.upper()}_MISMATCH", f"/accessors/{index}/{name}", message)
