"""The products of a model as rows: the `objects` table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa

from bim.graph.cim_level import cim_level
from bim.graph.discipline import discipline
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.properties.schema_attributes import ancestry, attribute_index
from bim.source.attribute import class_of, id_of, instances, step_of, steps_of, value_at
from bim.text import clean
from twin.layer import OBJECTS

OPENING = "IfcOpeningElement"
GENERIC = frozenset(
    {
        "IfcDistributionElement", "IfcDistributionFlowElement", "IfcDistributionControlElement",
        "IfcEnergyConversionDevice", "IfcFlowController", "IfcFlowFitting", "IfcFlowMovingDevice", "IfcFlowSegment",
        "IfcFlowStorageDevice", "IfcFlowTerminal", "IfcFlowTreatmentDevice",
    }
)  # fmt: skip
"""Classes of which IFC2X3 tells the kind of thing (a fan, a sensor) only by the class of the type object."""


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
    openings = set(map(id_of, model.by_type(OPENING)))
    every = {id_of(entity): entity for entity in model.by_type("IfcProduct")}
    by_step: dict[int, Any] = {}
    ids: list[str] = []
    unnamed = 0
    for step in sorted(every):
        entity = every[step]
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
        kind = value_at(relation, 5)
        if step_of(kind) and kind.is_a("IfcTypeObject"):
            for step in steps_of(value_at(relation, 4)):
                products.types.setdefault(step, kind)
    return products


class _Class(NamedTuple):
    """What the schema says of a class, once for all its rows."""

    line: tuple[str, ...]
    level: int
    tag: int | None
    long_name: int | None  # of spatial elements, whose Name is often a number


@lru_cache(maxsize=4096)
def _class(schema: str, ifc_class: str) -> _Class:
    line = ancestry(schema, ifc_class)
    long_name = attribute_index(schema, ifc_class, "LongName") if "IfcSpatialStructureElement" in line else None
    return _Class(line, cim_level(line), attribute_index(schema, ifc_class, "Tag"), long_name)


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
    classes = {step: class_of(entity) for step, entity in products.by_step.items()}
    lines = {ifc_class: set(_class(schema, ifc_class).line) for ifc_class in set(classes.values())}
    above = {
        kind: hierarchy.nearest_of({step for step, ifc_class in classes.items() if kind in lines[ifc_class]})
        for kind in ("IfcBuildingStorey", "IfcBuilding", "IfcFacility")
    }
    storeys, buildings, facilities = above.values()
    parents = hierarchy.parent
    local_of = book.get_step
    disciplines: dict[tuple[str | None, ...], str] = {}
    types: dict[int, tuple[str, str | None]] = {}
    rows = []
    for (step, entity), local in zip(products.by_step.items(), products.ids, strict=True):
        ifc_class = classes[step]
        of_class = _class(schema, ifc_class)
        kind = products.types.get(step)
        type_class, inherited = None, None
        if kind is not None:  # one object for all products of a type
            if id(kind) not in types:
                types[id(kind)] = class_of(kind), _own_predefined(kind, "ElementType", schema)
            type_class, inherited = types[id(kind)]
        predefined = _own_predefined(entity, "ObjectType", schema) or inherited
        key = ifc_class, predefined, systems.get(step), type_class
        if key not in disciplines:
            type_line = ancestry(schema, type_class) if type_class else ()
            disciplines[key] = discipline(of_class.line, predefined, systems.get(step), type_line)
        name = clean(value_at(entity, 2))
        if name is None and of_class.long_name is not None:
            name = clean(value_at(entity, of_class.long_name))
        parent, storey, building = parents.get(step), storeys.get(step), buildings.get(step, facilities.get(step))
        rows.append(
            (
                local,
                cim_type(ifc_class, type_class),
                ifc_class,
                predefined,
                name,
                clean(value_at(entity, 3)),
                None if of_class.tag is None else clean(value_at(entity, of_class.tag)),
                None if parent is None else local_of(parent),
                None if storey is None else local_of(storey),
                None if building is None else local_of(building),
                disciplines[key],
                of_class.level,
                elevations.get(step),
                engines.get(step),
            )
        )
    columns = zip(*rows, strict=True) if rows else ((),) * len(OBJECTS)
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, OBJECTS, strict=True)], schema=OBJECTS
    )


@lru_cache(maxsize=4096)
def cim_type(ifc_class: str, type_class: str | None = None) -> str:
    """IfcWallStandardCase → Wall: the class without its prefix and without the suffixes of special cases.

    A generic class (IfcFlowTerminal) is named by its type object's (IfcSanitaryTerminalType → SanitaryTerminal).
    """
    if ifc_class in GENERIC and type_class and type_class.endswith("Type"):
        ifc_class = type_class.removesuffix("Type")
    return ifc_class.removeprefix("Ifc").removesuffix("StandardCase").removesuffix("ElementedCase")


def _own_predefined(entity: Any, word: str, schema: str) -> str | None:
    """The predefined type that an entity gives itself; USERDEFINED gives the user's own word, in the attribute `word`."""
    ifc_class = class_of(entity)
    index = attribute_index(schema, ifc_class, "PredefinedType")
    value = None if index is None else value_at(entity, index)
    if value == "USERDEFINED":
        place = attribute_index(schema, ifc_class, word)
        return (None if place is None else clean(value_at(entity, place))) or "USERDEFINED"
    return str(value) if value and value != "NOTDEFINED" else None


def distribution_systems(model: Any) -> dict[int, str]:
    """Products' STEP ids → PredefinedType of the distribution system that they are assigned to."""
    kinds = {
        int(system.id()): str(system.PredefinedType)
        for system in instances(model, "IfcDistributionSystem")
        if system.PredefinedType and system.PredefinedType not in {"NOTDEFINED", "USERDEFINED"}
    }
    found: dict[int, str] = {}
    if kinds:
        for relation in model.by_type("IfcRelAssignsToGroup"):
            kind = kinds.get(step_of(relation.get_argument(6)))
            if kind is not None:
                for step in steps_of(relation.get_argument(4)):
                    found.setdefault(step, kind)
    return found
