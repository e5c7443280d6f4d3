"""The part of a file that tells what some products say: a STEP text of its own, in the order of the file.

It holds the products without their shapes, their types, sets, materials and systems, the project with its units and
contexts, and all that these name. Relations are cut down to what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from bim.changes.statement import Statement
from bim.changes.texts import Texts
from bim.changes.whole import Whole
from bim.properties.schema_attributes import attribute_index

TELLING = (
    "IfcRelDefinesByProperties", "IfcRelDefinesByType", "IfcRelAssociatesMaterial", "IfcRelAssociatesAppliedValue",
    "IfcRelAssociatesProfileProperties", "IfcRelAssociatesProfileDef", "IfcRelAssignsToGroup",
)  # fmt: skip
"""Relations that add to what their related objects say."""
HISTORY, RELATED = 1, 4
MOST = 20_000
"""Instances of a part; a larger one is no saving."""
_HEADER = "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"


def part(texts: Texts, products: Iterable[int], *, old: bool) -> dict[int, Statement]:
    """By STEP id the instances of the part for these products. old: as the file was. Raises Whole."""
    kept: dict[int, Statement] = {}
    roots = set(products)
    relations = related(texts, roots, TELLING, old=old)
    types = {kind for one in relations for kind in one.at(5) if one.is_a("IfcRelDefinesByType")}
    for one in related(texts, roots | types, TELLING, old=old):
        kept[one.number] = one.with_ends(RELATED, roots | types)
    waiting = [number for one in kept.values() for number in one.names]
    waiting += [*roots, project(texts, old=old)]
    while waiting:
        number = waiting.pop()
        if number in kept:
            continue
        one = kept[number] = without_shape(texts.statement(number, old=old), texts.schema)
        waiting += one.names
        if len(kept) > MOST:
            raise Whole(f"more than {MOST:,} instances belong to the change")
    return kept


def in_order(texts: Texts, kept: dict[int, Statement]) -> list[Statement]:
    """These instances in their order in the new text; those that it lacks come last."""
    row, last = texts.scan.row, len(texts.scan.number)
    removed = texts.difference.removed
    places = {number: (last, number) if number in removed else (row(number), 0) for number in kept}
    return [kept[number] for number in sorted(kept, key=places.__getitem__)]


def text_of(texts: Texts, kept: dict[int, Statement], behind: Iterable[Statement] = ()) -> bytes:
    """A file of these instances, in order, and of others behind them."""
    body = b"\n".join(one.text for one in (*in_order(texts, kept), *behind))
    header = f"{_HEADER}FILE_SCHEMA(('{texts.schema}'));\nENDSEC;\nDATA;\n"
    return header.encode() + body + b"\nENDSEC;\nEND-ISO-10303-21;\n"


def related(texts: Texts, members: set[int], classes: tuple[str, ...], *, old: bool) -> list[Statement]:
    """The relations of these classes that relate one of the members; none of them differs between the texts."""
    found = (texts.statement(number, old=old) for number in texts.scan.naming(members))
    return [one for one in found if one.is_a(*classes) and not members.isdisjoint(one.at(RELATED))]


def project(texts: Texts, *, old: bool) -> int:
    """The one project, which must assign the units: else those of the whole file count."""
    units = attribute_index(texts.schema, "IfcProject", "UnitsInContext")
    if len(texts.projects) != 1 or units is None or not texts.statement(texts.projects[0], old=old).at(units):
        raise Whole("not one project that assigns the units")
    return texts.projects[0]


def without_shape(one: Statement, schema: str) -> Statement:
    """A product without its representation, a type without its maps."""
    for ifc_class, name in (("IfcProduct", "Representation"), ("IfcTypeProduct", "RepresentationMaps")):
        if one.is_a(ifc_class):
            place = attribute_index(schema, one.name, name)
            if place is not None and place < len(one.arguments) and one.at(place):
                return one.with_arguments({place: b"$"})
    return one


def unsigned(one: Statement) -> Statement:
    """A root without its history, which says nothing of shapes; not every tool writes one that the parser takes."""
    return one.with_arguments({HISTORY: b"$"}) if one.is_a("IfcRoot") and one.at(HISTORY) else one
