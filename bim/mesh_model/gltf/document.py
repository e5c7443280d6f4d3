"""A glTF document: its JSON, its buffers, and its accessors as arrays, every range checked before it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import meshopt
import numpy as np
import numpy.typing as npt

from bim.mesh_model.limits import MAX_JSON_BYTES, MAX_VERTICES, check_count
from bim.mesh_model.model import F64
from twin.errors import Invalid
from twin.side_files import MAX_SIDE_BYTES, SideFiles

_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_MAGIC, _JSON, _BIN = b"glTF", 0x4E4F534A, 0x004E4942
Array = npt.NDArray[Any]


class Document:
    """Open document. json: its root object; files: where its URIs lead."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.files = SideFiles(path, name)
        text, self._chunk = _container(path, name)
        if len(text) > MAX_JSON_BYTES:
            raise Invalid(
                f"{name} has {len(text) >> 20} MB of JSON: expected at most {MAX_JSON_BYTES >> 20} MB; keep geometry in"
                " buffers",
                code="mesh-size",
            )
        try:
            self.json: Any = json.loads(text.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise Invalid(
                f"{name} is no glTF, its JSON breaks: {str(error)[:120]}; export it again", code="mesh-syntax"
            ) from error
        asset = self.json.get("asset") if isinstance(self.json, dict) else None
        if not isinstance(asset, dict) or not str(asset.get("version", "")).startswith("2."):
            version = asset.get("version") if isinstance(asset, dict) else None
            raise Invalid(
                f"{name} is glTF {version or 'without a version'}: expected glTF 2.0; export it again",
                code="mesh-version",
            )
        self._buffers: dict[object, bytes] = {}
        self._views: dict[object, bytes] = {}

    def list(self, key: str) -> list[Any]:
        """A top-level array, empty where it is missing. Raises Invalid where it is none."""
        value = self.json.get(key) or []
        if not isinstance(value, list):
            raise self.broken(f"{key!r} is no array")
        return value

    def item(self, key: str, index: object) -> Any:
        """One object of a top-level array. Raises Invalid where the index points outside."""
        items = self.list(key)
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(items):
            raise self.broken(f"it names {_one(key)} {index!r} of {len(items)}")
        if not isinstance(items[index], dict):
            raise self.broken(f"{_one(key)} {index} is no object")
        return items[index]

    def broken(self, what: str) -> Invalid:
        """The sentence about a fault in the structure."""
        return Invalid(f"{self.name} is a broken glTF: {what[:200]}; export it again", code="mesh-syntax")

    def view(self, index: object) -> bytes:
        """The bytes of a buffer view, unpacked where it is compressed."""
        view = self.item("bufferViews", index)
        if index not in self._views:
            extensions = view.get("extensions") or {}
            packed = next((extensions[key] for key in _MESHOPT if key in extensions), None)
            self._views[index] = self._slice(view) if packed is None else self._unpack(index, packed)
        return self._views[index]

    def accessor(self, index: object) -> Array:
        """(n, components) as stored: no scaling of normalised integers. Sparse values are filled in."""
        item = self.item("accessors", index)
        kind, width = _TYPES.get(item.get("componentType")), _WIDTHS.get(item.get("type"))
        if kind is None or width is None:
            raise self.broken(f"accessor {index} is of type {item.get('type')!r}/{item.get('componentType')!r}")
        count = self._whole(item.get("count"), f"count of accessor {index}")
        check_count(self.name, "values in one accessor", count, 3 * MAX_VERTICES)
        if item.get("bufferView") is None:
            values = np.zeros((count, width), kind)
        else:
            view = self.item("bufferViews", item["bufferView"])
            stride = None if any(key in (view.get("extensions") or {}) for key in _MESHOPT) else view.get("byteStride")
            values = self._rows(
                self.view(item["bufferView"]), item.get("byteOffset"), stride, count, width, kind, f"accessor {index}"
            )
        sparse = item.get("sparse")
        if sparse:
            values = self._with_sparse(values.copy(), sparse, index)
        return values

    def numbers(self, index: object) -> F64:
        """(n, components) float64; normalised integers scaled as glTF 2.0, 3.6.2.2 says."""
        values, item = self.accessor(index), self.item("accessors", index)
        result = values.astype(np.float64)
        if item.get("normalized") and values.dtype.kind in "iu":
            result = np.maximum(result / float(np.iinfo(values.dtype).max), -1.0)
        return result

    def _with_sparse(self, values: Array, sparse: Any, index: object) -> Array:
        count = self._whole(sparse.get("count"), f"sparse count of accessor {index}")
        places, filled = sparse["indices"], sparse["values"]
        kind = _TYPES.get(places.get("componentType"))
        if kind is None or count > len(values):
            raise self.broken(f"accessor {index} has a broken sparse part")
        what = f"sparse part of accessor {index}"
        at = self._rows(self.view(places["bufferView"]), places.get("byteOffset"), None, count, 1, kind, what)[:, 0]
        rows = self._rows(
            self.view(filled["bufferView"]),
            filled.get("byteOffset"),
            None,
            count,
            values.shape[1],
            values.dtype.str,
            what,
        )
        if len(at) and int(at.max()) >= len(values):
            raise self.broken(f"accessor {index} has a sparse index {int(at.max())} of {len(values)}")
        values[at] = rows
        return values

    def _rows(self, data: bytes, offset: object, stride: object, count: int, width: int, kind: str, what: str) -> Array:
        """(count, width) out of bytes with checks of every range."""
        dtype = np.dtype(kind)
        start = self._whole(offset or 0, f"offset of {what}")
        step = self._whole(stride or 0, f"stride of {what}") or width * dtype.itemsize
        if step < width * dtype.itemsize:
            raise self.broken(f"{what} has a stride of {step} bytes for values of {width * dtype.itemsize}")
        if count and start + step * (count - 1) + width * dtype.itemsize > len(data):
            raise self.broken(f"{what} needs {start + step * count:,} bytes of {len(data):,}")
        return (
            np.ndarray((count, width), dtype, data, start if count else 0, (step, dtype.itemsize))
            if count
            else np.empty((0, width), dtype)
        )

    def _slice(self, view: Any) -> bytes:
        start = self._whole(view.get("byteOffset") or 0, "offset of a buffer view")
        length = self._whole(view.get("byteLength"), "length of a buffer view")
        data = self._buffer(view.get("buffer"))
        if start + length > len(data):
            raise self.broken(
                f"a buffer view of bytes {start:,} to {start + length:,} exceeds its buffer of {len(data):,}"
            )
        return data[start : start + length]

    def _unpack(self, index: object, packed: Any) -> bytes:
        count = self._whole(packed.get("count"), f"count of buffer view {index}")
        stride = self._whole(packed.get("byteStride"), f"stride of buffer view {index}")
        if count * stride > MAX_SIDE_BYTES or stride > 256:
            raise self.broken(f"buffer view {index} unpacks to {count * stride:,} bytes")
        try:
            out = meshopt.decode_gltf_buffer(
                self._slice(packed), count, stride, packed.get("mode"), packed.get("filter")
            )
        except Invalid:
            raise
        except Exception as error:  # the decoder's own error types are not documented
            raise self.broken(f"buffer view {index} cannot be unpacked ({str(error)[:80]})") from error
        return np.ascontiguousarray(out).tobytes()

    def _buffer(self, index: object) -> bytes:
        buffer = self.item("buffers", index)
        if index not in self._buffers:
            uri = buffer.get("uri")
            if uri is None and self._chunk is None:
                raise self.broken(f"buffer {index} has no data")
            data = self._chunk if uri is None else self.files.read(str(uri))
            length = self._whole(buffer.get("byteLength"), f"length of buffer {index}")
            if data is None or length > len(data):
                raise self.broken(f"buffer {index} has {len(data or b''):,} of its {length:,} bytes, it breaks off")
            self._buffers[index] = data
        return self._buffers[index]

    def _whole(self, value: object, what: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.broken(f"the {what} is {value!r}")
        return value


def _container(path: Path, name: str) -> tuple[bytes, bytes | None]:
    """The JSON text and the binary chunk, None where there is none. Raises Invalid on a broken GLB."""
    data = path.read_bytes()
    if not data.startswith(_MAGIC):
        return data, None
    version, length = int.from_bytes(data[4:8], "little"), int.from_bytes(data[8:12], "little")
    if version != 2:
        raise Invalid(f"{name} is a GLB of version {version}: expected 2; export it again", code="mesh-version")
    if length > len(data) or len(data) < 20:
        raise Invalid(
            f"{name} declares {length:,} bytes and breaks off after {len(data):,}: expected a whole GLB; copy it again",
            code="mesh-truncated",
        )
    at, text, chunk = 12, None, None
    while at + 8 <= length:
        size, kind = int.from_bytes(data[at : at + 4], "little"), int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > length:
            raise Invalid(
                f"{name} has a chunk that exceeds the file: expected a whole GLB; copy it again", code="mesh-truncated"
            )
        body = data[at + 8 : at + 8 + size]
        if kind == _JSON and text is None:
            text = body
        elif kind == _BIN and chunk is None:
            chunk = body
        at += 8 + size + (-size % 4)
    if text is None:
        raise Invalid(f"{name} has no JSON chunk: expected a GLB; export it again", code="mesh-syntax")
    return text, chunk


def _one(key: str) -> str:
    """The name of one thing in a top-level array: meshes → mesh."""
    return key.removesuffix("es") if key == "meshes" else key.removesuffix("s")
