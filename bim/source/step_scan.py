"""Where the instances of a STEP file stand and which of them name which, without parsing it.

One pass of NumPy over the bytes, some 3 ms per megabyte: enough to follow a change through a file of which little
is read. A text that breaks the habits of exporters (comments, an instance that begins behind another one on its
line, numbers of nine digits, numbers used twice) is refused: whoever asks reads such a file whole.
"""

from __future__ import annotations

from mmap import mmap

import numpy as np
import numpy.typing as npt

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
StepBytes = bytes | mmap
"""A text in memory, or a file that is looked at where the system holds it."""

_HASH, _EQUALS, _BLANK, _SEMICOLON, _STAR, _SLASH, _OPEN = 35, 61, 32, 59, 42, 47, 40
_DIGITS = 8
"""Digits of an instance number at most: one machine word."""
_CHUNK = 1 << 19
"""Bytes looked at together: what is made of them stays in the processor's cache."""
_IS_BETWEEN = np.zeros(256, np.bool_)
_IS_BETWEEN[[9, 10, 13, 32]] = True
_MOST_BETWEEN = 8
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
    """The instances of a STEP text in file order. number (n,): their instance numbers; begin (n + 1,): where each stands."""

    def __init__(self, data: StepBytes) -> None:
        """Raises Unusual."""
        self.data = data
        self._asked: dict[frozenset[int], list[int]] = {}
        text = np.frombuffer(data, np.uint8)
        _refuse_comments(text)
        parts = [_marks(text, at, at + _CHUNK) for at in range(0, len(text), _CHUNK)]
        begin, number, name_at, named, before = (np.concatenate(part) for part in zip(*parts, strict=True))
        if not len(begin):
            raise Unusual("no instances")
        self.begin: I64 = np.append(begin, _end(data, int(begin[-1])))
        self.number: I64 = number
        self._name_at: I64 = name_at
        self._named: I32 = named
        many = int(max(number.max(), named.max(initial=0)))
        if number.min() < 1 or many > MAX_NUMBER:
            raise Unusual("instance numbers out of range")
        counts = np.array([len(part[0]) for part in parts])
        base = (np.cumsum(counts) - counts - 1).astype(np.int32)
        self._by: I32 = before + np.repeat(base, [len(part[3]) for part in parts])
        self._row = np.full(many + 1, -1, np.int32)
        rows = np.arange(len(number), dtype=np.int32)
        self._row[number] = rows
        if not np.array_equal(self._row[number], rows):
            raise Unusual("an instance number stands twice")

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
            wanted = np.zeros(len(self._row), np.bool_)
            wanted[[number for number in numbers if 0 <= number < len(wanted)]] = True
            rows = np.unique(self._by[np.flatnonzero(wanted[self._named])])
            self._asked[asked] = [int(number) for number in self.number[rows]]
        return list(self._asked[asked])

    def of_class(self, name: bytes) -> list[int]:
        """The instances of a class, its name in upper case, in file order."""
        text = np.frombuffer(self.data, np.uint8)
        rows, at = np.arange(len(self.number)), self._name_at
        for place in reversed(range(len(name))):  # nearly all names begin alike
            same = text[at + place] == name[place]
            rows, at = rows[same], at[same]
        behind = np.isin(text[at + len(name)], (_BLANK, _OPEN))
        return [int(number) for number in self.number[rows[behind]]]


def _refuse_comments(text: U8) -> None:
    for start in range(0, len(text), _CHUNK):
        part = text[start : start + _CHUNK + 1]
        stars = np.flatnonzero(part[1:] == _STAR)
        if (part[stars] == _SLASH).any():
            raise Unusual("comments")


def _end(data: StepBytes, last: int) -> int:
    """Where the last instance ends: before the ENDSEC that follows it."""
    end = data.find(b"ENDSEC", last)
    if end < 0:
        raise Unusual("no ENDSEC after the last instance")
    return end


def _marks(text: U8, start: int, end: int) -> tuple[I64, I64, I64, I32, I32]:
    """The number signs of a stretch.

    Where instances begin, their numbers, where their class's name stands; the numbers that are named, and how many
    instances of the stretch begin before each of these.
    """
    marks = np.flatnonzero(text[start:end] == _HASH)
    marks += start
    if len(marks) and marks[-1] + 32 > len(text):
        raise Unusual("no end")
    value, after = _numbers(text, marks)
    _pass_blanks(text, after)
    defines = text[after] == _EQUALS
    begin, name_at = marks[defines], after[defines] + 1
    _refuse_inner(text, begin)
    _pass_blanks(text, name_at)
    named = ~defines
    return begin, value[defines], name_at, value[named].astype(np.int32), np.cumsum(defines, dtype=np.int32)[named]


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
        between = _IS_BETWEEN[text[at]]
        if not between.any():
            break
        at -= between
    if (text[at] != _SEMICOLON).any():
        raise Unusual("an instance begins inside another statement")


def _numbers(text: U8, marks: I64) -> tuple[I64, I64]:
    """The number behind each mark, 0 where there is none, and where its digits end; eight bytes at a time."""
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
    last = text[after]
    if ((count == _DIGITS) & (last >= 48) & (last <= 57)).any():
        raise Unusual("instance numbers of nine digits")
    some = count > 0
    shift = (_DIGITS - np.maximum(count, 1)) << 3
    words <<= shift.view(np.uint64)  # the missing digits stand in front as zeros
    for factor, by, kept in _FOLDS:
        words *= factor
        words >>= by
        words &= kept
    return np.where(some, words.view(np.int64), 0), after
