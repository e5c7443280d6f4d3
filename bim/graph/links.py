"""The relationships of a model, each attribute of each of them read once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bim.graph.misfits import Misfits
from bim.properties.schema_attributes import reference
from bim.source.attribute import instances, step_of, steps_of, value_at

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
        schema = self._model.schema_identifier
        for (ifc_class, index), steps in self._ones.items():
            if not steps:
                continue
            told = reference(schema, ifc_class, index)
            misfits.check(self._model, schema, ifc_class, told, steps, known)
            if 0 in steps:
                values = (
                    value_at(each, index) for each, step in zip(self.of(ifc_class), steps, strict=True) if not step
                )
                for value in values:
                    if value is not None:
                        misfits.put(ifc_class, told.name, told.expected, value)
        for (ifc_class, index), lists in self._many.items():
            if not lists:
                continue
            told = reference(schema, ifc_class, index)
            misfits.check(self._model, schema, ifc_class, told, (step for steps in lists for step in steps), known)
            for each, steps in zip(self.of(ifc_class), lists, strict=True):
                if not steps and not told.optional:
                    misfits.put(ifc_class, told.name, told.expected, value_at(each, index) or "$")
