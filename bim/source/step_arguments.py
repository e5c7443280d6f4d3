"""The arguments of many STEP instances, texts and lists among them, as columns; NumPy and Arrow, no loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bim.source.lists import Lists
from bim.source.step_columns import I64, PADDING, U8, Flags, Lines, references, whole_numbers
from twin.ranges import ranges

_BLANK, _QUOTE, _OPEN, _CLOSE, _COMMA, _SEMICOLON, _HASH = b" '(),;#"
_IS_MARK = np.zeros(256, np.bool_)
_IS_MARK[list(b"'(),")] = True
_DEEPER = np.zeros(256, np.int8)
_DEEPER[_OPEN], _DEEPER[_CLOSE] = 1, -1
_IN_LIST = np.zeros(256, np.bool_)
_IN_LIST[list(b"0123456789# \r\n")] = True
_ASCII = 0x80


class Arguments(NamedTuple):
    """Where the arguments (n, count) of instances begin and end in a text; plain (n,): of which instances that is known."""

    text: U8
    begin: I64
    end: I64
    plain: Flags

    def texts(self, rows: I64, first: int, last: int) -> pa.StringArray:
        """What is written from one argument to the end of another, for plain rows."""
        data, offsets = _gathered(self.text, self.begin[rows, first], self.end[rows, last])
        buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data)]
        return pa.Array.from_buffers(pa.string(), len(rows), buffers)

    def named(self, index: int) -> I64:
        """The number of the reference that an argument is (n,); -1 for anything else."""
        begin = self.begin[:, index]
        value, digits = whole_numbers(self.text, begin + 1)
        fine = self.plain & (self.text[begin] == _HASH) & (begin + 1 + digits == self.end[:, index])
        return np.where(fine, value, -1)

    def lists(self, index: int) -> tuple[Lists, Flags]:
        """The references of an argument that is a list of nothing else; and for which instances it is one (n,)."""
        data, offsets = _gathered(self.text, self.begin[:, index], self.end[:, index])
        text = np.append(data, np.zeros(PADDING, np.uint8))
        value, count = references(Lines(text, offsets[:-1], offsets[1:]))
        found = Lists.in_turn(value, count)
        # k references stand between k + 1 marks: the commas, and a parenthesis at each end
        marks = _each(np.flatnonzero(~_IN_LIST.take(data)), offsets[1:])
        wrong = _each(np.flatnonzero(value < 0), np.cumsum(count))
        some = (count > 0) | (np.diff(offsets) == len(b"()"))
        opens = text[offsets[:-1]] == _OPEN
        return found, self.plain & opens & some & (marks == np.maximum(count, 1) + 1) & (wrong == 0)


def arguments(lines: Lines, count: int) -> Arguments:
    """The arguments of instances that have `count` of them. lines: each from the parenthesis that opens them on."""
    text, begin = lines.text, np.zeros((len(lines.begin), count), np.int64)
    marks = np.flatnonzero(_IS_MARK.take(text))
    each = _each(marks, lines.end)
    whole = (_each(marks[text[marks] == _QUOTE], lines.end) & 1) == 0
    if not whole.all():  # a text that does not end would turn all that follow inside out
        marks, each = marks[np.repeat(whole, each)], np.where(whole, each, 0)
    kind = text[marks]
    quiet = ~np.logical_xor.accumulate(kind == _QUOTE)
    deeper = np.where(quiet, _DEEPER.take(kind), np.int8(0))
    closed = _sums(deeper, each) == 0
    if not closed.all():
        kept = np.repeat(closed, each)
        marks, kind, quiet, deeper = marks[kept], kind[kept], quiet[kept], deeper[kept]
        whole, each = whole & closed, np.where(closed, each, 0)
    depth = np.cumsum(deeper, dtype=np.int32)
    closes = (deeper < 0) & (depth == 0)
    breaks = closes | (quiet & (kind == _COMMA) & (depth == 1))
    found = _sums(breaks, each)
    plain = whole & (found == count) & (_sums(closes, each) == 1) & (text[lines.begin] == _OPEN)
    if plain.any():
        last = np.maximum(np.cumsum(each) - 1, 0)
        plain &= closes[last] & (text[marks[last] + 1] == _SEMICOLON)
    if len(text) and text.max() >= _ASCII:
        plain &= _each(np.flatnonzero(text >= _ASCII), lines.end) == 0
    end = np.zeros_like(begin)
    end[plain] = marks[breaks & np.repeat(plain, each)].reshape(-1, count)
    begin[plain, 0] = lines.begin[plain] + 1
    begin[plain, 1:] = end[plain, :-1] + 1
    begin += (text[begin] == _BLANK) & plain[:, None]
    return Arguments(text, begin, np.maximum(begin, end), plain)


def _each(places: I64, end: I64) -> I64:
    """How many of ascending places stand before each end, and behind the one before."""
    return np.diff(np.searchsorted(places, end), prepend=0)


def _sums(values: npt.NDArray[np.int8] | Flags, each: I64) -> I64:
    """The sums of values, so many of them in each line."""
    return np.diff(np.append(0, np.cumsum(values, dtype=np.int64))[np.cumsum(each)], prepend=0)


def _gathered(text: U8, begin: I64, end: I64) -> tuple[U8, I64]:
    """The bytes from each begin to its end, one piece after the other; and where each begins and the last ends (n + 1,)."""
    offsets = np.append(0, np.cumsum(end - begin))
    return text[ranges(begin, end - begin)], offsets
