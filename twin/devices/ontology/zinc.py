"""Zinc and Trio, Project Haystack's plain-text encodings (version 3), as rows of Hayson values and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from twin.errors import Invalid

Row = dict[str, Any]
MARKER = {"_kind": "marker"}
ESCAPED = "pt_escaped"
"""Meta of grids of ours: their refs hold what Zinc does not allow, each byte as `~` and two hex digits."""
MAX_NESTED = 20
NAME = re.compile(r"[a-zA-Z]\w*", re.ASCII)
WORD = re.compile(r"(NaN|-?INF|NA|[NMRTF])(?![\w(])")
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
URI = re.compile(r"`((?:[^`\\\n]|\\.)*)`")
REF = re.compile(r'@([\w:.~-]+)(?: "((?:[^"\\\n]|\\.)*)")?', re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)(?: [A-Z][\w+-]*)?)?|\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
NUMBER = re.compile(r"(-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)([^\W\d_]*[%$/°_\u0080-\uffffa-zA-Z0-9²³]*)")
OTHER = re.compile(r'\^[\w:.~-]+|C\([^)\n]*\)|[A-Z]\w*\("(?:[^"\\\n]|\\.)*"\)')
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
SIGNS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
WORDS: Mapping[str, Any] = {
    "N": None, "M": MARKER, "R": {"_kind": "remove"}, "NA": {"_kind": "na"}, "T": True, "F": False,
    **{word: {"_kind": "number", "val": word} for word in ("NaN", "INF", "-INF")},
}  # fmt: skip


def read_zinc(text: str) -> list[Row]:
    """Rows of a grid. Raises Invalid naming line and place of what cannot be read."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    head = _Line(lines[0], 1)
    meta = head.tags()
    head.end()
    if "ver" not in meta:
        raise head.wrong('ver:"3.0"')
    if len(lines) < 2 or not lines[1].strip():
        raise Invalid("Line 2 of the grid is empty: expected its columns", code="haystack")
    columns = _columns(lines[1])
    rows: list[Row] = []
    for number, line in enumerate(lines[2:], 3):
        if not line.strip():
            break  # a blank line ends a grid
        row = _Line(line, number).cells(columns)
        rows.append(_unescaped(row) if ESCAPED in meta else row)
    return rows


def read_trio(text: str) -> list[Row]:
    """Records of a Trio file. Raises Invalid naming the line."""
    rows: list[Row] = [{}]
    several: list[str] | None = None
    name = ""
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if several is not None and (line[:1] in (" ", "\t") or not line.strip()):
            several.append(line.strip())
            rows[-1][name] = "\n".join(several).strip()
            continue
        several = None
        if line.startswith("-"):
            rows.append({})
        elif line.strip() and not line.lstrip().startswith("//"):
            name, colon, given = (part.strip() for part in line.partition(":"))
            if not NAME.fullmatch(name):
                raise Invalid(f"Line {number}: {name!r:.60} is no tag: expected name or name:value", code="haystack")
            if colon and not given:
                several = []
            rows[-1][name] = _plain(given, number) if colon else MARKER
    return [row for row in rows if row]


def write_zinc(rows: Sequence[Row]) -> bytes:
    """A grid of rows whose values are texts, markers and refs."""
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["id"]
    lines = [f'ver:"3.0" {ESCAPED}', ",".join(names)]
    lines += [",".join(_cell(row[name]) if name in row else "" for name in names) for row in rows]
    return ("\n".join(lines) + "\n").encode()


class _Line:
    """Reads along one line."""

    def __init__(self, text: str, number: int) -> None:
        self._text, self._number, self._at = text, number, 0

    def wrong(self, expected: str) -> Invalid:
        found = self._text[self._at : self._at + 30] or "its end"
        return Invalid(
            f"Line {self._number}, character {self._at + 1}: {found!r} cannot be read, expected {expected}",
            code="haystack",
        )

    def end(self) -> None:
        self.take(" ")
        if self._at < len(self._text):
            raise self.wrong("the end of the line")

    def name(self) -> str:
        match = self._match(NAME)
        if match is None:
            raise self.wrong("a name")
        return match[0]

    def tags(self, closing: str = "", depth: int = 0) -> Row:
        """`name:value` and `name`, between spaces."""
        found: Row = {}
        self.take(" ")
        while self._at < len(self._text) and self._text[self._at] not in (closing or ","):
            name = self.name()
            found[name] = self.value(depth) if self.take(":") else MARKER
            self.take(" ")
            if closing:
                self.take(",")
            self.take(" ")
        return found

    def cells(self, columns: Sequence[str]) -> Row:
        """Values between commas; an empty one is none."""
        row: Row = {}
        for place, name in enumerate(columns):
            self.take(" ")
            if self._at < len(self._text) and self._text[self._at] != ",":
                value = self.value()
                if value is not None:
                    row[name] = value
            self.take(" ")
            if place < len(columns) - 1 and not self.take(","):
                raise self.wrong(f"',' and {len(columns)} cells")
        self.end()
        return row

    def value(self, depth: int = 0) -> Any:
        if depth > MAX_NESTED:
            raise self.wrong(f"at most {MAX_NESTED} levels")
        if self.take("["):
            return self._list(depth)
        if self.take("{"):
            found = self.tags("}", depth + 1)
            if not self.take("}"):
                raise self.wrong("'}'")
            return {"_kind": "dict", **found}
        if match := self._match(WORD):
            return WORDS[match[1]]
        if match := self._match(TEXT):
            return _plain_text(match[1])
        if match := self._match(REF):
            return {"_kind": "ref", "val": match[1], **({"dis": _plain_text(match[2])} if match[2] else {})}
        if match := self._match(URI):
            return {"_kind": "uri", "val": _plain_text(match[1])}
        if match := self._match(MOMENT):
            return {"_kind": "dateTime", "val": match[0]}
        if match := self._match(NUMBER):
            number = float(match[1].replace("_", ""))
            return {"_kind": "number", "val": number, "unit": match[2]} if match[2] else number
        if match := self._match(OTHER):
            return {"_kind": "xstr", "val": match[0]}
        raise self.wrong("a value; grids inside grids are not read")

    def _list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.take(" ")
        while not self.take("]"):
            found.append(self.value(depth + 1))
            self.take(" ")
            if not self.take(",") and self._text[self._at : self._at + 1] != "]":
                raise self.wrong("',' or ']'")
            self.take(" ")
        return found

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return match

    def take(self, sign: str) -> bool:
        taken = self._text.startswith(sign, self._at)
        if taken:
            self._at += len(sign)
        while sign == " " and self._text.startswith(" ", self._at):
            self._at += 1
        return taken


def _columns(text: str) -> list[str]:
    line = _Line(text, 2)
    names: list[str] = []
    while True:
        line.take(" ")
        names.append(line.name())
        line.tags()
        if not line.take(","):
            break
    line.end()
    return names


def _plain(text: str, number: int) -> Any:
    """A value of Trio: as in Zinc, and a text without quotes where it is none of these."""
    if text in ("true", "false"):
        return text == "true"
    line = _Line(text, number)
    try:
        value = line.value()
        line.end()
    except Invalid:
        if text.startswith(('"', "@", "[", "{", "`")):
            raise
        return text
    return value


def _plain_text(text: str) -> str:
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else SIGNS.get(match[2], match[2]), text)


def _cell(value: Any) -> str:
    if value == MARKER:
        return "M"
    if isinstance(value, dict):
        shown = f" {_quoted(value['dis'])}" if "dis" in value else ""
        return f"@{_escaped(str(value['val']))}{shown}"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    for sign, escaped in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(sign, escaped)
    return f'"{text}"'


def _escaped(ident: str) -> str:
    return re.sub(r"[^A-Za-z0-9_:.-]", lambda match: "".join(f"~{byte:02x}" for byte in match[0].encode()), ident)


def _unescaped(row: Row) -> Row:
    def plain(ident: str) -> str:
        return re.sub(
            r"(?:~[0-9a-f]{2})+",
            lambda match: bytes.fromhex(match[0].replace("~", "")).decode(errors="replace"),
            ident,
        )

    def refs(items: Iterable[tuple[str, Any]]) -> Row:
        return {
            name: {**value, "val": plain(value["val"])}
            if isinstance(value, dict) and value.get("_kind") == "ref"
            else value
            for name, value in items
        }

    return refs(row.items())
