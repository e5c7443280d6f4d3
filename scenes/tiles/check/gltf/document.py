"""A glTF as the extension checks read it: JSON, buffers, accessors, textures."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import meshopt
import numpy as np
import numpy.typing as npt

from scenes.tiles.check.source import Place, parse, read

DTYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
MOST = 1 << 30
"""Bytes that one compressed view may unpack to, and pixels times channels of an image."""
Array = npt.NDArray[Any]


class Broken(Exception):
    """The glTF cannot be read as its JSON says."""


@dataclass
class Document:
    """One glTF without core errors. chunk: the binary chunk of a GLB."""

    json: dict[str, Any]
    chunk: bytes
    place: Place
    _buffers: dict[int, bytes] = field(default_factory=dict)
    _views: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path, place: Place) -> Document:
        """Read a .gltf or .glb. Raises Broken or Unreadable."""
        data, chunk = read(file), b""
        if data[:4] == b"glTF":
            if len(data) < 20:
                raise Broken("the GLB ends inside its header")
            (size,) = struct.unpack_from("<I", data, 12)
            chunk, data = data[28 + size :], data[20 : 20 + size]
        raw = parse(data)
        if not isinstance(raw, dict):
            raise Broken("the JSON of a glTF is an object")
        return cls(raw, chunk, place)

    def get(self, *keys: str | int) -> Any:
        """The value under keys and indices; None where one is missing."""
        value: Any = self.json
        for key in keys:
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
                value = value[key]
            else:
                return None
        return value

    def count(self, name: str) -> int:
        """How many objects the top-level array has."""
        return len(self.json.get(name) or [])

    @cached_property
    def metadata(self) -> Any:
        """EXT_structural_metadata of the document, None where absent."""
        return self.get("extensions", "EXT_structural_metadata")

    def buffer(self, index: int) -> bytes:
        """The bytes of a buffer."""
        if index not in self._buffers:
            uri = self.json["buffers"][index].get("uri")
            self._buffers[index] = self.chunk if uri is None else self.place.read(uri)[0]
        return self._buffers[index]

    def view(self, index: int) -> bytes:
        """The bytes of a buffer view, unpacked where it is compressed."""
        if index not in self._views:
            view = self.json["bufferViews"][index]
            packed = (view.get("extensions") or {}).get("EXT_meshopt_compression")
            self._views[index] = self._slice(view) if packed is None else self._unpack(index, packed)
        return self._views[index]

    def _slice(self, view: dict[str, Any]) -> bytes:
        start, length = view.get("byteOffset") or 0, view["byteLength"]
        data = self.buffer(view["buffer"])
        if min(start, length) < 0 or start + length > len(data):
            raise Broken(f"a view of bytes {start} to {start + length} exceeds the buffer of {len(data)}")
        return data[start : start + length]

    def _unpack(self, index: int, packed: dict[str, Any]) -> bytes:
        count, stride = packed["count"], packed["byteStride"]
        if not 0 <= count * stride <= MOST:
            raise Broken(f"buffer view {index} unpacks to {count * stride} bytes, more than {MOST}")
        try:
            out = meshopt.decode_gltf_buffer(self._slice(packed), count, stride, packed["mode"], packed.get("filter"))
        except Exception as error:  # the decoder's own error types are not documented
            raise Broken(f"buffer view {index} cannot be unpacked: {error}") from error
        return np.ascontiguousarray(out).tobytes()

    def accessor(self, index: int) -> Array:
        """(n, components) of an accessor as stored; zeros without buffer view (sparse ones are not filled in)."""
        item = self.json["accessors"][index]
        dtype, width, count = np.dtype(DTYPES[item["componentType"]]), WIDTHS[item["type"]], item["count"]
        if item.get("bufferView") is None:
            if count * width * dtype.itemsize > MOST:
                raise Broken(f"accessor {index} has {count} elements without data")
            return np.zeros((count, width), dtype)
        view = self.json["bufferViews"][item["bufferView"]]
        data, size = self.view(item["bufferView"]), dtype.itemsize * width
        stride, start = view.get("byteStride") or size, item.get("byteOffset") or 0
        if count and start + (count - 1) * stride + size > len(data):
            raise Broken(f"accessor {index} exceeds its buffer view of {len(data)} bytes")
        rows = np.ndarray((count, size), np.uint8, data, start, (stride, 1))
        return np.ascontiguousarray(rows).view(dtype).reshape(count, width)

    def real(self, index: int) -> npt.NDArray[np.float64]:
        """(n, components) of an accessor, normalized integers turned to numbers."""
        return normalized(self.accessor(index), self.json["accessors"][index])

    def image(self, texture: int) -> Array:
        """(height, width, channels) uint8 of a texture's image."""
        from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - few tiles have textures

        given = self.json["textures"][texture]
        webp = (given.get("extensions") or {}).get("EXT_texture_webp") or {}
        image = self.json["images"][webp.get("source", given.get("source"))]
        data = self.place.read(image["uri"])[0] if image.get("uri") else self.view(image["bufferView"])
        try:
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
                if picture.width * picture.height * 4 > MOST:
                    raise Broken(f"the image of texture {texture} is too large")
                pixels = np.asarray(picture.convert("RGBA") if picture.mode == "P" else picture)
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
            raise Broken(f"the image of texture {texture} cannot be read: {error}") from error
        return pixels if pixels.ndim == 3 else pixels[:, :, None]


def normalized(values: Array, accessor: dict[str, Any]) -> npt.NDArray[np.float64]:
    """Stored numbers → real ones, by the accessor's componentType."""
    result = np.asarray(values, np.float64)
    if accessor.get("normalized"):
        result = np.maximum(result / float(np.iinfo(DTYPES[accessor["componentType"]]).max), -1.0)
    return result
