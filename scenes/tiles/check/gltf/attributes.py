"""Property attributes: metadata in vertex attributes."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.check.columns import check_limits
from scenes.tiles.check.gltf.document import Document
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import Property
from scenes.tiles.check.shape import Field, Table
from scenes.tiles.check.values import check_shape

ATTRIBUTE: Table = {
    "name": Field("string"),
    "class": Field("string", required=True),
    "properties": Field(
        "object", least=1, values=Field("object", fields={"attribute": Field("string", required=True)})
    ),
}
COMPONENTS = {5120: "INT8", 5121: "UINT8", 5122: "INT16", 5123: "UINT16", 5126: "FLOAT32"}
Readers = list[tuple[str, dict[str, int]]]
"""The primitives that use a property texture or attribute: their place and attributes."""


def check_attribute(
    issues: Issues,
    document: Document,
    path: str,
    raw: dict[str, Any],
    properties: dict[str, Property],
    readers: Readers,
) -> bool:
    """Judge one property attribute and the values of the primitives that use it."""
    fine = True
    for name, given in (raw.get("properties") or {}).items():
        where = f"{path}/properties/{name}"
        prop = properties.get(name)
        if prop is None:
            fine = issues.add("IDENTIFIER_NOT_FOUND", where, f"class {raw['class']} has no property {name!r}")
        elif _type(issues, where, prop) and check_overrides(issues, where, prop, given):
            fine &= _values(issues, document, where, prop, given, readers)
        else:
            fine = False
    return fine


def _type(issues: Issues, path: str, prop: Property) -> bool:
    kind = "INVALID_METADATA_PROPERTY_TYPE"
    if prop.array:
        return issues.add(kind, path, "a vertex attribute holds no arrays")
    if prop.type in {"STRING", "BOOLEAN"}:
        return issues.add(kind, path, f"a vertex attribute holds no {prop.type}")
    if prop.component not in COMPONENTS.values():
        return issues.add(kind, path, f"a vertex attribute has no components of type {prop.component}")
    return True


def check_overrides(issues: Issues, path: str, prop: Property, given: dict[str, Any]) -> bool:
    """Whether offset, scale, min and max that replace the class property's have its shape."""
    fine = True
    for key in ("offset", "scale", "max", "min"):
        if given.get(key) is not None:
            fine &= prop.numeric or issues.add("METADATA_MIN_MAX_FOR_NON_NUMERIC_TYPE", path, f"an enum has no {key}")
            fine = fine and check_shape(issues, f"{path}/{key}", prop, given[key], real=True)
    return fine


def _values(
    issues: Issues, document: Document, path: str, prop: Property, given: dict[str, Any], readers: Readers
) -> bool:
    parts = []
    for where, attributes in readers:
        name = given["attribute"]
        if name not in attributes:
            return issues.add("IDENTIFIER_NOT_FOUND", f"{path}/attribute", f"{where} has no attribute {name!r}")
        accessor = document.json["accessors"][attributes[name]]
        stored = COMPONENTS.get(accessor["componentType"])
        rows = document.accessor(attributes[name])
        # Integers of other sizes may be stored as floats, since glTF has no 32-bit integer attributes.
        if stored not in {prop.component, "FLOAT32"} or rows.shape[1] != prop.width:
            message = f"{accessor['type']} of {stored} in {name} for {prop.type} of {prop.component}"
            return issues.add("INVALID_GLTF_STRUCTURE", path, message)
        parts.append(rows)
    if not parts:
        return True
    rows = np.concatenate(parts)
    if prop.type == "ENUM":
        return check_enum(issues, path, prop, rows)
    return check_limits(issues, path, prop, given, rows)


def check_enum(issues: Issues, path: str, prop: Property, rows: np.ndarray[Any, Any]) -> bool:
    """Whether all stored numbers are values of the property's enum."""
    unknown = np.setdiff1d(rows, list(prop.enum.values()))
    return not len(unknown) or issues.add("VALUE_NOT_IN_LIST", path, f"the enum has no value {unknown[0]}")
