"""A large model made of a small one: its data section several times over, moved apart, with new numbers and GlobalIds."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

from bim.export.arguments import split

SHARED = re.compile(rb"#(\d+)\s*=\s*IFC(?:PROJECT|GEOMETRICREPRESENTATION(?:SUB)?CONTEXT)\s*\(")
"""Instances of which a model has one, whatever its size."""
SITE = re.compile(rb"#\d+\s*=\s*IFCSITE\s*(\(.*)", re.DOTALL)
_NUMBER = re.compile(rb"#(\d+)")
_ID = re.compile(rb"(=\s*IFC[A-Z0-9]+\s*\(\s*)'([0-3][0-9A-Za-z_$]{21})'")
APART_M = 100.0
"""Metres between the sites of two copies."""
_LENGTH = re.compile(rb"IFCSIUNIT\s*\(\s*\*\s*,\s*\.LENGTHUNIT\.\s*,\s*(?:\$|\.(\w+)\.)")
_UNITS_PER_METRE = {b"MILLI": 1000.0, b"CENTI": 100.0, b"DECI": 10.0}
"""Of prefixes; a file of another unit, as feet, is taken for metres."""


def copies(text: bytes, count: int) -> bytes:
    """The model `count` times in one file, an instance a line. One project holds all the sites."""
    head, data = text.split(b"DATA;", 1)
    data, tail = data.rsplit(b"ENDSEC;", 1)
    lines = [line for line in data.split(b"\n") if line.strip()]
    shared = {int(found.group(1)) for line in lines if (found := SHARED.match(line))}
    numbers = [int(found.group(1)) for line in lines if (found := _NUMBER.match(line))]
    step = max(numbers) + 1
    sites = _site_placements(lines)
    unit = _LENGTH.search(data)
    apart = APART_M * _UNITS_PER_METRE.get((unit and unit.group(1)) or b"", 1.0)
    written = list(lines)
    for copy in range(1, count):
        for line in lines:
            if SHARED.match(line):
                continue
            renumbered = _NUMBER.sub(lambda found, by=copy * step: _shifted(found, by, shared), line)
            fresh = _ID.sub(lambda found, n=copy: _renewed(found, n), renumbered)
            number = _NUMBER.match(line)
            site = number is not None and int(number.group(1)) in sites
            written += _moved(fresh, copy, count * step, apart) if site else [fresh]
    return head + b"DATA;\n" + b"\n".join(line.strip(b"\r") for line in written) + b"\nENDSEC;" + tail


def _shifted(found: re.Match[bytes], by: int, shared: set[int]) -> bytes:
    number = int(found.group(1))
    return found.group() if number in shared else b"#%d" % (number + by)


def _renewed(found: re.Match[bytes], copy: int) -> bytes:
    digest = hashlib.sha256(b"%d %s" % (copy, found.group(2))).digest()
    fresh = b64encode(digest, b"_$")[:21].replace(b"=", b"0")
    return found.group(1) + b"'0" + fresh + b"'"


def _site_placements(lines: list[bytes]) -> set[int]:
    """The placements of the sites, which everything else stands by."""
    sites = (split(found.group(1)) for line in lines if (found := SITE.match(line)))
    return {int(parts[5][1:]) for parts in sites if parts[5].startswith(b"#")}


def _moved(line: bytes, copy: int, free: int, apart: float) -> list[bytes]:
    """A site's placement, moved beside that of the copy before, with the axes that it needs."""
    first = free + 2 * copy
    head, rest = line.split(b"(", 1)
    above = split(b"(" + rest)[0]
    return [
        b"#%d=IFCCARTESIANPOINT((%.1f,0.,0.));" % (first, apart * copy),
        b"#%d=IFCAXIS2PLACEMENT3D(#%d,$,$);" % (first + 1, first),
        head + b"(" + above + b",#%d);" % (first + 1),
    ]
