"""Change one entry of `mappings.yaml` and leave the rest of the text, comments too, as people wrote it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml

from twin.connectors.mapping import ENTRIES, MappingEntry, checked
from twin.entry_file import Placed
from twin.errors import Conflict, Invalid, NotFound
from twin.park import write_atomic

HEAD = "# Addresses of connectors and the points they are. Fields: docs/reference/connectors.md\n"


def revision_of(path: Path) -> str:
    """A short text that changes with the file; of no file as well."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def put_entry(path: Path, entry: MappingEntry, *, replaces: tuple[str, str] | None = None, revision: str = "") -> None:
    """Write an entry in the place of the one with the key `replaces` (or its own key), else behind the last.

    revision: as read before; the file is replaced in one step. Raises Conflict where the file has changed since,
    or another entry has the address, and Invalid where the file cannot be read.
    """
    text, placed = _read(path, revision)
    old = next((one for one in placed if one.entry.key == (replaces or entry.key)), None)
    if replaces is not None and old is None:
        raise NotFound(f"{path.name} has no address {replaces[1]!r} of connector {replaces[0]!r}", code="no-mapping")
    if any(one.entry.key == entry.key for one in placed if one is not old):
        raise Conflict(
            f"{path.name} has address {entry.address!r} of connector {entry.connector!r} already", code="mapping-exists"
        )
    line = _written(entry)
    if old is not None:
        changed = text[: old.begin] + line + _tail(text, old)
    elif placed:
        changed = _behind(text, placed, line)
    else:
        changed = (text.rstrip("\n") + "\n" if text.strip() and _is_comment(text) else HEAD) + f"- {line}\n"
    _replace(path, changed)


def remove_entry(path: Path, key: tuple[str, str], *, revision: str = "") -> None:
    """Take an entry out. Raises NotFound, Conflict where the file has changed since, Invalid where it cannot be read."""
    text, placed = _read(path, revision)
    old = next((one for one in placed if one.entry.key == key), None)
    if old is None:
        raise NotFound(f"{path.name} has no address {key[1]!r} of connector {key[0]!r}", code="no-mapping")
    begin = text.rindex("-", 0, old.begin) if "-" in text[: old.begin] else old.begin
    begin = text.rfind("\n", 0, begin) + 1
    _replace(path, text[:begin] + _tail(text, old).removeprefix("\n"))


def _read(path: Path, revision: str) -> tuple[str, list[Placed[MappingEntry]]]:
    if revision and revision != revision_of(path):
        raise Conflict(f"{path.name} has changed since it was read: read it again", code="mapping-changed")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return text, checked(ENTRIES.parse(text, str(path)), str(path))


def _tail(text: str, old: Placed[MappingEntry]) -> str:
    # A block entry ends where the next begins; blanks and comments between them belong to the next.
    body = text[old.begin : old.end]
    kept = body[: len(body.rstrip())]
    lines = kept.split("\n")
    while len(lines) > 1 and lines[-1].lstrip().startswith("#"):
        lines.pop()
    return text[old.begin + len("\n".join(lines).rstrip()) :]


def _behind(text: str, placed: list[Placed[MappingEntry]], line: str) -> str:
    last = placed[-1]
    column = last.begin - (text.rfind("\n", 0, last.begin) + 1)
    tail = _tail(text, last)
    if text[: last.begin].rstrip().endswith(("[", ",")) or column < 2:
        raise Invalid(
            "mappings.yaml is one line of entries: write each entry on a line of its own first", code="mapping"
        )
    head = text[: len(text) - len(tail)]
    dash = text[text.rfind("\n", 0, last.begin) + 1 : last.begin]
    return f"{head}\n{dash}{line}" + (tail if tail.startswith("\n") else f"\n{tail}")


def _replace(path: Path, text: str) -> None:
    try:
        checked(ENTRIES.parse(text, str(path)), str(path))
    except Invalid as error:
        raise Invalid(
            f"{path.name} is laid out so that one entry cannot be changed by itself ({error.message}); change it by hand",
            code="mapping",
        ) from error
    write_atomic(path, text)


def _written(entry: MappingEntry) -> str:
    """The entry in one line."""
    fields = entry.model_dump(exclude_defaults=True)
    return str(yaml.safe_dump(fields, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1e9)).strip()


def _is_comment(text: str) -> bool:
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())
