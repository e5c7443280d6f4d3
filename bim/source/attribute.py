"""Attributes of parsed entities, the short way.

Two detours of the parser's own wrapper cost most of a graph's reading: `entity.Name` takes seven times as long as
`entity.get_argument(2)`, and a name that the class lacks (`getattr(entity, name, None)`) makes it import the rules of
the whole schema in every fresh worker, and search them for each entity.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ifcopenshell import _ifcopenshell_wrapper, entity_instance

value_at: Callable[[Any, int], Any] = _ifcopenshell_wrapper.entity_instance_get_argument
class_of: Callable[[Any], str] = _ifcopenshell_wrapper.entity_instance_is_a
id_of: Callable[[Any], int] = _ifcopenshell_wrapper.entity_instance_id
"""What `entity.get_argument(index)`, `entity.is_a()` and `entity.id()` call, at less than half their cost."""
_NO_SUCH = 0xFFFFFFFF
UNREADABLE = (AttributeError, IndexError, KeyError, OverflowError, RuntimeError, TypeError, ValueError)
"""What attributes raise that hold something else than their schema says: entities of another type, nothing, texts."""


def attribute(entity: Any, name: str) -> Any:
    """The value of a forward attribute by name; None where the class has none of that name, or for no entity."""
    if not isinstance(entity, entity_instance) or not entity.id():  # a bare or a typed value where an entity belongs
        return None
    index = index_of(entity, name)
    return None if index is None else value_at(entity, index)


def index_of(entity: Any, name: str) -> int | None:
    """The place of a forward attribute by name; None where the entity's class has none of that name."""
    index = int(entity.get_argument_index(name))
    return None if index == _NO_SUCH else index


def first_attribute(entity: Any, *names: str) -> Any:
    """The first of several attributes that has a value: what one schema calls Identification is Id in another."""
    for name in names:
        value = attribute(entity, name)
        if value is not None and value != "":
            return value
    return None


def step_of(value: Any) -> int:
    """The STEP id of an entity; 0 for anything else, as files put text or nothing where an entity belongs."""
    return id_of(value) if isinstance(value, entity_instance) else 0


def steps_of(values: Any) -> list[int]:
    """The STEP ids of an aggregate of entities, without what is no entity."""
    if not isinstance(values, tuple | list):
        return list(filter(None, (step_of(values),)))
    try:
        return list(map(id_of, values))
    except TypeError:
        return list(filter(None, map(step_of, values)))


def entities_of(values: Any) -> list[Any]:
    """The entities of an aggregate; what is none is left out, and what is no aggregate holds none."""
    if not isinstance(values, tuple | list):
        return []
    try:
        if all(map(id_of, values)):  # nearly always
            return list(values)
    except TypeError:
        pass
    return [value for value in values if step_of(value)]


def instances(model: Any, ifc_class: str) -> tuple[Any, ...]:
    """All instances of a class and its subtypes; none where the schema has no such class."""
    try:
        return tuple(model.by_type(ifc_class))
    except RuntimeError:
        return ()
