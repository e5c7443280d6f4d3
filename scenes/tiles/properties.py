"""The columns that tiles carry of each object."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def tile_columns(objects: pa.Table, layer: str) -> pa.Table:
    """gid, name, class (the IFC class, else the type), storey (its name), by object row, without nulls."""
    ids = objects.column("id").combine_chunks()
    names = objects.column("name").combine_chunks()
    storey = pc.take(names, pc.index_in(objects.column("storey"), value_set=ids))
    columns = {
        "gid": pc.binary_join_element_wise(pa.scalar(layer), ids, "/"),
        "name": names,
        "class": pc.coalesce(objects.column("ifc_class"), objects.column("type")),
        "storey": storey,
    }
    return pa.table({name: pc.fill_null(column, "").cast(pa.string()) for name, column in columns.items()})
