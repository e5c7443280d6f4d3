"""Attributes that a malformed file may have filled with anything: as numbers, as entities, or as an error that says so."""

from __future__ import annotations

import math
from typing import Any

from ifcopenshell import entity_instance

from bim.source.attribute import attribute

_INVERSE = 2


class Malformed(Exception):
    """An attribute holds what the schema forbids, and what it stands for cannot be read."""


def real(value: Any, default: float = 0.0) -> float:
    """The attribute as a number: the default where it is empty, NaN where it is none, so that it is seen as one."""
    if isinstance(value, entity_instance) and not value.id():
        value = value.get_argument(0)
    if value is None:
        return default
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def entity(holder: Any, name: str, ifc_class: str) -> Any | None:
    """The entity that an attribute refers to, None where it is empty. Raises Malformed where it is of another class."""
    value = attribute(holder, name)
    if value is None or (isinstance(value, entity_instance) and value.id() and value.is_a(ifc_class)):
        return value
    raise Malformed(f"{name} of #{holder.id()} is {value!s:.80}: expected an {ifc_class}")


def numbers(holder: Any, name: str) -> list[float]:
    """An attribute that lists numbers, none where it is empty. Raises Malformed where it is no list."""
    value = attribute(holder, name)
    if value is not None and not isinstance(value, tuple):
        raise Malformed(f"{name} of #{holder.id()} is {value!s:.80}: expected a list of numbers")
    return [real(part) for part in value or ()]


def well_known_texts(system: Any) -> tuple[Any, ...]:
    """The IfcWellKnownText entities of a system: an inverse attribute, from IFC4X3 on."""
    known = system is not None and system.get_attribute_category("WellKnownText") == _INVERSE
    return tuple(system.WellKnownText) if known else ()
