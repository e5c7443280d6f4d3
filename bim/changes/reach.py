"""How far a change reaches: the products whose rows it may alter, or the reason why that is not known.

Only what is known to stay local is followed: properties and quantities up to the products, types and openings that
have them, and the plain attributes of elements. Everything else (relations, types themselves, shapes, spatial
structure, units, materials …) is read whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bim.changes.statement import Statement
from bim.changes.texts import Texts
from bim.changes.whole import Whole

LEAVES = ("IfcProperty", "IfcPhysicalQuantity")
SETS = ("IfcPropertySet", "IfcElementQuantity")
NESTED = ("IfcComplexProperty", "IfcPhysicalComplexQuantity")
OWN_OF_ELEMENTS_ONLY = ("IfcFeatureElement", "IfcVirtualElement")
"""Elements whose attributes say more than their own rows."""
PLACEMENT, REPRESENTATION, TYPE_SETS = 5, 6, 5
"""Places of attributes: of products, and of the sets of a type."""
MOST = 500
"""Objects and concepts; where more are concerned the file is read whole."""
_GEOREFERENCE = b"EPSET_"
"""Property sets of such names may place the model (ePSet_MapConversion, ePSet_ProjectedCRS)."""
_FOREIGN = re.compile(rb"\\X2\\(?!00[0-7])[0-9A-Fa-f]{4}|\\X\\[89A-Fa-f]|\\S\\.")
"""A letter beyond ASCII, which those names do not have."""


@dataclass
class Reach:
    """By STEP id: products that may have other rows, and types and openings, which are concepts of the graph."""

    products: set[int] = field(default_factory=set)
    concepts: set[int] = field(default_factory=set)


def reach(texts: Texts, numbers: set[int]) -> Reach:
    """Follow these of the instances that differ. Raises Whole."""
    found = Reach()
    leaves: set[int] = set()
    sets: set[int] = set()
    change = texts.difference
    for number in sorted(numbers):
        old = texts.statement(number, old=True) if number in change.old else None
        new = texts.statement(number) if number in change.new else None
        one = new or old
        if one is None or (old and new and old.name != new.name):
            raise Whole(f"#{number} is of another class now")
        if one.name == "IfcOwnerHistory":  # who wrote it and when: not read
            continue
        if one.is_a(*LEAVES):
            leaves.add(number)
        elif old is None or new is None:
            raise Whole(f"{one.name} {'added' if old is None else 'removed'}")
        elif one.name in SETS:
            _same_id(old, new)
            _no_georeference(old, new)
            sets.add(number)
        elif one.is_a("IfcElement") and not one.is_a(*OWN_OF_ELEMENTS_ONLY):
            _attributes_only(old, new)
            found.products.add(number)
        else:
            raise Whole(f"{one.name} changed")
    _owners(texts, found, _sets_above(texts, leaves) | sets)
    if len(found.products) + len(found.concepts) > MOST:
        raise Whole(f"more than {MOST} objects are concerned")
    return found


def _same_id(old: Statement, new: Statement) -> None:
    if old.arguments[:1] != new.arguments[:1]:
        raise Whole(f"{new.name} with another GlobalId")


def _no_georeference(*sets: Statement) -> None:
    for name in (one.arguments[2] for one in sets):
        if _GEOREFERENCE in name.upper() or (b"\\" in name and not _FOREIGN.search(name)):
            raise Whole("a property set that may place the model")


def _attributes_only(old: Statement, new: Statement) -> None:
    _same_id(old, new)
    if len(old.arguments) != len(new.arguments):
        raise Whole(f"{new.name} with another number of attributes")
    for place in (PLACEMENT, REPRESENTATION):
        if old.arguments[place] != new.arguments[place]:
            raise Whole(f"{new.name} placed or shaped by another instance")


def _sets_above(texts: Texts, leaves: set[int]) -> set[int]:
    """The sets that hold these properties or quantities, however deep."""
    sets: set[int] = set()
    seen, waiting = set(leaves), set(leaves)
    while waiting:
        above = set(texts.scan.naming(waiting)) - seen
        seen |= above
        waiting = set()
        for number in above:
            one = texts.statement(number)
            if one.name in SETS:
                _no_georeference(one)
                sets.add(number)
            elif one.name in NESTED:
                waiting.add(number)
            else:
                raise Whole(f"a property that {one.name} names")
    return sets


def _owners(texts: Texts, found: Reach, sets: set[int]) -> None:
    """Note what has these sets, and the products that inherit them from a type."""
    types: set[int] = set()
    for number in texts.scan.naming(sets) if sets else ():
        one = texts.statement(number)
        if one.is_a("IfcTypeObject") and not sets.isdisjoint(one.at(TYPE_SETS)):
            types.add(number)
        elif one.name == "IfcRelDefinesByProperties":
            for owner in map(texts.statement, one.at(4)):
                if owner.is_a("IfcTypeObject"):
                    types.add(owner.number)
                elif owner.is_a("IfcOpeningElement"):
                    found.concepts.add(owner.number)
                elif owner.is_a("IfcProduct") and not owner.is_a("IfcSite"):
                    found.products.add(owner.number)
                else:
                    raise Whole(f"a property set of {owner.name}")
        else:
            raise Whole(f"a property set that {one.name} names")
    found.concepts |= types
    for number in texts.scan.naming(types) if types else ():
        relation = texts.statement(number)
        if relation.is_a("IfcRelDefinesByType"):
            for owner in map(texts.statement, relation.at(4)):
                if not owner.is_a("IfcProduct") or owner.is_a("IfcOpeningElement", "IfcSite"):
                    raise Whole(f"a type of {owner.name}")
                found.products.add(owner.number)
