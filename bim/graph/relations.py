"""The relations of a model in the park's closed list of kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from bim.graph.classifications import classification_concept, document_concept
from bim.graph.concepts import Concepts
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.graph.materials import Materials
from twin.layer import RELATIONS

MANY_TO_ONE = (  # (class, related index, relating index, kind, whether the relating one is the source)
    ("IfcRelAggregates", 5, 4, "aggregates", True),
    ("IfcRelNests", 5, 4, "nests", True),
    ("IfcRelContainedInSpatialStructure", 4, 5, "contains", True),
    ("IfcRelDefinesByType", 4, 5, "typed_by", False),
    ("IfcRelServicesBuildings", 5, 4, "serves", True),
    ("IfcRelCoversBldgElements", 5, 4, "covers", False),
    ("IfcRelCoversSpaces", 5, 4, "covers", False),
    ("IfcRelFlowControlElements", 4, 5, "monitors", False),
    ("IfcRelAssignsToGroup", 4, 6, "member_of", False),
    ("IfcRelAssignsToProcess", 4, 6, "assigned_to", False),
    ("IfcRelAssignsToControl", 4, 6, "assigned_to", False),
    ("IfcRelAssignsToResource", 4, 6, "assigned_to", False),
)
ONE_TO_ONE = (  # (class, source index, target index, kind)
    ("IfcRelSpaceBoundary", 5, 4, "bounds"),
    ("IfcRelConnectsElements", 5, 6, "connects"),
    ("IfcRelConnectsPorts", 4, 5, "connects"),
    ("IfcRelInterferesElements", 4, 5, "connects"),
    ("IfcRelConnectsStructuralMember", 4, 5, "connects"),
    ("IfcRelConnectsStructuralElement", 4, 5, "connects"),
    ("IfcRelConnectsStructuralActivity", 4, 5, "connects"),
    ("IfcRelVoidsElement", 4, 5, "voids"),
    ("IfcRelProjectsElement", 4, 5, "aggregates"),
)


class Relations:
    """Rows of RELATIONS, each triple once, both ends known."""

    def __init__(self, book: IdBook) -> None:
        self._book = book
        self._rows: dict[tuple[str, str, str], None] = {}

    def put(self, source: str, kind: str, target: str) -> None:
        """One relation by local ids."""
        self._rows.setdefault((source, kind, target))

    def link(self, source: Any, kind: str, target: Any) -> None:
        """One relation by entities; dropped where an end is no node of the graph (an opening, say)."""
        left, right = self._book.get(source), self._book.get(target)
        if left is not None and right is not None and left != right:
            self._rows.setdefault((left, kind, right))

    def read(self, model: Any, hierarchy: Hierarchy) -> None:
        """All relations whose ends have a GlobalId."""
        schema = model.schema
        for name, related, relating, kind, forward in MANY_TO_ONE:
            for relation in _by_type(model, name):
                one = relation[relating]
                for other in relation[related] or ():
                    if forward:
                        self.link(one, kind, other)
                    else:
                        self.link(other, kind, one)
        for name, source, target, kind in ONE_TO_ONE:
            for relation in _by_type(model, name):
                self.link(relation[source], kind, relation[target])
        self._fillings(model, hierarchy)
        self._ports(model)
        self._actors(model)
        for relation in model.by_type("IfcRelReferencedInSpatialStructure"):
            for item in relation[4] or ():
                group = item.is_a("IfcGroup")
                self.link(item, "serves" if group else "located_in", relation[5])
        for relation in model.by_type("IfcRelAssignsToProduct"):
            for item in relation[4] or ():
                self.link(
                    item, "monitors" if item.is_a("IfcSensor") and schema != "IFC2X3" else "assigned_to", relation[6]
                )

    def associate(self, model: Any, materials: Materials, concepts: Concepts) -> None:
        """Materials, classifications and documents of objects and types."""
        for relation in model.by_type("IfcRelAssociatesMaterial"):
            self._to_all(relation[4], "made_of", materials.concept(relation[5]))
        for relation in model.by_type("IfcRelAssociatesClassification"):
            self._to_all(relation[4], "classified_as", classification_concept(relation[5], concepts, self.put))
        for relation in model.by_type("IfcRelAssociatesDocument"):
            local = document_concept(relation[5], concepts)
            for item in relation[4] or ():
                target = self._book.get(item)
                if local is not None and target is not None:
                    self.put(local, "documents", target)

    def table(self) -> pa.Table:
        """Rows of RELATIONS."""
        columns = list(zip(*self._rows, strict=True)) or [(), (), ()]
        return pa.Table.from_arrays([pa.array(list(column), pa.string()) for column in columns], schema=RELATIONS)

    def _to_all(self, items: Iterable[Any] | None, kind: str, target: str | None) -> None:
        for item in items or ():
            source = self._book.get(item)
            if source is not None and target is not None:
                self.put(source, kind, target)

    def _fillings(self, model: Any, hierarchy: Hierarchy) -> None:
        for relation in model.by_type("IfcRelFillsElement"):
            if relation[4] is not None and relation[5] is not None:
                host = hierarchy.hosts.get(int(relation[4].id()))
                source = self._book.get(relation[5])
                target = None if host is None else self._book.get_step(host)
                if source is not None and target is not None:
                    self.put(source, "fills", target)

    def _ports(self, model: Any) -> None:
        """Ports under their elements, and the flow from element to element where the ports tell its way."""
        owner: dict[int, Any] = {}
        for relation in model.by_type("IfcRelConnectsPortToElement"):
            if relation[4] is not None and relation[5] is not None:
                owner[int(relation[4].id())] = relation[5]
                self.link(relation[5], "nests", relation[4])
        for relation in model.by_type("IfcRelNests"):
            for item in relation[5] or ():
                if item.is_a("IfcPort") and relation[4] is not None:
                    owner[int(item.id())] = relation[4]
        for relation in model.by_type("IfcRelConnectsPorts"):
            first, second = relation[4], relation[5]
            if first is None or second is None:
                continue
            ways = getattr(first, "FlowDirection", None), getattr(second, "FlowDirection", None)
            if ways == ("SINK", "SOURCE"):
                first, second = second, first
            elif ways != ("SOURCE", "SINK"):
                continue
            start, end = owner.get(int(first.id())), owner.get(int(second.id()))
            if start is not None and end is not None:
                self.link(start, "feeds", end)

    def _actors(self, model: Any) -> None:
        """Occupants occupy spaces; other actors get things assigned."""
        for relation in model.by_type("IfcRelAssignsToActor"):
            actor = relation[6]
            for item in relation[4] or ():
                if actor is not None and actor.is_a("IfcOccupant"):
                    self.link(actor, "occupies", item)
                else:
                    self.link(item, "assigned_to", actor)


def _by_type(model: Any, name: str) -> tuple[Any, ...]:
    """Instances of a class; none where the schema has no such class."""
    try:
        return tuple(model.by_type(name))
    except RuntimeError:
        return ()


def distribution_systems(model: Any) -> dict[int, str]:
    """Products' STEP ids → PredefinedType of the distribution system that they are assigned to."""
    found: dict[int, str] = {}
    for relation in model.by_type("IfcRelAssignsToGroup"):
        group = relation[6]
        kind = getattr(group, "PredefinedType", None) if group is not None and group.is_a("IfcSystem") else None
        if kind and kind not in {"NOTDEFINED", "USERDEFINED"}:
            for item in relation[4] or ():
                found.setdefault(int(item.id()), str(kind))
    return found
