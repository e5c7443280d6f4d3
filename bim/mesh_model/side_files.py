"""Files that a model names beside itself: read from its own folder and below it, from nowhere else."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from bim.mesh_model.limits import MAX_SIDE_BYTES
from twin.errors import Invalid


class SideFiles:
    """Opens what a model refers to. name: the model's file, for messages."""

    def __init__(self, source: Path, name: str) -> None:
        self._folder, self._name = source.parent.resolve(), name

    def read(self, uri: str, *, encoded: bool = True) -> bytes:
        """The bytes behind a data URI or a relative path.

        encoded: the path has %20 and the like. Raises Invalid where it is an address, leaves the folder,
        is missing or too big.
        """
        if uri.startswith("data:"):
            return self._data(uri)
        path = self.path(uri, encoded=encoded)
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
