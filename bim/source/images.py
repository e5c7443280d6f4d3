"""The bytes of a model's images: beside the file or in its archive, in the model itself; never from a network."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from twin.errors import Invalid
from twin.geometry.images import MAX_PIXELS
from twin.side_files import SideFiles

_ELSEWHERE = re.compile(r"^(?:file:/*)?(?:[A-Za-z]:)?[\\/]")
"""Absolute paths of the author's machine: only their last name is looked for, beside the model."""


class ModelImages:
    """Reads what IfcSurfaceTexture entities stand for. source: the .ifc, .ifcxml or .ifczip."""

    def __init__(self, source: Path) -> None:
        self._files = SideFiles(source, source.name)

    def read(self, texture: Any) -> tuple[str, bytes]:
        """The texture's name for people and its encoded image. Raises Invalid where there is none to be had."""
        if texture.is_a("IfcImageTexture"):
            url = str(getattr(texture, "URLReference", None) or getattr(texture, "UrlReference", None) or "")
            return url, self._file(url)
        name = f"#{texture.id()} ({texture.is_a()})"
        if texture.is_a("IfcBlobTexture"):
            return name, _encoded(texture.RasterCode, name)
        return name, _pixels(texture, name)

    def _file(self, url: str) -> bytes:
        if url.startswith("data:"):
            return self._files.read(url)
        name = url.replace("\\", "/").rsplit("/", 1)[-1] if _ELSEWHERE.match(url) else url
        if not name:
            raise Invalid("The texture names no file: expected a relative path", code="texture")
        return self._files.read(name)


def _bytes(bits: Any, name: str) -> bytes:
    """An IfcBinary, which the parser gives as a text of bits."""
    if not isinstance(bits, str) or not bits or len(bits) % 8 or bits.strip("01"):
        raise Invalid(f"{name} holds no whole bytes: expected an encoded image", code="texture")
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _encoded(code: Any, name: str) -> bytes:
    """The image of an IfcBlobTexture. IFC2X3 declares RasterCode a BOOLEAN, so that writers put a binary or a hexadecimal text."""
    if isinstance(code, str) and code.strip("01"):
        try:
            return bytes.fromhex(code)
        except ValueError as error:
            raise Invalid(
                f"{name} holds a text that is not hexadecimal: expected an encoded image", code="texture"
            ) from error
    return _bytes(code, name)


def _pixels(texture: Any, name: str) -> bytes:
    """An IfcPixelTexture as PNG: pixels from the lower left, row by row, of one to four components."""
    width, height, parts = int(texture.Width), int(texture.Height), int(texture.ColourComponents)
    pixels = texture.Pixel or ()
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}.get(parts)
    if mode is None or not 0 < width * height <= MAX_PIXELS or len(pixels) != width * height:
        raise Invalid(
            f"{name} has {len(pixels)} pixels of {parts} components: expected {width} × {height} of 1 to 4",
            code="texture",
        )
    data = b"".join(_bytes(bits, name) for bits in pixels)
    if len(data) != width * height * parts:
        raise Invalid(f"{name} has pixels of another size than its {parts} components", code="texture")
    rows = np.frombuffer(data, np.uint8).reshape(height, width, parts)[::-1]
    out = io.BytesIO()
    Image.fromarray(rows[..., 0] if parts == 1 else rows, mode).save(out, "PNG")
    return out.getvalue()
