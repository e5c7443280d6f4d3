"""From a draft's tables (local ids) to a layer version's tables (gids, ordinals, boxes)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twin.encoded import I64, codes, encoded, together
from twin.errors import Invalid
from twin.graph.schema import columns
from twin.graph.tablefile import write_table
from twin.layer import LayerDraft

F64 = npt.NDArray[np.float64]


def check_ids(objects: pa.Table) -> None:
    """Raise Invalid where two objects of a layer have one id: a reader must have told them apart."""
    ids = objects.column("id")
    if pc.count_distinct(ids, mode="all").as_py() == len(ids):
        return
    counts = ids.value_counts()
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
    place = pc.index_in(objects.column("parent"), value_set=objects.column("id").combine_chunks())
    parent = np.asarray(place.fill_null(-1).to_numpy(), np.int64)
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


def write_tables(folder: Path, layer: str, draft: LayerDraft, ordinal: npt.NDArray[Any], boxes: F64) -> None:
    """Write the graph tables of a version into its folder. ordinal (n,), boxes (n, 6) by row of `draft.objects`.

    Objects stand in ordinal order; properties and quantities by their object, set and name, those of concepts last.
    """
    tables = {
        "object": _objects(layer, draft.objects, ordinal, boxes),
        "concept": _prefixed(layer, draft.concepts, {"gid": "id"}),
        "relation": _prefixed(layer, draft.relations, {"source": "source", "target": "target"}),
    }
    for name, rows in (("property", encoded(draft.properties)), ("quantity", encoded(draft.quantities))):
        tables[name] = rows_of_objects(layer, rows, draft.objects, ordinal)
    for name, table in tables.items():
        write_table(folder, name, table.select(columns(name)))


def rows_of_objects(layer: str, rows: pa.Table, objects: pa.Table, ordinal: npt.NDArray[Any]) -> pa.Table:
    """Rows of properties or quantities as they stand in the table of a version. objects, ordinal: as in `write_tables`."""
    return _prefixed(layer, rows.take(_by_object(rows, objects, ordinal)), {"gid": "id"})


def _objects(layer: str, objects: pa.Table, ordinal: npt.NDArray[Any], boxes: F64) -> pa.Table:
    order = np.argsort(ordinal)
    table = _prefixed(
        layer,
        objects.take(order),
        {"gid": "id", "parent": "parent", "storey": "storey", "building": "building"},
    )
    table = table.append_column("ordinal", pa.array(ordinal[order], pa.int32()))
    for column, name in enumerate(("min_x", "min_y", "min_z", "max_x", "max_y", "max_z")):
        values = boxes[order, column]
        table = table.append_column(name, pa.array(values, pa.float64(), mask=~np.isfinite(values)))
    return table


def _prefixed(layer: str, table: pa.Table, gids: dict[str, str]) -> pa.Table:
    """The table with a column `layer`, and columns of gids by name made of a column of ids."""
    made = {name: table.column(name) for name in table.column_names}
    made["layer"] = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(table), np.int32)), pa.array([layer]))
    for gid, source in gids.items():
        ids = table.column(source)
        if pa.types.is_dictionary(ids.type):
            ids = ids.combine_chunks()
            whole = pc.binary_join_element_wise(f"{layer}/", ids.dictionary, "")
            made[gid] = pa.DictionaryArray.from_arrays(ids.indices, whole)
        else:
            made[gid] = pc.binary_join_element_wise(f"{layer}/", ids, "")
    return pa.table(made)


def _by_object(rows: pa.Table, objects: pa.Table, ordinal: npt.NDArray[Any]) -> I64:
    """The order of `rows` by the ordinal of their object, set and name, each with nothing last."""
    owner, ids = codes(rows.column("id"))
    place = pc.index_in(ids, value_set=objects.column("id").combine_chunks()).fill_null(len(objects)).to_numpy()
    by_row = np.append(ordinal.astype(np.int64), len(objects))
    owner = np.append(by_row[place], len(objects))[owner]
    count = max(len(rows), 1)
    # Numbers that are all different sort ten times as fast as three columns whose equal rows must keep their order.
    key = together(
        (owner, len(objects) + 1),
        _ranks(rows.column("set")),
        _ranks(rows.column("name")),
        (np.arange(len(rows)), count),
    )
    return np.sort(key) % count


def _ranks(texts: pa.ChunkedArray) -> tuple[I64, int]:
    """(n,) numbers that sort as the texts do, null last, and how many different ones there can be."""
    number, words = codes(texts)
    rank = np.full(len(words) + 1, len(words), np.int64)
    rank[pc.sort_indices(words).to_numpy()] = np.arange(len(words))
    return np.asarray(rank[number]), len(rank)
