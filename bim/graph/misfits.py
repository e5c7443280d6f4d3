"""References that hold something else than the schema asks for, gathered while a model is read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ifcopenshell import entity_instance

from bim.properties.schema_attributes import Reference, ancestry


class Place(NamedTuple):
    """An attribute, and what it refers to by the schema."""

    ifc_class: str
    attribute: str
    expected: str


class Misfits:
    """What does not belong where it stands, and was passed over. found: place → how often each thing, by STEP id (0: no entity) and name."""

    def __init__(self) -> None:
        self.found: defaultdict[Place, Counter[tuple[int, str]]] = defaultdict(Counter)

    def put(self, place: Place, value: Any) -> None:
        """Note one value."""
        self.found[place][_named(value)] += 1

    def check(
        self,
        model: Any,
        ifc_class: str,
        reference: Reference,
        steps: Iterable[int],
        known: Mapping[int, str],
    ) -> None:
        """Note those of the entities that are of none of the classes that an attribute refers to.

        known: STEP id → class of those entities that were met already; equal classes are looked at once.
        """
        of_class: dict[str, list[int]] = {}
        for step in set(steps):
            if step:
                of_class.setdefault(known.get(step) or model.by_id(step).is_a(), []).append(step)
        place = Place(ifc_class, reference.name, reference.expected)
        for name, wrong in of_class.items():
            if reference.classes.isdisjoint(ancestry(model.schema_identifier, name)):
                self.found[place].update((step, f"#{step}={name}") for step in sorted(wrong))


def _named(value: Any) -> tuple[int, str]:
    if isinstance(value, entity_instance) and value.id():
        return int(value.id()), f"#{value.id()}={value.is_a()}"
    return 0, "$" if value is None else f"{value!s:.60}"
