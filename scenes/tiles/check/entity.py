"""Metadata entities (tileset, tile, content, group) and statistics."""

from __future__ import annotations

from typing import Any

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import Property, Schema
from scenes.tiles.check.shape import Field, Table, check_object
from scenes.tiles.check.values import check_value

ENTITY: Table = {
    "class": Field("string", required=True),
    "properties": Field("object"),
}
NUMBERS = ("min", "max", "mean", "median", "standardDeviation", "variance", "sum")
STATISTICS: Table = {
    "classes": Field(
        "object",
        least=1,
        values=Field(
            "object",
            fields={
                "count": Field("integer", low=1),
                "properties": Field("object", least=1, values=Field("object", fields={})),
            },
        ),
    )
}


def check_entity(issues: Issues, path: str, raw: Any, schema: Schema | None, *, declared: bool) -> bool:
    """Judge an entity. schema: None where it is not valid or absent; declared: whether there is one at all."""
    if not declared:
        return issues.add("REQUIRED_VALUE_NOT_FOUND", path, "metadata needs a schema in the tileset")
    if not check_object(issues, path, raw, ENTITY):
        return False
    if schema is None:
        return True
    properties = schema.classes.get(raw["class"])
    if properties is None:
        return issues.add("IDENTIFIER_NOT_FOUND", f"{path}/class", f"the schema has no class {raw['class']!r}")
    given, fine = raw.get("properties") or {}, True
    for name, value in given.items():
        where = f"{path}/properties/{name}"
        if name not in properties:
            fine = issues.add("IDENTIFIER_NOT_FOUND", where, f"class {raw['class']} has no property {name!r}")
        elif value is not None:
            fine &= check_value(issues, where, properties[name], value)
    return fine and check_required(issues, path, properties, {k for k, v in given.items() if v is not None})


def check_required(issues: Issues, path: str, properties: dict[str, Property], given: set[str]) -> bool:
    """Whether every required property has a value."""
    fine = True
    for name, prop in properties.items():
        if prop.raw.get("required") is True and name not in given:
            kind = "METADATA_VALUE_REQUIRED_BUT_MISSING"
            fine = issues.add(kind, f"{path}/properties/{name}", f"the required property {name} has no value")
    return fine


def check_statistics(issues: Issues, path: str, raw: Any, schema: Schema | None, *, declared: bool) -> bool:
    """Judge a tileset's statistics."""
    if not check_object(issues, path, raw, STATISTICS):
        return False
    classes = raw.get("classes") or {}
    if classes and not declared:
        return issues.add("REQUIRED_VALUE_NOT_FOUND", f"{path}/classes", "statistics need a schema in the tileset")
    if schema is None:
        return True
    fine = True
    for name, one in classes.items():
        where = f"{path}/classes/{name}"
        if name not in schema.classes:
            fine = issues.add("IDENTIFIER_NOT_FOUND", where, f"the schema has no class {name!r}")
            continue
        for key, values in (one.get("properties") or {}).items():
            prop = schema.classes[name].get(key)
            if prop is None:
                fine = issues.add(
                    "IDENTIFIER_NOT_FOUND", f"{where}/properties/{key}", f"class {name} has no such property"
                )
            else:
                fine &= _property(issues, f"{where}/properties/{key}", prop, values)
    return fine


def _property(issues: Issues, path: str, prop: Property, values: dict[str, Any]) -> bool:
    fine = True
    for name in NUMBERS:
        if values.get(name) is not None and not prop.numeric:
            kind = "METADATA_MIN_MAX_FOR_NON_NUMERIC_TYPE"
            fine = issues.add(kind, f"{path}/{name}", f"type {prop.type} has no {name}")
    occurrences = values.get("occurrences")
    if occurrences is None:
        return fine
    if prop.type != "ENUM" or not isinstance(occurrences, dict):
        return issues.add("TYPE_MISMATCH", f"{path}/occurrences", "occurrences is an object, for enums only")
    for name in occurrences:
        if name not in prop.enum:
            kind = "CLASS_PROPERTY_ENUM_VALUE_NAME_NOT_FOUND"
            fine = issues.add(kind, f"{path}/occurrences", f"the enum has no value {name!r}")
    return fine
