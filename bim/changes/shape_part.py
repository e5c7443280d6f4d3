"""The part of a file that tells how some products look: a STEP text of its own, in the order of the file.

It holds the products with their shapes, the openings that are cut from them or from what they are parts of, the styles of
their items and of their materials, and all that these name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bim.changes.part import MOST, project, related, text_of, unsigned, without_shape
from bim.changes.statement import Statement
from bim.changes.texts import Texts
from bim.changes.whole import Whole

COLOURING = ("IfcRelDefinesByType", "IfcRelAssociatesMaterial")
"""Relations that may give a product its colour."""
UNSTYLED = ("IfcPoint", "IfcDirection", "IfcPlacement", "IfcVector", "IfcLoop")
"""Items that have no style, and of which there are many."""
UNITS = ("IfcNamedUnit", "IfcDerivedUnit", "IfcMonetaryUnit")
SHAPING = (b".LENGTHUNIT.", b".PLANEANGLEUNIT.")


def shape_part(texts: Texts, products: Iterable[int], *, old: bool) -> bytes:
    """The text of the part for these products. old: as the file was. Raises Whole."""
    kept: dict[int, Statement] = {}
    bodies = set(products)
    openings = _openings(texts, bodies, kept, old=old)
    types = {kind for one in related(texts, bodies, COLOURING, old=old) for kind in one.at(5) if one.is_a(COLOURING[0])}
    for one in related(texts, bodies | types, COLOURING, old=old):
        kept[one.number] = unsigned(one.with_ends(4, bodies | types))
    waiting = {number for one in kept.values() for number in one.names}
    waiting |= {*bodies, *openings, project(texts, old=old)}
    shaped = bodies | openings
    while waiting:
        fresh = _closed(texts, waiting, shaped, kept, old=old)
        waiting = _looks(texts, fresh, old=old) - kept.keys()
    return text_of(texts, kept)


def _openings(texts: Texts, bodies: set[int], kept: dict[int, Statement], *, old: bool) -> set[int]:
    """The openings in the products and in what they are parts of; their relations are kept."""
    hosts, waiting, openings = set(bodies), set(bodies), set[int]()
    while waiting:
        above: set[int] = set()
        for one in (texts.statement(number, old=old) for number in texts.scan.naming(waiting)):
            if one.is_a("IfcRelAggregates") and not waiting.isdisjoint(one.at(5)):
                whole = {number for number in one.at(4) if texts.statement(number, old=old).is_a("IfcElement")}
                if whole:
                    kept[one.number] = unsigned(one.with_ends(5, hosts))
                above |= whole
            elif one.is_a("IfcRelVoidsElement") and not waiting.isdisjoint(one.at(4)):
                kept[one.number] = unsigned(one)
                openings.update(one.at(5))
        waiting = above - hosts
        hosts |= waiting
    return openings


def _closed(
    texts: Texts, roots: set[int], shaped: set[int], kept: dict[int, Statement], *, old: bool
) -> list[Statement]:
    """Keep these and all that they name; returns what came to it."""
    fresh: list[Statement] = []
    waiting = list(roots)
    while waiting:
        number = waiting.pop()
        if number in kept:
            continue
        one = texts.statement(number, old=old)
        if one.is_a("IfcRoot"):
            one = unsigned(one if number in shaped else without_shape(one, texts.schema))
        elif one.name == "IfcUnitAssignment":
            one = one.with_ends(0, _measuring(texts, one, old=old))
        kept[number] = one
        fresh.append(one)
        waiting += one.names
        if len(kept) > MOST:
            raise Whole(f"more than {MOST:,} instances belong to the change")
    return fresh


def _measuring(texts: Texts, assignment: Statement, *, old: bool) -> set[int]:
    """The units that shapes are told in, among those that are assigned; all of them where one is written otherwise."""
    units = [texts.statement(number, old=old) for number in assignment.at(0)]
    if not all(one.is_a(*UNITS) for one in units):
        return set(assignment.at(0))
    return {one.number for one in units if any(argument.strip() in SHAPING for argument in one.arguments[:3])}


def _looks(texts: Texts, fresh: list[Statement], *, old: bool) -> set[int]:
    """The styles of items among these, and the definitions of materials."""
    items = {one.number for one in fresh if _may_be_styled(one.line)}
    materials = {one.number for one in fresh if one.name == "IfcMaterial"}
    found: set[int] = set()
    for number in texts.scan.naming(items | materials) if items or materials else ():
        one = texts.statement(number, old=old)
        if (one.is_a("IfcStyledItem") and not items.isdisjoint(one.at(0))) or (
            one.is_a("IfcMaterialDefinitionRepresentation") and not materials.isdisjoint(one.at(3))
        ):
            found.add(number)
    return found


@lru_cache(maxsize=1024)
def _may_be_styled(line: frozenset[str]) -> bool:
    """Of a class with all above it."""
    return "IfcRepresentationItem" in line and line.isdisjoint(UNSTYLED)
