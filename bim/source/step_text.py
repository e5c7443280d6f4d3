"""Many instances of a plain STEP file at once, read from its text.

The parser hands out values one by one, at half a microsecond to two for each; here thousands are some passes of NumPy
over the bytes (`step_columns`). Only what is written in the plainest way is read, an instance a line without blanks:
all else is told apart, and asked of the parser.
"""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bim.source.step_columns import I64, PADDING, U8, Flags, Lines, whole_numbers, words

U32 = npt.NDArray[np.uint32]
CHUNK = 1 << 20
"""Bytes that are looked at together: what fits a cache."""
_SPARSEST = 16
"""Numbers that a file may skip for each instance: the table by number is not larger."""
_TAIL = 64
"""Bytes at the end of a file in which no instance begins."""
_NEWLINE, _BLANK, _HASH, _STAR, _SLASH, _EQUALS = b"\n #*/="


class StepText:
    """data: the file's bytes; name, end (r,): where a row's class name begins and its line ends; table: row by number."""

    def __init__(self, data: bytes | mmap.mmap, name: U32, end: U32, table: npt.NDArray[np.int32]) -> None:
        self._data = data
        self._bytes: U8 = np.frombuffer(data, np.uint8)
        self._words = words(self._bytes)
        self._name = name
        self._end = end
        self._table = table

    @classmethod
    def open(cls, path: Path) -> StepText | None:
        """The text of a file, mapped; None where it is written in a way that cannot be read here."""
        if not _TAIL < path.stat().st_size < 1 << 32:
            return None
        with path.open("rb") as stream:
            return cls.of(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))

    @classmethod
    def of(cls, data: bytes | mmap.mmap) -> StepText | None:
        """The same of a file's bytes."""
        text: U8 = np.frombuffer(data, np.uint8)
        begin = _line_starts(text, data.find(b"DATA;"))
        if begin is None:
            return None
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
        return cls(data, name.astype(np.uint32), end.astype(np.uint32), table)

    def rows(self, numbers: npt.ArrayLike) -> I64:
        """Rows of instance numbers, -1 where there is none."""
        wanted = np.asarray(numbers, np.int64)
        known = (wanted > 0) & (wanted < len(self._table))
        return np.where(known, self._table[np.where(known, wanted, 0)], -1).astype(np.int64)

    def are(self, rows: I64, ifc_class: str) -> Flags:
        """Which rows are instances of this class itself, and there."""
        return np.asarray(
            (rows >= 0) & self.follows(self._name[np.maximum(rows, 0)].astype(np.int64), _called(ifc_class))
        )

    def arguments(self, rows: I64, ifc_class: str) -> I64:
        """Where the arguments of rows (of that class) begin in the file, behind the parenthesis."""
        return self._name[rows].astype(np.int64) + len(ifc_class) + 1

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
        value, digits = whole_numbers(self._bytes, at + 1)
        return np.where(self.follows(at, b"#"), value, -1), at + 1 + digits

    def lines(self, rows: I64, ifc_class: str, lead: int | I64 = 0) -> Lines:
        """The arguments of rows (of that class) without the parenthesis that opens them and `lead` more bytes."""
        data = self._data
        begin = self.arguments(rows, ifc_class) + lead
        end = np.maximum(self._end[rows].astype(np.int64), begin)
        text = b"".join([data[low:high] for low, high in zip(begin.tolist(), end.tolist(), strict=True)])
        after: I64 = np.cumsum(end - begin)
        return Lines(np.frombuffer(text + bytes(PADDING), np.uint8), np.asarray(after - (end - begin), np.int64), after)


def _called(ifc_class: str) -> bytes:
    return f"{ifc_class.upper()}(".encode()


def _line_starts(text: U8, first: int) -> I64 | None:
    """Where lines after `first` begin with a number sign; None where there are comments, in which lines mean nothing."""
    found = [np.empty(0, np.int64)]
    for start in range(max(first, 0), len(text) - _TAIL, CHUNK):
        part = text[start : start + CHUNK + 1]
        slash = np.flatnonzero(part[:-1] == _SLASH)
        if (part[slash + 1] == _STAR).any():
            return None
        line = np.flatnonzero(part[:-1] == _NEWLINE) + 1
        found.append(line[part[line] == _HASH] + start)
    begin = np.concatenate(found)
    return begin[begin < len(text) - _TAIL]
