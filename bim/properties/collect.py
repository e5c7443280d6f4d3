"""Property sets and quantities of all objects, types and concepts, read relation by relation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from bim.graph.id_book import IdBook
from bim.graph.misfits import Misfits, Place
from bim.graph.products import Products
from bim.properties.attribute_sets import COLUMNS_ELSEWHERE, AttributeSets
from bim.properties.catalogue import Catalogue
from bim.properties.nested_rows import detail_rows
from bim.properties.property_rows import ROOT_ATTRIBUTES, Row, rows_of_property, single_value
from bim.properties.quantity_rows import quantity_rows_of
from bim.properties.schema_attributes import ancestry
from bim.source.attribute import (
    attribute,
    class_of,
    entities_of,
    first_attribute,
    id_of,
    instances,
    step_of,
    steps_of,
    value_at,
)
from bim.text import clean
from bim.units.unit_table import UnitTable
from twin.layer import PROPERTIES, QUANTITIES

OCCURRENCE, TYPE = 0, 1
"""Codes of the origins."""
_DEFINITION = Place("IfcRelDefinesByProperties", "RelatingPropertyDefinition", "IfcPropertySetDefinition")
_PROPERTY = Place("IfcPropertySet", "HasProperties", "IfcProperty")


class Span(NamedTuple):
    """A parsed set: in which catalogue, which span, its name."""

    catalogue: Catalogue
    number: int
    name: str


class PropertyCollector:
    """Fills the two catalogues; `tables` unfolds them.

    A set is parsed once however many objects share it, a property once however many sets. What an object says itself
    hides what its type says under the same set and name.
    """

    ORIGINS = ("occurrence", "type")

    def __init__(self, model: Any, schema: str, units: UnitTable, book: IdBook, misfits: Misfits) -> None:
        self._misfits = misfits
        self._model = model
        self._schema = schema
        self._units = units
        self._book = book
        self._properties = Catalogue()
        self._quantities = Catalogue()
        self._spans: dict[int, Span | None] = {}
        self._property_rows: dict[int, tuple[int, ...]] = {}  # property's STEP id → its rows
        self._owners: dict[str, int] = {}
        self._owner_of_step: dict[int, int] = {}
        self._own: defaultdict[int, list[Span]] = defaultdict(list)  # owner's STEP id → its own sets

    def collect(self, products: Products, concepts: Iterable[Any], progress: Callable[[float], None]) -> None:
        """Read everything: own sets, then those of the types, then plain attributes.

        concepts: the entities with a GlobalId that became concepts.
        """
        relations = self._model.by_type("IfcRelDefinesByProperties")
        for number, relation in enumerate(relations):
            if number % 2000 == 0:
                progress(0.7 * number / max(len(relations), 1))
            related = steps_of(value_at(relation, 4))
            for definition in _definitions(value_at(relation, 5)):
                self._assign(related, self._span(definition))
        self._from_types(products)
        progress(0.8)
        self._attributes(products.by_step.items(), COLUMNS_ELSEWHERE, OCCURRENCE)
        types = set(map(id_of, self._model.by_type("IfcTypeObject")))
        rooted = [(id_of(entity), entity) for entity in concepts]
        self._attributes([pair for pair in rooted if pair[0] in types], ROOT_ATTRIBUTES, TYPE)
        self._attributes([pair for pair in rooted if pair[0] not in types], ROOT_ATTRIBUTES, OCCURRENCE)
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

    def _span(self, definition: Any) -> Span | None:
        """The parsed set; None where it has no rows, or where no set stands in its place."""
        key = step_of(definition)
        if key not in self._spans:
            self._spans[key] = self._parse(definition) if key else None
        return self._spans[key]

    def _parse(self, definition: Any) -> Span | None:
        kind = class_of(definition)
        if "IfcPropertySetDefinition" not in ancestry(self._schema, kind):
            self._misfits.put(_DEFINITION, definition)
            return None
        name = clean(value_at(definition, 2)) or kind.removeprefix("Ifc")
        if kind == "IfcElementQuantity":
            amounts = quantity_rows_of(value_at(definition, 5), self._units)
            rows = [self._quantities.row(row) for row in amounts]
            return Span(self._quantities, self._quantities.span(name, rows), name) if rows else None
        if kind == "IfcPropertySet":
            rows = self._rows_of_properties(value_at(definition, 4))
            return Span(self._properties, self._properties.span(name, rows), name) if rows else None
        details = detail_rows(definition, self._schema, self._units, skip=ROOT_ATTRIBUTES)
        return Span(self._properties, self._new_span(name, details), name) if details else None

    def _rows_of_properties(self, properties: Any) -> list[int]:
        rows: list[int] = []
        known = self._property_rows
        items = entities_of(properties)
        for item, key in zip(items, map(id_of, items), strict=True):
            found = known.get(key)
            if found is None:
                found = known[key] = self._new_rows(item)
            rows += found
        return rows

    def _new_rows(self, item: Any) -> tuple[int, ...]:
        put = self._properties.row
        if class_of(item) == "IfcPropertySingleValue":  # nearly all of them: the straight way
            return (put((clean(value_at(item, 0)) or "?", *single_value(item, self._units))),)
        if "IfcProperty" not in ancestry(self._schema, class_of(item)):
            self._misfits.put(_PROPERTY, item)
            return ()
        return tuple(put((row.name, *row.value)) for row in rows_of_property(item, self._units))

    def _assign(self, related: Iterable[int], found: Span | None) -> None:
        if found is None:
            return
        owners = []
        known, own = self._owner_of_step, self._own
        for step in related:
            owner = known.get(step)
            if owner is None:
                local = self._book.get_step(step)
                if local is None:
                    continue
                owner = known[step] = self._owner(local)
            owners.append(owner)
            own[step].append(found)
        found.catalogue.assign(owners, found.number, OCCURRENCE)

    def _from_types(self, products: Products) -> None:
        """Sets of the types: on the type itself, and inherited by its occurrences."""
        of_type: dict[int, list[Span]] = {}
        for kind in self._model.by_type("IfcTypeObject"):
            sets = [found for found in map(self._span, entities_of(value_at(kind, 5))) if found is not None]
            step = id_of(kind)
            local = self._book.get_step(step)
            if local is None:
                continue
            for found in sets:
                found.catalogue.assign([self._owner(local)], found.number, TYPE)
            of_type[step] = [*sets, *self._own.get(step, ())]
        left: dict[tuple[int, ...], int | None] = {}
        for step, kind in products.types.items():
            local = self._book.get_step(step)
            if local is None or step not in products.by_step:
                continue
            own = self._own.get(step, ())
            owner = [self._owner(local)]
            for catalogue, span, name in of_type.get(id_of(kind), ()):
                same = tuple(s for c, s, n in own if n == name and c is catalogue)
                rest: int | None = span
                if same:
                    key = (catalogue is self._properties, span, *same)
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


def _definitions(definition: Any) -> tuple[Any, ...]:
    """The sets of a relation: one, or several in an IfcPropertySetDefinitionSet (IFC4)."""
    if step_of(definition):
        return (definition,)
    return tuple(entities_of(definition.get_argument(0))) if hasattr(type(definition), "get_argument") else ()
