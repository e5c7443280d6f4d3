"""Where the instances and number signs of a STEP text stand, as it is kept: the next version of the text need not seek them.

Few bytes: how far each is from the one before. An index is made of texts in which every instance begins a line behind the end
of another one, so that nothing else than what differs needs a look later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]
_FORM = 1
_CODECS = {name: pa.Codec(name, compression_level=level) for name, level in (("zstd", 1), ("lz4", None))}
_PACKED = ("zstd", "zstd", "lz4")
"""Of marks, begins and numbers: the last ones are mostly one more than the one before, which the faster one packs as well."""
_MOST = 10_000_000
"""Instance numbers are smaller: `step_columns.whole_numbers` reads seven digits."""
LISTED = (b"IFCPROJECT", b"IFCIMAGETEXTURE")
"""Classes whose few instances are asked for."""
_HASH, _SEMICOLON, _NEWLINE, _RETURN = b"#;\n\r"
_LINE = re.compile(rb"#(\d+)\s*=\s*(\w*)")
_INSIDE = re.compile(rb"[^\n]#\d+\s*=")
"""What would be an instance that does not begin a line, or looks like one within a text."""


class Window(NamedTuple):
    """A stretch of one text that stands for a stretch of another: where each begins and ends."""

    old: int
    old_end: int
    new: int
    new_end: int


@dataclass(frozen=True)
class StepIndex:
    """Of a text of `size` bytes: where number signs stand behind the header (m,), where instances begin and their numbers (n,).

    listed: of each of LISTED the instances of that class.
    """

    size: int
    marks: U32
    begin: U32
    number: U32
    listed: tuple[tuple[int, ...], ...]

    def moved(self, windows: Sequence[Window], text: bytes | memoryview) -> StepIndex | None:
        """The index of another text that differs within these windows alone; None where that one is laid out otherwise."""
        marks, begin, number = [], [], []
        listed = [set(one) for one in self.listed]
        at = shift = 0
        for window in (*windows, Window(self.size, self.size, len(text), len(text))):
            (first, end), (row, last) = (np.searchsorted(one, (at, window.old)) for one in (self.marks, self.begin))
            marks.append(self.marks[first:end] + np.uint32(shift % (1 << 32)))
            begin.append(self.begin[row:last] + np.uint32(shift % (1 << 32)))
            number.append(self.number[row:last])
            gone = self.number[last : np.searchsorted(self.begin, window.old_end)].tolist()
            part = (
                bytes(text[window.new : window.new_end]) if window.new else b""
            )  # the header holds nothing that counts
            if _INSIDE.search(b"\n" + part):
                return None
            places = np.array([found.start() for found in re.finditer(b"#", part)], np.int64) + window.new
            lines = [
                found for found in _LINE.finditer(part) if found.start() == 0 or part[found.start() - 1] == _NEWLINE
            ]
            fresh = [int(found.group(1)) for found in lines]
            if max(fresh, default=0) >= _MOST:
                return None
            marks.append(places.astype(np.uint32))
            begin.append(np.array([found.start() + window.new for found in lines], np.uint32))
            number.append(np.array(fresh, np.uint32))
            for one, name in zip(listed, LISTED, strict=True):
                one.difference_update(gone)
                one.update(new for new, found in zip(fresh, lines, strict=True) if found.group(2) == name)
            at, shift = window.old_end, window.new_end - window.old_end
        if not stand_plainly(np.frombuffer(text, np.uint8), np.concatenate(begin[1::2])):
            return None
        return StepIndex(
            len(text),
            np.concatenate(marks),
            np.concatenate(begin),
            np.concatenate(number),
            tuple(tuple(sorted(one)) for one in listed),
        )

    def encoded(self) -> bytes:
        """In few bytes."""
        columns = (self.marks, self.begin, self.number)
        steps = [_narrow(np.diff(values).view(np.int32)) for values in columns]
        parts = [_CODECS[name].compress(one.tobytes(), asbytes=True) for name, one in zip(_PACKED, steps, strict=True)]
        shapes = [
            (one.dtype.str, len(one), len(part), int(values[0]))
            for one, part, values in zip(steps, parts, columns, strict=True)
        ]
        head = json.dumps({"form": _FORM, "size": self.size, "parts": shapes, "listed": self.listed}).encode()
        return b"\n".join((head, b"".join(parts)))

    @classmethod
    def decoded(cls, data: bytes) -> StepIndex | None:
        """The same back; None of another form."""
        head, _, body = data.partition(b"\n")
        told = json.loads(head)
        if told.get("form") != _FORM:
            return None
        at, found = 0, []
        for name, (kind, count, length, first) in zip(_PACKED, told["parts"], strict=True):
            whole = _CODECS[name].decompress(body[at : at + length], count * np.dtype(kind).itemsize, asbytes=True)
            values = np.empty(count + 1, np.uint32)
            values[0] = first
            np.cumsum(np.frombuffer(whole, kind), dtype=np.uint32, out=values[1:])
            values[1:] += np.uint32(first)
            found.append(values)
            at += length
        marks, begin, number = found
        return cls(int(told["size"]), marks, begin, number, tuple(map(tuple, told["listed"])))


def _narrow(steps: npt.NDArray[np.int32]) -> npt.NDArray[np.integer]:
    """Whole numbers in as few bytes as hold them."""
    low, high = int(steps.min(initial=0)), int(steps.max(initial=0))
    kinds = (np.uint8, np.uint16) if low >= 0 else (np.int8, np.int16)
    fit = (kind for kind in kinds if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return steps.astype(next(fit, np.int32))


def stand_plainly(text: U8, begin: U32) -> bool:
    """Whether these begin lines right behind the end of a statement."""
    if not len(begin):
        return True
    if begin[0] < 3:
        return False
    before = text[begin - np.uint32(2)]
    if (before == _RETURN).any():
        before = np.where(before == _RETURN, text[begin - np.uint32(3)], before)
    return bool((text[begin - np.uint32(1)] == _NEWLINE).all() and (before == _SEMICOLON).all())
