"""The binary columns of property tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import COMPONENTS, Property
from scenes.tiles.check.values import exactly, within


def check_column(
    issues: Issues, path: str, prop: Property, column: dict[str, Any], views: dict[str, bytes], count: int
) -> bool:
    """Judge one column of `count` rows. views: the bytes behind values, arrayOffsets and stringOffsets."""
    elements = count * (prop.count or 1)
    if prop.variable:
        ends = _offsets(issues, f"{path}/arrayOffsets", views["arrayOffsets"], column.get("arrayOffsetType"), count)
        if ends is None:
            return False
        elements = int(ends[-1])
    values = views["values"]
    if prop.type == "STRING":
        return _strings(issues, path, column, views, elements)
    if prop.type == "BOOLEAN":
        return _size(issues, path, len(values), (elements + 7) // 8)
    dtype = np.dtype(COMPONENTS[prop.component])
    if not _size(issues, path, len(values), elements * prop.width * dtype.itemsize):
        return False
    numbers = np.frombuffer(values, dtype)
    if prop.type == "ENUM":
        unknown = np.setdiff1d(numbers, list(prop.enum.values()))
        if len(unknown):
            return issues.add("METADATA_INVALID_ENUM_VALUE", path, f"the enum has no value {unknown[0]}")
        return True
    if prop.variable or not count:
        return True
    return check_limits(issues, path, prop, column, numbers.reshape(count, -1))


def check_limits(issues: Issues, path: str, prop: Property, column: dict[str, Any], rows: np.ndarray[Any, Any]) -> bool:
    """Stored rows (n, components) against min and max of the class property and of the table's own."""
    missing = prop.raw.get("noData")
    if missing is not None and prop.numeric:
        flat = np.asarray(missing, np.float64).ravel()
        rows = rows[~(rows == flat).all(axis=1)]
    if not len(rows) or not prop.numeric:
        return True
    real = prop.real(rows, column)
    if not np.isfinite(real).all():
        return issues.add("METADATA_VALUE_NOT_IN_RANGE", path, "the column holds NaN or infinity")
    low, high = real.min(axis=0), real.max(axis=0)
    return within(issues, path, prop.raw, low, high) and exactly(issues, path, column, low, high)


def _size(issues: Issues, path: str, found: int, wanted: int) -> bool:
    if found == wanted:
        return True
    return issues.add("METADATA_INVALID_LENGTH", path, f"the buffer view has {found} bytes, the values need {wanted}")


def _offsets(issues: Issues, path: str, data: bytes, kind: str | None, count: int) -> np.ndarray[Any, Any] | None:
    dtype = np.dtype(COMPONENTS[kind or "UINT32"])
    if not _size(issues, path, len(data), (count + 1) * dtype.itemsize):
        return None
    ends = np.frombuffer(data, dtype)
    if ends[0] != 0 or (ends[1:] < ends[:-1]).any() or int(ends[-1]) >= 1 << 62:
        issues.add("METADATA_INVALID_OFFSETS", path, "offsets start at 0 and never fall")
        return None
    return ends


def _strings(issues: Issues, path: str, column: dict[str, Any], views: dict[str, bytes], count: int) -> bool:
    data, where = views["values"], f"{path}/stringOffsets"
    ends = _offsets(issues, where, views["stringOffsets"], column.get("stringOffsetType"), count)
    if ends is None or not _size(issues, path, len(data), int(ends[-1])):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return issues.add("METADATA_INVALID_ENCODING", path, f"the strings are not UTF-8: {error.reason}")
    # A string may not start inside a character: continuation bytes are 10xxxxxx.
    heads = np.frombuffer(data, np.uint8)[ends[ends < len(data)].astype(np.int64)]
    if ((heads & 0xC0) == 0x80).any():
        return issues.add("METADATA_INVALID_ENCODING", path, "a string starts inside a UTF-8 character")
    return True
