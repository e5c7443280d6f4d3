"""The types of a schema's attributes, resolved once: what a text in ifcXML has to become in STEP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Simple:
    """One number, text, truth value or binary. kind: string, real, number, integer, boolean, logical, binary."""

    kind: str


@dataclass(frozen=True)
class Enumeration:
    """One item of a closed list, in capitals."""

    name: str
    items: frozenset[str]


@dataclass(frozen=True)
class Entity:
    """A reference to an instance of a class or of one below it."""

    name: str


@dataclass(frozen=True)
class Select:
    """One of several: instances of `entities` or values of the defined `types`, which are written with their name."""

    name: str
    entities: frozenset[str]
    types: frozenset[str]


@dataclass(frozen=True)
class Aggregate:
    """A list, set, bag or array. low, high: bounds of its size; high -1 where unbounded."""

    element: Type
    low: int
    high: int


Type = Simple | Enumeration | Entity | Select | Aggregate


def leaf(node: Type) -> Type:
    """What stands in the innermost list."""
    while isinstance(node, Aggregate):
        node = node.element
    return node


def type_of(parameter: Any) -> Type:
    """The type of a schema parameter (`ifcopenshell_wrapper.parameter_type`); defined types give what they stand for."""
    simple = parameter.as_simple_type()
    if simple is not None:
        return Simple(str(simple.declared_type()))
    several = parameter.as_aggregation_type()
    if several is not None:
        return Aggregate(type_of(several.type_of_element()), int(several.bound1()), int(several.bound2()))
    return type_of_declaration(parameter.as_named_type().declared_type())


def type_of_declaration(declared: Any) -> Type:
    """The type that a named declaration stands for."""
    name = str(declared.name())
    items = declared.as_enumeration_type()
    if items is not None:
        return Enumeration(name, frozenset(str(item) for item in items.enumeration_items()))
    defined = declared.as_type_declaration()
    if defined is not None:
        return type_of(defined.declared_type())
    select = declared.as_select_type()
    if select is None:
        return Entity(name)
    entities: set[str] = set()
    types: set[str] = set()
    waiting = list(select.select_list())
    while waiting:
        choice = waiting.pop()
        if choice.as_select_type() is not None:
            waiting += choice.as_select_type().select_list()
        elif choice.as_entity() is not None:
            entities.add(str(choice.name()))
        else:
            types.add(str(choice.name()))
    return Select(name, frozenset(entities), frozenset(types))
