"""Arguments of many STEP instances as columns: references, real numbers, single fields; NumPy and Arrow, no loop."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

PADDING = 8
"""Bytes behind a buffer's last digit, so that eight can be read at once anywhere."""
_BLANK, _NOTHING, _QUOTE, _OPEN, _CLOSE, _COMMA, _POINT, _HASH = b" $'(),.#"
_OF_REAL = np.zeros(256, np.bool_)
_OF_REAL[list(b"0123456789+-.eE")] = True
_ZEROS, _SIXES, _HIGH = (np.uint64(int(digits * 8, 16)) for digits in ("30", "06", "f0"))


class Lines(NamedTuple):
    """The arguments of n instances in one buffer: its bytes, and where each instance begins and ends in it (n,)."""

    text: U8
    begin: I64
    end: I64


class Fields(NamedTuple):
    """Where the arguments (n, count) of instances begin and end; plain (n,): those with neither lists nor texts."""

    begin: I64
    end: I64
    plain: Flags


def words(text: U8) -> U64:
    """Every eight bytes in a row as one number, by the place of the first (a view)."""
    return np.ndarray((len(text) - 7,), "<u8", text, strides=(1,))


def whole_numbers(text: U8, at: I64) -> tuple[I64, I64]:
    """The numbers of up to seven digits that begin at places, -1 where there is none; and how many digits each has."""
    word = words(text)[np.minimum(at, len(text) - 8)] ^ _ZEROS
    other = (word + _SIXES | word) & _HIGH  # of bytes that are no digits; what a carry spoils lies behind the first
    digits = np.bitwise_count((other & -other) - np.uint64(1)) >> 3
    word <<= ((8 - digits) << 3).astype(np.uint64) & np.uint64(63)
    for factor, mask, shift in ((2561, 0x0F0F0F0F0F0F0F0F, 8), (6553601, 0x00FF00FF00FF00FF, 16),
                                (42949672960001, 0x0000FFFF0000FFFF, 32)):  # fmt: skip
        word = (word & np.uint64(mask)) * np.uint64(factor) >> np.uint64(shift)
    fine = (digits > 0) & (digits < 8)
    return np.where(fine, word.astype(np.int64), -1), digits.astype(np.int64)


def _per_line(places: I64, lines: Lines) -> I64:
    """How many of ascending places stand in each line (n,)."""
    return np.diff(np.searchsorted(places, lines.end), prepend=0)


def _breaks(text: U8) -> I64:
    """Commas, and the first of closing parentheses."""
    closes = text == _CLOSE
    closes[1:] &= text[:-1] != _CLOSE
    return np.flatnonzero(closes | (text == _COMMA))


def references(lines: Lines) -> tuple[I64, I64]:
    """All numbers that lines name, one line after the other; and how many each names (n,)."""
    marks = np.flatnonzero(lines.text == _HASH)
    value, _ = whole_numbers(lines.text, marks + 1)
    return value, _per_line(marks, lines)


def fields(lines: Lines, count: int) -> Fields:
    """The arguments of instances that have `count` of them."""
    text = lines.text
    breaks = _breaks(text)
    each = _per_line(breaks, lines)
    odd = np.flatnonzero((text == _OPEN) | (text == _QUOTE))
    plain = (each == count) & (_per_line(odd, lines) == 0)
    mine = breaks[np.repeat(plain, each)].reshape(-1, count)
    begin, end = np.zeros((len(plain), count), np.int64), np.zeros((len(plain), count), np.int64)
    begin[plain, 0] = lines.begin[plain]
    begin[plain, 1:] = mine[:, :-1] + 1
    begin += text[begin] == _BLANK
    end[plain] = mine
    return Fields(begin, end, plain)


def named(lines: Lines, begin: I64) -> I64:
    """The numbers of references that begin at places; 0 where nothing ($) stands, -1 for anything else."""
    first = lines.text[begin]
    value, _ = whole_numbers(lines.text, begin + 1)
    return np.where(first == _HASH, value, np.where(first == _NOTHING, 0, -1))


def reals(lines: Lines, begin: I64, end: I64) -> F64:
    """Real numbers that stand at [begin, end), in ascending order; NaN for what is none, or a whole number."""
    inside = np.zeros(len(lines.text), np.int8)
    inside[begin] += 1
    inside[end] -= 1
    return _parsed(lines.text, _OF_REAL.take(lines.text) & np.cumsum(inside, dtype=np.int8).view(np.bool_), end)


def _parsed(text: U8, kept: Flags, end: I64) -> F64:
    """Real numbers of kept bytes, each ending at a place."""
    before = np.cumsum(kept, dtype=np.int32)[end]  # no number ends at a byte that is kept
    fine = np.diff(np.searchsorted(np.flatnonzero(kept & (text == _POINT)), end), prepend=0) == 1
    found = np.full(len(end), np.nan)
    if not fine.all():
        odd = np.repeat(~fine, np.diff(before, prepend=0))
        kept = kept.copy()
        kept[np.flatnonzero(kept)[: len(odd)][odd]] = False
        before = np.cumsum(kept, dtype=np.int32)[end]
    offsets = np.zeros(int(fine.sum()) + 1, np.int32)
    offsets[1:] = before[fine]
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(text[kept])]
    column = pa.Array.from_buffers(pa.string(), len(offsets) - 1, buffers)
    with contextlib.suppress(pa.ArrowInvalid):  # one of them is no number: the parser tells which
        found[fine] = pc.cast(column, pa.float64()).to_numpy()
    return found


def vectors(lines: Lines) -> tuple[F64, I64]:
    """The real numbers of lists of up to three (n, 3), zero where a list is shorter; and their count (n,), 0 for others."""
    breaks = _breaks(lines.text)
    count = _per_line(breaks, lines)
    value = _parsed(lines.text, _OF_REAL.take(lines.text), breaks)
    row = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(breaks)) - np.repeat(np.cumsum(count) - count, count)
    fine = (count > 0) & (count <= 3)
    if not fine.all():
        kept = fine[row]
        value, row, place = value[kept], row[kept], place[kept]
    found = np.zeros((len(count), 3))
    found[row, place] = value
    return found, np.where(np.isfinite(found).all(axis=1), count, 0) * fine
