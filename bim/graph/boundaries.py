"""Space boundaries as nodes: which element makes them, which space they bound, what lies on their other side."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from bim.graph.id_book import IdBook
from bim.graph.links import Links
from bim.graph.relations import Relations
from bim.properties.property_rows import Row
from bim.properties.values import Value
from bim.source.attribute import class_of, id_of, index_of, step_of, value_at
from bim.text import clean

NAME = "IfcRelSpaceBoundary"
_LEVEL = re.compile(r"([12])(?:st|nd)Level", re.IGNORECASE)


def read_boundaries(
    links: Links, relations: Relations, book: IdBook, add_shared_set: Callable[[Sequence[int], str, list[Row]], None]
) -> None:
    """Relations and level of every IfcRelSpaceBoundary.

    The level is that of its class, else that of its Name (`1stLevel`, `2ndLevel`; 2a and 2b in Description), as the
    implementation guide for IFC2X3 space boundaries asks.
    """
    of_level: dict[tuple[str, str], list[int]] = {}
    level_of = lru_cache(_level)
    places: dict[str, tuple[int | None, int | None]] = {}  # by class: of the parent and of the other side
    for boundary, (space, element) in zip(links.of(NAME), links.pairs(NAME, 4, 5), strict=True):
        step = id_of(boundary)
        if book.get_step(step) is None:
            continue
        ifc_class = class_of(boundary)
        relations.link(step, "bounds", space)
        relations.link(element, "provides", step)
        if ifc_class != NAME:
            if ifc_class not in places:
                parent, facing = (index_of(boundary, name) for name in ("ParentBoundary", "CorrespondingBoundary"))
                places[ifc_class] = parent, facing
            parent, facing = places[ifc_class]
            if parent is not None:
                relations.link(step_of(value_at(boundary, parent)), "nests", step)
            if facing is not None:
                relations.link(step, "corresponds_to", step_of(value_at(boundary, facing)))
        level = level_of(ifc_class, value_at(boundary, 2))
        if level is not None:
            of_level.setdefault((level, (clean(value_at(boundary, 3)) or "").lower()), []).append(step)
    for (number, written), steps in of_level.items():
        text = written if number == "2" and written in {"2a", "2b"} else number
        add_shared_set(steps, "Attributes", [Row("Level", Value(text, float(number)))])


def _level(ifc_class: str, name: Any) -> str | None:
    found = _LEVEL.search(ifc_class) or _LEVEL.search(clean(name) or "")
    return found.group(1) if found else None
