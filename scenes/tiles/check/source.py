"""Where bytes come from: files below a folder, data URIs; never the network."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

MOST = 1 << 30
"""Bytes of one file that are read."""
MOST_JSON = 256 << 20


class Unreadable(Exception):
    """Bytes cannot be had. kind: the issue type that says so."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Place:
    """The folder that a file's URIs are relative to. root: the folder that must not be left (packages), if any."""

    folder: Path
    root: Path | None = None

    def path(self, uri: str) -> Path:
        """The file a relative URI names. Raises Unreadable for remote ones and ones outside the root."""
        try:
            parts = urlsplit(uri)
        except ValueError as error:
            raise Unreadable("IO_ERROR", f"{uri!r:.80} is no URI: {error}") from error
        if parts.scheme or parts.netloc:
            raise Unreadable("IO_WARNING", f"{uri!r:.80} is remote and is not checked")
        try:
            target = (self.folder / unquote(parts.path)).resolve()
            there = target.is_file()
        except (OSError, ValueError) as error:
            raise Unreadable("IO_ERROR", f"{uri!r:.80} cannot be resolved: {error}") from error
        if self.root is not None and not target.is_relative_to(self.root.resolve()):
            raise Unreadable("IO_ERROR", f"{uri!r:.80} leads out of the package")
        if not there:
            raise Unreadable("IO_ERROR", f"the file {uri!r:.120} does not exist")
        return target

    def read(self, uri: str) -> tuple[bytes, Place]:
        """The bytes behind a URI and the place of what they refer to in turn."""
        if uri.startswith("data:"):
            return _inline(uri), self
        path = self.path(uri)
        return read(path), Place(path.parent, self.root)


def read(path: Path) -> bytes:
    """A whole file, unpacked where it is gzipped (as tiles may be served)."""
    try:
        if path.stat().st_size > MOST:
            raise Unreadable("IO_ERROR", f"{path.name} is larger than {MOST} bytes and is not read")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable("IO_ERROR", f"{path.name} cannot be read: {error.strerror}") from error
    return unzip(data) if data[:2] == b"\x1f\x8b" else data


def unzip(data: bytes) -> bytes:
    """Gunzip, up to the size that a file may have."""
    try:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        result = unpacker.decompress(data, MOST)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise Unreadable("IO_ERROR", f"the gzip data is broken: {error}") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise Unreadable("IO_ERROR", f"the gzip data is cut off or longer than {MOST} bytes")
    return result


def _inline(uri: str) -> bytes:
    head, comma, body = uri.partition(",")
    if not comma:
        raise Unreadable("IO_ERROR", "the data URI has no comma")
    if not head.endswith(";base64"):
        return unquote(body).encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("IO_ERROR", f"the data URI is no base64: {error}") from error


def parse(data: bytes) -> Any:
    """JSON of a file. Raises Unreadable: IO_ERROR for a byte order mark, JSON_PARSE_ERROR for broken text."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise Unreadable("IO_ERROR", "the JSON starts with a byte order mark, which 3D Tiles forbids")
    if len(data) > MOST_JSON:
        raise Unreadable("IO_ERROR", f"the JSON is larger than {MOST_JSON} bytes and is not read")
    try:
        return json.loads(data.decode("utf-8"), parse_int=_integer, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            "JSON_PARSE_ERROR", f"the JSON cannot be parsed: {str(error) or 'nested too deeply'}"
        ) from error


def _integer(text: str) -> int | float:
    # Longer ones fit no type of ours, and turning them into int takes quadratic time.
    return int(text) if len(text) <= 20 else float(text)


def _refuse(name: str) -> None:
    message = f"{name} is no JSON number"
    raise ValueError(message)
