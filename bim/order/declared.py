"""Which products the file declares to be closed solids, face by face, though their mesh is open."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from ifcopenshell import entity_instance

from bim.geometry.mesher import REPRESENTATION, Placed
from bim.graph.products import Products

FACETED = frozenset({"IfcFacetedBrep", "IfcFacetedBrepWithVoids"})
"""Solids whose faces stand in the file. A swept or cut body is closed by definition: where its mesh is open, the
engine is at fault and not the author."""
MAX_DEPTH = 8


def declared_solids(
    model: Any, products: Products, placed: Placed, cut: Container[int], local: Callable[[int], str | None]
) -> frozenset[str]:
    """Local ids of the products whose body is made of faceted solids only, and whose mesh is not closed.

    cut: STEP ids of elements with openings, which are left out: their mesh is no longer the author's.
    """
    if not _has_faceted(model):
        return frozenset()
    known: dict[int, bool] = {}
    found = set()
    for step in placed.step[~placed.closed].tolist():
        if step in cut:
            continue
        shape = products.by_step[step][REPRESENTATION]
        if shape is None:
            continue
        bodies = [one for one in shape[2] or () if _is(one, "IfcRepresentation") and one[1] == "Body"]
        if bodies and all(_faceted(body, known, 0) for body in bodies):
            name = local(step)
            if name is not None:
                found.add(name)
    return frozenset(found)


def _has_faceted(model: Any) -> bool:
    """Whether the file holds any faces of its own at all: most models of extrusions do not."""
    if model.by_type("IfcFacetedBrep"):
        return True
    return model.schema != "IFC2X3" and bool(model.by_type("IfcTessellatedFaceSet"))


def _faceted(representation: Any, known: dict[int, bool], depth: int) -> bool:
    """Whether every item of a representation is a faceted closed body; mapped ones are what they map."""
    key = int(representation.id())
    if key not in known:
        known[key] = False  # a map of itself ends here
        items = representation[3] or ()
        known[key] = bool(items) and all(_closed(item, known, depth) for item in items)
    return known[key]


def _closed(item: Any, known: dict[int, bool], depth: int) -> bool:
    if not isinstance(item, entity_instance):
        return False
    if item.is_a("IfcMappedItem"):
        source = item[0]
        inner = source[1] if _is(source, "IfcRepresentationMap") else None
        return depth < MAX_DEPTH and _is(inner, "IfcRepresentation") and _faceted(inner, known, depth + 1)
    if item.is_a() in FACETED:
        return True
    # Asked by name of a class that has no such attribute, the parser would load the schema's rules: 130 ms.
    return item.is_a("IfcTessellatedFaceSet") and getattr(item, "Closed", None) is True


def _is(value: Any, ifc_class: str) -> bool:
    """Whether a value is an entity of a class; files put other things where one belongs."""
    return isinstance(value, entity_instance) and bool(value.is_a(ifc_class))
