"""Checks of a STEP file's frame (header, end, schema) before the parser sees it."""

from __future__ import annotations

import re
from pathlib import Path

from twin.errors import Invalid

TAIL_BYTES = 65_536
_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(\s*'([^']*)'", re.IGNORECASE)
_END = re.compile(rb"END-ISO-10303-21\s*;")
ALIASES = {
    "IFC4X3": "IFC4X3_ADD2",
    "IFC4X3_TC1": "IFC4X3_ADD2",
    "IFC4X3_ADD1": "IFC4X3_ADD2",
    "IFC4_ADD1": "IFC4",
    "IFC4_ADD2": "IFC4",
    "IFC4_ADD2_TC1": "IFC4",
    "IFC2X3_TC1": "IFC2X3",
    "IFC2X3_FINAL": "IFC2X3",
}
"""Names that exporters write for editions that hold the same classes."""
READABLE = ("IFC2X3", "IFC4", "IFC4X3_ADD2")


def step_schema(path: Path, name: str) -> str:
    """The readable schema a STEP file follows. name: the file as the user knows it.

    Raises Invalid where the file is cut off, has no header, or follows a schema nobody reads.
    """
    head, tail = _ends(path)
    if not _END.search(tail) or not (b"ENDSEC" in tail or b"ENDSEC" in tail.upper()):
        raise Invalid(
            f"{name} is incomplete: expected END-ISO-10303-21 at its end, but the file breaks off;"
            " export or copy it again",
            code="truncated",
        )
    found = _SCHEMA.search(head)
    if not found or not (b"DATA;" in head or b"DATA;" in re.sub(rb"\s", b"", (head + tail).upper())):
        raise Invalid(
            f"{name} has no usable STEP header: expected FILE_SCHEMA and a DATA section; export it again", code="header"
        )
    schema = found.group(1).decode("ascii", "replace").strip().split(" ", maxsplit=1)[0].upper()
    schema = ALIASES.get(schema, schema)
    if schema not in READABLE:
        state = "a withdrawn edition" if schema.startswith("IFC") else "no IFC schema"
        raise Invalid(
            f"{name} follows {schema or 'an unnamed schema'}, {state}: expected IFC2X3, IFC4 or IFC4X3;"
            " export it again from the authoring tool in one of these",
            code="schema",
        )
    return schema


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first and the last 64 KiB."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(TAIL_BYTES)
        stream.seek(max(0, size - TAIL_BYTES))
        return head, stream.read()
