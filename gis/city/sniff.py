"""Whether a file is a city model, told by its first bytes; imports nothing heavy."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

SUFFIXES = (".json", ".jsonl", ".cityjson", ".cityjsonl", ".gml", ".xml", ".citygml")
LINES = (".jsonl", ".cityjsonl")
ONLY_CITY = frozenset({".gml", ".citygml", ".cityjson", ".cityjsonl", ".jsonl"})
"""Endings that no other reader takes: such files come here whatever is in them, for a clear word about it."""
HEAD = 1 << 16
_JSON = re.compile(rb'"type"\s*:\s*"CityJSON(?:Feature)?"')
_JSON_ONLY = re.compile(rb'"CityObjects"\s*:')
_GML = re.compile(rb"opengis\.net/citygml|<(?:\w+:)?CityModel[\s>]")


def is_city(head: bytes) -> bool:
    """Whether bytes from a file's beginning (HEAD of them) are those of CityJSON or CityGML."""
    start = head.lstrip(b"\xef\xbb\xbf\x1e \t\r\n")
    if start.startswith(b"{"):
        return bool(_JSON.search(head) or _JSON_ONLY.search(head))
    if start.startswith(b"<"):
        return bool(_GML.search(head))
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = head.decode("utf-16", "ignore").encode()
        return bool(_GML.search(text))
    return False


def is_city_file(path: Path) -> bool:
    """The same of a file or of the members of a zip archive; False where it cannot be read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            if _city_json_at_end(path, head):
                return True
        if not head.startswith(b"PK\x03\x04"):
            return is_city(head)
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if PurePosixPath(entry.filename).suffix.lower() in SUFFIXES and not entry.is_dir():
                    with archive.open(entry) as member:
                        if is_city(member.read(HEAD)):
                            return True
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        return False
    return False


def _city_json_at_end(path: Path, head: bytes) -> bool:
    """Keys of JSON come in any order: a long list of vertices may stand before the type."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or b'"FeatureCollection"' in head or len(head) < HEAD:
        return False
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - HEAD))
        tail = stream.read()
    return bool(_JSON.search(tail) or _JSON_ONLY.search(tail))
