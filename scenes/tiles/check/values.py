"""Metadata values in JSON against the property that describes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import COMPONENTS, INTEGERS, Property
from scenes.tiles.check.shape import Field, check_field

SLACK = 1e-6
"""Relative: values of a float32 column against limits written in decimal."""


def _element(prop: Property, *, real: bool) -> Field:
    if prop.type in {"STRING", "ENUM"}:
        return Field("string")
    if prop.type == "BOOLEAN":
        return Field("boolean")
    number = Field("number")
    if prop.component in INTEGERS and not (real and (prop.normalized or prop.type == "ENUM")):
        limits = np.iinfo(COMPONENTS[prop.component])
        number = Field("integer", low=float(limits.min), high=float(limits.max))
    if prop.width == 1:
        return number
    return Field("array", length=(prop.width, prop.width), items=number)


def check_shape(issues: Issues, path: str, prop: Property, value: Any, *, real: bool = False) -> bool:
    """Whether a JSON value has the property's type, array length, component range and enum names.

    real: the value is one after normalization (offset, scale, min, max), not a stored one.
    """
    field = _element(prop, real=real)
    if prop.array:
        length = None if prop.count is None else (prop.count, prop.count)
        field = Field("array", length=length, items=field)
    if not check_field(issues, path, value, field):
        return False
    if prop.type != "ENUM":
        return True
    fine = True
    for name in value if prop.array else [value]:
        if name not in prop.enum:
            fine = issues.add("CLASS_PROPERTY_ENUM_VALUE_NAME_NOT_FOUND", path, f"the enum has no value {name!r}")
    return fine


def check_value(issues: Issues, path: str, prop: Property, value: Any) -> bool:
    """Whether a value of an entity fits its property, its min and max included."""
    if not check_shape(issues, path, prop, value):
        return False
    if not prop.numeric or prop.variable or value == prop.raw.get("noData"):
        return True
    flat = prop.real(np.asarray(value, np.float64).ravel())
    return within(issues, path, prop.raw, flat, flat)


def slack(limit: Any) -> Any:
    """How far beyond a limit a number may lie."""
    return SLACK * np.maximum(1.0, np.abs(limit))


def within(issues: Issues, path: str, given: dict[str, Any], low: Any, high: Any) -> bool:
    """Whether real values of `low` to `high` per component lie in the `min` and `max` of `given`."""
    fine = True
    if given.get("min") is not None:
        limit = np.asarray(given["min"], np.float64).ravel()
        if (low < limit - slack(limit)).any():
            fine = issues.add("METADATA_VALUE_NOT_IN_RANGE", path, f"{low.tolist()} is below min {given['min']}")
    if given.get("max") is not None:
        limit = np.asarray(given["max"], np.float64).ravel()
        if (high > limit + slack(limit)).any():
            fine = issues.add("METADATA_VALUE_NOT_IN_RANGE", path, f"{high.tolist()} is above max {given['max']}")
    return fine


def exactly(issues: Issues, path: str, given: dict[str, Any], low: Any, high: Any) -> bool:
    """Whether the `min` and `max` of a column are those of its real values, as 3D Metadata asks of tables."""
    if not within(issues, path, given, low, high):
        return False
    fine = True
    for name, found in (("min", low), ("max", high)):
        if given.get(name) is None:
            continue
        limit = np.asarray(given[name], np.float64).ravel()
        if (np.abs(found - limit) > slack(limit)).any():
            message = f"{name} is {given[name]}, but of the values it is {found.tolist()}"
            fine = issues.add("METADATA_VALUE_MISMATCH", path, message)
    return fine
