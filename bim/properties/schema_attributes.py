"""The attributes of a class that hold plain values (no entities), by the schema itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ifcopenshell import ifcopenshell_wrapper


@dataclass(frozen=True)
class PlainAttribute:
    """Where an attribute stands in the instance, its name, and its defined type (IfcLengthMeasure …) or ''."""

    index: int
    name: str
    measure: str


@lru_cache(maxsize=4096)
def plain_attributes(schema: str, ifc_class: str) -> tuple[PlainAttribute, ...]:
    """All attributes of a class that hold one number, text, truth value or enumeration item."""
    found = []
    for index, attribute in enumerate(_entity(schema, ifc_class).all_attributes()):
        measure = _plain_type(attribute.type_of_attribute())
        if measure is not None:
            found.append(PlainAttribute(index, str(attribute.name()), measure))
    return tuple(found)


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


def _entity(schema: str, ifc_class: str) -> Any:
    return ifcopenshell_wrapper.schema_by_name(schema).declaration_by_name(ifc_class).as_entity()


def _plain_type(parameter: Any) -> str | None:
    """The defined type's name of a plain value, '' for an unnamed one, None for entities and aggregates."""
    if parameter.as_simple_type() is not None:
        return ""
    named = parameter.as_named_type()
    if named is None:
        return None
    declared = named.declared_type()
    if declared.as_enumeration_type() is not None:
        return ""
    if declared.as_type_declaration() is not None:
        inner = declared.as_type_declaration().declared_type()
        return str(declared.name()) if _plain_type(inner) is not None else None
    return None
