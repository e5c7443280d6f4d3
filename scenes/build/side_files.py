"""Files that a source names beside itself: a change in one of them is a change of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

PLAIN_IFC = ".ifc"
_CHUNK = 1 << 20
_OVERLAP = 4_096
_URI = re.compile(rb'"uri"\s*:\s*"((?!data:)[^"]{1,1024})"')
_LIBRARY = re.compile(rb"^[ \t]*mtllib[ \t]+([^\r\n]{1,1024})", re.MULTILINE)
_MAP = re.compile(
    rb"^[ \t]*map_Kd[ \t]+(?:-\S+[ \t]+(?:[-+0-9.eE]+[ \t]+)*)*([^\r\n]{1,1024})", re.MULTILINE | re.IGNORECASE
)
_IFC_IMAGE = re.compile(rb"IFCIMAGETEXTURE\s*\([^;']*(?:'[^']*'[^;']*)*?'([^']{1,1024})'\s*\)\s*;")
IFC_IMAGE_CLASS = b"IFCIMAGETEXTURE"
_WIDE = re.compile(rb"\\X2\\((?:[0-9A-F]{4})+)\\X0\\")
"""Letters beyond Latin in STEP (ISO 10303-21, 6.4.3)."""
_CITY_IMAGE = re.compile(rb'"image"\s*:\s*"((?!data:)[^"]{1,1024})"')
_GML_IMAGE = re.compile(rb"imageURI>\s*([^<]{1,1024}?)\s*<")
_SHAPEFILE = (".dbf", ".shx", ".prj", ".cpg")


def side_files(source: Path) -> list[Path]:
    """The existing files below the source's folder that it refers to, sorted; none for formats that stand alone.

    Found by their names alone, without parsing: the reader decides what it takes from them.
    """
    return sorted(inside(source, named_beside(source)))


def named_beside(source: Path) -> set[str]:
    """The names by which a source refers to other files, whether they exist or not."""
    suffix = source.suffix.lower()
    if suffix == ".gltf":
        names = {unquote(_text(found)) for found in _found(source, _URI)}
    elif suffix == ".obj":
        names = {_text(found) for found in _found(source, _LIBRARY)}
        for library in inside(source, names):
            names |= {_text(found) for found in _found(library, _MAP)}
    elif suffix == PLAIN_IFC:
        images = _found(source, _IFC_IMAGE, IFC_IMAGE_CLASS)
        names = {_text(_WIDE.sub(_letters, found)) for found in images}
    elif suffix in {".json", ".jsonl", ".cityjson"}:
        names = {unquote(_text(found)) for found in _found(source, _CITY_IMAGE)}
    elif suffix in {".gml", ".citygml", ".xml"}:
        names = {unquote(_text(found)) for found in _found(source, _GML_IMAGE)}
    elif suffix == ".shp":
        names = {source.stem + ending for ending in _SHAPEFILE}
    else:
        names = set()
    return names


def _found(path: Path, pattern: re.Pattern[bytes], word: bytes = b"") -> Iterator[bytes]:
    """Matches in a file of any size; what lies across two pieces is found in their overlap. word: in every match."""
    rest = b""
    with path.open("rb", buffering=0) as stream:
        while chunk := stream.read(_CHUNK):
            data = rest + chunk
            if word in data:  # some times as fast as a pattern
                yield from (match.group(1) for match in pattern.finditer(data))
            rest = data[-_OVERLAP:]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip().replace("\\", "/")


def _letters(wide: re.Match[bytes]) -> bytes:
    return bytes.fromhex(wide.group(1).decode()).decode("utf-16-be", "replace").encode()


def inside(source: Path, names: set[str]) -> list[Path]:
    """The existing files of these names below the source's folder."""
    folder = source.resolve().parent
    found = {(folder / name).resolve() for name in names if name and "\0" not in name and ":" not in name[:8]}
    return [path for path in found if path.is_relative_to(folder) and path.is_file()]
