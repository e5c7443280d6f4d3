"""Many instances of a plain STEP file at once, read from its text.

The parser hands out values one by one, at half a microsecond to two for each; here thousands are some passes of NumPy
over the bytes (`step_columns`). Only what is written in the plainest way is read, an instance a line without blanks:
all else is told apart, and asked of the parser.
"""

from __future__ import annotations

import mmap
import re
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bim.source.step_columns import I64, PADDING, U8, U64, Flags, Lines, whole_numbers, words
from bim.source.step_index import LISTED, StepIndex, stand_plainly
from bim.source.step_scan import alone

I32 = npt.NDArray[np.int32]
U32 = npt.NDArray[np.uint32]
CHUNK = 1 << 20
"""Bytes that are looked at together: what fits a cache."""
_TOGETHER = 1 << 15
"""Numbers that are read together, for the same reason."""
_SPARSEST = 16
"""Numbers that a file may skip for each instance: the table by number is not larger."""
_TAIL = 64
"""Bytes at the end of a file in which no instance begins."""
_COMMENT = re.compile(rb"/\*")
"""Sought by a pattern: `find` takes three times as long for two bytes."""
_NEWLINE, _BLANK, _HASH, _EQUALS, _SEMICOLON = b"\n #=;"
_IS_BLANK = np.zeros(256, np.int64)
_IS_BLANK[list(b" \r")] = 1


class References(NamedTuple):
    """at, end (m,): where each stands in the file, ascending; row: whose it is; target: the row that it names, -1 for none."""

    at: I64
    end: I64
    row: I32
    target: I32


class StepText:
    """A file's instances as rows.

    data: the file's bytes; begin, name, end (r,): where a row's line and its class name begin, and where it ends; marks:
    where all number signs stand; table: row by number; number (r,): instance numbers. path: of the file, if it is one.
    """

    def __init__(
        self,
        data: bytes | mmap.mmap,
        begin: U32,
        name: U32,
        end: U32,
        marks: U32,
        table: npt.NDArray[np.int32],
        number: U32,
    ) -> None:
        self.data = data
        self.path: Path | None = None
        self._number = number
        self.bytes: U8 = np.frombuffer(data, np.uint8)
        self.begin = begin
        self.name = name
        self.end = end
        self._words = words(self.bytes)
        self._marks = marks
        self._table = table

    @classmethod
    def open(cls, path: Path) -> StepText | None:
        """The text of a file, mapped; None where it is written in a way that cannot be read here."""
        if not _TAIL < path.stat().st_size < 1 << 32:
            return None
        with path.open("rb") as stream:
            found = cls.of(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        if found is not None:
            found.path = path
        return found

    @classmethod
    def of(cls, data: bytes | mmap.mmap) -> StepText | None:
        """The same of a file's bytes."""
        text: U8 = np.frombuffer(data, np.uint8)
        first = data.find(b"DATA;")
        if _COMMENT.search(data, max(first, 0)):  # lines mean nothing then
            return None
        marks = _marks(text, first)
        begin = marks[(text[marks - 1] == _NEWLINE) & (marks > 0) & (marks < len(text) - _TAIL)]
        number, digits = whole_numbers(text, begin + 1)
        name = begin + 1 + digits
        name += text[name] == _BLANK
        given = (text[name] == _EQUALS) & (number > 0)
        name += 1
        name += text[name] == _BLANK
        if not given.all():
            number, begin, name = number[given], begin[given], name[given]
        if not len(number) or int(number.max()) > _SPARSEST * len(number) + CHUNK:
            return None
        rows = np.arange(len(number), dtype=np.int32)
        table = np.full(int(number.max()) + 1, -1, np.int32)
        table[number] = rows
        if not np.array_equal(table[number], rows):  # a number twice: which one counts is the parser's to say
            return None
        last = data.find(b";", int(name[-1])) + 1
        end = np.append(begin[1:], last or len(data))
        begins, names, ends, signs, numbers = (column.astype(np.uint32) for column in (begin, name, end, marks, number))
        return cls(data, begins, names, ends, signs, table, numbers)

    def index(self) -> StepIndex | None:
        """Where its instances stand, for the next version of it; None where they do not stand plainly enough."""
        if not stand_plainly(self.bytes, self.begin) or not alone(self.bytes, self._equals, int(self.begin[0])):
            return None
        first = int(np.searchsorted(self._marks, self.begin[0]))
        listed = tuple(tuple(self.numbers(rows).tolist()) for rows in map(self._of_class, LISTED))
        return StepIndex(len(self.data), self._marks[first:], self.begin, self._number, listed)

    @property
    def _equals(self) -> I64:
        """Where the equals sign of each instance stands."""
        at = self.name.astype(np.int64) - 1
        at -= self.bytes[at] == _BLANK
        return at

    def _of_class(self, name: bytes) -> I64:
        rows = self.called(name[:8])
        return rows[self.are(rows, name.decode())]

    def references(self) -> References:
        """All that instances name; what looks like a reference inside a written text, or behind them all, counts too."""
        marks = self._marks.astype(np.int64)
        row = np.zeros(len(marks), np.int32)
        row[np.searchsorted(marks, self.begin)] = 1
        named = row == 0
        np.cumsum(row, out=row)
        named &= row > 0
        at, row = marks[named], row[named] - np.int32(1)
        target, end = np.empty(len(at), np.int32), np.empty(len(at), np.int64)
        for start in range(0, len(at), _TOGETHER):
            part = slice(start, start + _TOGETHER)
            value, digits = whole_numbers(self.bytes, at[part] + 1)
            target[part], end[part] = self.rows(value), at[part] + 1 + digits
        return References(at, end, row, target)

    def rows(self, numbers: npt.ArrayLike) -> I64:
        """Rows of instance numbers, -1 where there is none."""
        wanted = np.asarray(numbers, np.int64)
        known = (wanted > 0) & (wanted < len(self._table))
        return np.where(known, self._table[np.where(known, wanted, 0)], -1).astype(np.int64)

    def numbers(self, rows: I64) -> I64:
        """Instance numbers of rows."""
        return whole_numbers(self.bytes, self.begin[rows].astype(np.int64) + 1)[0]

    def called(self, start: bytes) -> I64:
        """The rows whose class name begins with these eight bytes."""
        return np.flatnonzero(self._first_words == np.uint64(int.from_bytes(start, "little")))

    @cached_property
    def _first_words(self) -> U64:
        return np.asarray(self._words[np.minimum(self.name, len(self._words) - 1)])

    def are(self, rows: I64, ifc_class: str) -> Flags:
        """Which rows are instances of this class itself, and there."""
        return np.asarray(
            (rows >= 0) & self.follows(self.name[np.maximum(rows, 0)].astype(np.int64), _called(ifc_class))
        )

    def alone(self, rows: I64) -> Flags:
        """Which rows (all there) begin right behind the end of a statement, so that they are no part of another one."""
        at = self.end[np.maximum(rows - 1, 0)].astype(np.int64) - len(b";\n")
        for _ in range(2):
            at -= _IS_BLANK[self.bytes[at]]
        return np.asarray((rows > 0) & (self.bytes[at] == _SEMICOLON))

    def arguments(self, rows: I64, ifc_class: str) -> I64:
        """Where the arguments of rows (of that class) begin in the file, behind the parenthesis."""
        return self.name[rows].astype(np.int64) + len(ifc_class) + 1

    def follows(self, at: I64, text: bytes) -> Flags:
        """Where these bytes stand at places in the file."""
        found = np.ones(len(at), np.bool_)
        for start in range(0, len(text), 8):
            part = text[start : start + 8]
            mask = np.uint64((1 << 8 * len(part)) - 1)
            word = self._words[np.minimum(at + start, len(self._words) - 1)]
            found &= (word & mask) == np.uint64(int.from_bytes(part, "little"))
        return found

    def number(self, at: I64) -> tuple[I64, I64]:
        """The references that begin at places in the file, -1 where there is none; and where their digits end."""
        value, digits = whole_numbers(self.bytes, at + 1)
        return np.where(self.follows(at, b"#"), value, -1), at + 1 + digits

    def lines(self, rows: I64, ifc_class: str, lead: int | I64 = 0) -> Lines:
        """The arguments of rows (of that class) without the parenthesis that opens them and `lead` more bytes."""
        data = self.data
        begin = self.arguments(rows, ifc_class) + lead
        end = np.maximum(self.end[rows].astype(np.int64), begin)
        text = b"".join([data[low:high] for low, high in zip(begin.tolist(), end.tolist(), strict=True)])
        after: I64 = np.cumsum(end - begin)
        return Lines(np.frombuffer(text + bytes(PADDING), np.uint8), np.asarray(after - (end - begin), np.int64), after)


def _called(ifc_class: str) -> bytes:
    return f"{ifc_class.upper()}(".encode()


def _marks(text: U8, first: int) -> I64:
    """Where number signs stand behind a place."""
    starts = range(max(first, 0), len(text), CHUNK)
    return np.concatenate([np.flatnonzero(text[start : start + CHUNK] == _HASH) + start for start in starts])
