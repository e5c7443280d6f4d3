"""JSON structure by tables: what a field holds is said by a `Field`, one engine judges them all."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from scenes.tiles.check.issues import Issues

Kind = Literal["any", "string", "number", "integer", "boolean", "object", "array"]
Table = Mapping[str, "Field"]
IDENTIFIER = r"[a-zA-Z_][a-zA-Z0-9_]*"
SUPPORTED = frozenset({"3DTILES_bounding_volume_S2", "3DTILES_content_gltf", "MAXAR_content_3tz"})


@dataclass(frozen=True)
class Field:
    """What one JSON value has to be.

    choices: the allowed values; low, high: inclusive range; length: least and greatest length of a string or array;
    items: what an array's elements are; values: what an object's values are, whose keys match `names`;
    least: the fewest keys; fields: the table of an object with named fields.
    """

    kind: Kind = "any"
    required: bool = False
    choices: tuple[str | int, ...] = ()
    low: float | None = None
    high: float | None = None
    length: tuple[int, int | None] | None = None
    pattern: str | None = None
    items: Field | None = None
    unique: bool = False
    values: Field | None = None
    names: str | None = None
    least: int = 0
    fields: Table | None = None


def is_number(value: object) -> bool:
    """A finite JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_integer(value: object) -> bool:
    """A JSON number without fraction (3.0 counts, as in JavaScript)."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


TESTS: dict[Kind, Callable[[Any], bool]] = {
    "any": lambda _value: True,
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}


def brief(value: object) -> str:
    """A value for a message, cut short."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def check_field(issues: Issues, path: str, value: Any, field: Field) -> bool:
    """Judge one value against its field; every problem becomes an issue. Returns whether all was well."""
    if not TESTS[field.kind](value):
        return issues.add("TYPE_MISMATCH", path, f"{brief(value)} stands where a {field.kind} belongs")
    if field.choices and (isinstance(value, bool) or value not in field.choices):
        names = ", ".join(map(str, field.choices))
        return issues.add("VALUE_NOT_IN_LIST", path, f"{brief(value)} is none of {names}")
    if field.kind in {"number", "integer"}:
        return _range(issues, path, value, field)
    if field.kind == "string":
        return _string(issues, path, value, field)
    if field.kind == "array":
        return _array(issues, path, value, field)
    if field.kind == "object":
        return _object(issues, path, value, field)
    return True


def check_object(issues: Issues, path: str, value: Any, table: Table) -> bool:
    """Judge an object with named fields, its extensions included."""
    return check_field(issues, path, value, Field("object", fields=table))


def _range(issues: Issues, path: str, value: float, field: Field) -> bool:
    if (field.low is None or value >= field.low) and (field.high is None or value <= field.high):
        return True
    low = "-∞" if field.low is None else field.low
    high = "∞" if field.high is None else field.high
    return issues.add("VALUE_NOT_IN_RANGE", path, f"{brief(value)} is outside {low} … {high}")


def _length(issues: Issues, kind: str, path: str, count: int, field: Field) -> bool:
    if field.length is None:
        return True
    low, high = field.length
    if low <= count and (high is None or count <= high):
        return True
    wanted = str(low) if low == high else f"{low} … {'∞' if high is None else high}"
    return issues.add(kind, path, f"the length is {count}, not {wanted}")


def _string(issues: Issues, path: str, value: str, field: Field) -> bool:
    fine = _length(issues, "STRING_LENGTH_MISMATCH", path, len(value), field)
    if field.pattern is not None and not re.fullmatch(field.pattern, value):
        return issues.add("STRING_PATTERN_MISMATCH", path, f"{brief(value)} does not match {field.pattern}")
    return fine


def _array(issues: Issues, path: str, value: list[Any], field: Field) -> bool:
    fine = _length(issues, "ARRAY_LENGTH_MISMATCH", path, len(value), field)
    if fine and field.items is not None:
        fine = _items(issues, path, value, field.items)
    if field.unique and len({str(element) for element in value}) < len(value):
        fine = issues.add("ARRAY_ELEMENT_NOT_UNIQUE", path, "an element stands in the array twice")
    return fine


def _items(issues: Issues, path: str, value: list[Any], item: Field) -> bool:
    fine = True
    # An integer that is no whole number has the right JSON type, so it is judged on its own.
    basic = TESTS["number" if item.kind == "integer" else item.kind]
    for index, element in enumerate(value):
        if not basic(element):
            fine = issues.add(
                "ARRAY_ELEMENT_TYPE_MISMATCH",
                f"{path}/{index}",
                f"{brief(element)} stands where a {item.kind} belongs",
            )
        else:
            fine &= check_field(issues, f"{path}/{index}", element, item)
    return fine


def _object(issues: Issues, path: str, value: dict[str, Any], field: Field) -> bool:
    fine = True
    if len(value) < field.least:
        fine = issues.add("NUMBER_OF_PROPERTIES_MISMATCH", path, f"{len(value)} entries, at least {field.least} needed")
    if field.names is not None:
        for name in value:
            if not re.fullmatch(field.names, name):
                fine = issues.add("STRING_PATTERN_MISMATCH", path, f"the name {brief(name)} is no identifier")
    if field.values is not None:
        for name, element in value.items():
            fine &= check_field(issues, f"{path}/{name}", element, field.values)
    if field.fields is not None:
        fine &= _extensions(issues, path, value)
        for name, inner in field.fields.items():
            element = value.get(name)
            if element is None:
                if inner.required:
                    fine = issues.add("PROPERTY_MISSING", f"{path}/{name}", f"{name} is required")
            else:
                fine &= check_field(issues, f"{path}/{name}", element, inner)
    return fine


def _extensions(issues: Issues, path: str, value: dict[str, Any]) -> bool:
    extensions = value.get("extensions")
    if extensions is None:
        return True
    path = f"{path}/extensions"
    if not isinstance(extensions, dict):
        return issues.add("TYPE_MISMATCH", path, f"{brief(extensions)} stands where an object belongs")
    fine = True
    for name, content in extensions.items():
        if isinstance(content, dict):
            issues.extensions.add(name)
        else:
            fine = issues.add("TYPE_MISMATCH", f"{path}/{name}", f"{brief(content)} stands where an object belongs")
        if name not in SUPPORTED and not name.startswith("EXT_"):
            issues.add("EXTENSION_NOT_SUPPORTED", f"{path}/{name}", f"what {name} says is not checked")
    return fine


def every(results: Iterable[bool]) -> bool:
    """Whether all checks were fine; unlike `all` it lets each of them report."""
    return all(list(results))


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of an array that may be anything."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def mapping(value: object) -> dict[str, Any]:
    """An object, or an empty one where the value is something else."""
    return value if isinstance(value, dict) else {}
