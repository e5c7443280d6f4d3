"""Nodes of the graph that are no products: types, systems, zones, groups, actors, the project …"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from bim.graph.id_book import IdBook
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
)


class Concepts:
    """Rows of CONCEPTS, each id once."""

    def __init__(self, book: IdBook) -> None:
        self.book = book
        self._rows: dict[str, tuple[str, str, str | None, str | None]] = {}

    def add_rooted(self, model: Any) -> None:
        """All project, type, group, actor, process, control and resource entities with a GlobalId."""
        for ifc_class, kind in ROOTED:
            if ifc_class == "IfcProjectLibrary" and model.schema == "IFC2X3":
                continue
            for entity in model.by_type(ifc_class):
                if self.book.get(entity) is None:
                    local = self.book.add(entity)
                    if local is not None:
                        self.put(local, kind, entity.is_a(), name_of(entity), entity[3])

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
    return clean(entity[2]) or clean(getattr(entity, "LongName", None))
