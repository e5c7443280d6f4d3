"""The rows of one property set: name and value of each property, complex ones unfolded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bim.properties.schema_attributes import plain_attributes
from bim.properties.values import EMPTY, Value, any_value, joined, ranged, wrapped_value
from bim.source.attribute import attribute, entities_of, first_attribute, step_of, value_at
from bim.text import clean
from bim.units.unit_table import Unit, UnitTable

MAX_DEPTH = 8
ROOT_ATTRIBUTES = frozenset({"GlobalId", "OwnerHistory", "Name", "Description"})
_BOUNDS = (("LowerBoundValue", 3), ("UpperBoundValue", 2), ("SetPointValue", 5))


class Row(NamedTuple):
    """One property of one set."""

    name: str
    value: Value


def attribute_rows(entity: Any, schema: str, units: UnitTable, *, skip: set[str] | frozenset[str]) -> list[Row]:
    """Rows of an entity's own plain attributes that have a value, without those named in `skip`."""
    rows = []
    for plain in plain_attributes(schema, entity.is_a()):
        if plain.name not in skip:
            raw = entity.get_argument(plain.index)
            if raw is not None:
                value = any_value(raw, units, plain.measure)
                if value.text is not None:
                    rows.append(Row(plain.name, value))
    return rows


def rows_of(properties: Iterable[Any], units: UnitTable) -> list[Row]:
    """Rows of a bare list of IfcProperty."""
    return [row for item in properties for row in rows_of_property(item, units)]


def single_value(item: Any, units: UnitTable) -> Value:
    """The value of an IfcPropertySingleValue, in its own unit where it names one."""
    own = value_at(item, 3)
    return wrapped_value(value_at(item, 2), units, None if own is None else _unit(own, units))


def rows_of_property(item: Any, units: UnitTable, prefix: str = "", depth: int = 0) -> Iterator[Row]:
    """The rows of one property: one, or those of its parts under `Outer.Inner`.

    A bounded value whose number would be lost in its text tells its bounds in rows of their own.
    """
    if not item.is_a("IfcProperty"):
        return
    kind = item.is_a()
    name = prefix + (clean(item.get_argument(0)) or "?")
    if kind == "IfcPropertySingleValue":
        yield Row(name, single_value(item, units))
    elif kind == "IfcComplexProperty":
        usage = clean(item.get_argument(2))
        if usage is not None:
            yield Row(name, Value(usage))
        if depth < MAX_DEPTH:  # a property that holds itself ends here
            for part in entities_of(item.get_argument(3)):
                yield from rows_of_property(part, units, f"{name}.", depth + 1)
    elif kind == "IfcPropertyBoundedValue":
        yield from _bounded(item, units, name)
    else:
        yield Row(name, simple_value(item, units))


def simple_value(item: Any, units: UnitTable) -> Value:
    """The value of an enumerated, list, table or reference property."""
    kind = item.is_a()
    if kind == "IfcPropertyEnumeratedValue":
        own = _unit(attribute(item.EnumerationReference, "Unit"), units)
        return joined(wrapped_value(value, units, own) for value in item.EnumerationValues or ())
    if kind == "IfcPropertyListValue":
        own = _unit(item.Unit, units)
        return joined(wrapped_value(value, units, own) for value in item.ListValues or ())
    if kind == "IfcPropertyTableValue":
        return _table(item, units)
    if kind == "IfcPropertyReferenceValue":
        return name_value(item.PropertyReference)
    return EMPTY


def name_value(target: Any) -> Value:
    """A referenced thing by its name, else by its class."""
    if not step_of(target):
        return EMPTY
    found = clean(first_attribute(target, "Name", "Identification", "ItemReference", "FamilyName", "Id"))
    return Value(found or str(target.is_a()).removeprefix("Ifc"))


def _bounded(item: Any, units: UnitTable, name: str) -> Iterator[Row]:
    own = _unit(item.Unit, units)
    values = {bound: EMPTY for bound, _ in _BOUNDS}
    for bound, index in _BOUNDS:
        if index < len(item):  # IFC2X3 knows no set point
            values[bound] = wrapped_value(item.get_argument(index), units, own)
    yield Row(name, ranged(*values.values()))
    told = [(bound, value) for bound, value in values.items() if value.number is not None]
    if len(told) > 1:
        yield from (Row(f"{name}.{bound}", value) for bound, value in told)


def _table(item: Any, units: UnitTable) -> Value:
    """All rows of a table: `key → value; key → value`; the formula where that is all there is."""
    left, right = _unit(item.DefiningUnit, units), _unit(item.DefinedUnit, units)
    pairs = zip(item.DefiningValues or (), item.DefinedValues or (), strict=False)
    shown = [
        f"{wrapped_value(key, units, left).text} → {wrapped_value(value, units, right).text}" for key, value in pairs
    ]
    return Value("; ".join(shown) or clean(item.Expression))


def _unit(entity: Any, units: UnitTable) -> Unit | None:
    return units.of_entity(entity) if step_of(entity) else None
