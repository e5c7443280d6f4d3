"""The relations of a model in the park's closed list of kinds."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from bim.graph.id_book import IdBook
from bim.graph.links import Links
from bim.source.attribute import entities_of, id_of, step_of, value_at
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
        self._rows[source, kind, target] = None

    def link(self, source: int, kind: str, target: int) -> None:
        """One relation by STEP ids; dropped where an end is no node of the graph."""
        left, right = self._local(source), self._local(target)
        if left is not None and right is not None and left != right:
            self._rows[left, kind, right] = None

    def link_all(self, sources: Iterable[int], kind: str, target: str) -> None:
        """Relations of many STEP ids to one local id."""
        for local in map(self._local, sources):
            if local is not None and local != target:
                self._rows[local, kind, target] = None

    def read(self, links: Links) -> None:
        """The relations that are one kind each, whatever stands at their ends."""
        for name, related, relating, kind, forward in MANY_TO_ONE:
            for one, others in links.fans(name, relating, related):
                if forward:
                    self._fan_out(one, kind, others)
                else:
                    self._fan_in(others, kind, one)
        for name, source, target, kind in ONE_TO_ONE:
            for one, other in links.pairs(name, source, target):
                self.link(one, kind, other)
        self._realizing(links)
        self._references(links)
        self._actors(links)

    def _fan_out(self, source: int, kind: str, targets: Iterable[int]) -> None:
        left = self._local(source)
        if left is not None:
            for right in map(self._local, targets):
                if right is not None and left != right:
                    self._rows[left, kind, right] = None

    def _fan_in(self, sources: Iterable[int], kind: str, target: int) -> None:
        right = self._local(target)
        if right is not None:
            self.link_all(sources, kind, right)

    def table(self) -> pa.Table:
        """Rows of RELATIONS."""
        columns = list(zip(*self._rows, strict=True)) or [(), (), ()]
        return pa.Table.from_arrays([pa.array(list(column), pa.string()) for column in columns], schema=RELATIONS)

    def _realizing(self, links: Links) -> None:
        """What joins two things (a weld, a coupling) connects with both."""
        for name, realizing, ends in REALIZING:
            both = zip(*(links.one(name, end) for end in ends), strict=True)
            for joints, found in zip(links.many(name, realizing), both, strict=True):
                for joint in joints:
                    for end in found:
                        self.link(joint, "connects", end)

    def _references(self, links: Links) -> None:
        """Elements that reach into further spaces; from IFC4X3 on also systems that serve them."""
        name = "IfcRelReferencedInSpatialStructure"
        for relation, place in zip(links.of(name), links.one(name, 5), strict=True):
            for item in entities_of(value_at(relation, 4)):
                self.link(id_of(item), "serves" if item.is_a("IfcGroup") else "located_in", place)

    def _actors(self, links: Links) -> None:
        """Occupants occupy spaces; other actors get things assigned."""
        name = "IfcRelAssignsToActor"
        for relation, steps in zip(links.of(name), links.many(name, 4), strict=True):
            actor = value_at(relation, 6)
            one = step_of(actor)
            if one and actor.is_a("IfcOccupant"):
                self._fan_out(one, "occupies", steps)
            else:
                self._fan_in(steps, "assigned_to", one)
