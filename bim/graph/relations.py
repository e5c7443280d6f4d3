"""The relations of a model in the park's closed list of kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from bim.graph.id_book import IdBook
from bim.source.attribute import entities_of, instances, step_of, steps_of
from twin.layer import RELATIONS

MANY_TO_ONE = (  # (class, related index, relating index, kind, whether the relating one is the source)
    ("IfcRelAggregates", 5, 4, "aggregates", True),
    ("IfcRelNests", 5, 4, "nests", True),
    ("IfcRelContainedInSpatialStructure", 4, 5, "contains", True),
    ("IfcRelDefinesByType", 4, 5, "typed_by", False),
    ("IfcRelDefinesByObject", 4, 5, "reflects", False),
    ("IfcRelDeclares", 5, 4, "declares", True),
    ("IfcRelServicesBuildings", 5, 4, "serves", True),
    ("IfcRelCoversBldgElements", 5, 4, "covers", False),
    ("IfcRelCoversSpaces", 5, 4, "covers", False),
    ("IfcRelAdheresToElement", 5, 4, "adheres_to", False),
    ("IfcRelPositions", 5, 4, "positioned_by", False),
    ("IfcRelAssignsToGroup", 4, 6, "member_of", False),
    ("IfcRelAssignsToProcess", 4, 6, "assigned_to", False),
    ("IfcRelAssignsToControl", 4, 6, "assigned_to", False),
    ("IfcRelAssignsToResource", 4, 6, "assigned_to", False),
    ("IfcRelAssignsTasks", 4, 7, "assigned_to", False),  # IFC2X3: the task's times
)
ONE_TO_ONE = (  # (class, source index, target index, kind)
    ("IfcRelSpaceBoundary", 5, 4, "bounds"),
    ("IfcRelConnectsElements", 5, 6, "connects"),
    ("IfcRelConnectsPorts", 4, 5, "connects"),
    ("IfcRelInterferesElements", 4, 5, "connects"),
    ("IfcRelConnectsStructuralMember", 4, 5, "connects"),
    ("IfcRelConnectsStructuralElement", 4, 5, "connects"),
    ("IfcRelConnectsStructuralActivity", 4, 5, "connects"),
    ("IfcRelVoidsElement", 5, 4, "voids"),
    ("IfcRelFillsElement", 5, 4, "fills"),
    ("IfcRelProjectsElement", 4, 5, "aggregates"),
    ("IfcRelSequence", 4, 5, "precedes"),
)
REALIZING = (  # (class, index of the realizing elements, of their two ends)
    ("IfcRelConnectsWithRealizingElements", 7, (5, 6)),
    ("IfcRelConnectsPorts", 6, (4, 5)),
)


class Relations:
    """Rows of RELATIONS, each triple once, both ends known."""

    def __init__(self, book: IdBook) -> None:
        self._local = book.get_step
        self._rows: dict[tuple[str, str, str], None] = {}

    def put(self, source: str, kind: str, target: str) -> None:
        """One relation by local ids."""
        self._rows.setdefault((source, kind, target))

    def link(self, source: int, kind: str, target: int) -> None:
        """One relation by STEP ids; dropped where an end is no node of the graph."""
        left, right = self._local(source), self._local(target)
        if left is not None and right is not None and left != right:
            self._rows.setdefault((left, kind, right))

    def link_all(self, sources: Iterable[int], kind: str, target: str) -> None:
        """Relations of many STEP ids to one local id."""
        for local in map(self._local, sources):
            if local is not None and local != target:
                self._rows.setdefault((local, kind, target))

    def read(self, model: Any) -> None:
        """The relations that are one kind each, whatever stands at their ends."""
        for name, related, relating, kind, forward in MANY_TO_ONE:
            for relation in instances(model, name):
                one = step_of(relation.get_argument(relating))
                for other in steps_of(relation.get_argument(related)):
                    if forward:
                        self.link(one, kind, other)
                    else:
                        self.link(other, kind, one)
        for name, source, target, kind in ONE_TO_ONE:
            for relation in instances(model, name):
                self.link(step_of(relation.get_argument(source)), kind, step_of(relation.get_argument(target)))
        self._realizing(model)
        self._references(model)
        self._actors(model)

    def table(self) -> pa.Table:
        """Rows of RELATIONS."""
        columns = list(zip(*self._rows, strict=True)) or [(), (), ()]
        return pa.Table.from_arrays([pa.array(list(column), pa.string()) for column in columns], schema=RELATIONS)

    def _realizing(self, model: Any) -> None:
        """What joins two things (a weld, a coupling) connects with both."""
        for name, realizing, ends in REALIZING:
            for relation in instances(model, name):
                found = relation.get_argument(realizing)
                for joint in steps_of(found) if isinstance(found, tuple) else (step_of(found),):
                    for end in ends:
                        self.link(joint, "connects", step_of(relation.get_argument(end)))

    def _references(self, model: Any) -> None:
        """Elements that reach into further spaces; from IFC4X3 on also systems that serve them."""
        for relation in model.by_type("IfcRelReferencedInSpatialStructure"):
            place = step_of(relation.get_argument(5))
            for item in entities_of(relation.get_argument(4)):
                self.link(step_of(item), "serves" if item.is_a("IfcGroup") else "located_in", place)

    def _actors(self, model: Any) -> None:
        """Occupants occupy spaces; other actors get things assigned."""
        for relation in model.by_type("IfcRelAssignsToActor"):
            actor = relation.get_argument(6)
            occupant = step_of(actor) and actor.is_a("IfcOccupant")
            for step in steps_of(relation.get_argument(4)):
                if occupant:
                    self.link(step_of(actor), "occupies", step)
                else:
                    self.link(step, "assigned_to", step_of(actor))
