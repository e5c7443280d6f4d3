"""A STEP file as numbers: where each instance stands, its class, and which instances it names.

Nothing is parsed into entities, so that a part of a model can be cut out of the text as it stands:
same bytes, same instance numbers. Reading takes one pass over the bytes in NumPy.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bim.export.arguments import PAGE_QUOTE, TEXT

I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

CHUNK = 1 << 24
_QUOTE, _SEMICOLON, _HASH = 39, 59, 35
_PRIME = np.uint64(1099511628211)  # FNV-1a, 64 bit
_SEED = np.uint64(14695981039346656037)
_COMMENT = re.compile(rb"(" + TEXT + rb")|/\*.*?\*/", re.DOTALL)
_PAGE_QUOTE = re.compile(PAGE_QUOTE)
_NAME = re.compile(rb"#\s*\d+\s*=\s*([A-Za-z0-9_]*)")
MAX_NAME = 80


@dataclass(frozen=True)
class StepIndex:
    """The statements of a file, in file order; those that are instances have an id.

    data: the bytes; begin, end (n,): a statement with its semicolon; number (n,): its instance number, -1 for
    other statements; kind (n,): index into `kinds` (class names in upper case); arguments (n,): where the
    opening parenthesis of its arguments stands. The instances that row i names are rows
    target[first[i]:first[i + 1]], in order of appearance, -1 where there is no such instance.
    """

    data: mmap.mmap | bytes
    begin: I64
    end: I64
    number: I64
    kind: I64
    kinds: list[str]
    arguments: I64
    first: I64
    target: I64
    _sorted: I64
    _order: I64

    @classmethod
    def read(cls, path: Path) -> StepIndex:
        """Index a plain STEP file (not empty)."""
        with path.open("rb") as stream:
            data: mmap.mmap | bytes = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        if data.find(b"/*") >= 0:  # quotes and semicolons in comments mean nothing
            data = _COMMENT.sub(lambda found: found.group(1) or b" " * len(found.group()), data)
        text = np.frombuffer(data, np.uint8)
        odd = [found.end() - 1 for found in _PAGE_QUOTE.finditer(data)]
        if odd:  # such a quote ends no text
            text = text.copy()
            text[odd] = 0
        ends, marks = _marks(text)
        begin = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else np.empty(0, np.int64)
        count = np.searchsorted(marks, ends) - np.searchsorted(marks, begin)
        values, after = _numbers(text, marks)
        at = np.searchsorted(marks, begin)
        named = count > 0
        number = np.full(len(begin), -1, np.int64)
        number[named] = values[at[named]]
        kind, kinds, arguments = _kinds(text, data, begin, np.where(named, np.append(after, 0)[at], -1))
        # All marks but the first of each statement are references; what follows the last semicolon is none.
        used = np.zeros(len(marks), np.bool_)
        used[: int(count.sum())] = True
        used[at[named]] = False
        order = np.flatnonzero(named)
        order = order[np.argsort(number[order], kind="stable")]
        ordered = number[order]
        first = np.zeros(len(begin) + 1, np.int64)
        np.cumsum(np.maximum(count - 1, 0), out=first[1:])
        return cls(
            data,
            begin,
            ends + 1,
            number,
            kind,
            kinds,
            arguments,
            first,
            _rows(ordered, order, values[used]),
            ordered,
            order,
        )

    def row(self, number: int) -> int:
        """The row of an instance number, -1 where there is none."""
        return int(_rows(self._sorted, self._order, np.array([number]))[0])

    def line(self, row: int) -> bytes:
        """A statement's bytes, semicolon included."""
        return self.data[int(self.begin[row]) : int(self.end[row])]

    def after(self, row: int) -> bytes:
        """A statement from the opening parenthesis of its arguments on."""
        return self.data[int(self.arguments[row]) : int(self.end[row])]

    def spans(self, rows: I64) -> tuple[I64, I64]:
        """What these rows name, one row after another with -1 for what is missing; and how many each names."""
        counts = self.first[rows + 1] - self.first[rows]
        before = np.cumsum(counts) - counts
        return self.target[np.arange(int(counts.sum())) + np.repeat(self.first[rows] - before, counts)], counts

    def gather(self, rows: I64) -> I64:
        """Rows of the instances that any of these rows names (with repeats)."""
        found, _ = self.spans(rows)
        return found[found >= 0]


def _marks(text: U8) -> tuple[I64, I64]:
    """Positions of the semicolons and of the number signs outside of texts."""
    ends: list[I64] = []
    marks: list[I64] = []
    parity = 0
    for start in range(0, len(text), CHUNK):
        part = text[start : start + CHUNK]
        inside = np.cumsum(part == _QUOTE, dtype=np.uint8)
        outside = ((inside + np.uint8(parity)) & 1) == 0
        ends.append(np.flatnonzero((part == _SEMICOLON) & outside) + start)
        marks.append(np.flatnonzero((part == _HASH) & outside) + start)
        parity = (parity + int(inside[-1])) & 1
    return np.concatenate(ends or [np.empty(0, np.int64)]), np.concatenate(marks or [np.empty(0, np.int64)])


def _numbers(text: U8, marks: I64) -> tuple[I64, I64]:
    """The number after each mark, and where its digits end."""
    value = np.zeros(len(marks), np.int64)
    at = marks + 1
    last = len(text) - 1
    active = np.arange(len(marks))
    for _ in range(18):
        digit = text[np.minimum(at[active], last)].astype(np.int64) - 48
        good = (digit >= 0) & (digit <= 9) & (at[active] <= last)
        active = active[good]
        if not len(active):
            break
        value[active] = value[active] * 10 + digit[good]
        at[active] += 1
    return value, at


def _kinds(text: U8, data: mmap.mmap | bytes, begin: I64, at: I64) -> tuple[I64, list[str], I64]:
    """Class of each statement (index, names) and where its arguments open; at: where its number ends, -1 for none."""
    rows = np.flatnonzero(at >= 0)
    place = at[rows].copy()
    last = len(text) - 1

    def skip(allowed: npt.NDArray[np.bool_], *, most: int, digest: npt.NDArray[np.uint64] | None = None) -> None:
        active = np.arange(len(rows))
        for _ in range(most):
            byte = text[np.minimum(place[active], last)]
            good = allowed[byte]
            active, byte = active[good], byte[good]
            if not len(active):
                return
            if digest is not None:
                upper = np.where((byte >= 97) & (byte <= 122), byte - 32, byte)
                digest[active] = (digest[active] ^ upper) * _PRIME
            place[active] += 1

    blank = np.zeros(256, np.bool_)
    blank[[9, 10, 13, 32, 61]] = True  # blanks and the equals sign
    word = np.zeros(256, np.bool_)
    word[[*range(48, 58), *range(65, 91), *range(97, 123), 95]] = True
    skip(blank, most=64)
    digest = np.full(len(rows), _SEED, np.uint64)
    skip(word, most=MAX_NAME, digest=digest)
    blank[61] = False
    skip(blank, most=64)
    _, example, which = np.unique(digest, return_index=True, return_inverse=True)
    names = []
    for row in rows[example].tolist():
        found = _NAME.search(data, int(begin[row]))
        names.append(found.group(1).decode("ascii").upper() if found else "")
    kind = np.full(len(begin), -1, np.int64)
    kind[rows] = which
    arguments = np.full(len(begin), -1, np.int64)
    arguments[rows] = place
    return kind, names, arguments


def _rows(ordered: I64, order: I64, numbers: I64) -> I64:
    """Rows of instance numbers; -1 where there is none, the first where a file uses one twice."""
    if not len(ordered):
        return np.full(len(numbers), -1, np.int64)
    place = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return np.where(ordered[place] == numbers, order[place], -1)
