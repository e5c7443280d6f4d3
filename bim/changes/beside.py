"""What a part was before, for one file with what it is: a file costs more to read than what is in it.

Instances that are others now, and all that name them or a product that is asked for, stand behind the new ones as copies
with numbers and GlobalIds of their own. What they name beside that is the new part's, in which it is the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bim.changes.statement import Statement
from bim.export.arguments import TEXT

MARK = "-"
"""Stands before the GlobalId of a copy; no GlobalId begins with it (ISO 10303-21 of IFC: digits, letters, _ and $)."""
_TOKEN = re.compile(TEXT + rb"|#\s*(\d+)")


@dataclass(frozen=True)
class Beside:
    """copies, in the order of the instances; shift: what their numbers are larger by; shared: numbers of those that both parts hold."""

    copies: list[Statement]
    shift: int
    shared: set[int]


def beside(new: dict[int, Statement], old: list[Statement], products: set[int], project: int) -> Beside | None:
    """The copies of what differs between two parts, by STEP id and in their order. None where the project is among that."""
    apart = set(products)
    for one in old:
        same = new.get(one.number)
        if same is None or same.text != one.text:
            apart.add(one.number)
    more = apart
    while more:
        more = {one.number for one in old if one.number not in apart and not apart.isdisjoint(one.names)}
        apart |= more
    if project in apart:
        return None
    shift = 1 + max(*new, *(one.number for one in old))
    shared = {one.number for one in old} - apart
    return Beside([_copy(one, apart, shift) for one in old if one.number in apart], shift, shared)


def _copy(one: Statement, apart: set[int], shift: int) -> Statement:
    def renumbered(found: re.Match[bytes]) -> bytes:
        number = 0 if found[1] is None else int(found[1])
        return b"#%d" % (number + shift) if number in apart else found[0]

    body = _TOKEN.sub(renumbered, one.body)
    if one.is_a("IfcRoot"):
        body = re.sub(rb"^(\(\s*')", rb"\g<1>" + MARK.encode(), body)
    head = one.head.replace(b"#%d" % one.number, b"#%d" % (one.number + shift), 1)
    return Statement(one.number + shift, one.name, one.line, head, body)
