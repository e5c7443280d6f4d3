"""What a kind of feature is, and the registry of all kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gis.families.family import Family
from twin.errors import Conflict, NotFound


@dataclass(frozen=True)
class Kind:
    """type: CIM type of its objects; polygon, line, point: how each geometry is built.

    words: what a `kind` field, or a word of the layer's name, calls it (`columns.plain` form).
    whole: a feature that crosses the park's edge is kept whole, because half of it would measure wrong.
    """

    name: str
    type: str
    polygon: Family
    line: Family
    point: Family
    words: frozenset[str] = field(default_factory=frozenset)
    cim_level: int = 2
    discipline: str = "site"
    whole: bool = False


class Kinds:
    """Kinds by name; a name or a word can be taken only once."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: dict[str, Kind] = {}
        self.words: dict[str, str] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise Conflict(f"Feature kind {kind.name!r} is registered twice", code="kind")
            self._kinds[kind.name] = kind
            for word in kind.words:
                if word in self.words:
                    raise Conflict(f"Word {word!r} names both {self.words[word]!r} and {kind.name!r}", code="kind")
                self.words[word] = kind.name

    def __getitem__(self, name: str) -> Kind:
        try:
            return self._kinds[name]
        except KeyError:
            raise NotFound(f"No feature kind {name!r}: known are {', '.join(self._kinds)}", code="kind") from None

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())
