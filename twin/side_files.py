"""Files that a source names beside itself: read from its own folder and below it, or its archive, from nowhere else."""

from __future__ import annotations

import base64
import binascii
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from twin.errors import Invalid

MAX_SIDE_BYTES = 2 << 30
MAX_PACKED_BYTES = 64 << 20
"""Bytes of one file out of an archive."""


class SideFiles:
    """Opens what a model refers to. source: the model, or the zip archive with it inside; name: for messages."""

    def __init__(self, source: Path, name: str) -> None:
        self._folder, self._name = source.parent.resolve(), name
        self._archive = source if source.is_file() and zipfile.is_zipfile(source) else None

    def read(self, uri: str, *, encoded: bool = True) -> bytes:
        """The bytes behind a data URI or a relative path.

        encoded: the path has %20 and the like. Raises Invalid where it is an address, leaves the folder,
        is missing or too big.
        """
        if uri.startswith("data:"):
            return self._data(uri)
        path = self.path(uri, encoded=encoded)
        packed = None if self._archive is None else self._packed(self._archive, path)
        if packed is not None:
            return packed
        if not path.is_file():
            raise Invalid(
                f"{self._name} needs {uri[:120]!r}, which does not lie beside it: put all of the model's files in one folder",
                code="mesh-side-file",
            )
        if path.stat().st_size > MAX_SIDE_BYTES:
            raise Invalid(
                f"{self._name} names {uri[:120]!r} with more than {MAX_SIDE_BYTES >> 20} MB: expected a smaller file",
                code="mesh-size",
            )
        return path.read_bytes()

    def path(self, uri: str, *, encoded: bool = True) -> Path:
        """Where a relative path leads. Raises Invalid where that is not in the model's folder or below it."""
        text = (unquote(uri) if encoded else uri).replace("\\", "/")
        parts = PurePosixPath(text).parts
        outside = "://" in text or text.startswith("/") or "\0" in text or ".." in parts or ":" in text[:3]
        found = self._folder if outside else (self._folder / text).resolve()
        if outside or not found.is_relative_to(self._folder):
            raise Invalid(
                f"{self._name} names {uri[:120]!r}, which is not in its own folder: expected a file beside it;"
                " addresses and paths that lead elsewhere are never followed",
                code="mesh-side-file",
            )
        return found

    def _packed(self, archive: Path, path: Path) -> bytes | None:
        """The member of the archive whose name ends like the path, the shortest first; counted while unpacking."""
        wanted = path.relative_to(self._folder).as_posix()
        try:
            with zipfile.ZipFile(archive) as opened:
                names = sorted(opened.namelist(), key=len)
                found = next((name for name in names if name == wanted or name.endswith(f"/{wanted}")), None)
                if found is None:
                    return None
                with opened.open(found) as stream:
                    data = stream.read(MAX_PACKED_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise Invalid(f"{wanted} in {self._name} cannot be unpacked: {error}", code="mesh-side-file") from error
        if len(data) > MAX_PACKED_BYTES:
            raise Invalid(
                f"{wanted} in {self._name} unpacks to more than {MAX_PACKED_BYTES >> 20} MB: expected a smaller file",
                code="mesh-size",
            )
        return data

    def _data(self, uri: str) -> bytes:
        head, comma, body = uri.partition(",")
        try:
            if head.endswith(";base64"):
                return base64.b64decode(unquote(body) if "%" in body else body, validate=True)
            return unquote_to_bytes(body) if comma else b""
        except (binascii.Error, ValueError) as error:
            raise Invalid(
                f"{self._name} holds a data URI that is no base64 ({error}): export it again", code="mesh-syntax"
            ) from error
