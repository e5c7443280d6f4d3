"""Buffer views and accessors: the binary side of a GLB.

With compression, buffer 0 holds the encoded streams and buffer 1 stands for the decoded ones
without data, as EXT_meshopt_compression describes a fallback buffer.
"""

from __future__ import annotations

from typing import Any, Literal

import meshopt
import numpy as np
import numpy.typing as npt

from scenes.tiles.arrays import F64, U32
from scenes.tiles.glb import vertex_stream

Array = npt.NDArray[Any]
MESHOPT = "EXT_meshopt_compression"
COMPONENT = {"int8": 5120, "uint8": 5121, "int16": 5122, "uint16": 5123, "uint32": 5125, "float32": 5126}
TYPE = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
FEW = 64
"""Of fewer numbers the description of a compressed view is longer than what it saves."""
VERTICES, INDICES = 34962, 34963  # bufferView.target


class Buffers:
    """Collects views and accessors; `compress` off writes plain data that every glTF reader takes."""

    def __init__(self, *, compress: bool) -> None:
        self.compress = compress
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self._parts: list[bytes] = []
        self._length = 0
        self._fallback = 0

    @classmethod
    def resumed(cls, views: list[dict[str, Any]], data: bytes, *, compress: bool) -> Buffers:
        """To write more views behind these, whose bytes are `data`."""
        made = cls(compress=compress)
        made.views, made._parts, made._length = list(views), [data], len(data)
        made._fallback = sum(padded(view["byteLength"]) for view in views if MESHOPT in view.get("extensions", {}))
        return made

    def _append(self, data: bytes) -> int:
        offset = self._length
        self._parts.append(data.ljust(padded(len(data)), b"\0"))
        self._length += len(self._parts[-1])
        return offset

    def raw(self, data: bytes) -> int:
        """A plain view, 8-byte aligned as EXT_structural_metadata asks; its index."""
        self.views.append({"buffer": 0, "byteOffset": self._append(data), "byteLength": len(data)})
        return len(self.views) - 1

    def _view(
        self,
        data: Array,
        mode: str,
        target: int | None,
        *,
        stride: bool,
        encoded: Array | None = None,
        filter_name: str | None = None,
        for_gzip: bool = False,
    ) -> int:
        """A view of (n, …) rows, compressed where the builder compresses. encoded: what the filter expects."""
        size = data.nbytes // len(data)
        view: dict[str, Any] = {"buffer": 0}
        if self.compress:
            given = data if encoded is None else encoded
            packed = vertex_stream.encode(given) if for_gzip else meshopt.encode_gltf_buffer(given, mode)
            extension: dict[str, Any] = {
                "buffer": 0,
                "byteOffset": self._append(packed),
                "byteLength": len(packed),
                "byteStride": size,
                "count": len(data),
                "mode": mode,
            }
            if filter_name is not None:
                extension["filter"] = filter_name
            view = {"buffer": 1, "byteOffset": self._fallback, "byteLength": data.nbytes}
            self._fallback += padded(data.nbytes)
            view["extensions"] = {MESHOPT: extension}
        else:
            view = {"buffer": 0, "byteOffset": self._append(data.tobytes()), "byteLength": data.nbytes}
        if stride:
            view["byteStride"] = size
        if target is not None:
            view["target"] = target
        self.views.append(view)
        return len(self.views) - 1

    def _accessor(self, view: int, data: Array, *, normalized: bool = False, bounds: bool = False) -> int:
        accessor: dict[str, Any] = {
            "bufferView": view,
            "componentType": COMPONENT[data.dtype.name],
            "count": len(data),
            "type": TYPE[1 if data.ndim == 1 else data.shape[1]],
        }
        if normalized:
            accessor["normalized"] = True
        if bounds:
            accessor["min"], accessor["max"] = data.min(axis=0).tolist(), data.max(axis=0).tolist()
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def vertices(
        self,
        data: Array,
        *,
        normalized: bool = False,
        bounds: bool = False,
        exponent: int | None = None,
        for_gzip: bool = False,
    ) -> int:
        """A vertex attribute, rows padded to whole words.

        exponent: float32 values are multiples of 2^exponent and smaller than 2^(23 + exponent); the
        stream then keeps 24-bit integers (EXPONENTIAL filter). for_gzip: a stream that gzip shortens well.
        """
        encoded, filter_name = None, None
        if exponent is not None:
            mantissa = np.rint(np.ldexp(data.astype(np.float64), -exponent)).astype(np.int32)
            encoded, filter_name = (mantissa & 0xFFFFFF) | np.int32(exponent << 24), "EXPONENTIAL"
        view = self._view(
            _words(data),
            "ATTRIBUTES",
            VERTICES,
            stride=True,
            encoded=encoded,
            filter_name=filter_name,
            for_gzip=for_gzip,
        )
        return self._accessor(view, data, normalized=normalized, bounds=bounds)

    def normals(self, data: F64) -> int:
        """Unit vectors (n, 3) in 8 bits; the stream keeps two numbers for each (OCTAHEDRAL filter)."""
        stored = np.rint(data * 127).astype(np.int8)
        encoded = None
        if self.compress:
            wide = np.zeros((len(data), 4), np.float32)
            wide[:, :3] = data
            encoded = meshopt.encode_filter_oct(wide, 4, 8)
        view = self._view(
            _words(stored),
            "ATTRIBUTES",
            VERTICES,
            stride=True,
            encoded=encoded,
            filter_name="OCTAHEDRAL",
            for_gzip=True,
        )
        return self._accessor(view, stored, normalized=True)

    def indices(self, data: Array, mode: Literal["TRIANGLES", "INDICES"]) -> int:
        """Indices of triangles or lines, 16-bit where they fit."""
        flat = data.ravel()
        narrow = flat.astype(np.uint16 if int(flat.max()) < 0xFFFF else np.uint32)
        view = self._view(narrow, mode, INDICES, stride=False)
        return self._accessor(view, narrow)

    def instances(self, data: Array) -> int:
        """An attribute by instance, rows close together; compressed where there are many and a row is whole words."""
        if not self.packs(len(data)) or data.nbytes // len(data) % 4:
            return self._accessor(self.raw(data.tobytes()), data)
        view = self._view(data, "ATTRIBUTES", None, stride=False)
        return self._accessor(view, data)

    def numbers(self, data: U32) -> int:
        """The view of a column of numbers that mostly grow (n,): what they grow by is short, and repeats."""
        if not self.packs(len(data)):
            return self.raw(data.tobytes())
        return self._view(data, "INDICES", None, stride=False)

    def packs(self, rows: int) -> bool:
        """Whether a column of so many numbers is compressed."""
        return self.compress and rows >= FEW

    def finish(self) -> tuple[list[dict[str, Any]], bytes]:
        """The glTF `buffers` and the binary chunk."""
        buffers: list[dict[str, Any]] = []
        if self._length:
            buffers.append({"byteLength": self._length})
        if self._fallback:
            buffers.append({"byteLength": self._fallback, "extensions": {MESHOPT: {"fallback": True}}})
        return buffers, b"".join(self._parts)


def _words(data: Array) -> Array:
    """Rows (n, …) filled up to whole words."""
    columns = 1 if data.ndim == 1 else data.shape[1]
    words = -(-columns * data.itemsize // 4) * 4 // data.itemsize
    rows = np.zeros((len(data), words), data.dtype)
    rows[:, :columns] = data.reshape(len(data), columns)
    return rows


def padded(length: int) -> int:
    """Bytes that so many take in a GLB, where views begin at whole words of eight."""
    return length + -length % 8
