"""From a draft's tables (local ids) to a layer's database (gids, ordinals, boxes)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twin.errors import Invalid
from twin.graph.schema import layer_tables
from twin.layer import LayerDraft

F64 = npt.NDArray[np.float64]


def check_ids(objects: pa.Table) -> None:
    """Raise Invalid where two objects of a layer have one id: a reader must have told them apart."""
    counts = objects.column("id").value_counts()
    twice = [item["values"].as_py() for item in counts if item["counts"].as_py() > 1]
    if twice:
        raise Invalid(f"{len(twice)} ids stand for several objects, such as {twice[0]!r}", code="duplicate-id")


def union_boxes(objects: pa.Table, boxes: F64) -> F64:
    """Boxes (n, 6) where a container without mesh gets the union of what it contains.

    Works upwards, one tree level at a time; parents that are missing or cyclic are left alone.
    """
    count = len(objects)
    if count == 0:
        return boxes
    ids = objects.column("id").combine_chunks()
    index = {value: row for row, value in enumerate(ids.to_pylist())}
    parent = np.array([index.get(value, -1) for value in objects.column("parent").to_pylist()], np.int64)
    depth = np.zeros(count, np.int64)
    current = parent.copy()
    for _ in range(256):
        alive = current >= 0
        if not alive.any():
            break
        depth[alive] += 1
        current[alive] = parent[current[alive]]
    has_mesh = np.asarray(np.isfinite(boxes).all(axis=1), np.bool_)
    low = np.where(np.isfinite(boxes[:, :3]), boxes[:, :3], np.inf)
    high = np.where(np.isfinite(boxes[:, 3:]), boxes[:, 3:], -np.inf)
    for level in range(int(depth[depth < 256].max(initial=0)), 0, -1):
        rows = np.flatnonzero((depth == level) & (low[:, 0] <= high[:, 0]))
        rows = rows[~has_mesh[parent[rows]]]
        np.minimum.at(low, parent[rows], low[rows])
        np.maximum.at(high, parent[rows], high[rows])
    merged = np.hstack((low, high))
    merged[~np.isfinite(merged).all(axis=1)] = np.nan
    return merged


def layer_database(path: Path) -> duckdb.DuckDBPyConnection:
    """A new or existing database of a layer version, open for writing, within the memory a worker may use for it."""
    return duckdb.connect(str(path), config={"memory_limit": "1GB", "threads": 2})


def write_layer_database(
    con: duckdb.DuckDBPyConnection, layer: str, draft: LayerDraft, ordinal: npt.NDArray[Any], boxes: F64
) -> None:
    """Fill a new `layer.duckdb`. ordinal (n,), boxes (n, 6) by row of `draft.objects`; rows are stored in ordinal order."""
    prefix = f"{layer}/"
    objects = draft.objects.append_column("ordinal", pa.array(ordinal, pa.int32()))
    for column, name in enumerate(("min_x", "min_y", "min_z", "max_x", "max_y", "max_z")):
        values = boxes[:, column]
        objects = objects.append_column(name, pa.array(values, pa.float64(), mask=~np.isfinite(values)))
    con.execute(layer_tables())
    con.execute("SET VARIABLE p = $p", {"p": prefix})
    con.execute("SET VARIABLE layer = $l", {"l": layer})
    for name, table in {
        "in_object": objects,
        "in_concept": draft.concepts,
        "in_relation": draft.relations,
        "in_property": draft.properties,
        "in_quantity": draft.quantities,
    }.items():
        con.register(name, table)
    con.execute(
        """
        INSERT INTO object SELECT getvariable('p') || id, getvariable('layer'), ordinal, id, type, ifc_class,
            predefined_type, name, description, tag, getvariable('p') || parent, getvariable('p') || storey,
            getvariable('p') || building, discipline, cim_level, elevation, engine,
            min_x, min_y, min_z, max_x, max_y, max_z
        FROM in_object ORDER BY ordinal
        """
    )
    con.execute(
        "INSERT INTO concept SELECT getvariable('p') || id, getvariable('layer'), kind, ifc_class, name, description"
        " FROM in_concept"
    )
    con.execute(
        "INSERT INTO relation SELECT getvariable('layer'), getvariable('p') || source, kind,"
        " getvariable('p') || target FROM in_relation"
    )
    for table, value in (("property", "value, number"), ("quantity", "value")):
        con.execute(
            f"INSERT INTO {table} SELECT getvariable('layer'), getvariable('p') || i.id, i.\"set\", i.name,"
            f" {', '.join('i.' + part.strip() for part in value.split(','))}, i.unit, i.origin"
            f" FROM in_{table} i LEFT JOIN in_object o ON o.id = i.id ORDER BY o.ordinal NULLS LAST, i.set, i.name"
        )
