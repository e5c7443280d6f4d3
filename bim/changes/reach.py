"""How far a change reaches: the products whose rows it may alter, or the reason why that is not known.

Only what is known to stay local is followed: properties and quantities up to the products that have them, and the
plain attributes of elements. Everything else (relations, types, spatial structure, units, materials …) is
read whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bim.changes.statement import Statement
from bim.changes.texts import Texts
from bim.changes.whole import Whole

LEAVES = ("IfcProperty", "IfcPhysicalQuantity")
SETS = ("IfcPropertySet", "IfcElementQuantity")
NESTED = ("IfcComplexProperty", "IfcPhysicalComplexQuantity")
OWN_OF_ELEMENTS_ONLY = ("IfcFeatureElement", "IfcVirtualElement")
"""Elements whose attributes say more than their own rows."""
PLACEMENT, REPRESENTATION = 5, 6
MOST = 500
"""Products; where more are concerned the file is read whole."""
GEOREFERENCE = b"EPSET"
"""Property sets of this name place the model."""


@dataclass
class Reach:
    """told: products with other properties or quantities, by STEP id; renamed: with other attributes of their own."""

    told: set[int] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)

    @property
    def products(self) -> set[int]:
        """All products concerned."""
        return self.told | self.renamed


def reach(texts: Texts) -> Reach:
    """Follow every difference. Raises Whole."""
    found = Reach()
    leaves: set[int] = set()
    sets: set[int] = set()
    change = texts.difference
    for number in sorted(change.numbers):
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
            found.renamed.add(number)
        else:
            raise Whole(f"{one.name} changed")
    if change.removed and texts.scan.naming(change.removed):
        raise Whole("something that was removed is still named")
    _owners(texts, found, _sets_above(texts, leaves) | sets)
    if len(found.products) > MOST:
        raise Whole(f"more than {MOST} products are concerned")
    return found


def _same_id(old: Statement, new: Statement) -> None:
    if old.arguments[:1] != new.arguments[:1]:
        raise Whole(f"{new.name} with another GlobalId")


def _no_georeference(*sets: Statement) -> None:
    if any(GEOREFERENCE in one.arguments[2].upper() or b"\\" in one.arguments[2] for one in sets):
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
    """Note the products that have these sets."""
    for number in texts.scan.naming(sets) if sets else ():
        relation = texts.statement(number)
        if relation.name != "IfcRelDefinesByProperties":
            raise Whole(f"a property set that {relation.name} names")
        for owner in relation.at(4):
            one = texts.statement(owner)
            if not one.is_a("IfcProduct") or one.is_a("IfcOpeningElement", "IfcSite"):
                raise Whole(f"a property set of {one.name}")
            found.told.add(owner)
