"""The rows of one property set: name and value of each property, complex ones unfolded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bim.properties.schema_attributes import plain_attributes
from bim.properties.values import EMPTY, Value, joined, plain_value, ranged, wrapped_value
from bim.text import clean
from bim.units.unit_table import UnitTable

MAX_DEPTH = 8
MAX_TABLE_ROWS = 50
_ROOT = {"GlobalId", "OwnerHistory", "Name", "Description"}


class Row(NamedTuple):
    """One property of one set."""

    name: str
    value: Value


def property_rows(definition: Any, schema: str, units: UnitTable) -> list[Row]:
    """Rows of an IfcPropertySet, or of a predefined set (IfcDoorLiningProperties …) by its attributes."""
    if definition.is_a("IfcPropertySet"):
        return rows_of(definition.HasProperties or (), units)
    return attribute_rows(definition, schema, units, skip=_ROOT)


def attribute_rows(entity: Any, schema: str, units: UnitTable, *, skip: set[str] | frozenset[str]) -> list[Row]:
    """Rows of an entity's own plain attributes that have a value, without those named in `skip`."""
    rows = []
    for attribute in plain_attributes(schema, entity.is_a()):
        if attribute.name in skip:
            continue
        raw = entity[attribute.index]
        if raw is not None:
            value = plain_value(raw, units.of_measure(attribute.measure), attribute.measure)
            if value.text is not None:
                rows.append(Row(attribute.name, value))
    return rows


def rows_of(properties: Iterable[Any], units: UnitTable) -> list[Row]:
    """Rows of a bare list of IfcProperty."""
    return list(_rows(properties, units, "", 0))


def _rows(properties: Any, units: UnitTable, prefix: str, depth: int) -> Iterator[Row]:
    for item in properties:
        name = prefix + (clean(item.Name) or "?")
        if item.is_a("IfcComplexProperty"):
            if depth < MAX_DEPTH:  # a property that holds itself ends here
                yield from _rows(item.HasProperties or (), units, f"{name}.", depth + 1)
        else:
            yield Row(name, simple_value(item, units))


def simple_value(item: Any, units: UnitTable) -> Value:
    """The value of one IfcSimpleProperty, whatever its kind."""
    kind = item.is_a()
    if kind == "IfcPropertySingleValue":
        own = item[3]
        return wrapped_value(item[2], units, units.of_entity(own) if own is not None else None)
    if kind == "IfcPropertyEnumeratedValue":
        reference = item.EnumerationReference
        own = units.of_entity(reference.Unit) if reference is not None and reference.Unit else None
        return joined(wrapped_value(value, units, own) for value in item.EnumerationValues or ())
    if kind == "IfcPropertyListValue":
        own = units.of_entity(item.Unit) if item.Unit else None
        return joined(wrapped_value(value, units, own) for value in item.ListValues or ())
    if kind == "IfcPropertyBoundedValue":
        own = units.of_entity(item.Unit) if item.Unit else None
        return ranged(
            wrapped_value(item.LowerBoundValue, units, own),
            wrapped_value(item.UpperBoundValue, units, own),
            wrapped_value(getattr(item, "SetPointValue", None), units, own),
        )
    if kind == "IfcPropertyTableValue":
        return _table(item, units)
    if kind == "IfcPropertyReferenceValue":
        return _reference(item.PropertyReference)
    return EMPTY


def _table(item: Any, units: UnitTable) -> Value:
    left = units.of_entity(item.DefiningUnit) if item.DefiningUnit else None
    right = units.of_entity(item.DefinedUnit) if item.DefinedUnit else None
    pairs = list(zip(item.DefiningValues or (), item.DefinedValues or (), strict=False))
    shown = [
        f"{wrapped_value(key, units, left).text} → {wrapped_value(value, units, right).text}"
        for key, value in pairs[:MAX_TABLE_ROWS]
    ]
    more = ["…"] if len(pairs) > MAX_TABLE_ROWS else []
    return Value("; ".join(shown + more) or None)


def _reference(target: Any) -> Value:
    """A referenced thing by its name."""
    if target is None:
        return EMPTY
    for name in ("Name", "Identification", "ItemReference", "FamilyName", "Id"):
        text = clean(getattr(target, name, None))
        if text:
            return Value(text)
    return Value(str(target.is_a()).removeprefix("Ifc"))
