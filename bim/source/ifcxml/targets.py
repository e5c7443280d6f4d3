"""Where the value of an element goes once it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bim.source.ifcxml.schema_map import Inverse
from bim.source.ifcxml.step_writer import Record
from bim.source.ifcxml.types import Aggregate, Type

if TYPE_CHECKING:
    from bim.source.ifcxml.convert import Reader


class Target:
    """Where a value goes."""

    __slots__ = ()

    def reference(self, token: str, record: Record | None) -> bool:  # noqa: ARG002
        """Offer a reference as soon as it is known; True where nothing more is to be done with it."""
        return False

    def value(self, text: str) -> None:
        """The whole value in STEP."""


class Setter(Target):
    """Sets an attribute; the lists of repeated elements become one."""

    __slots__ = ("_index", "_node", "_record")

    def __init__(self, record: Record, index: int, node: Type) -> None:
        self._record, self._index, self._node = record, index, node

    def value(self, text: str) -> None:
        """Set it, or add to it."""
        before = self._record.values[self._index]
        if before is not None and isinstance(self._node, Aggregate) and len(before) > 2 and len(text) > 2:
            text = f"{before[:-1]},{text[1:]}"
        self._record.values[self._index] = text


class PointingBack(Target):
    """Lets the instances in an inverse attribute point back at its owner."""

    __slots__ = ("_inverse", "_owner", "_reader")

    def __init__(self, reader: Reader, owner: Record, inverse: Inverse) -> None:
        self._reader, self._owner, self._inverse = reader, owner, inverse

    def reference(self, token: str, record: Record | None) -> bool:
        """Point back, now or when the instance stands in the file."""
        inverse = self._inverse
        if record is None:
            self._reader.add_later(token, inverse.index, self._owner.token, many=inverse.many)
        else:
            record.point_back(inverse.index, self._owner.token, many=inverse.many)
        return True
