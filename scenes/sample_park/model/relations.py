"""One-to-many relations, collected while objects are made and written once at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Entity = Any


class Relations:
    """Collects related objects by relating object; order of first use is kept, so files are reproducible."""

    def __init__(self, file: Any, guid: Callable[[str], str]) -> None:
        self._file = file
        self._guid = guid
        self._groups: dict[tuple[str, int], tuple[Entity, list[Entity]]] = {}
        self._single: list[tuple[str, tuple[Any, ...]]] = []

    def _add(self, relation: str, relating: Entity, thing: Entity) -> None:
        self._groups.setdefault((relation, relating.id()), (relating, []))[1].append(thing)

    def contain(self, space: Entity, thing: Entity) -> None:
        """Spatial structure element contains element."""
        self._add("IfcRelContainedInSpatialStructure", space, thing)

    def aggregate(self, whole: Entity, part: Entity) -> None:
        """Whole has part."""
        self._add("IfcRelAggregates", whole, part)

    def nest(self, host: Entity, part: Entity) -> None:
        """Element has port."""
        self._add("IfcRelNests", host, part)

    def type_of(self, kind: Entity, thing: Entity) -> None:
        """Object is of a type."""
        self._add("IfcRelDefinesByType", kind, thing)

    def material(self, material: Entity, thing: Entity) -> None:
        """Object is made of a material or of layers."""
        self._add("IfcRelAssociatesMaterial", material, thing)

    def classify(self, reference: Entity, thing: Entity) -> None:
        """Object is classified by a reference."""
        self._add("IfcRelAssociatesClassification", reference, thing)

    def member(self, group: Entity, thing: Entity) -> None:
        """Object is a member of a system, zone or group."""
        self._add("IfcRelAssignsToGroup", group, thing)

    def occupy(self, actor: Entity, thing: Entity) -> None:
        """Actor has a space."""
        self._add("IfcRelAssignsToActor", actor, thing)

    def void(self, element: Entity, opening: Entity) -> None:
        """Opening cuts an element."""
        self._single.append(("IfcRelVoidsElement", (element, opening)))

    def fill(self, opening: Entity, element: Entity) -> None:
        """Door or window stands in an opening."""
        self._single.append(("IfcRelFillsElement", (opening, element)))

    def connect(self, port: Entity, other: Entity) -> None:
        """Two ports are joined."""
        self._single.append(("IfcRelConnectsPorts", (port, other, None)))

    def serve(self, system: Entity, building: Entity) -> None:
        """System serves a building."""
        self._single.append(("IfcRelServicesBuildings", (system, [building])))

    def write(self) -> None:
        """Emit all relations."""
        create = self._file.create_entity
        one_first = {"IfcRelAggregates", "IfcRelNests"}
        for index, ((relation, _), (relating, things)) in enumerate(self._groups.items()):
            head = (self._guid(f"rel/{index}"), None, None, None)
            if relation in one_first:
                create(relation, *head, relating, things)
            elif relation == "IfcRelAssignsToActor":
                create(relation, *head, things, None, relating, None)
            elif relation == "IfcRelAssignsToGroup":
                create(relation, *head, things, None, relating)
            else:
                create(relation, *head, things, relating)
        for index, (relation, rest) in enumerate(self._single):
            create(relation, self._guid(f"link/{index}"), None, None, None, *rest)
