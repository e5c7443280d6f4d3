"""What the schema says of the classes in a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from ifcopenshell import ifcopenshell_wrapper

from bim.export.relations import ANNEXES, LISTS, RULES, Bring
from bim.properties.schema_attributes import ancestry, attribute_index

OPENING = "IfcOpeningElement"


@dataclass(frozen=True)
class IfcClass:
    """A class as the extraction sees it; attributes by position.

    rules: (why, positions of the member, of the brought) for relations; annex: positions of the attributes that
    decide on a resource that points at its owner; cut: position of the list that is cut down; place, shape:
    positions of a product's ObjectPlacement and Representation; optional: positions that may be empty.
    """

    name: str
    rooted: bool = False
    product: bool = False
    placement: bool = False
    opening: bool = False
    port: bool = False
    project: bool = False
    relation: bool = False
    rules: tuple[tuple[Bring, int, int], ...] = ()
    annex: tuple[int, ...] = ()
    cut: int | None = None
    place: int | None = None
    shape: int | None = None
    optional: frozenset[int] = field(default_factory=frozenset)


@lru_cache(maxsize=8192)
def ifc_class(schema: str, upper: str) -> IfcClass:
    """The class of a name in upper case; a plain one without any rule where the schema has none of that name."""
    try:
        entity = ifcopenshell_wrapper.schema_by_name(schema).declaration_by_name(upper).as_entity()
    except RuntimeError:
        entity = None
    if entity is None:
        return IfcClass(upper)
    name = str(entity.name())
    line = ancestry(schema, name)

    def at(attribute: str) -> int | None:
        return attribute_index(schema, name, attribute)

    rules = []
    for rule in RULES:
        member, brought = at(rule.member), at(rule.brought)
        if rule.relation in line and member is not None and brought is not None:
            rules.append((rule.bring, member, brought))
    return IfcClass(
        name,
        rooted="IfcRoot" in line,
        product="IfcProduct" in line,
        placement="IfcObjectPlacement" in line,
        opening=OPENING in line,
        port="IfcPort" in line,
        project=name == "IfcProject",
        relation="IfcRelationship" in line,
        rules=tuple(rules),
        annex=tuple(place for base, found in ANNEXES if base in line and (place := at(found)) is not None),
        cut=next((place for base, found in LISTS if base in line and (place := at(found)) is not None), None),
        place=at("ObjectPlacement") if "IfcProduct" in line else None,
        shape=at("Representation") if "IfcProduct" in line else None,
        optional=frozenset(number for number, item in enumerate(entity.all_attributes()) if item.optional()),
    )
