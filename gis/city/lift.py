"""JSON whose long lists of numbers stay text: they are cut out before parsing, which would make an object of every number.

Two keys of CityJSON hold nearly all numbers of a file: `boundaries` and `vertices`. Where a text has them in their usual
form, the parsed document holds bytes in their place, for `gis.city.numbers`; any other text is parsed as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import orjson

_BOUNDARIES = re.compile(rb'"boundaries"\s*:\s*(\[[0-9 \t\r\n,\[\]]*\])')
_VERTICES = re.compile(rb'"vertices"\s*:\s*\[')
_LIST_END = re.compile(rb"\]\s*\]")
_NUMERIC = b"0123456789+-.eE,[] \t\r\n"


def parse(text: bytes) -> Any:
    """A JSON text with its lists of numbers as bytes. Raises orjson.JSONDecodeError."""
    return parse_lines([text])[0]


def parse_lines(lines: Sequence[bytes]) -> list[Any]:
    """JSON texts without line ends, or one with; as `parse`. Raises orjson.JSONDecodeError where any is broken."""
    try:
        return _lifted(lines)
    except (_Unusual, orjson.JSONDecodeError):
        return [orjson.loads(line) for line in lines]


class _Unusual(ValueError):
    """The keys stand where they mean something else, or their lists are written otherwise."""


def _lifted(lines: Sequence[bytes]) -> list[Any]:
    text = b"\n".join(lines)
    rest, boundaries = _cut_boundaries(text)
    rest, vertices = _cut_vertices(rest)
    for key, lists in ((b'"boundaries"', boundaries), (b'"vertices"', vertices)):
        if rest.count(key) != len(lists) or (b"\\" in rest and b"\\" + key in rest):
            raise _Unusual
    parts = [rest] if len(lines) == 1 else rest.split(b"\n")
    if len(parts) != len(lines):
        raise _Unusual
    roots = list(map(orjson.loads, parts))
    found = _geometries(roots)
    holders = [root for root in roots if isinstance(root, dict) and type(root.get("vertices")) is int]
    # every list belongs to a geometry, or to a document: none stood in an attribute, under a repeated key, in a string
    if len(found) != len(boundaries) or len(holders) != len(vertices):
        raise _Unusual
    for geometry in found:
        geometry["boundaries"] = boundaries[geometry["boundaries"]]
    for root in holders:
        root["vertices"] = vertices[root["vertices"]]
    return roots


def _cut_boundaries(text: bytes) -> tuple[bytes, list[bytes]]:
    """The text with the number of its list at each key `boundaries`, and the lists."""
    parts = _BOUNDARIES.split(text)
    found = parts[1::2]
    parts[1::2] = [b'"boundaries":%d' % number for number in range(len(found))]
    return b"".join(parts), found


def _cut_vertices(text: bytes) -> tuple[bytes, list[bytes]]:
    """The same of `vertices`, lists of lists."""
    parts: list[bytes] = []
    found: list[bytes] = []
    at = 0
    for key in _VERTICES.finditer(text):
        begin = key.end() - 1
        if text[begin + 1 : begin + 2] == b"]":
            end = begin + 2
        else:
            close = _LIST_END.search(text, begin)
            if close is None:
                raise _Unusual
            end = close.end()
        piece = text[begin:end]
        if piece.translate(None, _NUMERIC):
            raise _Unusual
        parts += [text[at : key.start()], b'"vertices":%d' % len(found)]
        found.append(piece)
        at = end
    return b"".join((*parts, text[at:])), found


def _geometries(roots: Sequence[Any]) -> list[dict[str, Any]]:
    """All geometries of documents that have boundaries: of their objects, and their templates."""
    found: list[dict[str, Any]] = []
    for root in roots:
        if type(root) is not dict:
            raise _Unusual
        objects, templates = root.get("CityObjects"), root.get("geometry-templates")
        if type(objects) is dict and set(map(type, objects.values())) <= {dict}:
            given = [item.get("geometry") for item in objects.values()]
        else:
            raise _Unusual
        if type(templates) is dict:
            given.append(templates.get("templates"))
        for geometries in given:
            if type(geometries) is list:
                found += [item for item in geometries if type(item) is dict and "boundaries" in item]
    return found
