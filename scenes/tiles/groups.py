"""Groups of a building's objects that are shown and hidden together: storeys, then disciplines."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scenes.tiles.arrays import I64, Flags
from scenes.tiles.plan import MAX_TRIANGLES, Grouping

MIN_TRIANGLES = 20_000
"""Smaller groups share a tile with their neighbours."""
SYSTEMS = ("hvac", "electrical", "plumbing", "fire")


def by_storey_and_discipline(objects: pa.Table, triangles: I64) -> Grouping:
    """Storeys in order of building and height, small neighbours together; inside one storey shell and systems apart."""
    storey = storey_ranks(objects)
    systems = np.asarray(
        pc.fill_null(pc.is_in(objects.column("discipline"), value_set=pa.array(SYSTEMS)), False).to_numpy(
            zero_copy_only=False
        ),
        np.bool_,
    )

    def group(rows: I64) -> list[I64]:
        bins = _bins(rows, storey, triangles)
        if len(bins) > 1:
            return bins
        return _halves(rows, systems, triangles)

    return group


def storey_ranks(objects: pa.Table) -> I64:
    """For each row the place of its storey, by building, height and id; −1 without storey."""
    ids = objects.column("id").combine_chunks()
    at = pc.fill_null(pc.index_in(objects.column("storey"), value_set=ids), -1).to_numpy(zero_copy_only=False)
    used = np.unique(at[at >= 0])
    rows = objects.take(pa.array(used))
    keys = list(
        zip(
            ("" if value is None else value for value in rows.column("building").to_pylist()),
            (0.0 if value is None else value for value in rows.column("elevation").to_pylist()),
            rows.column("id").to_pylist(),
            used.tolist(),
            strict=True,
        )
    )
    rank = np.full(len(objects) + 1, -1, np.int64)
    rank[[key[3] for key in sorted(keys)]] = np.arange(len(keys))
    return np.asarray(rank[at])


def _bins(rows: I64, storey: I64, triangles: I64) -> list[I64]:
    """Neighbouring storeys up to a tile's worth."""
    bins: list[list[I64]] = []
    filled: list[int] = []
    for rank in np.unique(storey[rows]):
        part = rows[storey[rows] == rank]
        weight = int(triangles[part].sum())
        if bins and filled[-1] < MIN_TRIANGLES and filled[-1] + weight <= MAX_TRIANGLES:
            bins[-1].append(part)
            filled[-1] += weight
        else:
            bins.append([part])
            filled.append(weight)
    if len(bins) > 1 and filled[-1] < MIN_TRIANGLES and filled[-1] + filled[-2] <= MAX_TRIANGLES:
        last = bins.pop()
        bins[-1].extend(last)
    return [np.sort(np.concatenate(parts)) for parts in bins]


def _halves(rows: I64, systems: Flags, triangles: I64) -> list[I64]:
    parts = [rows[~systems[rows]], rows[systems[rows]]]
    if min(int(triangles[part].sum()) for part in parts) < MIN_TRIANGLES:
        return [rows]
    return parts


def ungrouped(rows: I64) -> list[I64]:
    """No groups: everything is split by space."""
    return [rows]
