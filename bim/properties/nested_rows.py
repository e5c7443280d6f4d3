"""What an entity says through others that have no GlobalId: addresses, times, costs, loads, design parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ifcopenshell import entity_instance

from bim.properties.property_rows import Row, attribute_rows, name_value, rows_of_property
from bim.properties.quantity_rows import quantity_rows_of
from bim.properties.schema_attributes import ancestry, is_nested, nested_attributes
from bim.properties.values import Value, joined, plain_value, wrapped_value
from bim.source.attribute import attribute, class_of, entities_of, step_of, value_at
from bim.text import number_text
from bim.units.unit_table import UnitTable

MAX_DEPTH = 5
_BY_REFERENCE = frozenset(
    {
        "IfcExternalReference", "IfcExternalInformation", "IfcDocumentInformation", "IfcClassification",
        "IfcLibraryInformation", "IfcApproval", "IfcConstraint", "IfcTable", "IfcTimeSeries", "IfcPropertyDefinition",
        "IfcProfileDef", "IfcGridAxis",
    }
)  # fmt: skip
"""Told by name only: nodes of their own, or more than values."""
_UNIT = ("IfcNamedUnit", "IfcDerivedUnit", "IfcMonetaryUnit")


def nested_rows(entity: Any, schema: str, units: UnitTable) -> list[Row]:
    """Rows `BuildingAddress.Town`, `CostValues.2.AppliedValue` of the attributes that hold further entities."""
    found: list[Row] = []
    for index, name in nested_attributes(schema, class_of(entity)):
        raw = value_at(entity, index)
        if raw is not None and raw != ():
            found.extend(_rows(raw, name, schema, units, (int(entity.id()),)))
    return found


def detail_rows(entity: Any, schema: str, units: UnitTable, *, skip: frozenset[str] = frozenset()) -> list[Row]:
    """All that an entity says: its plain attributes and those of its details."""
    return attribute_rows(entity, schema, units, skip=skip) + nested_rows(entity, schema, units)


def _rows(raw: Any, name: str, schema: str, units: UnitTable, above: tuple[int, ...]) -> Iterator[Row]:
    """above: the STEP ids of the entities on the way here, so that a circle ends."""
    if isinstance(raw, tuple | list):
        for number, item in enumerate(raw, 1):
            yield from _rows(item, name if len(raw) == 1 else f"{name}.{number}", schema, units, above)
    elif not isinstance(raw, entity_instance):
        yield from _told(name, plain_value(raw))
    elif not raw.id():
        yield from _told(name, wrapped_value(raw, units))
    elif int(raw.id()) not in above:
        yield from _of_entity(raw, name, schema, units, above)


def _of_entity(entity: Any, name: str, schema: str, units: UnitTable, above: tuple[int, ...]) -> Iterator[Row]:
    kind = entity.is_a()
    line = ancestry(schema, kind)
    if not is_nested(schema, kind):
        return
    short = _short(entity, kind, line, units)
    if short is not None:
        yield from _told(name, short)
    elif "IfcProperty" in line:
        yield from rows_of_property(entity, units, f"{name}.")
    elif "IfcPhysicalQuantity" in line:
        for amount in quantity_rows_of((entity,), units):
            yield Row(f"{name}.{amount.name}", Value(number_text(amount.value), amount.value, amount.unit or None))
    else:
        for row in attribute_rows(entity, schema, units, skip=frozenset()):
            yield Row(f"{name}.{row.name}", row.value)
        if len(above) < MAX_DEPTH:
            below = (*above, int(entity.id()))
            for index, inner in nested_attributes(schema, kind):
                raw = entity.get_argument(index)
                if raw is not None and raw != ():
                    yield from _rows(raw, f"{name}.{inner}", schema, units, below)


def _short(entity: Any, kind: str, line: tuple[str, ...], units: UnitTable) -> Value | None:
    """The one value that says it all: of a point, a direction, a measure with its unit, a date; None for others."""
    if kind == "IfcCartesianPoint":
        return plain_value(entity.Coordinates, units.of_type("LENGTHUNIT"))
    if kind == "IfcDirection":
        return plain_value(entity.DirectionRatios)
    if kind == "IfcMeasureWithUnit":
        unit = units.of_entity(entity.UnitComponent) if step_of(entity.UnitComponent) else None
        return wrapped_value(entity.ValueComponent, units, unit)
    if kind in {"IfcCalendarDate", "IfcLocalTime", "IfcDateAndTime"}:
        try:
            return Value(_date(entity, kind))
        except (AttributeError, TypeError, ValueError):  # parts that are no numbers: told one by one
            return None
    if any(name in line for name in _UNIT):
        unit = units.of_entity(entity)
        return Value((unit.label or unit.symbol) if unit else None)
    if any(name in line for name in _BY_REFERENCE):
        return name_value(entity)
    if kind == "IfcActorRole":
        role = attribute(entity, "Role")
        told = entity.UserDefinedRole if role == "USERDEFINED" else role
        return joined(map(plain_value, (told, entity.Description)))
    return None


def _date(entity: Any, kind: str) -> str | None:
    """IFC2X3's dates of several entities as ISO 8601."""
    if kind == "IfcDateAndTime":
        parts = entities_of((entity.DateComponent, entity.TimeComponent))
        return "T".join(filter(None, (_date(part, part.is_a()) for part in parts)))
    if kind == "IfcCalendarDate":
        return f"{entity.YearComponent:04d}-{entity.MonthComponent:02d}-{entity.DayComponent:02d}"
    zone, seconds = entity.Zone, entity.SecondComponent
    text = f"{entity.HourComponent:02d}:{entity.MinuteComponent or 0:02d}:{float(seconds or 0):02.0f}"
    if zone is not None:
        sign = "-" if zone.Sense == "BEHIND" else "+"
        text += f"{sign}{zone.HourOffset:02d}:{zone.MinuteOffset or 0:02d}"
    return text


def _told(name: str, value: Value) -> Iterator[Row]:
    if value.text is not None:
        yield Row(name, value)
