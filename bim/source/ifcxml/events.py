"""XML parsed in pieces, within limits: no document type, no entity, no network, bounded depth and size."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from xml.parsers import expat

from twin.errors import Invalid

MAX_DEPTH = 5_000
MAX_TOKEN_BYTES = 128 << 20
"""One tag or attribute longer than this is an attack: a million points in one attribute are some 60 MB."""
_CHUNK = 4 << 20
_SEPARATOR = " "
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MULTIBYTE = {"gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"}
"""Encodings that expat does not know and Python does."""


class Handler(Protocol):
    """What is called back. Names are (namespace, local name)."""

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        """An element begins; attributes keep their namespace before a blank."""

    def end(self) -> None:
        """The innermost element ends."""

    def text(self, data: str) -> None:
        """A piece of text."""

    def namespace(self, uri: str) -> None:
        """A namespace is declared."""


class XmlFeed:
    """Feeds a file through expat into a handler. line: where the parser is."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self._depth = 0
        self._quiet = 0  # bytes fed since the parser last spoke
        self._parser: Any = None

    @property
    def line(self) -> int:
        """The line the parser is at, from 1."""
        return int(self._parser.CurrentLineNumber) if self._parser is not None else 0

    def run(self, handler: Handler) -> None:
        """Parse the whole file. Raises Invalid, naming the line, on anything that is no XML within the limits."""
        chunks, encoding = _decoded(self._path, self._name)
        parser: Any = expat.ParserCreate(encoding, namespace_separator=_SEPARATOR)
        self._parser = parser
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: self._start(handler, name, attributes)
        parser.EndElementHandler = lambda _name: self._end(handler)
        parser.CharacterDataHandler = lambda data: self._text(handler, data)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = lambda _prefix, uri: handler.namespace(uri or "")
        try:
            for chunk in chunks:
                self._quiet += len(chunk)
                if self._quiet > MAX_TOKEN_BYTES:
                    raise Invalid(
                        f"{self._name} has one tag or comment of more than {MAX_TOKEN_BYTES >> 20} MB at line {self.line}:"
                        " expected smaller pieces; export it as .ifc",
                        code="xml",
                    )
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Invalid(
                f"{self._name} is no well-formed XML: {expat.ErrorString(error.code)} at line {error.lineno},"
                f" column {error.offset}; export or copy it again",
                code="xml",
            ) from error
        except (UnicodeError, LookupError, ValueError) as error:
            raise Invalid(
                f"{self._name} is not in the encoding it declares: {str(error)[:120]}; export it again", code="xml"
            ) from error

    def _start(self, handler: Handler, name: str, attributes: dict[str, str]) -> None:
        self._quiet = 0
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Invalid(
                f"{self._name} nests its elements deeper than {MAX_DEPTH} at line {self.line}: expected an ifcXML model",
                code="xml-depth",
            )
        space, _, local = name.rpartition(_SEPARATOR)
        handler.start(space, local, attributes)

    def _end(self, handler: Handler) -> None:
        self._quiet = 0
        self._depth -= 1
        handler.end()

    def _text(self, handler: Handler, data: str) -> None:
        self._quiet = 0
        handler.text(data)

    def _doctype(self, *_: object) -> None:
        raise Invalid(
            f"{self._name} declares a document type (DTD), through which a file can name other files and grow without"
            " bound: expected ifcXML without one; remove the <!DOCTYPE …> and send it again",
            code="xml-dtd",
        )


def _decoded(path: Path, name: str) -> tuple[Iterator[bytes], str | None]:
    """The file's bytes and the encoding to parse them with; None lets the parser find out."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    declared = _DECLARED.search(head)
    encoding = declared.group(1).decode("ascii").lower() if declared else ""
    if encoding in _MULTIBYTE:
        return _transcoded(path, "gb18030" if encoding.startswith("gb") else encoding), "utf-8"
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise Invalid(
                f"{name} declares the encoding {encoding!r}, which nobody knows: expected UTF-8; export it again",
                code="xml",
            ) from error
    return _chunks(path), None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _transcoded(path: Path, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    for chunk in _chunks(path):
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()
