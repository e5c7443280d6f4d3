"""Where the instances of a STEP file stand and which of them name which, without parsing it.

Passes of NumPy over the bytes, some 1 ms per megabyte: enough to follow a change through a file of which little
is read. A text that breaks the habits of exporters (comments, an instance that begins behind another one on its
line, numbers of nine digits, numbers used twice) is refused: whoever asks reads such a file whole.
"""

from __future__ import annotations

from functools import cached_property
from mmap import mmap

import numpy as np
import numpy.typing as npt

from bim.source.step_index import LISTED, StepIndex

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
StepBytes = bytes | mmap
"""A text in memory, or a file that is looked at where the system holds it."""

_HASH, _EQUALS, _BLANK, _SEMICOLON, _STAR, _SLASH = 35, 61, 32, 59, 42, 47
_DIGITS = 8
"""Digits of an instance number at most: one machine word."""
_CHUNK, _TOGETHER = 1 << 18, 1 << 14
"""Bytes, and number signs, looked at together: what is made of them stays in the processor's cache."""
_HEAD = 4
"""Digits by which numbers are sought."""
_MOST_HEADS = 6
"""Different beginnings of numbers that are sought one by one; more are looked up in a table of 16 bits."""
_SPREAD, _HALF = np.uint32(0x9E3779B1), np.uint32(16)
"""A product whose upper half is different for most beginnings."""
_IS_BETWEEN = np.zeros(256, np.bool_)
_IS_BETWEEN[[9, 10, 13, 32]] = True
_IS_BLANK, _IS_DIGIT = np.zeros(256, np.bool_), np.zeros(256, np.bool_)
_IS_BLANK[_BLANK] = _IS_DIGIT[48:58] = True
_MOST_BETWEEN = 8
_FEW_STARS = 100
"""Stars that are sought one by one; most files hold a dozen."""
_BEHIND = 32
"""Bytes behind the last number sign at least: what is read of a number is in the text."""
_LOW, _HIGH = np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x8080808080808080)
_ONES = np.uint64(0x0101010101010101)
_FOLDS = [
    (np.uint64(2561), np.uint64(8), np.uint64(0x00FF00FF00FF00FF)),
    (np.uint64(6553601), np.uint64(16), np.uint64(0x0000FFFF0000FFFF)),
    (np.uint64(42949672960001), np.uint64(32), np.uint64(0xFFFFFFFF)),
]
"""Eight digits in a word to four numbers of two, two of four, one of eight."""
MAX_NUMBER = 50_000_000
"""Numbers beyond are refused: tables by number would take more memory than the file."""


class Unusual(ValueError):
    """The text is not laid out as exporters do; the message says how, in a few words."""


class StepScan:
    """The instances of a STEP text in file order. number (n,): their instance numbers; begin (n + 1,): where each stands.

    Only the numbers of instances are read at once. What they name is sought when it is asked for, by the first digits of
    the numbers that are wanted.
    """

    def __init__(self, data: StepBytes, index: StepIndex | None = None) -> None:
        """index: of this text, if it is known. Raises Unusual."""
        self.data = data
        self._asked: dict[frozenset[int], list[int]] = {}
        self._listed: dict[bytes, tuple[int, ...]] = {}
        text = self._text = np.frombuffer(data, np.uint8)
        _refuse_comments(data, text)
        if data[:1] == b"#" or data.rfind(b"#") + _BEHIND > len(text):
            raise Unusual("no header or no end")
        if index is None:
            marks, self._heads, first, equals = _signs(text)
            self._marks: U32 = marks.astype(np.uint32)
            begin, self.number, self._defined = _instances(text, first)
            if not len(begin):
                raise Unusual("no instances")
            _refuse_others(text, equals, self._defined)
        else:
            self._marks = index.marks
            begin, self.number = index.begin.astype(np.int64), index.number.astype(np.int64)
            self._listed = dict(zip(LISTED, index.listed, strict=True))
        self.begin: I64 = np.append(begin, _end(data, int(begin[-1])))
        if self.number.min() < 1 or self.number.max() > MAX_NUMBER:
            raise Unusual("instance numbers out of range")
        self._row = np.full(int(self.number.max()) + 1, -1, np.int32)
        rows = np.arange(len(self.number), dtype=np.int32)
        self._row[self.number] = rows
        if not np.array_equal(self._row[self.number], rows):
            raise Unusual("an instance number stands twice")

    @cached_property
    def _heads(self) -> U32:
        """(m,) the four bytes behind each number sign."""
        every: U32 = np.ndarray((max(len(self._text) - 3, 0),), "<u4", self._text.data, strides=(1,))
        return every[self._marks + 1]

    @cached_property
    def _defined(self) -> I64:
        """(n,) where the equals sign of each instance stands."""
        parts = [
            _numbers(self._text, self.begin[start : start + _TOGETHER])[1]
            for start in range(0, len(self.number), _TOGETHER)
        ]
        at = np.concatenate(parts)[: len(self.number)]
        _pass_blanks(self._text, at)
        return at

    def row(self, number: int) -> int:
        """The row of an instance, -1 where there is none."""
        return int(self._row[number]) if 0 <= number < len(self._row) else -1

    def statement(self, number: int) -> bytes | None:
        """The text of an instance with its semicolon; None where there is none. Raises Unusual."""
        row = self.row(number)
        if row < 0:
            return None
        found = self.data[int(self.begin[row]) : int(self.begin[row + 1])].rstrip()
        if not found.endswith(b";"):
            raise Unusual(f"#{number} does not end with a semicolon")
        return found

    def naming(self, numbers: set[int]) -> list[int]:
        """The instances that name one of these, in file order."""
        asked = frozenset(numbers)
        if asked not in self._asked:
            at = self._places(asked).astype(np.int64)
            rows = np.searchsorted(self.begin[:-1], at, "right") - 1
            own = (rows < 0) | (self.begin[rows] == at)  # of the instance itself, or in the header
            self._asked[asked] = [int(number) for number in self.number[np.unique(rows[~own])]]
        return list(self._asked[asked])

    def _places(self, numbers: frozenset[int]) -> I64:
        """Where these numbers stand behind a number sign, ascending."""
        known = [number for number in numbers if 0 < number <= MAX_NUMBER]
        some = self._beginning({(b"%d" % number)[:_HEAD] for number in known})
        wanted = np.zeros(max(known, default=0) + 2, np.bool_)  # the last one stands for all that are larger
        wanted[known] = True
        parts = [np.empty(0, np.int64)]
        for start in range(0, len(some), _TOGETHER):
            part = some[start : start + _TOGETHER]
            value, after = _numbers(self._text, part)
            parts.append(part[wanted[np.minimum(value, len(wanted) - 1)] & ~_IS_DIGIT[self._text[after]]])
        return np.concatenate(parts)

    def _beginning(self, digits: set[bytes]) -> I64:
        """Where numbers stand that begin with one of these, and some others; ascending."""
        heads = self._heads
        whole = np.array([int.from_bytes(head, "little") for head in digits if len(head) == _HEAD], np.uint32)
        if len(whole) > _MOST_HEADS:
            table = np.zeros(1 << 16, np.bool_)
            table[whole * _SPREAD >> _HALF] = True
            found = table[heads * _SPREAD >> _HALF]
        else:
            found = np.zeros(len(heads), np.bool_)
            for head in whole:
                found |= heads == head
        for head in (head for head in digits if len(head) < _HEAD):
            found |= (heads & np.uint32((1 << 8 * len(head)) - 1)) == np.uint32(int.from_bytes(head, "little"))
        return np.asarray(self._marks[found].astype(np.int64))

    @cached_property
    def _names(self) -> tuple[I64, U64]:
        """(n,) where the name of each instance's class stands, and its first eight bytes."""
        at = self._defined + 1
        _pass_blanks(self._text, at)
        every: U64 = np.ndarray((len(self._text) - 7,), "<u8", self._text.data, strides=(1,))
        return at, every[at]

    def of_class(self, name: bytes) -> list[int]:
        """The instances of a class, its name in upper case, in file order."""
        if name in self._listed:
            return list(self._listed[name])
        (at, words), few = self._names, min(len(name), 8)
        mask = np.uint64((1 << 8 * few) - 1)
        rows = np.flatnonzero((words & mask) == np.uint64(int.from_bytes(name[:few], "little")))
        text, end = self._text, at[rows] + len(name)
        for place in range(few, len(name)):
            same = text[at[rows] + place] == name[place]
            rows, end = rows[same], end[same]
        return [int(number) for number in self.number[rows[_is_any(text[end], b" (")]]]


def _refuse_comments(data: StepBytes, text: U8) -> None:
    at = -1
    for _ in range(_FEW_STARS):
        at = data.find(b"*", at + 1)
        if at < 0:
            return
        if at and data[at - 1] == _SLASH:
            raise Unusual("comments")
    for start in range(at, len(text), _CHUNK):
        stars = np.flatnonzero(text[start : start + _CHUNK] == _STAR) + start
        if (text[stars - 1] == _SLASH).any():
            raise Unusual("comments")


def _end(data: StepBytes, last: int) -> int:
    """Where the last instance ends: before the ENDSEC that follows it."""
    end = data.find(b"ENDSEC", last)
    if end < 0:
        raise Unusual("no ENDSEC after the last instance")
    return end


def _signs(text: U8) -> tuple[I64, U32, I64, I64]:
    """Number signs: where they stand, the four bytes behind each, where those stand that no statement is open before.

    And how many equals signs each chunk has.
    """
    every = np.ndarray((max(len(text) - 7, 0),), "<u8", text.data, strides=(1,))  # the eight bytes at each place
    marks, heads, first, equals = [np.empty(0, np.int64)], [np.empty(0, np.uint32)], [np.empty(0, np.int64)], []
    for start in range(0, len(text), _CHUNK):
        part = text[start : start + _CHUNK]
        found = np.flatnonzero(part == _HASH)
        found += start
        around = every[found - 1]  # what stands before the sign, the sign, six bytes more
        before = around.astype(np.uint8)
        marks.append(found)
        heads.append((around >> np.uint64(16)).astype(np.uint32))
        first.append(found[_is_any(before, b"\n;\r \t")])
        equals.append(np.count_nonzero(part == _EQUALS))
    return np.concatenate(marks), np.concatenate(heads), np.concatenate(first), np.array(equals, np.int64)


def _is_any(values: U8, signs: bytes) -> Flags:
    found: Flags = values == signs[0]
    for sign in signs[1:]:
        found |= values == sign
    return found


def _instances(text: U8, first: I64) -> tuple[I64, I64, I64]:
    """Of instances that begin behind a statement: where, their numbers, where their equals sign stands. first: candidates."""
    found = [(np.empty(0, np.int64),) * 3]
    for start in range(0, len(first), _TOGETHER):
        begin = first[start : start + _TOGETHER]
        number, after = _numbers(text, begin)
        if _IS_DIGIT[text[after]].any():
            raise Unusual("instance numbers of nine digits")
        defines = text[after] == _EQUALS
        if not defines.all():
            _pass_blanks(text, after)
            defines = text[after] == _EQUALS
            begin, number, after = begin[defines], number[defines], after[defines]
        _refuse_inner(text, begin)
        found.append((begin, number, after))
    begin, number, after = (np.concatenate(part) for part in zip(*found, strict=True))
    return begin, number, after


def _refuse_others(text: U8, equals: I64, defined: I64) -> None:
    """No other equals sign stands behind a number, as it would where an instance begins inside another statement."""
    bounds = np.arange(len(equals) + 1) * _CHUNK
    rows = np.searchsorted(defined, bounds)
    for chunk in np.flatnonzero(np.diff(rows) < equals):
        start = int(bounds[chunk])
        others = text[start : start + _CHUNK] == _EQUALS
        others[defined[rows[chunk] : rows[chunk + 1]] - start] = False
        at = np.flatnonzero(others) + (start - 1)
        last = _passed_back(text, at, _IS_BLANK, 3)
        first = _passed_back(text, last, _IS_DIGIT, _DIGITS + 1)
        if ((first < last) & (text[first] == _HASH)).any():
            raise Unusual("an instance begins inside another statement")


def alone(text: U8, defined: I64, first: int) -> bool:
    """Whether no instance begins inside another statement, from a place on. defined: where the equals signs of the others stand."""
    starts = range(0, len(text), _CHUNK)
    equals = np.array([np.count_nonzero(text[max(start, first) : start + _CHUNK] == _EQUALS) for start in starts])
    try:
        _refuse_others(text, equals, defined)
    except Unusual:
        return False
    return True


def _passed_back(text: U8, at: I64, kind: Flags, most: int) -> I64:
    """Places moved back over up to so many bytes of a kind."""
    for _ in range(most):
        at = at - kind[text[at]]
    return at


def _pass_blanks(text: U8, at: I64) -> None:
    """Move places on to what follows a few blanks."""
    for _ in range(3):
        blank = text.take(at) == _BLANK
        if not blank.any():
            break
        at += blank


def _refuse_inner(text: U8, begin: I64) -> None:
    """Every instance begins right behind the end of the statement before it."""
    at = begin - 1
    for _ in range(_MOST_BETWEEN):
        sign = text[at]
        if (sign == _SEMICOLON).all():
            return
        between = _IS_BETWEEN[sign]
        if not between.any():
            break
        at -= 1 if between.all() else between
    if (text[at] != _SEMICOLON).any():
        raise Unusual("an instance begins inside another statement")


def _numbers(text: U8, marks: I64) -> tuple[I64, I64]:
    """The number behind each mark, 0 where there is none, and where its digits end, the eighth at most; eight bytes at a time."""
    every = np.ndarray((len(text) - 7,), "<u8", text.data, strides=(1,))  # the eight bytes at each place
    words: U64 = every[marks + 1]
    words ^= np.uint64(0x3030303030303030)  # a digit is its own value now
    other = words & _LOW
    other += np.uint64(0x7676767676767676)
    other |= words
    other &= _HIGH  # the top bit of each byte that is no digit
    other &= ~other + np.uint64(1)  # of the first one only
    other -= np.uint64(1)
    other >>= np.uint64(7)  # every bit of the bytes before it
    other &= _ONES
    other *= _ONES
    other >>= np.uint64(56)
    count = other.view(np.int64)
    after = marks + 1
    after += count
    some = count > 0
    shift = (_DIGITS - np.maximum(count, 1)) << 3
    words <<= shift.view(np.uint64)  # the missing digits stand in front as zeros
    for factor, by, kept in _FOLDS:
        words *= factor
        words >>= by
        words &= kept
    return np.where(some, words.view(np.int64), 0), after
