"""Space boundaries as nodes: which element makes them, which space they bound, what lies on their other side."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bim.graph.id_book import IdBook
from bim.graph.relations import Relations
from bim.properties.property_rows import Row
from bim.properties.values import Value
from bim.source.attribute import attribute, step_of
from bim.text import clean

_LEVEL = re.compile(r"([12])(?:st|nd)Level", re.IGNORECASE)


def read_boundaries(
    model: Any, relations: Relations, book: IdBook, add_shared_set: Callable[[Sequence[int], str, list[Row]], None]
) -> None:
    """Relations and level of every IfcRelSpaceBoundary.

    The level is that of its class, else that of its Name (`1stLevel`, `2ndLevel`; 2a and 2b in Description), as the
    implementation guide for IFC2X3 space boundaries asks.
    """
    of_level: dict[tuple[str, str], list[int]] = {}
    for boundary in model.by_type("IfcRelSpaceBoundary"):
        step = int(boundary.id())
        local = book.get_step(step)
        if local is None:
            continue
        get, ifc_class = boundary.get_argument, boundary.is_a()
        relations.link(step, "bounds", step_of(get(4)))
        relations.link(step_of(get(5)), "provides", step)
        if ifc_class != "IfcRelSpaceBoundary":
            relations.link(step_of(attribute(boundary, "ParentBoundary")), "nests", step)
            relations.link(step, "corresponds_to", step_of(attribute(boundary, "CorrespondingBoundary")))
        level = _LEVEL.search(ifc_class) or _LEVEL.search(clean(get(2)) or "")
        if level is not None:
            of_level.setdefault((level.group(1), (clean(get(3)) or "").lower()), []).append(step)
    for (number, written), steps in of_level.items():
        text = written if number == "2" and written in {"2a", "2b"} else number
        add_shared_set(steps, "Attributes", [Row("Level", Value(text, float(number)))])
