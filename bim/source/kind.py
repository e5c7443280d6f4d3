"""What a file is, by its first bytes; its name decides nothing."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

HEAD_BYTES = 65_536


class SourceKind(StrEnum):
    """The formats an IFC model may come in, and the ones that are mistaken for it."""

    STEP = "step"
    ZIP = "zip"
    IFCXML = "ifcxml"
    IFCX = "ifcx"
    SQLITE = "sqlite"
    EMPTY = "empty"
    OTHER = "other"


def source_kind(path: Path) -> SourceKind:
    """The kind of a file. Raises OSError where it cannot be read."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    text = _as_bytes(head).lstrip()
    if not text:
        return SourceKind.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return SourceKind.ZIP
    if head.startswith(b"SQLite format 3"):
        return SourceKind.SQLITE
    if _without_comments(text).startswith(b"ISO-10303-21"):
        return SourceKind.STEP
    if text.startswith(b"<"):
        return SourceKind.IFCXML
    if text.startswith(b"{") and b"ifc" in text.lower():
        return SourceKind.IFCX
    return SourceKind.OTHER


def _without_comments(text: bytes) -> bytes:
    """Leading /* … */ comments cut away: STEP allows them before its first keyword."""
    while text.startswith(b"/*"):
        _, found, rest = text.partition(b"*/")
        if not found:
            break
        text = rest.lstrip()
    return text


def _as_bytes(head: bytes) -> bytes:
    """Without a byte order mark; UTF-16, which XML may come in, as UTF-8."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf")
