"""Property sets and quantities of all objects, types and concepts, read relation by relation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa

from bim.graph.id_book import IdBook
from bim.graph.products import Products
from bim.properties.catalogue import Catalogue
from bim.properties.property_rows import Row, attribute_rows, property_rows, rows_of
from bim.properties.quantity_rows import quantity_rows
from bim.text import clean
from bim.units.unit_table import UnitTable
from twin.layer import PROPERTIES, QUANTITIES

ATTRIBUTES = "Attributes"
"""The set that holds an object's own plain attributes (LongName, OverallHeight …)."""
_COLUMNS_ELSEWHERE = frozenset(
    {"GlobalId", "OwnerHistory", "Name", "Description", "Tag", "PredefinedType", "CompositionType"}
)
_SET, _NAME = 0, 1


class PropertyCollector:
    """Fills the two catalogues; `tables` unfolds them.

    A set is parsed once however many objects share it. What an object says itself hides what its
    type says under the same set and name.
    """

    ORIGINS = ("occurrence", "type")

    def __init__(self, model: Any, schema: str, units: UnitTable, book: IdBook) -> None:
        self._model = model
        self._schema = schema
        self._units = units
        self._book = book
        self._properties = Catalogue(5)
        self._quantities = Catalogue(4)
        self._spans: dict[int, tuple[Catalogue, int, str] | None] = {}
        self._owners: dict[str, int] = {}
        self._own: dict[int, list[tuple[Catalogue, int, str]]] = {}  # owner's STEP id → its own sets

    def collect(self, products: Products, progress: Callable[[float], None]) -> None:
        """Read everything: own sets, then those of the types, then plain attributes."""
        relations = self._model.by_type("IfcRelDefinesByProperties")
        for number, relation in enumerate(relations):
            if number % 2000 == 0:
                progress(0.7 * number / max(len(relations), 1))
            for definition in _definitions(relation[5]):
                found = self._span(definition)
                for item in relation[4] or ():
                    self._assign(item, found)
        self._from_types(products)
        progress(0.8)
        self._attributes(products.by_step.values())
        self._material_properties()
        progress(1.0)

    def add_set(self, owner: str, name: str, rows: list[Row]) -> None:
        """A set made by the reader itself (material layers, attributes)."""
        if rows:
            self._properties.assign(self._owner(owner), self._properties.add(_columns(name, rows)), 0)

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """PROPERTIES and QUANTITIES."""
        owners = list(self._owners)
        return (
            self._properties.table(owners, self.ORIGINS, PROPERTIES),
            self._quantities.table(owners, ("declared",), QUANTITIES),
        )

    def _owner(self, local: str) -> int:
        return self._owners.setdefault(local, len(self._owners))

    def _span(self, definition: Any) -> tuple[Catalogue, int, str] | None:
        """The parsed set: its catalogue, its span, its name; None where it has no rows."""
        key = int(definition.id())
        if key not in self._spans:
            name = clean(definition[2]) or str(definition.is_a()).removeprefix("Ifc")
            if definition.is_a("IfcElementQuantity"):
                amounts = [(name, row.name, row.value, row.unit) for row in quantity_rows(definition, self._units)]
                self._spans[key] = (self._quantities, self._quantities.add(amounts), name) if amounts else None
            else:
                rows = _columns(name, property_rows(definition, self._schema, self._units))
                self._spans[key] = (self._properties, self._properties.add(rows), name) if rows else None
        return self._spans[key]

    def _assign(self, item: Any, found: tuple[Catalogue, int, str] | None) -> None:
        local = self._book.get(item)
        if local is None or found is None:
            return
        catalogue, span, _name = found
        catalogue.assign(self._owner(local), span, 0)
        self._own.setdefault(int(item.id()), []).append(found)

    def _from_types(self, products: Products) -> None:
        """Sets of the types: on the type itself, and inherited by its occurrences."""
        of_type: dict[int, list[tuple[Catalogue, int, str]]] = {}
        for kind in self._model.by_type("IfcTypeObject"):
            sets = [found for found in map(self._span, kind.HasPropertySets or ()) if found is not None]
            local = self._book.get(kind)
            if local is None:
                continue
            of_type[int(kind.id())] = sets
            for catalogue, span, _name in sets:
                catalogue.assign(self._owner(local), span, self._origin(catalogue))
            rows = attribute_rows(kind, self._schema, self._units, skip=_COLUMNS_ELSEWHERE)
            if rows:
                span = self._properties.add(_columns(ATTRIBUTES, rows))
                self._properties.assign(self._owner(local), span, 1)
        left: dict[tuple[int, int, tuple[int, ...]], int | None] = {}
        for step, kind in products.types.items():
            local = self._book.get_step(step)
            if local is None or step not in products.by_step:
                continue
            own = self._own.get(step, ())
            for catalogue, span, name in of_type.get(int(kind.id()), ()):
                same = tuple(s for c, s, n in own if n == name and c is catalogue)
                key = (id(catalogue), span, same)
                if key not in left:
                    hidden = {row for s in same for row in catalogue.column(s, _NAME)}
                    left[key] = catalogue.without(span, hidden, _NAME)
                rest = left[key]
                if rest is not None:
                    catalogue.assign(self._owner(local), rest, self._origin(catalogue))

    def _origin(self, catalogue: Catalogue) -> int:
        return 1 if catalogue is self._properties else 0

    def _attributes(self, entities: Iterable[Any]) -> None:
        """Plain attributes as a set of their own; equal sets (a class without any values) are one."""
        known: dict[tuple[Row, ...], int] = {}
        for entity in entities:
            rows = tuple(attribute_rows(entity, self._schema, self._units, skip=_COLUMNS_ELSEWHERE))
            local = self._book.get(entity)
            if not rows or local is None:
                continue
            span = known.get(rows)
            if span is None:
                span = known[rows] = self._properties.add(_columns(ATTRIBUTES, list(rows)))
            self._properties.assign(self._owner(local), span, 0)

    def _material_properties(self) -> None:
        """Property sets of materials: IfcMaterialProperties, in IFC2X3 IfcExtendedMaterialProperties."""
        for definition in self._model.by_type("IfcMaterialProperties"):
            local = self._book.get(definition.Material) if hasattr(definition, "Material") else None
            if local is None:
                continue
            own = getattr(definition, "Properties", None) or getattr(definition, "ExtendedProperties", None)
            name = clean(getattr(definition, "Name", None)) or str(definition.is_a()).removeprefix("Ifc")
            if own:
                self.add_set(local, name, rows_of(own, self._units))
            else:
                self.add_set(
                    local, name, attribute_rows(definition, self._schema, self._units, skip=_COLUMNS_ELSEWHERE)
                )


def _definitions(definition: Any) -> tuple[Any, ...]:
    """The sets of a relation: one, or several in an IfcPropertySetDefinitionSet (IFC4)."""
    if definition is None:
        return ()
    if definition.is_a("IfcPropertySetDefinitionSet"):
        return tuple(definition.wrappedValue or ())
    return (definition,)


def _columns(name: str, rows: list[Row]) -> list[tuple[str, str, str | None, float | None, str | None]]:
    return [(name, row.name, row.value.text, row.value.number, row.value.unit) for row in rows]
