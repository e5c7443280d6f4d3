"""The set `Attributes`: what an entity says in attributes of its own (LongName, OverallHeight, BuildingAddress …)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bim.properties.nested_rows import nested_rows
from bim.properties.property_rows import ROOT_ATTRIBUTES, Row
from bim.properties.schema_attributes import PlainAttribute, nested_attributes, plain_attributes
from bim.properties.values import any_value
from bim.source.attribute import class_of, value_at
from bim.units.unit_table import UnitTable

ATTRIBUTES = "Attributes"
COLUMNS_ELSEWHERE = ROOT_ATTRIBUTES | {"Tag", "PredefinedType"}
"""Attributes of products that stand in columns of their own."""


class AttributeSets:
    """Spans of `Attributes`; entities of one class with equal values share one."""

    def __init__(
        self, schema: str, units: UnitTable, new_span: Callable[[str, list[Row]], int], skip: frozenset[str]
    ) -> None:
        self._schema = schema
        self._units = units
        self._new_span = new_span
        self._skip = skip
        self._classes: dict[str, tuple[tuple[PlainAttribute, ...], bool]] = {}
        self._known: dict[tuple[Any, ...], int | None] = {}

    def span(self, entity: Any) -> int | None:
        """The span of an entity's attributes; None where none has a value."""
        ifc_class = class_of(entity)
        found = self._classes.get(ifc_class)
        if found is None:
            plain = tuple(a for a in plain_attributes(self._schema, ifc_class) if a.name not in self._skip)
            found = self._classes[ifc_class] = plain, bool(nested_attributes(self._schema, ifc_class))
        plain, nested = found
        raws = [value_at(entity, attribute.index) for attribute in plain]
        details = nested_rows(entity, self._schema, self._units) if nested else []
        if details:
            return self._new_span(ATTRIBUTES, self._rows(plain, raws) + details)
        key = (ifc_class, *map(repr, raws))  # repr: 1, 1.0 and True are equal and yet three values
        if key not in self._known:
            rows = self._rows(plain, raws)
            self._known[key] = self._new_span(ATTRIBUTES, rows) if rows else None
        return self._known[key]

    def _rows(self, plain: tuple[PlainAttribute, ...], raws: list[Any]) -> list[Row]:
        values = ((a.name, any_value(raw, self._units, a.measure)) for a, raw in zip(plain, raws, strict=True))
        return [Row(name, value) for name, value in values if value.text is not None]
