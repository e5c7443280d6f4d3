"""Features as the tables of a layer draft: objects, properties, quantities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gis.columns import Columns, texts
from twin.layer import OBJECTS, PROPERTIES, QUANTITIES

Objects = npt.NDArray[np.object_]
F64 = npt.NDArray[np.float64]
_PLAIN_NUMBER = r"^[-+]?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$"


def objects_table(
    ids: Objects,
    *,
    type_: Objects,
    name: Objects,
    description: Objects,
    tag: Objects,
    discipline: Objects,
    cim_level: npt.NDArray[np.int8],
    engine: Objects,
) -> pa.Table:
    """One row a feature; see `twin.layer.OBJECTS`."""
    count = len(ids)
    given: dict[str, pa.Array] = {
        "id": pa.array(ids, pa.string()),
        "type": pa.array(type_, pa.string()),
        "name": pa.array(name, pa.string()),
        "description": pa.array(description, pa.string()),
        "tag": pa.array(tag, pa.string()),
        "discipline": pa.array(discipline, pa.string()),
        "cim_level": pa.array(cim_level, pa.int8()),
        "engine": pa.array(engine, pa.string()),
    }
    columns = [given.get(field.name, pa.nulls(count, field.type)) for field in OBJECTS]
    return pa.table(columns, schema=OBJECTS)


def properties_table(ids: Objects, columns: Columns, set_name: str) -> pa.Table:
    """Every attribute that is not null, as text for people and, where it is one, as a number."""
    keys = pa.array(ids, pa.string())
    parts = []
    for name in columns.names:
        values = texts(columns.table.column(name))
        kept = pc.is_valid(values)
        rows = pc.filter(keys, kept)
        count = len(rows)
        if count:
            numbers = pc.filter(_numbers(columns.table.column(name), values), kept)
            parts.append(
                pa.table(
                    [
                        rows,
                        pa.repeat(set_name, count),
                        pa.repeat(name, count),
                        pc.filter(values, kept),
                        numbers,
                        pa.nulls(count, pa.string()),
                        pa.repeat("occurrence", count),
                    ],
                    schema=PROPERTIES,
                )
            )
    return pa.concat_tables(parts) if parts else PROPERTIES.empty_table()


def _numbers(column: pa.ChunkedArray, values: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        numbers = column.combine_chunks()
        if pa.types.is_boolean(kind):
            numbers = numbers.cast(pa.int8())
        # whole 64-bit numbers beyond 2^53 lose digits here; the text keeps them
        return numbers.cast(pa.float64(), safe=False)
    return text_numbers(values)


def text_numbers(values: pa.Array) -> pa.Array:
    """Texts that are plain numbers as float64, null else; codes with a zero in front stay codes."""
    matches = pc.match_substring_regex(values, _PLAIN_NUMBER)
    return pc.if_else(matches, values, pa.scalar(None, pa.string())).cast(pa.float64())


def quantities_table(ids: Objects, measured: dict[str, tuple[str, F64]]) -> pa.Table:
    """Measured values that are numbers, one row each."""
    keys = pa.array(ids, pa.string())
    parts = []
    for name, (unit, values) in measured.items():
        rows = np.flatnonzero(np.isfinite(values))
        if len(rows):
            parts.append(
                pa.table(
                    [
                        keys if len(rows) == len(ids) else keys.take(pa.array(rows)),
                        pa.repeat("Measured", len(rows)),
                        pa.repeat(name, len(rows)),
                        pa.array(values[rows], pa.float64()),
                        pa.repeat(unit, len(rows)),
                        pa.repeat("measured", len(rows)),
                    ],
                    schema=QUANTITIES,
                )
            )
    return pa.concat_tables(parts) if parts else QUANTITIES.empty_table()


def concat(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """Tables of one schema as one."""
    return pa.concat_tables(tables).combine_chunks() if tables else schema.empty_table()
