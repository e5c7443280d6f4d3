"""References that hold something else than the schema asks for, gathered while a model is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ifcopenshell import entity_instance

from bim.properties.schema_attributes import Reference, ancestry


class Place(NamedTuple):
    """An attribute, and what it refers to by the schema: classes, for people."""

    ifc_class: str
    attribute: str
    expected: str


class Misfits:
    """Each attribute with the things that do not belong there: STEP ids, or 0 for what is no entity, and their names."""

    def __init__(self) -> None:
        self.found: dict[Place, list[tuple[int, str]]] = {}

    def put(self, ifc_class: str, attribute: str, expected: str, value: Any) -> None:
        """Note a value that was passed over."""
        self.found.setdefault(Place(ifc_class, attribute, expected), []).append(_named(value))

    def check(
        self,
        model: Any,
        schema: str,
        ifc_class: str,
        reference: Reference,
        steps: Iterable[int],
        known: Mapping[int, str],
    ) -> None:
        """Note those of the entities that are of none of the classes that the attribute refers to.

        known: STEP id → class of those entities that were met already; equal classes are looked at once.
        """
        of_class: dict[str, list[int]] = {}
        for step in set(steps):
            of_class.setdefault(known.get(step) or _class_of(model, step), []).append(step)
        for name, wrong in of_class.items():
            if name and reference.classes.isdisjoint(ancestry(schema, name)):
                place = Place(ifc_class, reference.name, reference.expected)
                self.found.setdefault(place, []).extend((step, f"#{step}={name}") for step in sorted(wrong))


def _class_of(model: Any, step: int) -> str:
    return str(model.by_id(step).is_a()) if step else ""


def _named(value: Any) -> tuple[int, str]:
    if isinstance(value, entity_instance) and value.id():
        return int(value.id()), f"#{value.id()}={value.is_a()}"
    return 0, f"{value!s:.60}"
