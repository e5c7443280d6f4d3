"""The relationships of a model, each attribute of each of them read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, compress
from typing import Any

from bim.graph.misfits import Misfits, Place
from bim.properties.schema_attributes import reference
from bim.source.attribute import instances, step_of, steps_of, value_at

EMPTY_TOLD_ELSEWHERE = frozenset(
    {
        "IfcRelAggregates", "IfcRelConnectsPortToElement", "IfcRelContainedInSpatialStructure", "IfcRelNests",
        "IfcRelFillsElement", "IfcRelVoidsElement", "IfcRelProjectsElement", "IfcRelAdheresToElement",
        "IfcRelSpaceBoundary",
    }
)  # fmt: skip
"""Relationships whose missing ends are findings of the hierarchy and of the spaces."""
Pairs = list[tuple[int, int]]
Fans = list[tuple[int, list[int]]]


class Links:
    """Ends of relationships as STEP ids, in file order; 0 where there is no entity. Subtypes count."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._entities: dict[str, tuple[Any, ...]] = {}
        self._ones: dict[tuple[str, int], list[int]] = {}
        self._many: dict[tuple[str, int], list[list[int]]] = {}

    def of(self, ifc_class: str) -> tuple[Any, ...]:
        """The relationships of a class; none where the schema has no such class."""
        found = self._entities.get(ifc_class)
        if found is None:
            found = self._entities[ifc_class] = instances(self._model, ifc_class)
        return found

    def one(self, ifc_class: str, index: int) -> list[int]:
        """What stands in an attribute that refers to one entity, for each relationship."""
        key = ifc_class, index
        if key not in self._ones:
            self._ones[key] = [step_of(value_at(each, index)) for each in self.of(ifc_class)]
        return self._ones[key]

    def many(self, ifc_class: str, index: int) -> list[list[int]]:
        """What stands in an attribute that refers to several entities, for each relationship."""
        key = ifc_class, index
        if key not in self._many:
            self._many[key] = [steps_of(value_at(each, index)) for each in self.of(ifc_class)]
        return self._many[key]

    def pairs(self, ifc_class: str, first: int, second: int) -> Pairs:
        """(what stands at `first`, at `second`) of relationships between two entities."""
        return list(zip(self.one(ifc_class, first), self.one(ifc_class, second), strict=True))

    def fans(self, ifc_class: str, one: int, many: int) -> Fans:
        """(what stands at `one`, all at `many`) of relationships between one entity and several."""
        return list(zip(self.one(ifc_class, one), self.many(ifc_class, many), strict=True))

    def check(self, misfits: Misfits, known: Mapping[int, str]) -> None:
        """Note what does not belong where it stands, of all that was read. known: STEP id → class of entities met already."""
        for (ifc_class, index), steps in self._ones.items():
            self._check(misfits, known, ifc_class, index, [(step,) if step else () for step in steps])
        for (ifc_class, index), lists in self._many.items():
            self._check(misfits, known, ifc_class, index, lists)

    def _check(
        self, misfits: Misfits, known: Mapping[int, str], ifc_class: str, index: int, ends: Sequence[Sequence[int]]
    ) -> None:
        if not ends:
            return
        told = reference(self._model.schema_identifier, ifc_class, index)
        misfits.check(self._model, ifc_class, told, chain.from_iterable(ends), known)
        place = Place(ifc_class, told.name, told.expected)
        for each in compress(self.of(ifc_class), (not end for end in ends)):
            value = value_at(each, index)
            if value or not (told.optional or ifc_class in EMPTY_TOLD_ELSEWHERE):
                misfits.put(place, value or None)
