"""A large model made of a small one: its data section several times over, moved apart, with new numbers and GlobalIds."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

from bim.export.arguments import split

SHARED = re.compile(rb"#(\d+)\s*=\s*IFC(?:PROJECT|GEOMETRICREPRESENTATION(?:SUB)?CONTEXT)\s*\(")
"""Instances of which a model has one, whatever its size."""
SITE = re.compile(rb"(#\d+\s*=\s*IFCSITE\s*)(\(.*)", re.DOTALL)
_NUMBER = re.compile(rb"#(\d+)")
_ID = re.compile(rb"(=\s*IFC[A-Z0-9]+\s*\(\s*)'([0-3][0-9A-Za-z_$]{21})'")
APART = 100_000.0
"""In the file's length unit, between the sites of two copies."""


def copies(text: bytes, count: int) -> bytes:
    """The model `count` times in one file, an instance a line. One project holds all the sites."""
    head, data = text.split(b"DATA;", 1)
    data, tail = data.rsplit(b"ENDSEC;", 1)
    lines = [line for line in data.split(b"\n") if line.strip()]
    shared = {int(found.group(1)) for line in lines if (found := SHARED.match(line))}
    numbers = [int(found.group(1)) for line in lines if (found := _NUMBER.match(line))]
    step = max(numbers) + 1
    written = list(lines)
    for copy in range(1, count):
        for line in lines:
            if SHARED.match(line):
                continue
            moved = _NUMBER.sub(lambda found, by=copy * step: _shifted(found, by, shared), line)
            written += _placed(_ID.sub(lambda found, n=copy: _renewed(found, n), moved), copy, count * step)
    return head + b"DATA;\n" + b"\n".join(line.strip(b"\r") for line in written) + b"\nENDSEC;" + tail


def _shifted(found: re.Match[bytes], by: int, shared: set[int]) -> bytes:
    number = int(found.group(1))
    return found.group() if number in shared else b"#%d" % (number + by)


def _renewed(found: re.Match[bytes], copy: int) -> bytes:
    digest = hashlib.sha256(b"%d %s" % (copy, found.group(2))).digest()
    fresh = b64encode(digest, b"_$")[:21].replace(b"=", b"0")
    return found.group(1) + b"'0" + fresh + b"'"


def _placed(line: bytes, copy: int, free: int) -> list[bytes]:
    """A site beside that of the copy before, with the placement it needs; other lines as they are."""
    site = SITE.match(line)
    if site is None:
        return [line]
    first = free + 3 * copy
    parts = split(site.group(2).rstrip())
    parts[5] = b"#%d" % (first + 2)
    return [
        b"#%d=IFCCARTESIANPOINT((%.1f,0.,0.));" % (first, APART * copy),
        b"#%d=IFCAXIS2PLACEMENT3D(#%d,$,$);" % (first + 1, first),
        b"#%d=IFCLOCALPLACEMENT($,#%d);" % (first + 2, first + 1),
        site.group(1) + b"(" + b",".join(parts) + b");",
    ]
