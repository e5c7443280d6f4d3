"""CityJSON's lists of numbers from their text into arrays, all at once.

Only the usual form is read: lists of one depth, none empty. Anything else is None, and for the caller to parse the long
way, which knows what to say of it. A number with a zero in front, which JSON forbids, is taken for what it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv

from gis.city.polygons import F64, I64, Mask

_DIGITS = b"0123456789"
_NUMBER = _DIGITS + b"+-.eE"
_PARTED = re.compile(rb"[\d.eE+-]\s+[\d.eE+-]")
_LINES = bytes.maketrans(b",", b"\n")
_COMMAS = bytes.maketrans(b";", b",")
_OPEN, _CLOSE, _COMMA, _MINUS, _ZERO, _BODY = b"[],-0;"
_MAX = 10**15
"""Whole numbers are read below this; what lies beyond may have been cut at 64 bits."""
Marks = npt.NDArray[np.uint8]


def nested(pieces: Sequence[bytes], depth: int) -> list[I64] | None:
    """Lists of `depth` levels with whole numbers in the innermost.

    Where the lists of each level begin, the outermost first: offsets (n + 1,) that count the lists of the next level, and
    for the innermost the numbers; then the numbers (k,). None where any list is of another form.
    """
    text = _plain(b";".join(pieces))
    if text is None:
        return None
    marks = np.frombuffer(text.translate(None, _DIGITS), np.uint8)
    is_open, is_close = marks == _OPEN, marks == _CLOSE
    begin = np.flatnonzero(is_open[:-1] & ~is_open[1:])  # of the innermost lists
    end = np.flatnonzero(is_close[1:] & ~is_close[:-1]) + 1
    ended = _ended(marks, begin, end, depth)
    if ended is None:
        return None
    size = end - begin  # one more than the commas between
    letters = np.frombuffer(text, np.uint8)
    if _runs(letters, _digits(letters)) != size.sum():
        return None
    numbers = np.fromstring(text.translate(_COMMAS, b"[]"), np.int64, sep=",")
    if numbers.max() >= _MAX:
        return None
    first = [np.concatenate(([0], np.flatnonzero(ended >= level) + 1, [len(size)])) for level in range(depth, 0, -1)]
    bounds = [np.searchsorted(inner, outer) for outer, inner in pairwise(first)]
    return [*bounds, np.concatenate(([0], np.cumsum(size))), numbers]


def _ended(marks: npt.NDArray[np.uint8], begin: I64, end: I64, depth: int) -> I64 | None:
    """How many lists end between an innermost list and the next; None unless as many begin again, and nothing else is there."""
    if not len(begin) or len(begin) != len(end) or not (begin < end).all() or not (end[:-1] < begin[1:]).all():
        return None
    if begin[0] != depth - 1 or end[-1] != len(marks) - depth or marks[0] != _OPEN or marks[-1] != _CLOSE:
        return None
    gap = begin[1:] - end[:-1]
    levels = gap // 2
    middle = end[:-1] + levels
    fine = (gap == 2 * levels) & (levels <= depth) & (marks[middle] == np.where(levels == depth, _BODY, _COMMA))
    fine &= (marks[middle - 1] == _CLOSE) & (marks[middle + 1] == _OPEN)
    return np.asarray(levels, np.int64) if fine.all() else None


def triples(pieces: Sequence[bytes]) -> F64 | None:
    """(n, 3) numbers of lists of lists of three, one piece after the other; None where any is of another form."""
    text = _plain(b",".join(inner for piece in pieces if (inner := piece[1:-1].strip())))
    if not text:
        return None if text is None else np.zeros((0, 3))
    marks = text.translate(None, _NUMBER)
    count = (len(marks) + 1) // 5
    if not count or marks != (b"[,,]," * count)[:-1]:
        return None
    letters = np.frombuffer(text, np.uint8)
    inside = _digits(letters)
    signs = letters == _MINUS
    whole = len(text) == len(marks) + np.count_nonzero(inside) + np.count_nonzero(signs)
    if whole:
        if (signs[1:] & inside[:-1]).any() or (signs[:-1] & ~inside[1:]).any():
            return None
        inside |= signs
    else:
        inside = np.isin(letters, np.frombuffer(_NUMBER, np.uint8))
    if _runs(letters, inside) != 3 * count:
        return None
    rows = text.translate(_LINES, b"[]")
    values = np.fromstring(rows, np.int64, sep="\n") if whole else _real(rows)
    if values is None or len(values) != 3 * count or (whole and np.abs(values).max() >= _MAX):
        return None
    return values.astype(np.float64).reshape(-1, 3)


def _digits(letters: Marks) -> Mask:
    return np.asarray(letters - _ZERO < 10)


def _runs(letters: Marks, inside: Mask) -> int:
    """How many numbers there are, whose characters are `inside`; -1 where one stands beside a list without a comma."""
    before, after = inside[:-1], inside[1:]
    if (before & (letters[1:] == _OPEN)).any() or ((letters[:-1] == _CLOSE) & after).any():
        return -1
    return int(np.count_nonzero(after > before) + inside[0])


def _real(rows: bytes) -> F64 | None:
    """Numbers, one a line."""
    try:
        table = csv.read_csv(
            pa.BufferReader(rows),
            read_options=csv.ReadOptions(column_names=["n"], use_threads=False, block_size=max(len(rows), 1)),
            convert_options=csv.ConvertOptions(column_types={"n": pa.float64()}, null_values=[]),
        )
    except pa.ArrowInvalid:
        return None
    values = np.asarray(table.column(0).to_numpy(), np.float64)
    return values if np.isfinite(values).all() else None


def _plain(text: bytes) -> bytes | None:
    """The text without blanks; None where they part two numbers."""
    plain = text.translate(None, b" \t\r\n")
    return None if len(plain) != len(text) and _PARTED.search(text) else plain
