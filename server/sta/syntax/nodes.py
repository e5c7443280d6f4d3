"""Expressions of `$filter` and `$orderby` as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Value = None | bool | int | float | str | datetime | date | time | timedelta


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. Instants are aware."""

    value: Value


@dataclass(frozen=True, slots=True)
class Geometry:
    """A constant geometry as well-known text, longitude before latitude."""

    wkt: str


@dataclass(frozen=True, slots=True)
class Path:
    """A property of the entity or of one it leads to: `Datastream/Thing/name`."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        """As it is written."""
        return "/".join(self.names)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `server.sta.functions`, with a number of arguments that fits."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Junction:
    """`and` or `or` of two or more."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison (eq ne gt ge lt le) or arithmetic (add sub mul div mod)."""

    operator: str
    left: Node
    right: Node


Node = Literal | Geometry | Path | Call | Not | Junction | Binary
COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
