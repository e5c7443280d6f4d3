"""Sets of properties and quantities read into the two catalogues, each set and each of its items once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from bim.graph.misfits import Misfits, Place
from bim.properties.catalogue import Catalogue
from bim.properties.nested_rows import detail_rows
from bim.properties.plain_rows import quantities, single_values
from bim.properties.plain_sets import PROPERTIES, QUANTITIES, Sets, is_worth, read_sets
from bim.properties.property_rows import ROOT_ATTRIBUTES, rows_of_property, single_value
from bim.properties.quantity_rows import quantity_rows_of
from bim.properties.schema_attributes import ancestry
from bim.source.attribute import class_of, entities_of, id_of, value_at
from bim.source.lists import I64, Lists, distinct_numbers
from bim.source.step_text import StepText
from bim.source.whole_model import entity_of
from bim.text import clean
from bim.units.unit_table import UnitTable
from twin.ranges import ranges

_DEFINITION = Place("IfcRelDefinesByProperties", "RelatingPropertyDefinition", "IfcPropertySetDefinition")
_PROPERTY = Place("IfcPropertySet", "HasProperties", "IfcProperty")


class Spans(NamedTuple):
    """kind (n,): whether a set's rows are PROPERTIES or QUANTITIES; number (n,): its span in that catalogue, -1 for none."""

    kind: I64
    number: I64


class _Items:
    """What the plain sets of one kind hold: each item once, its rows in the catalogue."""

    def __init__(self, sets: Sets, kind: int) -> None:
        self.sets = np.flatnonzero(sets.kind == kind)
        held = sets.items.lists(self.sets)
        self.steps, self._first_use, self._item = distinct_numbers(held.take(np.arange(len(self.sets))))
        self._held = Lists.in_turn(self._item, held.counts)
        self._rows = Lists.none(len(self.steps))
        self._known = np.zeros(len(self.steps), np.bool_)

    def put(self, items: I64 | int, first: I64 | int, count: I64 | int) -> None:
        """Rows of items, one after the other in the catalogue."""
        self._rows.first[items], self._rows.counts[items] = first, count
        self._known[items] = True

    def left(self) -> list[tuple[int, int, int]]:
        """The items without rows yet: the set that holds it first, the place of that use among all, its number."""
        left = np.flatnonzero(~self._known)
        use = self._first_use[left]
        by = np.repeat(self.sets, self._held.counts)[use]
        return list(zip(by.tolist(), use.tolist(), left.tolist(), strict=True))

    def by_set(self) -> Lists:
        """The rows of each set."""
        first, count = self._rows.first[self._item], self._rows.counts[self._item]
        return Lists.in_turn(ranges(first, count), self._held.sums(count))


class SetReader:
    """Reads sets into the catalogues. text: the model's file, from which plain ones are read many at a time."""

    def __init__(
        self,
        model: Any,
        schema: str,
        text: StepText | None,
        units: UnitTable,
        misfits: Misfits,
        catalogues: tuple[Catalogue, Catalogue],
    ) -> None:
        self._model = model
        self._schema = schema
        self._text = text
        self._units = units
        self._misfits = misfits
        self._properties, self._quantities = catalogues
        self._entities: dict[int, Any] = {}
        self._property_rows: dict[int, tuple[int, ...]] = {}  # property's STEP id → its rows

    def read(self, steps: I64, entities: dict[int, Any]) -> Spans:
        """The spans of sets. steps: their STEP ids, in the order of their first use; entities: some of them, where known."""
        self._entities = entities
        sets = read_sets(self._model, self._schema, self._text, steps)
        found = Spans(sets.kind.copy(), np.full(len(steps), -1, np.int64))
        items = {PROPERTIES: _Items(sets, PROPERTIES), QUANTITIES: _Items(sets, QUANTITIES)}
        self._put_plain(items)
        # One by one in the order of their use: findings name what was met first.
        odd = [(row, -1, 0, row) for row in np.flatnonzero(sets.kind == 0).tolist()]
        odd += [(by, use, kind, item) for kind, held in items.items() for by, use, item in held.left()]
        for _, _, kind, number in sorted(odd):
            if kind:
                rows = self._rows_of_item(kind, self._entity(items[kind].steps[number]))
                items[kind].put(number, rows[0] if rows else 0, len(rows))
            else:
                found.kind[number], found.number[number] = self._parse(self._entity(steps[number]))
        for kind, held in items.items():
            catalogue = self._quantities if kind == QUANTITIES else self._properties
            found.number[held.sets] = catalogue.spans(sets.names, sets.name[held.sets], held.by_set())
        return found

    def _put_plain(self, items: dict[int, _Items]) -> None:
        for kind, read, catalogue in (
            (PROPERTIES, single_values, self._properties),
            (QUANTITIES, quantities, self._quantities),
        ):
            steps = items[kind].steps
            if self._text is not None and is_worth(self._text, len(steps)):
                for index, columns, told in read(self._model, self._schema, self._text, self._units, steps):
                    first = catalogue.rows(columns)
                    items[kind].put(index, first + np.arange(len(index)), told)

    def _entity(self, step: int) -> Any:
        """An entity by its STEP id."""
        return self._entities.get(int(step)) or entity_of(self._model, int(step))

    def _parse(self, definition: Any) -> tuple[int, int]:
        """Kind and span of a set; -1 where it has no rows, or where no set stands in its place."""
        kind = class_of(definition)
        if "IfcPropertySetDefinition" not in ancestry(self._schema, kind):
            self._misfits.put(_DEFINITION, definition)
            return PROPERTIES, -1
        name = clean(value_at(definition, 2)) or kind.removeprefix("Ifc")
        if kind == "IfcElementQuantity":
            rows = self._rows_of_quantities(value_at(definition, 5))
            return QUANTITIES, self._quantities.span(name, rows) if rows else -1
        if kind == "IfcPropertySet":
            rows = [row for item in entities_of(value_at(definition, 4)) for row in self._rows_of_property(item)]
        else:
            details = detail_rows(definition, self._schema, self._units, skip=ROOT_ATTRIBUTES)
            rows = [self._properties.row((row.name, *row.value)) for row in details]
        return PROPERTIES, self._properties.span(name, rows) if rows else -1

    def _rows_of_item(self, kind: int, item: Any) -> Sequence[int]:
        return self._rows_of_property(item) if kind == PROPERTIES else self._rows_of_quantities((item,))

    def _rows_of_quantities(self, amounts: Any) -> list[int]:
        return [self._quantities.row(row) for row in quantity_rows_of(amounts, self._units)]

    def _rows_of_property(self, item: Any) -> tuple[int, ...]:
        key = id_of(item)
        found = self._property_rows.get(key)
        if found is None:
            found = self._property_rows[key] = self._new_rows(item)
        return found

    def _new_rows(self, item: Any) -> tuple[int, ...]:
        put = self._properties.row
        if class_of(item) == "IfcPropertySingleValue":  # nearly all of them: the straight way
            return (put((clean(value_at(item, 0)) or "?", *single_value(item, self._units))),)
        if "IfcProperty" not in ancestry(self._schema, class_of(item)):
            self._misfits.put(_PROPERTY, item)
            return ()
        return tuple(put((row.name, *row.value)) for row in rows_of_property(item, self._units))
