"""Which instances differ between two texts of one STEP file.

Equal stretches are passed over at the speed of memory; where the texts part, lines that begin an instance are looked
for in both until one is the same. Only what lies between is taken apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bim.export.arguments import TEXT
from bim.source.step_index import Window
from bim.source.step_scan import StepBytes, Unusual

U8 = npt.NDArray[np.uint8]
_INSTANCE = re.compile(rb"#(\d+)\s*=\s*(?:" + TEXT + rb"|[^';#]|#\d)*?;")
_TEXT = re.compile(TEXT)
_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(.*?\)\s*;", re.DOTALL | re.IGNORECASE)
_COMPARED = 1 << 16
"""Bytes compared at once, at most: what is made of them stays in the processor's cache, on pages that are at hand."""
_FIRST_WINDOW, _LAST_WINDOW = 1 << 14, 1 << 17
MOST = 5_000
"""Instances that may differ; more are another file."""


@dataclass(frozen=True)
class Difference:
    """Instances by number as their text stands in the old file (changed and removed ones) and in the new (changed and added).

    first: where the old text's instances begin to differ; shift: how many bytes longer the new header is; windows: stretches
    that differ, the header first.
    """

    first: int
    shift: int = 0
    old: dict[int, bytes] = field(default_factory=dict)
    new: dict[int, bytes] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)

    @property
    def numbers(self) -> set[int]:
        """All that changed, came or went."""
        return {*self.old, *self.new}

    @property
    def removed(self) -> set[int]:
        """Those that the new file lacks."""
        return self.old.keys() - self.new.keys()

    @property
    def added(self) -> set[int]:
        """Those that the old file lacks."""
        return self.new.keys() - self.old.keys()


def difference(old: StepBytes, new: StepBytes) -> Difference:
    """The instances that differ; what the headers say apart from the schema does not count.

    Raises Unusual where the schemas differ, where too much differs, where instances stand in another order, or
    where something else than instances differs.
    """
    at, to = _body(old), _body(new)
    _same_header(old[:at], new[:to])
    a, b = np.frombuffer(old, np.uint8), np.frombuffer(new, np.uint8)
    equal = _common(a, b, at, to)
    found = Difference(at + equal, to - at, windows=[Window(0, at, 0, to)])
    while True:
        if at + equal == len(a) and to + equal == len(b):
            return found
        line = old.rfind(b"\n#", at, at + equal) + 1
        if line > 0:
            at, to = line, to + line - at
        end, stop = _meeting(old, new, at, to)
        _put(found, _instances(old[at:end]), _instances(new[to:stop]))
        found.windows.append(Window(at, end, to, stop))
        at, to = end, stop
        equal = _common(a, b, at, to)


def _body(text: StepBytes) -> int:
    """Where the first instance begins."""
    found = text.find(b"\n#")
    if found < 0:
        raise Unusual("no instance begins a line")
    return found + 1


def _same_header(old: bytes, new: bytes) -> None:
    """The headers may differ in their texts, but not in the schema; texts with escapes are for a reader to judge."""
    schemas = [found.group() for found in map(_SCHEMA.search, (old, new)) if found is not None]
    if len(schemas) != 2 or schemas[0] != schemas[1]:
        raise Unusual("the schema changed")
    if old == new:
        return
    before, after = _TEXT.findall(old), _TEXT.findall(new)
    escaped = any(one != other and b"\\" in one + other for one, other in zip(before, after, strict=False))
    if escaped or _TEXT.sub(b"''", old) != _TEXT.sub(b"''", new):
        raise Unusual("the header changed")


def _common(a: U8, b: U8, at: int, to: int) -> int:
    """How many bytes are equal from these places on."""
    start, size, most = 0, 1 << 12, min(len(a) - at, len(b) - to)
    while start < most:
        end = min(start + size, most)
        apart = a[at + start : at + end] != b[to + start : to + end]
        first = int(apart.argmax())
        if apart[first]:
            return start + first
        start, size = end, min(2 * size, _COMPARED)
    return most


def _meeting(old: StepBytes, new: StepBytes, at: int, to: int) -> tuple[int, int]:
    """The places behind these where both texts have the same instance on a line of its own, or their last section ends."""
    size = _FIRST_WINDOW
    while size <= _LAST_WINDOW:
        places: dict[bytes, int] = {}
        for place, line in _lines(old, at, size):
            places.setdefault(line, place)
        for place, line in _lines(new, to, size):
            found = places.get(line)
            if found is not None and (found > at or place > to):  # the line that they part behind is no progress
                return found, place
        size *= 8
    raise Unusual("too much differs")


def _lines(text: StepBytes, start: int, size: int) -> list[tuple[int, bytes]]:
    """Lines that begin an instance or end the section, with their places; the last one of a window may be cut off."""
    lines = text[start : start + size].split(b"\n")
    if start + size < len(text):
        lines.pop()
    found = []
    for line in lines:
        if line.startswith((b"#", b"ENDSEC")):
            found.append((start, line))
        start += len(line) + 1
    return found


def _instances(text: bytes) -> dict[int, bytes]:
    """The instances of a stretch that holds nothing else."""
    found: dict[int, bytes] = {}
    at = 0
    for match in _INSTANCE.finditer(text):
        number = int(match.group(1))
        if text[at : match.start()].strip() or number in found:
            raise Unusual("something else than instances differs")
        found[number] = match.group()
        at = match.end()
    if text[at:].strip():
        raise Unusual("something else than instances differs")
    return found


def _put(found: Difference, old: dict[int, bytes], new: dict[int, bytes]) -> None:
    """Note what differs between two stretches."""
    if [number for number in old if number in new] != [number for number in new if number in old]:
        raise Unusual("instances stand in another order")
    if not found.numbers.isdisjoint((*old, *new)):
        raise Unusual("instances stand in another order")
    found.old.update((number, text) for number, text in old.items() if new.get(number) != text)
    found.new.update((number, text) for number, text in new.items() if old.get(number) != text)
    if len(found.old) + len(found.new) > 2 * MOST:
        raise Unusual("too much differs")
