"""The tile formats of 3D Tiles 1.0: b3dm, i3dm, pnts and cmpt."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.shape import Field, Table, check_object, every
from scenes.tiles.check.source import Unreadable, parse

HEADERS = {b"b3dm": 28, b"i3dm": 32, b"pnts": 28, b"cmpt": 16}
LENGTH = Field("integer", required=True, low=0)
FEATURES: dict[bytes, Table] = {
    b"b3dm": {"BATCH_LENGTH": LENGTH},
    b"i3dm": {"INSTANCES_LENGTH": LENGTH},
    b"pnts": {"POINTS_LENGTH": LENGTH},
}
SIZES = {
    "POSITION": (12, 4), "POSITION_QUANTIZED": (6, 2), "NORMAL_UP": (12, 4), "NORMAL_RIGHT": (12, 4),
    "NORMAL_UP_OCT32P": (4, 2), "NORMAL_RIGHT_OCT32P": (4, 2), "SCALE": (4, 4), "SCALE_NON_UNIFORM": (12, 4),
    "RGBA": (4, 1), "RGB": (3, 1), "RGB565": (2, 2), "NORMAL": (12, 4), "NORMAL_OCT16P": (2, 1),
}  # fmt: skip
"""Bytes per feature and of a component (3D Tiles 1.0, feature tables)."""
COMPONENTS = {
    "BYTE": 1, "UNSIGNED_BYTE": 1, "SHORT": 2, "UNSIGNED_SHORT": 2, "INT": 4, "UNSIGNED_INT": 4, "FLOAT": 4, "DOUBLE": 8,
}  # fmt: skip
VECTORS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}

Payload = tuple[str, bytes | str]
"""A place and the bytes there, or a URI."""


@dataclass(frozen=True)
class _Sections:
    features: bytes
    feature_data: bytes
    batch: bytes
    batch_data: bytes
    body: bytes


def check_container(issues: Issues, data: bytes) -> list[Payload]:
    """Judge a tile's header and tables; returns what it holds: inner tiles, a glb, or a glTF's URI."""
    magic = data[:4]
    size = HEADERS[magic]
    if len(data) < size:
        issues.add("BINARY_INVALID_LENGTH", "", f"{len(data)} bytes do not hold the header of {size}")
        return []
    version, length = struct.unpack_from("<II", data, 4)
    if version != 1:
        issues.add("BINARY_INVALID_VALUE", "/version", f"the version is {version}, not 1")
        return []
    if length != len(data):
        issues.add("BINARY_INVALID_LENGTH", "/byteLength", f"byteLength is {length}, the tile has {len(data)} bytes")
        return []
    if length % 8:
        issues.add("BINARY_INVALID_ALIGNMENT", "/byteLength", f"byteLength {length} is no multiple of 8")
    if magic == b"cmpt":
        return list(_inner(issues, data))
    sections = _sections(issues, data, size)
    if sections is None or not _tables(issues, magic, sections):
        return []
    if magic == b"pnts":
        return []
    return _model(issues, data, sections.body, external=magic == b"i3dm" and data[28:32] == bytes(4))


def _inner(issues: Issues, data: bytes) -> Iterator[Payload]:
    (count,) = struct.unpack_from("<I", data, 12)
    start = 16
    for index in range(count):
        length = struct.unpack_from("<I", data, start + 8)[0] if start + 12 <= len(data) else 0
        if length < 12 or start + length > len(data):
            message = f"inner tile {index} of {count} does not fit the {len(data)} bytes"
            issues.add("BINARY_INVALID_LENGTH", f"/tiles/{index}", message)
            return
        yield f"/tiles/{index}", data[start : start + length]
        start += length


def _sections(issues: Issues, data: bytes, size: int) -> _Sections | None:
    ends = [size]
    for length in struct.unpack_from("<IIII", data, 12):
        ends.append(ends[-1] + length)
    if ends[-1] > len(data):
        issues.add("BINARY_INVALID_LENGTH", "", f"the tables end at {ends[-1]}, the tile at {len(data)}")
        return None
    names = ("featureTableJSON", "featureTableBinary", "batchTableJSON", "batchTableBinary")
    for name, start, end in zip(names, ends, ends[1:], strict=False):
        if end % 8 and end > start:
            issues.add("BINARY_INVALID_ALIGNMENT", f"/{name}", f"it ends at byte {end}, no multiple of 8")
    return _Sections(*(data[a:b] for a, b in zip(ends, [*ends[1:], len(data)], strict=True)))


def _tables(issues: Issues, magic: bytes, sections: _Sections) -> bool:
    try:
        features = parse(sections.features) if sections.features else {}
        batch = parse(sections.batch) if sections.batch else {}
    except Unreadable as error:
        return issues.add(error.kind, "/featureTable", str(error))
    table = FEATURES[magic]
    if not check_object(issues, "/featureTable", features, table) or not check_object(issues, "/batchTable", batch, {}):
        return False
    if magic != b"b3dm" and not features.keys() & {"POSITION", "POSITION_QUANTIZED"}:
        return issues.add("ANY_OF_ERROR", "/featureTable", "POSITION or POSITION_QUANTIZED is needed")
    count = int(features[next(iter(table))])
    fine = True
    for name, (size, align) in SIZES.items():
        offset = _offset(features.get(name))
        if offset is not None:
            fine &= _fits(issues, f"/featureTable/{name}", offset, count * size, align, len(sections.feature_data))
    rows = _offset(features.get("BATCH_LENGTH"), plain=True) if magic == b"pnts" else count
    return fine & every(_batch(issues, f"/batchTable/{k}", v, rows, len(sections.batch_data)) for k, v in batch.items())


def _offset(value: Any, *, plain: bool = False) -> int | None:
    if not plain:
        value = value.get("byteOffset") if isinstance(value, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _fits(issues: Issues, path: str, offset: int, size: int, align: int, there: int) -> bool:
    if offset % align:
        return issues.add("BINARY_INVALID_ALIGNMENT", path, f"byteOffset {offset} is no multiple of {align}")
    if offset < 0 or offset + size > there:
        return issues.add("BINARY_INVALID_LENGTH", path, f"{size} bytes from {offset} on exceed the {there} there are")
    return True


def _batch(issues: Issues, path: str, value: Any, rows: int | None, there: int) -> bool:
    if path in {"/batchTable/extensions", "/batchTable/extras", "/batchTable/HIERARCHY"}:
        return True
    if isinstance(value, list):
        if rows is None or len(value) == rows:
            return True
        return issues.add("ARRAY_LENGTH_MISMATCH", path, f"{len(value)} values for {rows} features")
    if not isinstance(value, dict):
        return issues.add("TYPE_MISMATCH", path, "a batch table property is an array or refers to the binary")
    component, width = COMPONENTS.get(str(value.get("componentType"))), VECTORS.get(str(value.get("type")))
    if component is None or width is None:
        return issues.add("VALUE_NOT_IN_LIST", path, "componentType or type is unknown")
    offset = _offset(value)
    if offset is None:
        return issues.add("PROPERTY_MISSING", path, "byteOffset is required")
    return _fits(issues, path, offset, (rows or 0) * component * width, component, there)


def _model(issues: Issues, data: bytes, body: bytes, *, external: bool) -> list[Payload]:
    if external:
        if body.endswith(b"\0"):
            message = "the URI is padded with zeros, where the specification wants spaces"
            issues.add("BINARY_INVALID_PADDING", "/uri", message, severity="WARNING")
        try:
            return [("/uri", body.decode("utf-8").strip("\0 "))]
        except UnicodeDecodeError:
            issues.add("BINARY_INVALID_VALUE", "/uri", "the URI is not UTF-8")
            return []
    if (len(data) - len(body)) % 8:
        issues.add("BINARY_INVALID_ALIGNMENT", "/glb", f"the glb starts at {len(data) - len(body)}")
    if not body:
        issues.add("BINARY_INVALID_LENGTH", "/glb", "there is no glb")
        return []
    # Up to 7 bytes after the glb pad the tile.
    length = struct.unpack_from("<I", body, 8)[0] if len(body) >= 12 else 0
    return [("/glb", body[:length] if 0 <= len(body) - length < 8 else body)]
