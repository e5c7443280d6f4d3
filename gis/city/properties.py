"""Attributes of city objects as rows of properties: texts for people, numbers in SI."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from gis.city.model import Attributes
from gis.city.polygons import I64, Mask
from gis.city.texts import as_read, text_of
from gis.city.units import METRES, si
from twin.layer import PROPERTIES

SET = "CityGML"
"""The thematic attributes of the class; CityJSON carries the same data model."""
MAX_DEPTH = 4
"""Attributes nested deeper than this are kept as JSON text."""
NAMES = ("name", "gml:name", "Name", "名称", "naam")
DESCRIPTIONS = ("description", "gml:description")


class Properties:
    """The long table, flattened. owner (k,) row of each entry."""

    def __init__(self, given: Attributes) -> None:
        self.owner = np.repeat(np.arange(len(given.count)), given.count)
        self.name, self.set_ = given.name, given.set_
        self.value, self.unit = given.value, given.unit
        self._open_nested()
        self.sets = pa.array(self.set_, pa.string())
        period = _period(self.name)
        self.text, self.number = as_read(self.value, period or 1)
        self.names = pa.array(self.name[:period], pa.string()).dictionary_encode()
        if period:
            turn = np.tile(self.names.indices.to_numpy(), len(self.name) // period)
            self.names = pa.DictionaryArray.from_arrays(pa.array(turn), self.names.dictionary)

    def _open_nested(self) -> None:
        if set(map(type, self.value)).isdisjoint({dict, list}):
            return
        nested = [type(value) in {dict, list} for value in self.value]
        owner, name, set_, value, unit = [], [], [], [], []
        for row in compress(range(len(nested)), nested):
            for found in _opened(self.set_[row], self.name[row], self.value[row], 0):
                owner.append(int(self.owner[row]))
                set_.append(found[0])
                name.append(found[1])
                value.append(found[2])
                unit.append(found[3])
        plain = [not item for item in nested]
        self.owner = np.concatenate((self.owner[plain], np.array(owner, np.int64)))
        self.name = [*compress(self.name, plain), *name]
        self.set_ = [*compress(self.set_, plain), *set_]
        self.value = [*compress(self.value, plain), *value]
        self.unit = [*compress(self.unit, plain), *unit]

    def _named(self, names: Iterable[str]) -> Mask:
        """(k,) thematic attributes of these names."""
        known = pc.is_in(self.names.dictionary, value_set=pa.array(sorted(names), pa.string()))
        if not pc.any(known).as_py():
            return np.zeros(len(self.owner), np.bool_)
        found = known.to_numpy(zero_copy_only=False)[self.names.indices.to_numpy()]
        return np.asarray(found & ~_valid(self.sets))

    def column(self, names: tuple[str, ...], count: int) -> Any:
        """(count,) the first of these thematic attributes by object, None where it has none."""
        result = np.full(count, None, object)
        for name in reversed(names):
            rows = np.flatnonzero(self._named([name]))
            if len(rows):
                result[self.owner[rows]] = self.text.take(pa.array(rows)).to_pylist()
        return result

    def table(self, ids: Any, kept: I64) -> pa.Table:
        """PROPERTIES rows of the kept entries; ids (n,) by row."""
        unit, number = self._units(self.number)
        keep = np.zeros(len(self.text), np.bool_)
        keep[kept] = True
        keep &= _valid(self.text)
        table = pa.table(
            [
                pa.array(ids.tolist(), pa.string()).take(pa.array(self.owner)),
                pc.fill_null(self.sets, SET),
                self.names.dictionary_decode(),
                self.text,
                number,
                unit,
                pa.repeat(pa.scalar("occurrence"), len(self.text)),
            ],
            schema=PROPERTIES,
        )
        return table if keep.all() else table.filter(pa.array(keep))

    def _units(self, number: pa.Array) -> tuple[pa.Array, pa.Array]:
        """SI symbols, and numbers turned into them; a unit that is not known stays with its text."""
        unit = pa.array(self.unit, pa.string())
        metres = pa.array(self._named(METRES) & ~_valid(unit))
        unit = pc.if_else(metres, pa.scalar("m"), unit).dictionary_encode()
        written = unit.dictionary.to_pylist()
        if not written:
            return pa.nulls(len(number), pa.string()), number
        found = [si(name) or (name[:40], 1.0) for name in written]
        factor = pa.array([factor for _, factor in found], pa.float64()).take(unit.indices)
        symbol = pa.array([symbol for symbol, _ in found], pa.string()).take(unit.indices)
        return symbol, pc.multiply(number, pc.fill_null(factor, 1.0))


def _period(names: list[str]) -> int | None:
    """After how many names they come again and again, as where all objects have the same attributes; None where not."""
    try:
        period = names.index(names[0], 1)
    except (ValueError, IndexError):
        return None
    return period if names[:period] * (len(names) // period) == names else None


def _valid(values: pa.Array) -> Mask:
    return np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False))


def _opened(set_: str | None, name: str, value: Any, depth: int) -> list[tuple[str | None, str, object, str | None]]:
    """(set, name, value, unit) of everything inside a nested attribute."""
    if isinstance(value, dict):
        if "uom" in value and "value" in value:
            return [(set_, name, value["value"], str(value["uom"]))]
        if depth >= MAX_DEPTH:
            return [(set_, name, _json(value), None)]
        inner = name if set_ is None else f"{set_}.{name}"
        return [row for key, item in value.items() for row in _opened(inner, key, item, depth + 1)]
    if isinstance(value, list):
        if not any(isinstance(item, dict | list) for item in value):
            texts = [text for item in value if (text := text_of(item)) is not None]
            return [(set_, name, ", ".join(texts), None)] if texts else []
        if depth >= MAX_DEPTH:
            return [(set_, name, _json(value), None)]
        return [
            row
            for number, item in enumerate(value, 1)
            for row in _opened(set_, name if number == 1 else f"{name} {number}", item, depth + 1)
        ]
    return [(set_, name, value, None)]


def _json(value: object) -> str | None:
    """The rest as it was written; None where it is nested beyond what can be written again."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return None
