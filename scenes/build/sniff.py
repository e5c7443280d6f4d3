"""What kind of source a file is, by its first bytes and, where they say nothing, by its name.

Two tables: to add a format, add a row. The first row that fits decides; content goes before names.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bim.mesh_model.formats import SUFFIXES as MESH
from bim.mesh_model.formats import mesh_format

HEAD_BYTES = 65_536
BIM = frozenset({".ifc", ".ifczip", ".ifcxml", ".ifcx"})
VECTOR = frozenset({".geojson", ".json", ".geojsonl", ".geojsons", ".gpkg", ".shp", ".fgb", ".pbf"})
RASTER = frozenset({".tif", ".tiff", ".asc", ".hgt", ".img", ".dem"})
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_XML_ROOT = re.compile(rb"<(?!\?|!)(?:[\w.-]+:)?([\w.-]+)")
_IFCXML_ROOTS = {b"ifcXML", b"iso_10303_28", b"uos", b"ifc"}


def _is_step(head: bytes, _size: int) -> bool:
    return head.lstrip().startswith(b"ISO-10303-21")


def _is_ifcxml(head: bytes, _size: int) -> bool:
    return xml_root(head) in _IFCXML_ROOTS


def _is_mesh(head: bytes, size: int) -> bool:
    return mesh_format(head, size) is not None


def _is_tiff(head: bytes, _size: int) -> bool:
    return head.startswith(_TIFF)


def _is_sqlite(head: bytes, _size: int) -> bool:
    return head.startswith(b"SQLite format 3")


CONTENT: tuple[tuple[str, Callable[[bytes, int], bool]], ...] = (
    ("bim", _is_step),
    ("bim", _is_ifcxml),
    ("raster", _is_tiff),
    ("vector", _is_sqlite),
    ("model", _is_mesh),
)
"""(kind, test of the first bytes and the size of the whole)."""
NAMES: tuple[tuple[str, frozenset[str]], ...] = (
    ("bim", BIM),
    ("raster", RASTER),
    ("model", frozenset(MESH)),
    ("vector", VECTOR),
)
"""(kind, endings of names)."""


def sniff(head: bytes, size: int, suffix: str) -> str | None:
    """The kind of a file: bim, vector, raster or model; None where no row fits. suffix: lower case, with its dot."""
    for kind, test in CONTENT:
        if test(head, size):
            return kind
    return by_name({suffix})


def by_name(suffixes: set[str]) -> str | None:
    """The kind that one of the endings means."""
    return next((kind for kind, known in NAMES if suffixes & known), None)


def xml_root(head: bytes) -> bytes:
    """The local name of an XML document's root element, b'' where it is no XML; comments are passed over."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"<"):
        return b""
    found = _XML_ROOT.search(re.sub(rb"<!--.*?-->", b"", text, flags=re.DOTALL))
    return found.group(1) if found else b""
