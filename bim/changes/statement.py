"""One STEP instance as text: its number, its class, its arguments, and what it names."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ifcopenshell import ifcopenshell_wrapper

from bim.changes.whole import Whole
from bim.export.arguments import TEXT, references, split
from bim.properties.schema_attributes import ancestry

_HEAD = re.compile(rb"#(\d+)\s*=\s*([A-Za-z0-9_]+)\s*(?=\()")
_TEXT = re.compile(TEXT)
_REFERENCE = re.compile(rb"#(\d+)")


@dataclass(frozen=True)
class Statement:
    """number, name (as the schema writes it), head: up to the arguments; body: from the opening parenthesis on."""

    number: int
    name: str
    line: frozenset[str]
    head: bytes
    body: bytes

    @classmethod
    def of(cls, text: bytes, schema: str) -> Statement:
        """Raises Whole where the text is no instance of a class of the schema."""
        found = _HEAD.match(text)
        if found is None:
            raise Whole("an instance that cannot be read")
        name = _name(schema, found.group(2).decode().upper())
        return cls(int(found.group(1)), name, _line(schema, name), text[: found.end()], text[found.end() :])

    @cached_property
    def arguments(self) -> list[bytes]:
        """The arguments, as they stand."""
        return split(self.body)

    def at(self, index: int) -> list[int]:
        """The instances that one argument names."""
        if index not in self._ends:
            self._ends[index] = references(self.arguments[index]) if index < len(self.arguments) else []
        return self._ends[index]

    @cached_property
    def _ends(self) -> dict[int, list[int]]:
        """What arguments name that were asked for."""
        return {}

    @cached_property
    def names(self) -> list[int]:
        """All instances that it names."""
        return [int(number) for number in _REFERENCE.findall(_TEXT.sub(b"", self.body))]

    def is_a(self, *classes: str) -> bool:
        """Whether it is of one of these classes or below one."""
        return not self.line.isdisjoint(classes)

    def with_arguments(self, changed: dict[int, bytes]) -> Statement:
        """The same with other arguments at some places."""
        parts = [changed.get(place, part) for place, part in enumerate(self.arguments)]
        return Statement(self.number, self.name, self.line, self.head, b"(" + b",".join(parts) + b");")

    def with_ends(self, place: int, kept: Container[int]) -> Statement:
        """A relation cut down to these of the instances that it names at one place."""
        ends = b",".join(b"#%d" % number for number in self.at(place) if number in kept)
        return self.with_arguments({place: b"(" + ends + b")"})

    @property
    def text(self) -> bytes:
        """The whole instance."""
        return self.head + self.body


@lru_cache(maxsize=8192)
def _name(schema: str, upper: str) -> str:
    try:
        entity = ifcopenshell_wrapper.schema_by_name(schema).declaration_by_name(upper).as_entity()
    except RuntimeError:
        entity = None
    if entity is None:
        raise Whole(f"{upper[:60]} is no class of {schema}")
    return str(entity.name())


@lru_cache(maxsize=8192)
def _line(schema: str, name: str) -> frozenset[str]:
    return frozenset(ancestry(schema, name))
