"""Property textures: metadata in the channels of images."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.check.columns import check_limits
from scenes.tiles.check.gltf.attributes import Readers, check_enum, check_overrides
from scenes.tiles.check.gltf.document import Document
from scenes.tiles.check.gltf.textures import TEXTURE, check_channels, check_coordinates, sample
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import COMPONENTS, Property
from scenes.tiles.check.shape import Field, Table, every

PROPERTY_TEXTURE: Table = {
    "name": Field("string"),
    "class": Field("string", required=True),
    "properties": Field("object", least=1, values=Field("object", fields=TEXTURE)),
}


def check_property_texture(
    issues: Issues,
    document: Document,
    path: str,
    raw: dict[str, Any],
    properties: dict[str, Property],
    readers: Readers,
) -> bool:
    """Judge one property texture, its images and the primitives that use it."""
    fine = True
    for name, given in (raw.get("properties") or {}).items():
        where = f"{path}/properties/{name}"
        prop = properties.get(name)
        if prop is None:
            fine = issues.add("IDENTIFIER_NOT_FOUND", where, f"class {raw['class']} has no property {name!r}")
            continue
        fine &= (
            _type(issues, where, prop)
            and check_channels(issues, document, where, given)
            and every(check_coordinates(issues, where, given, attributes) for _, attributes in readers)
            and check_overrides(issues, where, prop, given)
            and _values(issues, document, where, prop, given)
        )
    return fine


def _type(issues: Issues, path: str, prop: Property) -> bool:
    kind = "INVALID_METADATA_PROPERTY_TYPE"
    if prop.type == "STRING":
        return issues.add(kind, path, "a texture holds no strings")
    if prop.variable:
        return issues.add(kind, path, "a texture holds no arrays of variable length")
    return True


def _values(issues: Issues, document: Document, path: str, prop: Property, given: dict[str, Any]) -> bool:
    channels = given.get("channels") or [0]
    dtype = np.dtype(COMPONENTS.get(prop.component, "<u1"))
    size = dtype.itemsize * prop.width * (prop.count or 1)
    if len(channels) != size:
        message = f"{len(channels)} channels for values of {size} bytes"
        return issues.add("TEXTURE_CHANNELS_SIZE_MISMATCH", f"{path}/channels", message)
    if prop.type == "BOOLEAN":
        return True
    pixels = np.ascontiguousarray(sample(document, given).reshape(-1, size)).view(dtype)
    if prop.type == "ENUM":
        return check_enum(issues, path, prop, pixels)
    return check_limits(issues, path, prop, given, pixels)
