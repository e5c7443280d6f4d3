"""The words of Brick and Haystack for ours, from `tables.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from twin.state.kinds import canonical

FILE = Path(__file__).with_name("tables.yaml")
MEASURED = "measured"


@dataclass(frozen=True)
class Word:
    """What one of our words is. brick: its class; tags: its Haystack markers."""

    brick: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """Both ways: from our words, and from Brick classes to ours."""

    kinds: Mapping[str, Word]
    roles: Mapping[str, Word]
    endings: tuple[tuple[str, str], ...]  # how classes of points end, and the role
    units: Mapping[str, str]
    locations: Mapping[str, Word]
    equipment: Mapping[str, Word]
    other: Word
    kind_of: Mapping[str, str]  # by Brick class
    location_of: Mapping[str, str]
    equipment_of: Mapping[str, str]

    def role_of(self, cls: str) -> str:
        """The role of a class of points; empty where it is no class of points."""
        return next((role for ending, role in self.endings if cls.endswith(ending)), "")

    def kind_of_tags(self, tags: frozenset[str]) -> str:
        """The kind whose markers are all there; of several the one with most markers, of equals none."""
        found = sorted(
            ((len(word.tags), kind) for kind, word in self.kinds.items() if tags.issuperset(word.tags)), reverse=True
        )
        if not found or (len(found) > 1 and found[0][0] == found[1][0]):
            return ""
        return found[0][1]

    def unit(self, qudt: str) -> str:
        """Our unit of a QUDT name; the name itself where it is none of ours."""
        return next((ours for ours, name in self.units.items() if name == qudt), qudt)


@functools.cache
def tables() -> Tables:
    """The tables, read once."""
    rows: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))

    def words(name: str) -> dict[str, Word]:
        return {str(key): _word(row) for key, row in rows[name].items()}

    def back(name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, row in rows[name].items():
            for cls in (row["brick"], *row.get("also", ())):
                found.setdefault(cls, str(key))
        return found

    endings = [(ending, role) for role, row in rows["roles"].items() for ending in row["endings"]]
    return Tables(
        kinds=words("kinds"),
        roles=words("roles"),
        endings=tuple(endings),
        units=rows["units"],
        locations=words("locations"),
        equipment=words("equipment"),
        other=_word(rows["other"]),
        kind_of=back("kinds"),
        location_of=back("locations"),
        equipment_of=back("equipment"),
    )


def word_of_point(kind: str, role: str) -> Word:
    """The word of a point: its kind's for measured values, its role's for others and for kinds not known."""
    known = tables()
    name = canonical(kind)
    base = known.roles.get(role, known.roles[MEASURED])
    of_kind = known.kinds.get(name)
    if of_kind is None:
        return Word(base.brick, ("point", *base.tags))
    brick = of_kind.brick if role in {"", MEASURED, "state"} else base.brick
    return Word(brick, ("point", *base.tags, *(tag for tag in of_kind.tags if tag not in base.tags)))


def _word(row: Mapping[str, Any]) -> Word:
    return Word(str(row["brick"]), tuple(row["tags"]))
