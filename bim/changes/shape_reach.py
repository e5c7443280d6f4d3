"""How far a change of shapes, places and looks reaches: the products that may be drawn otherwise, or why that is not known.

Followed upwards, from what an instance holds to what holds it: points, profiles, solids, representations, maps, placements
and the styles of items. Where anything else holds what changed (contexts, storeys, materials, grids …) the file is read whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bim.changes.material_reach import coloured
from bim.changes.statement import Statement
from bim.changes.texts import Texts
from bim.changes.whole import Whole

GEOMETRY = (
    "IfcRepresentationItem", "IfcShapeRepresentation", "IfcProductDefinitionShape", "IfcRepresentationMap",
    "IfcObjectPlacement", "IfcProfileDef", "IfcPresentationStyle", "IfcPresentationStyleAssignment",
    "IfcSurfaceStyleShading", "IfcColourSpecification",
)  # fmt: skip
"""What makes up shapes, places and looks."""
DEAF = ("IfcTypeProduct", "IfcPresentationLayerAssignment", "IfcConnectionGeometry", "IfcShapeAspect")
"""What names shapes and says nothing by them that is read."""
PLACEMENT, REPRESENTATION = 5, 6
MOST = 200
"""Products; where more are concerned the file is read whole."""


@dataclass
class Shaped:
    """By STEP id: products that may stand or look otherwise; among what was followed, openings and looks of materials."""

    products: set[int] = field(default_factory=set)
    openings: set[int] = field(default_factory=set)
    materials: set[int] = field(default_factory=set)


def is_geometry(texts: Texts, number: int) -> bool:
    """Whether a changed, added or removed instance is of those that are followed here."""
    difference = texts.difference
    sides = [old for old, held in ((True, difference.old), (False, difference.new)) if number in held]
    return all(texts.statement(number, old=old).is_a(*GEOMETRY) for old in sides)


def shape_reach(texts: Texts, numbers: set[int]) -> Shaped:
    """Follow these changed instances, all of them geometry. Raises Whole."""
    found, seen = Shaped(), set(numbers)
    waiting = {number for number in numbers if number not in texts.difference.removed}
    for number in numbers:
        for old in (True, False):
            if number in (texts.difference.old if old else texts.difference.new):
                waiting |= _styled(texts.statement(number, old=old))
    waiting -= texts.difference.removed
    while waiting:
        seen |= waiting
        above: set[int] = set()
        for one in map(texts.statement, texts.scan.naming(waiting)):
            above |= _above(one, waiting, found)
        waiting = above - seen
        _few(found.products)
    for one in map(texts.statement, coloured(texts, found.materials) if found.materials else ()):
        _note(one, found)
    _cut(texts, found)
    _few(found.products)
    return found


def _few(products: set[int]) -> None:
    """Raise Whole where these are so many that to follow and draw them is no saving."""
    if len(products) > MOST:
        raise Whole(f"more than {MOST} objects may be shaped, placed or coloured otherwise")


def _styled(one: Statement) -> set[int]:
    """The item that a style is for; none where it is for a material."""
    return set(one.at(0)) if one.is_a("IfcStyledItem") else set()


def _above(one: Statement, held: set[int], found: Shaped) -> set[int]:
    """What follows from an instance that names some of these: itself, what it styles, or a product."""
    if one.is_a("IfcProduct"):
        if held.isdisjoint((*one.at(PLACEMENT), *one.at(REPRESENTATION))):
            raise Whole(f"a shape that {one.name} names")
        _note(one, found)
        return set()
    if one.is_a("IfcStyledItem") and one.at(0):
        return set() if not held.isdisjoint(one.at(0)) else _styled(one)
    if one.is_a(*GEOMETRY, "IfcStyledRepresentation"):
        return {one.number}
    if one.is_a("IfcMaterialDefinitionRepresentation"):
        found.materials.add(one.number)
        return set()
    if one.is_a(*DEAF):
        return set()
    raise Whole(f"a shape, place or look that {one.name} names")


def _note(one: Statement, found: Shaped) -> None:
    """Take a product among those that stand or look otherwise."""
    if one.is_a("IfcFeatureElementSubtraction"):
        found.openings.add(one.number)
    elif (
        not one.is_a("IfcProduct")
        or one.is_a("IfcFeatureElement", "IfcGrid")
        or (one.is_a("IfcSpatialElement", "IfcSpatialStructureElement") and not one.is_a("IfcSpace"))
    ):
        raise Whole(f"another place, shape or look of {one.name}")
    else:
        found.products.add(one.number)


def _cut(texts: Texts, found: Shaped) -> None:
    """Add the elements that the openings are cut from, with their parts: these have the openings of the whole."""
    hosts: set[int] = set()
    if found.openings:
        for one in map(texts.statement, texts.scan.naming(found.openings)):
            if one.is_a("IfcRelVoidsElement") and not found.openings.isdisjoint(one.at(5)):
                hosts.update(one.at(4))
    waiting = hosts
    while waiting:
        found.products |= waiting
        parts: set[int] = set()
        for one in map(texts.statement, texts.scan.naming(waiting)):
            if one.is_a("IfcRelAggregates") and not waiting.isdisjoint(one.at(4)):
                parts.update(one.at(5))
        waiting = parts - found.products
    if any(not texts.statement(number).is_a("IfcProduct") for number in found.products):
        raise Whole("an opening in something else than a product")
