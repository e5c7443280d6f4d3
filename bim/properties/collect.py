"""Property sets and quantities of all objects, types and concepts, read relation by relation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from bim.graph.id_book import IdBook
from bim.graph.misfits import Misfits
from bim.graph.products import Products
from bim.properties import plain_sets
from bim.properties.attribute_sets import COLUMNS_ELSEWHERE, AttributeSets
from bim.properties.catalogue import Catalogue
from bim.properties.nested_rows import detail_rows
from bim.properties.plain_sets import Uses, read_uses
from bim.properties.property_rows import ROOT_ATTRIBUTES, Row, rows_of_property
from bim.properties.quantity_rows import quantity_rows_of
from bim.properties.set_reader import SetReader, Spans
from bim.source.attribute import attribute, entities_of, first_attribute, id_of, instances, step_of, value_at
from bim.source.lists import I64, Lists, distinct_numbers
from bim.source.step_text import StepText
from bim.text import clean
from bim.units.unit_table import UnitTable
from twin.layer import PROPERTIES, QUANTITIES

OCCURRENCE, TYPE = 0, 1
"""Codes of the origins."""


class PropertyCollector:
    """Fills the two catalogues; `tables` unfolds them.

    A set is parsed once however many objects share it, a property once however many sets. What an object says itself
    hides what its type says under the same set and name. text: the model's file, read many at a time where it is plain.
    """

    ORIGINS = ("occurrence", "type")

    def __init__(
        self, model: Any, schema: str, units: UnitTable, book: IdBook, misfits: Misfits, text: StepText | None
    ) -> None:
        self._model = model
        self._schema = schema
        self._units = units
        self._book = book
        self._properties = Catalogue()
        self._quantities = Catalogue()
        self._text = text
        self._sets = SetReader(model, schema, text, units, misfits, (self._properties, self._quantities))
        self._catalogues = ((plain_sets.PROPERTIES, self._properties), (plain_sets.QUANTITIES, self._quantities))
        self._owners: dict[str, int] = {}

    def collect(self, products: Products, concepts: Iterable[Any], progress: Callable[[float], None]) -> None:
        """Read everything: own sets, then those of the types, then plain attributes.

        concepts: the entities with a GlobalId that became concepts.
        """
        uses = read_uses(self._model, self._schema, self._text)
        types = self._model.by_type("IfcTypeObject")
        inherited = [entities_of(value_at(kind, 5)) for kind in types]
        of_types = Lists.of([list(map(id_of, each)) for each in inherited])
        progress(0.2)
        steps, _, use = distinct_numbers(np.concatenate((uses.definition, of_types.value)))
        spans = self._sets.read(steps, {**{id_of(one): one for each in inherited for one in each}, **uses.entities})
        progress(0.7)
        uses, of_types = (
            uses._replace(definition=use[: len(uses.definition)]),
            of_types._replace(value=use[len(uses.definition) :]),
        )
        self._assign(uses, spans)
        self._from_types(products, dict(zip(map(id_of, types), of_types.python(), strict=True)), uses, spans)
        progress(0.8)
        self._attributes(products.by_step.items(), COLUMNS_ELSEWHERE, OCCURRENCE)
        type_steps = set(map(id_of, types))
        rooted = [(id_of(entity), entity) for entity in concepts]
        self._attributes([pair for pair in rooted if pair[0] in type_steps], ROOT_ATTRIBUTES, TYPE)
        self._attributes([pair for pair in rooted if pair[0] not in type_steps], ROOT_ATTRIBUTES, OCCURRENCE)
        self._material_properties()
        progress(1.0)

    def add_set(self, owner: str, name: str, rows: list[Row]) -> None:
        """A set made by the reader itself (material layers, attributes)."""
        if rows:
            self._properties.assign([self._owner(owner)], self._new_span(name, rows), OCCURRENCE)

    def add_shared_set(self, owners: Sequence[int], name: str, rows: list[Row]) -> None:
        """A set made by the reader for many owners, by their STEP ids."""
        known = [local for local in map(self._book.get_step, owners) if local is not None]
        if rows and known:
            self._properties.assign([self._owner(local) for local in known], self._new_span(name, rows), OCCURRENCE)

    def add_quantities(self, owner: str, name: str, quantities: Any) -> None:
        """A set of IfcPhysicalQuantity entities that stand outside an IfcElementQuantity (those of a cost item)."""
        rows = [self._quantities.row(row) for row in quantity_rows_of(quantities, self._units)]
        if rows:
            self._quantities.assign([self._owner(owner)], self._quantities.span(name, rows), OCCURRENCE)

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """PROPERTIES and QUANTITIES."""
        owners = list(self._owners)
        return (
            self._properties.table(owners, self.ORIGINS, PROPERTIES),
            self._quantities.table(owners, ("declared", "declared"), QUANTITIES),
        )

    def _owner(self, local: str) -> int:
        return self._owners.setdefault(local, len(self._owners))

    def _new_span(self, name: str, rows: Iterable[Row]) -> int:
        put = self._properties.row
        return self._properties.span(name, [put((row.name, *row.value)) for row in rows])

    def _assign(self, uses: Uses, spans: Spans) -> None:
        """What objects say themselves. uses: their definitions as rows of the spans."""
        owners = uses.owners._replace(value=self._owners_of(uses.owners.value))
        for kind, catalogue in self._catalogues:
            some = np.flatnonzero((spans.kind[uses.definition] == kind) & (spans.number[uses.definition] >= 0))
            relation = uses.relation[some]
            owner = owners.take(relation)
            span = np.repeat(spans.number[uses.definition[some]], owners.counts[relation])
            known = owner >= 0
            catalogue.assign_each(owner[known], span[known], OCCURRENCE)

    def _owners_of(self, steps: I64) -> I64:
        """The owners' indices of STEP ids, -1 for what is no node of the graph."""
        found, code = np.unique(steps, return_inverse=True)
        local = map(self._book.get_step, found.tolist())
        number = [-1 if each is None else self._owner(each) for each in local]
        return np.array(number, np.int64)[code]

    def _from_types(self, products: Products, of_types: dict[int, list[int]], uses: Uses, spans: Spans) -> None:
        """Sets of the types: on the type itself, and inherited by its occurrences. of_types: type's STEP id → its own sets."""
        own = _by_owner(uses, spans, {*of_types, *products.types})
        kinds, numbers = spans.kind.tolist(), spans.number.tolist()
        catalogues = dict(self._catalogues)
        known: dict[int, list[int]] = {}
        for step, given in of_types.items():
            local = self._book.get_step(step)
            if local is None:
                continue
            sets = [each for each in given if numbers[each] >= 0]
            for each in sets:
                catalogues[kinds[each]].assign([self._owner(local)], numbers[each], TYPE)
            known[step] = [*sets, *own.get(step, ())]
        left: dict[tuple[int, ...], int | None] = {}
        for step, kind in products.types.items():
            local = self._book.get_step(step)
            if local is None or step not in products.by_step:
                continue
            owner, of_owner = [self._owner(local)], own.get(step, ())
            for each in known.get(id_of(kind), ()):
                catalogue, span = catalogues[kinds[each]], numbers[each]
                same = tuple(
                    numbers[other]
                    for other in of_owner
                    if kinds[other] == kinds[each] and catalogue.is_of(numbers[other], span)
                )
                rest: int | None = span
                if same:
                    key = (kinds[each], span, *same)
                    if key not in left:
                        left[key] = catalogue.without(span, {row for s in same for row in catalogue.names(s)})
                    rest = left[key]
                if rest is not None:
                    catalogue.assign(owner, rest, TYPE)

    def _attributes(self, entities: Iterable[tuple[int, Any]], skip: frozenset[str], origin: int) -> None:
        sets = AttributeSets(self._schema, self._units, self._new_span, skip)
        for step, entity in entities:
            local = self._book.get_step(step)
            span = None if local is None else sets.span(entity)
            if local is not None and span is not None:
                self._properties.assign([self._owner(local)], span, origin)

    def _material_properties(self) -> None:
        """Property sets of materials: IfcMaterialProperties, in IFC2X3 IfcExtendedMaterialProperties.

        Materials of one name are one concept: what several of them say in the same words stands once.
        """
        told: set[tuple[str, str, tuple[Row, ...]]] = set()
        for definition in instances(self._model, "IfcMaterialProperties"):
            local = self._book.get_step(step_of(attribute(definition, "Material")))
            if local is None:
                continue
            own = first_attribute(definition, "Properties", "ExtendedProperties")
            name = clean(attribute(definition, "Name")) or str(definition.is_a()).removeprefix("Ifc")
            rows = (
                [row for item in entities_of(own) for row in rows_of_property(item, self._units)]
                if own
                else detail_rows(definition, self._schema, self._units, skip=ROOT_ATTRIBUTES | {"Material"})
            )
            key = (local, name, tuple(rows))
            if key not in told:
                told.add(key)
                self.add_set(local, name, rows)


def _by_owner(uses: Uses, spans: Spans, wanted: Collection[int]) -> dict[int, list[int]]:
    """The sets that those of these owners (STEP ids) have, in order, as rows of the spans; without empty ones."""
    some = np.flatnonzero(spans.number[uses.definition] >= 0)
    relation = uses.relation[some]
    owner, row = uses.owners.take(relation), np.repeat(uses.definition[some], uses.owners.counts[relation])
    known = np.isin(owner, np.fromiter(wanted, np.int64, len(wanted)))
    found: dict[int, list[int]] = {}
    for step, each in zip(owner[known].tolist(), row[known].tolist(), strict=True):
        found.setdefault(step, []).append(each)
    return found
