"""Which products the file declares to be closed solids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bim.geometry.mesher import Placed
from bim.graph.products import Products

SOLIDS = frozenset({"SweptSolid", "AdvancedSweptSolid", "Brep", "AdvancedBrep", "CSG", "Clipping", "SolidModel"})
"""Representation types whose items are closed bodies (ISO 16739-1, IfcShapeRepresentation)."""
MAX_DEPTH = 8


def declared_solids(products: Products, placed: Placed, local: Callable[[int], str | None]) -> frozenset[str]:
    """Local ids of the meshed products all of whose body items are solids; a box in place of a shape declares nothing."""
    known: dict[int, bool] = {}
    found = set()
    for step, engine in placed.engines.items():
        product = products.by_step[step]
        if engine == "bounding-box" or product.Representation is None:
            continue
        bodies = [one for one in product.Representation.Representations or () if one.RepresentationIdentifier == "Body"]
        if bodies and all(_solid(body, known, 0) for body in bodies):
            name = local(step)
            if name is not None:
                found.add(name)
    return frozenset(found)


def _solid(representation: Any, known: dict[int, bool], depth: int) -> bool:
    """Whether every item of a representation is a closed body; mapped ones are what they map."""
    key = int(representation.id())
    if key not in known:
        known[key] = False  # a map of itself ends here
        kind, items = representation.RepresentationType, representation.Items or ()
        if kind in SOLIDS:
            known[key] = True
        elif kind == "Tessellation":
            known[key] = all(getattr(item, "Closed", None) is True for item in items)
        elif kind == "MappedRepresentation" and depth < MAX_DEPTH:
            sources = [getattr(item, "MappingSource", None) for item in items]
            known[key] = bool(sources) and all(
                source is not None and _solid(source.MappedRepresentation, known, depth + 1) for source in sources
            )
    return known[key]
