"""Metadata schemas: classes, enums and their properties."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import COMPONENTS, INTEGERS, TYPES, WIDTHS, Property, Schema
from scenes.tiles.check.semantics import check_semantic
from scenes.tiles.check.shape import IDENTIFIER, Field, Table, check_object, every
from scenes.tiles.check.values import check_shape

TEXT = Field("string")
PROPERTY: Table = {
    "name": TEXT,
    "description": TEXT,
    "type": Field(required=True, choices=TYPES),
    "componentType": Field(choices=tuple(COMPONENTS)),
    "enumType": TEXT,
    "array": Field("boolean"),
    "count": Field("integer", low=2),
    "normalized": Field("boolean"),
    "required": Field("boolean"),
    "semantic": Field("string", length=(1, None)),
}
CLASS: Table = {
    "name": TEXT,
    "description": TEXT,
    "properties": Field("object", least=1, names=IDENTIFIER, values=Field("object", fields=PROPERTY)),
}
VALUE: Table = {"name": Field("string", required=True), "description": TEXT, "value": Field("integer", required=True)}
ENUM: Table = {
    "name": TEXT,
    "description": TEXT,
    "valueType": Field("string", choices=INTEGERS),
    "values": Field("array", required=True, length=(1, None), items=Field("object", fields=VALUE)),
}
SCHEMA: Table = {
    "id": Field("string", required=True, pattern=IDENTIFIER),
    "name": TEXT,
    "description": TEXT,
    "version": Field("string", length=(1, None)),
    "classes": Field("object", names=IDENTIFIER, values=Field("object", fields=CLASS)),
    "enums": Field("object", names=IDENTIFIER, values=Field("object", fields=ENUM)),
}


def check_schema(issues: Issues, path: str, raw: Any) -> Schema | None:
    """Judge a schema; returns it where it is valid."""
    if not check_object(issues, path, raw, SCHEMA):
        return None
    enums = raw.get("enums") or {}
    fine = every(_enum(issues, f"{path}/enums/{name}", enum) for name, enum in enums.items())
    if not fine:
        return None
    schema = Schema.of(raw)
    for name, properties in schema.classes.items():
        for key, prop in properties.items():
            fine &= _property(issues, f"{path}/classes/{name}/properties/{key}", prop, enums)
    return schema if fine else None


def _enum(issues: Issues, path: str, enum: dict[str, Any]) -> bool:
    fine = True
    limits = np.iinfo(COMPONENTS[enum.get("valueType") or "UINT16"])
    seen: dict[str, set[Any]] = {"name": set(), "value": set()}
    for index, item in enumerate(enum["values"]):
        if not limits.min <= item["value"] <= limits.max:
            message = f"{item['value']} is outside {limits.min} … {limits.max}"
            fine = issues.add("VALUE_NOT_IN_RANGE", f"{path}/values/{index}/value", message)
        for key, known in seen.items():
            if item[key] in known:
                kind = f"ENUM_VALUE_DUPLICATE_{key.upper()}"
                fine = issues.add(kind, f"{path}/values/{index}/{key}", f"{item[key]!r} stands there twice")
            known.add(item[key])
    return fine


def _property(issues: Issues, path: str, prop: Property, enums: dict[str, Any]) -> bool:
    fine = _types(issues, path, prop, enums)
    return (
        fine and _modifiers(issues, path, prop) and _defaults(issues, path, prop) and check_semantic(issues, path, prop)
    )


def _types(issues: Issues, path: str, prop: Property, enums: dict[str, Any]) -> bool:
    raw, fine = prop.raw, True
    given = raw.get("componentType") is not None
    if prop.numeric and not given:
        fine = issues.add("CLASS_PROPERTY_COMPONENT_TYPE_MISSING", path, f"type {prop.type} needs a componentType")
    if given and not prop.numeric:
        kind = "CLASS_PROPERTY_COMPONENT_TYPE_FOR_NON_NUMERIC_TYPE"
        fine = issues.add(kind, path, f"type {prop.type} has no components")
    enum = raw.get("enumType")
    if prop.type == "ENUM":
        if enum is None:
            fine = issues.add("CLASS_PROPERTY_ENUM_TYPE_WITHOUT_ENUMTYPE", path, "type ENUM needs an enumType")
        elif enum not in enums:
            fine = issues.add("CLASS_PROPERTY_ENUMTYPE_NOT_FOUND", path, f"the schema has no enum {enum!r}")
    elif enum is not None:
        fine = issues.add("CLASS_PROPERTY_ENUMTYPE_WITH_NON_ENUM_TYPE", path, f"type {prop.type} has no enumType")
    if raw.get("count") is not None and not prop.array:
        fine = issues.add("CLASS_PROPERTY_COUNT_FOR_NON_ARRAY", path, "count is only for arrays")
    if prop.normalized and prop.component not in INTEGERS:
        kind = "CLASS_PROPERTY_NORMALIZED_FOR_NON_NORMALIZABLE_TYPE"
        fine = issues.add(kind, path, "only integers can be normalized")
    return fine


def _modifiers(issues: Issues, path: str, prop: Property) -> bool:
    fine = True
    for name in ("offset", "scale", "max", "min"):
        value = prop.raw.get(name)
        if value is None:
            continue
        fine &= check_modifier(issues, f"{path}/{name}", prop, name) and check_shape(
            issues, f"{path}/{name}", prop, value, real=True
        )
    return fine


def check_modifier(issues: Issues, path: str, prop: Property, name: str) -> bool:
    """Whether a property of this type can have an offset, scale, max or min at all."""
    if prop.variable:
        kind = "METADATA_PROPERTY_INVALID_FOR_VARIABLE_LENGTH_ARRAY"
        return issues.add(kind, path, f"an array of variable length has no {name}")
    if name in {"max", "min"}:
        if prop.type in WIDTHS:
            return True
        return issues.add("METADATA_MIN_MAX_FOR_NON_NUMERIC_TYPE", path, f"type {prop.type} has no {name}")
    if prop.numeric and (prop.normalized or prop.component.startswith("FLOAT")):
        return True
    kind = "METADATA_OFFSET_SCALE_FOR_NON_FLOATING_POINT_TYPE"
    return issues.add(kind, path, f"{name} is only for floating point or normalized numbers")


def _defaults(issues: Issues, path: str, prop: Property) -> bool:
    raw, fine, kind = prop.raw, True, "CLASS_PROPERTY_INCONSISTENT"
    for name in ("default", "noData"):
        if raw.get(name) is None:
            continue
        if raw.get("required") is True:
            fine = issues.add(kind, f"{path}/{name}", f"a required property has no {name}")
        elif name == "noData" and prop.type == "BOOLEAN":
            fine = issues.add(kind, f"{path}/{name}", "a boolean has no value left over for noData")
        else:
            fine &= check_shape(issues, f"{path}/{name}", prop, raw[name])
    return fine
