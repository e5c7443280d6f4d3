"""Property tables: the object and the indices in it."""

from __future__ import annotations

from typing import Any

from scenes.tiles.check.columns import check_column
from scenes.tiles.check.entity import check_required
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import COMPONENTS, OFFSETS, Property, Schema
from scenes.tiles.check.schema import check_modifier
from scenes.tiles.check.shape import Field, Table, check_object
from scenes.tiles.check.values import check_shape

COLUMN: Table = {
    "values": Field("integer", required=True, low=0),
    "arrayOffsets": Field("integer", low=0),
    "stringOffsets": Field("integer", low=0),
    "arrayOffsetType": Field(choices=OFFSETS),
    "stringOffsetType": Field(choices=OFFSETS),
}
TABLE: Table = {
    "name": Field("string"),
    "class": Field("string", required=True),
    "count": Field("integer", required=True, low=1),
    "properties": Field("object", least=1, values=Field("object", fields=COLUMN)),
}
VIEWS = ("values", "arrayOffsets", "stringOffsets")


def check_table(issues: Issues, path: str, raw: Any, schema: Schema | None, views: list[dict[str, Any]]) -> bool:
    """Judge one property table. schema: None where it is not valid; views: the objects of the buffer views."""
    if not check_object(issues, path, raw, TABLE):
        return False
    columns, fine = raw.get("properties") or {}, True
    for name, column in columns.items():
        for key in VIEWS:
            index = column.get(key)
            if index is not None and index >= len(views):
                where = f"{path}/properties/{name}/{key}"
                fine = issues.add("VALUE_NOT_IN_RANGE", where, f"there are only {len(views)} buffer views")
    if schema is None or not fine:
        return fine
    properties = schema.classes.get(raw["class"])
    if properties is None:
        return issues.add("IDENTIFIER_NOT_FOUND", f"{path}/class", f"the schema has no class {raw['class']!r}")
    for name, column in columns.items():
        where = f"{path}/properties/{name}"
        if name not in properties:
            fine = issues.add("IDENTIFIER_NOT_FOUND", where, f"class {raw['class']} has no property {name!r}")
        else:
            fine &= _column(issues, where, properties[name], column) and _aligned(
                issues, where, properties[name], column, views
            )
    return fine and check_required(issues, path, properties, set(columns))


def _column(issues: Issues, path: str, prop: Property, column: dict[str, Any]) -> bool:
    fine = True
    if prop.variable and column.get("arrayOffsets") is None:
        fine = issues.add("REQUIRED_VALUE_NOT_FOUND", path, "an array of variable length needs arrayOffsets")
    if prop.type == "STRING" and column.get("stringOffsets") is None:
        fine = issues.add("REQUIRED_VALUE_NOT_FOUND", path, "strings need stringOffsets")
    for name in ("offset", "scale", "max", "min"):
        if column.get(name) is not None:
            fine &= check_modifier(issues, f"{path}/{name}", prop, name) and check_shape(
                issues, f"{path}/{name}", prop, column[name], real=True
            )
    return fine


def _aligned(issues: Issues, path: str, prop: Property, column: dict[str, Any], views: list[dict[str, Any]]) -> bool:
    """Whether each view starts at a multiple of its component's size."""
    kinds = {
        "values": prop.component or "UINT8",
        "arrayOffsets": column.get("arrayOffsetType") or "UINT32",
        "stringOffsets": column.get("stringOffsetType") or "UINT32",
    }
    fine = True
    for key, kind in kinds.items():
        index = column.get(key)
        start = 0 if index is None else views[index].get("byteOffset") or 0
        if start % int(COMPONENTS[kind][2:]):
            message = f"buffer view {index} of {kind} starts at byte {start}"
            fine = issues.add("METADATA_INVALID_ALIGNMENT", f"{path}/{key}", message)
    return fine


def check_table_data(issues: Issues, path: str, raw: dict[str, Any], schema: Schema, views: list[bytes]) -> bool:
    """Judge the columns of a table whose object is valid. views: bytes of all buffer views."""
    fine = True
    properties = schema.classes[raw["class"]]
    for name, column in (raw.get("properties") or {}).items():
        given = {key: views[column[key]] for key in VIEWS if column.get(key) is not None}
        fine &= check_column(issues, f"{path}/properties/{name}", properties[name], column, given, int(raw["count"]))
    return fine
