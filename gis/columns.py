"""A layer's attributes by the names people give them: aliases, any case, numbers written as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Objects = npt.NDArray[np.object_]
F64 = npt.NDArray[np.float64]

_NUMBER = r"^\s*(?:DN|De|dn|[φΦøØ≈~<>≤≥])?\s*(?P<n>[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)\s*(?P<u>[^\d\s;,/]*)"
_UNITS = {"ft": 0.3048, "feet": 0.3048, "'": 0.3048, "′": 0.3048, "mm": 0.001, "cm": 0.01, "km": 1000.0, "厘米": 0.01}
_PLAIN = (1e-4, 1e10)
"""Between these Arrow writes a number as Python does."""
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A field name without case, blanks and marks: `building:levels`, `Building_Levels` → `buildinglevels`."""
    return re.sub(r"[\s_:.\-()（）/]+", "", name).lower()


class Columns:
    """Attributes (n rows). Names are matched by `plain`; the first alias that exists and is not null wins by row."""

    def __init__(self, table: pa.Table, count: int) -> None:
        self._count = count  # Arrow forgets the number of rows of a table without columns
        self.table = _with_other_tags(table)
        self.names: list[str] = list(self.table.column_names)
        self._by_plain: dict[str, int] = {}
        for index, name in enumerate(self.names):
            self._by_plain.setdefault(plain(name), index)
        self._text: dict[int, Objects] = {}

    def __len__(self) -> int:
        return self._count

    def has(self, name: str) -> bool:
        """Whether there is such a field."""
        return plain(name) in self._by_plain

    def text(self, aliases: Iterable[str]) -> Objects:
        """(n,) text or None. Whole numbers lose their decimal point; blank counts as null."""
        result = np.full(len(self), None, object)
        for index in self._indices(aliases):
            values = self._as_text(index)
            result = np.where(result == None, values, result)  # noqa: E711  elementwise
        return result

    def number(self, aliases: Iterable[str], *, units: bool = True) -> F64:
        """(n,) numbers, NaN where there is none. Text such as `12 m`, `40 ft`, `3,5` is read; lengths become metres."""
        result = np.full(len(self), np.nan)
        for index in self._indices(aliases):
            values = self._as_number(index, units=units)
            result = np.where(np.isnan(result), values, result)
        return result

    def take(self, rows: npt.NDArray[np.int64]) -> Columns:
        """The given rows only."""
        part = Columns.__new__(Columns)
        part._count = len(rows)  # noqa: SLF001
        part.table = self.table.take(pa.array(rows)) if self.names else self.table
        part.names, part._by_plain = self.names, self._by_plain  # noqa: SLF001
        part._text = {index: values[rows] for index, values in self._text.items()}  # noqa: SLF001
        return part

    def _indices(self, aliases: Iterable[str]) -> Sequence[int]:
        keys = (plain(name) for name in aliases)
        return [self._by_plain[key] for key in keys if key in self._by_plain]

    def _as_text(self, index: int) -> Objects:
        if index not in self._text:
            self._text[index] = texts(self.table.column(index)).to_numpy(zero_copy_only=False)
        return self._text[index]

    def _as_number(self, index: int, *, units: bool) -> F64:
        column = self.table.column(index)
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
        # a field with both numbers and text comes as JSON
        found = pc.extract_regex(pa.array(self._as_text(index), pa.string()), _NUMBER)
        digits = pc.replace_substring(pc.struct_field(found, "n"), ",", ".")
        values = np.asarray(digits.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
        if units:
            unit = pc.utf8_lower(pc.struct_field(found, "u"))
            for name, factor in _UNITS.items():
                hit = pc.fill_null(pc.equal(unit, name), False).to_numpy(zero_copy_only=False)
                values = np.where(hit, values * factor, values)
        return values


def texts(column: pa.ChunkedArray) -> pa.Array:
    """A column as text for people; null where there is nothing to read."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        column = column.combine_chunks().storage if isinstance(column, pa.ChunkedArray) else column.storage
        kind = column.type
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        joined = pc.binary_join(column.cast(pa.list_(pa.string())), ", ")
        return _blank_to_null(joined)
    if pa.types.is_floating(kind):
        values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        single = pa.types.is_float32(kind)
        if not single:
            return pc.if_else(pa.array(np.isnan(values)), pa.scalar(None, pa.string()), float_texts(values))
        return pa.array([_float_text(v) for v in values.tolist()], pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_nested(kind):
        return pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    return _blank_to_null(column.cast(pa.string()))


def float_texts(values: F64) -> pa.Array:
    """Numbers of double precision as texts, whole ones without a decimal point."""
    size = np.abs(values)
    whole = (np.trunc(values) == values) & (size < 1e15)
    text = pa.array(np.where(whole, values, 0.0)).cast(pa.int64()).cast(pa.string())
    plain = (size >= _PLAIN[0]) & (size < _PLAIN[1])
    text = pc.if_else(pa.array(plain & ~whole), pa.array(values).cast(pa.string()), text)
    rest = ~(plain | whole)
    if rest.any():
        text = pc.replace_with_mask(text, pa.array(rest), pa.array(map(repr, values[rest].tolist()), pa.string()))
    return text


def _float_text(value: float) -> str | None:
    """A number of single precision."""
    if value != value:  # noqa: PLR0124  NaN
        return None
    if abs(value) < 1e15 and value == int(value):
        return str(int(value))
    return f"{value:.7g}"


def _blank_to_null(column: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _with_other_tags(table: pa.Table) -> pa.Table:
    """OpenStreetMap extracts keep rarer tags in one text field; each becomes a column of its own."""
    if "other_tags" not in table.column_names:
        return table
    rows = [dict(_HSTORE.findall(text)) if text else {} for text in table["other_tags"].to_pylist()]
    present = {plain(name) for name in table.column_names}
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    for name in sorted(counts, key=lambda key: -counts[key]):
        if plain(name) not in present:
            present.add(plain(name))
            table = table.append_column(name, pa.array([row.get(name) for row in rows], pa.string()))
    return table.drop_columns(["other_tags"])
