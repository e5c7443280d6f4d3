"""The products of a model as rows: the `objects` table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from bim.graph.cim_level import cim_level
from bim.graph.discipline import discipline
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.properties.schema_attributes import ancestry, attribute_index
from bim.text import clean
from twin.layer import OBJECTS

OPENING = "IfcOpeningElement"


@dataclass
class Products:
    """All products with a GlobalId that are no openings. by_step: STEP id → entity, in file order."""

    by_step: dict[int, Any]
    ids: list[str]
    unnamed: int = 0  # products that lack a GlobalId
    types: dict[int, Any] = field(default_factory=dict)  # product's STEP id → its type object

    @property
    def steps(self) -> list[int]:
        """STEP ids in the order of the rows."""
        return list(self.by_step)


def find_products(model: Any, book: IdBook) -> Products:
    """The products that become objects, their local ids, and their types."""
    openings = {int(entity.id()) for entity in model.by_type(OPENING)}
    every = sorted(((int(e.id()), e) for e in model.by_type("IfcProduct")), key=lambda pair: pair[0])
    by_step: dict[int, Any] = {}
    ids: list[str] = []
    unnamed = 0
    for step, entity in every:
        if step in openings:
            continue
        local = book.add(entity)
        if local is None:
            unnamed += 1
            continue
        by_step[step] = entity
        ids.append(local)
    products = Products(by_step, ids, unnamed)
    for relation in model.by_type("IfcRelDefinesByType"):
        if relation[5] is not None:
            for entity in relation[4] or ():
                products.types.setdefault(int(entity.id()), relation[5])
    return products


def objects_table(
    products: Products,
    hierarchy: Hierarchy,
    book: IdBook,
    schema: str,
    elevations: Mapping[int, float],
    engines: Mapping[int, str],
    systems: Mapping[int, str],
) -> pa.Table:
    """Rows of OBJECTS in file order.

    elevations: storeys' STEP ids → metres in the park frame; engines: STEP id → geometry engine;
    systems: STEP id → predefined type of the distribution system it belongs to.
    """
    storeys = hierarchy.nearest(lambda entity: bool(entity.is_a("IfcBuildingStorey")))
    buildings = hierarchy.nearest(lambda entity: bool(entity.is_a("IfcBuilding")))
    facilities = hierarchy.nearest(lambda entity: schema == "IFC4X3_ADD2" and bool(entity.is_a("IfcFacility")))
    columns: dict[str, list[Any]] = {name: [] for name in OBJECTS.names}
    put = {name: column.append for name, column in columns.items()}
    for (step, entity), local in zip(products.by_step.items(), products.ids, strict=True):
        ifc_class = entity.is_a()
        line = ancestry(schema, ifc_class)
        kind = products.types.get(step)
        predefined = predefined_type(entity, kind, schema)
        put["id"](local)
        put["type"](cim_type(ifc_class))
        put["ifc_class"](ifc_class)
        put["predefined_type"](predefined)
        put["name"](clean(entity[2]) or (clean(entity.LongName) if "IfcSpatialStructureElement" in line else None))
        put["description"](clean(entity[3]))
        tag = attribute_index(schema, ifc_class, "Tag")
        put["tag"](clean(entity[tag]) if tag is not None else None)
        put["parent"](_local(book, hierarchy.parent.get(step)))
        put["storey"](_local(book, storeys.get(step)))
        put["building"](_local(book, buildings.get(step, facilities.get(step))))
        type_line = ancestry(schema, kind.is_a()) if kind is not None else ()
        put["discipline"](discipline(line, predefined, systems.get(step), type_line))
        put["cim_level"](cim_level(line))
        put["elevation"](elevations.get(step))
        put["engine"](engines.get(step))
    return pa.table(columns, schema=OBJECTS)


def cim_type(ifc_class: str) -> str:
    """IfcWallStandardCase → Wall: the class without its prefix and without the suffixes of special cases."""
    return ifc_class.removeprefix("Ifc").removesuffix("StandardCase").removesuffix("ElementedCase")


def predefined_type(entity: Any, kind: Any, schema: str) -> str | None:
    """The occurrence's predefined type, else its type's; USERDEFINED gives the user's own word."""
    for source, own in ((entity, "ObjectType"), (kind, "ElementType")):
        if source is None:
            continue
        index = attribute_index(schema, source.is_a(), "PredefinedType")
        value = source[index] if index is not None else None
        if value == "USERDEFINED":
            return clean(getattr(source, own, None)) or "USERDEFINED"
        if value and value != "NOTDEFINED":
            return str(value)
    return None


def _local(book: IdBook, step: int | None) -> str | None:
    return None if step is None else book.get_step(step)
