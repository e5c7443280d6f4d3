"""Nodes of the graph that are no products: types, systems, zones, groups, actors, openings, the project …"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from bim.graph.id_book import IdBook
from bim.source.attribute import attribute, class_of, id_of, instances, value_at
from bim.text import clean
from twin.layer import CONCEPTS

ROOTED = (  # (IFC class, kind); the first that fits counts
    ("IfcProject", "project"),
    ("IfcProjectLibrary", "library"),
    ("IfcTypeObject", "type"),
    ("IfcZone", "zone"),
    ("IfcSystem", "system"),
    ("IfcGroup", "group"),
    ("IfcActor", "actor"),
    ("IfcProcess", "process"),
    ("IfcControl", "control"),
    ("IfcResource", "resource"),
    ("IfcOpeningElement", "opening"),
    ("IfcRelSpaceBoundary", "space_boundary"),
    ("IfcPropertyTemplateDefinition", "template"),
)


class Concepts:
    """Rows of CONCEPTS, each id once. rooted: the entities with a GlobalId among them, in the order of their rows."""

    def __init__(self, book: IdBook) -> None:
        self.book = book
        self.rooted: list[Any] = []
        self._rows: dict[str, tuple[str, str, str | None, str | None]] = {}

    def add_rooted(self, model: Any) -> None:
        """All entities with a GlobalId that are nodes of the graph and no objects."""
        for ifc_class, kind in ROOTED:
            for entity in instances(model, ifc_class):
                if self.book.get_step(id_of(entity)) is None:
                    local = self.book.add(entity)
                    if local is not None:
                        self.rooted.append(entity)
                        self.put(local, kind, class_of(entity), name_of(entity), value_at(entity, 3))

    def put(self, local: str, kind: str, ifc_class: str, name: object, description: object = None) -> str:
        """One concept; a second one of the same id is dropped. Returns the id."""
        self._rows.setdefault(local, (kind, ifc_class, clean(name), clean(description)))
        return local

    def __contains__(self, local: str) -> bool:
        return local in self._rows

    def table(self) -> pa.Table:
        """Rows of CONCEPTS in the order they were added."""
        columns = list(zip(*self._rows.values(), strict=True)) or [(), (), (), ()]
        return pa.Table.from_arrays(
            [pa.array(list(column), pa.string()) for column in (self._rows, *columns)], schema=CONCEPTS
        )


def name_of(entity: Any) -> str | None:
    """Name, else LongName where the class has one."""
    return clean(value_at(entity, 2)) or clean(attribute(entity, "LongName"))
