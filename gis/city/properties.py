"""Attributes of city objects as rows of properties: texts for people, numbers in SI."""

from __future__ import annotations

from itertools import compress, repeat
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from gis.city.model import Attributes
from gis.city.polygons import I64
from gis.city.units import METRES, si
from gis.tables import text_numbers
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
        self.text = pa.array([_text(value) for value in self.value], pa.string())

    def _open_nested(self) -> None:
        kinds = list(map(type, self.value))
        nested = [kind is dict or kind is list for kind in kinds]
        if not any(nested):
            return
        rows = list(compress(range(len(nested)), nested))
        owner, name, set_, value, unit = [], [], [], [], []
        for row in rows:
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

    def column(self, names: tuple[str, ...], count: int) -> Any:
        """(count,) the first of these thematic attributes by object, None where it has none."""
        result = np.full(count, None, object)
        have = pa.array(self.name, pa.string())
        for name in reversed(names):
            rows = np.flatnonzero(pc.equal(have, name).to_numpy(zero_copy_only=False))
            rows = rows[[self.set_[row] is None for row in rows.tolist()]] if len(rows) else rows
            if len(rows):
                result[self.owner[rows]] = self.text.take(pa.array(rows)).to_pylist()
        return result

    def table(self, ids: Any, kept: I64) -> pa.Table:
        """PROPERTIES rows of the kept entries; ids (n,) by row."""
        text = self.text
        number = text_numbers(text)
        given = [float(v) if isinstance(v, int | float) else None for v in self.value]
        number = pc.coalesce(pa.array(given, pa.float64(), from_pandas=True), number)
        unit, number = self._units(number)
        keep = np.zeros(len(text), np.bool_)
        keep[kept] = True
        table = pa.table(
            [
                pa.array(ids[self.owner], pa.string()),
                pa.array([SET if item is None else item for item in self.set_], pa.string()),
                pa.array(self.name, pa.string()),
                text,
                number,
                unit,
                pa.repeat(pa.scalar("occurrence"), len(text)),
            ],
            schema=PROPERTIES,
        )
        return table.filter(pa.array(keep & pc.is_valid(text).to_numpy(zero_copy_only=False)))

    def _units(self, number: pa.Array) -> tuple[pa.Array, pa.Array]:
        """SI symbols, and numbers turned into them; a unit that is not known stays with its text."""
        unit = self.unit
        names = pa.array(self.name, pa.string())
        for name in METRES:
            for row in np.flatnonzero(pc.equal(names, name).to_numpy(zero_copy_only=False)).tolist():
                if unit[row] is None and self.set_[row] is None:
                    unit[row] = "m"
        given = [row for row, item in enumerate(unit) if item is not None]
        if not given:
            return pa.nulls(len(number), pa.string()), number
        values = number.to_numpy(zero_copy_only=False).copy()
        symbols: list[str | None] = list(repeat(None, len(unit)))
        known: dict[str, tuple[str, float] | None] = {}
        for row in given:
            name = str(unit[row])
            if name not in known:
                known[name] = si(name)
            found = known[name]
            if found is not None:
                symbols[row] = found[0]
                values[row] *= found[1]
            else:
                symbols[row] = name[:40]
        return pa.array(symbols, pa.string()), pa.array(values, pa.float64(), from_pandas=True)


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
            texts = [text for item in value if (text := _text(item)) is not None]
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


def _text(value: object) -> str | None:
    """As a person reads it; None for nothing."""
    kind = type(value)
    if kind is str:
        return str(value).strip() or None
    if kind is float:
        number = float(value)  # type: ignore[arg-type]
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if kind is bool:
        return "true" if value else "false"
    return str(value) if kind is int else None
