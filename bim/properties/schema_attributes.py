"""The attributes of a class by the schema itself: which hold plain values, which hold further entities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ifcopenshell import ifcopenshell_wrapper

RELATED = frozenset(
    {
        "IfcRoot", "IfcOwnerHistory", "IfcObjectPlacement", "IfcProductRepresentation", "IfcRepresentation",
        "IfcRepresentationMap", "IfcRepresentationContext", "IfcUnitAssignment", "IfcShapeAspect",
        "IfcConnectionGeometry", "IfcPresentationStyle", "IfcPresentationStyleAssignment",
        "IfcTopologicalRepresentationItem", "IfcMaterialDefinition", "IfcMaterial", "IfcMaterialUsageDefinition",
        "IfcGeometricRepresentationItem", "IfcCoordinateReferenceSystem", "IfcCoordinateOperation",
    }
)  # fmt: skip
"""Classes that a class's own values do not go on into: rooted things are related, shapes are drawn."""
_VALUES_OF_SHAPE = frozenset({"IfcCartesianPoint", "IfcDirection"})


@dataclass(frozen=True, slots=True)
class PlainAttribute:
    """Where an attribute stands in the instance, its name, and its defined type (IfcLengthMeasure …) or ''."""

    index: int
    name: str
    measure: str


@lru_cache(maxsize=4096)
def plain_attributes(schema: str, ifc_class: str) -> tuple[PlainAttribute, ...]:
    """All attributes of a class that hold numbers, texts, truth values or enumeration items, one or several."""
    found = []
    for index, attribute in enumerate(_entity(schema, ifc_class).all_attributes()):
        measure = _plain_type(attribute.type_of_attribute())
        if measure is not None:
            found.append(PlainAttribute(index, str(attribute.name()), measure))
    return tuple(found)


@lru_cache(maxsize=4096)
def nested_attributes(schema: str, ifc_class: str) -> tuple[tuple[int, str], ...]:
    """(index, name) of the attributes that hold entities without GlobalId: addresses, times, costs, design parameters."""
    return tuple(
        (index, str(attribute.name()))
        for index, attribute in enumerate(_entity(schema, ifc_class).all_attributes())
        if _holds_nested(attribute.type_of_attribute(), schema)
    )


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute that refers to entities: its name, the classes it allows, the declared type's name, whether it may be empty."""

    name: str
    classes: frozenset[str]
    expected: str
    optional: bool


@lru_cache(maxsize=4096)
def reference(schema: str, ifc_class: str, index: int) -> Reference:
    """What the attribute at an index of a class refers to; aggregates and selects opened up."""
    attribute = _entity(schema, ifc_class).attribute_by_index(index)
    declared = attribute.type_of_attribute()
    while declared.as_aggregation_type() is not None:
        declared = declared.as_aggregation_type().type_of_element()
    named = declared.as_named_type().declared_type()
    return Reference(str(attribute.name()), frozenset(_entities(named)), str(named.name()), bool(attribute.optional()))


def _entities(declared: Any) -> Iterator[str]:
    select = declared.as_select_type()
    if select is None:
        yield str(declared.name())
    else:
        for member in select.select_list():
            yield from _entities(member)


def is_nested(schema: str, ifc_class: str) -> bool:
    """Whether an entity of this class is a detail of the one that refers to it."""
    return ifc_class in _VALUES_OF_SHAPE or RELATED.isdisjoint(ancestry(schema, ifc_class))


@lru_cache(maxsize=4096)
def ancestry(schema: str, ifc_class: str) -> tuple[str, ...]:
    """The class and its supertypes, nearest first."""
    names: list[str] = []
    declaration = _entity(schema, ifc_class)
    while declaration is not None:
        names.append(str(declaration.name()))
        declaration = declaration.supertype()
    return tuple(names)


@lru_cache(maxsize=4096)
def attribute_index(schema: str, ifc_class: str, name: str) -> int | None:
    """The position of an attribute in a class, None where it has none of that name."""
    index = int(_entity(schema, ifc_class).attribute_index(name))
    return index if index >= 0 else None


@lru_cache(maxsize=4096)
@lru_cache(maxsize=4096)
def defined_type(schema: str, name: str) -> str | None:
    """The name of a defined type as the schema spells it; None for what is no defined type. name: in any case."""
    try:
        found = ifcopenshell_wrapper.schema_by_name(schema).declaration_by_name(name)
    except RuntimeError:
        return None
    return None if found.as_type_declaration() is None else str(found.name())


def attribute_count(schema: str, ifc_class: str) -> int:
    """How many attributes an instance of a class has."""
    return int(_entity(schema, ifc_class).attribute_count())


def _entity(schema: str, ifc_class: str) -> Any:
    return ifcopenshell_wrapper.schema_by_name(schema).declaration_by_name(ifc_class).as_entity()


def _plain_type(parameter: Any) -> str | None:
    """The defined type's name of a plain value, '' for an unnamed one, None where entities may stand."""
    if parameter.as_simple_type() is not None:
        return ""
    aggregate = parameter.as_aggregation_type()
    if aggregate is not None:
        return _plain_type(aggregate.type_of_element())
    named = parameter.as_named_type()
    return None if named is None else _plain_declaration(named.declared_type())


def _plain_declaration(declared: Any) -> str | None:
    if declared.as_enumeration_type() is not None:
        return ""
    if declared.as_select_type() is not None:
        members = [_plain_declaration(member) for member in declared.as_select_type().select_list()]
        return "" if None not in members else None
    if declared.as_type_declaration() is not None:
        inner = declared.as_type_declaration().declared_type()
        return str(declared.name()) if _plain_type(inner) is not None else None
    return None


def _holds_nested(parameter: Any, schema: str) -> bool:
    aggregate = parameter.as_aggregation_type()
    if aggregate is not None:
        return _holds_nested(aggregate.type_of_element(), schema)
    named = parameter.as_named_type()
    return named is not None and _nested_declaration(named.declared_type(), schema)


def _nested_declaration(declared: Any, schema: str) -> bool:
    if declared.as_select_type() is not None:
        return any(_nested_declaration(member, schema) for member in declared.as_select_type().select_list())
    return declared.as_entity() is not None and is_nested(schema, str(declared.name()))
