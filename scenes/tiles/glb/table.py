"""The property table of a tile: EXT_structural_metadata, class `object`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from scenes.tiles.arrays import U32
from scenes.tiles.glb.buffers import Buffers

METADATA = "EXT_structural_metadata"
COLUMNS = ("gid", "name", "class", "storey")
TEXT = {"type": "STRING", "required": True}
ORDINAL = {"type": "SCALAR", "componentType": "UINT32", "required": True}


def property_table(buffers: Buffers, ordinal: U32, columns: pa.Table) -> dict[str, Any]:
    """Write one row per feature; returns the extension's object. columns: those of COLUMNS that stand here, without nulls.

    A column in which every text is empty is left out: a buffer view cannot be empty, and the official
    validator wants it as long as its texts.
    """
    properties: dict[str, Any] = {"ordinal": {"values": buffers.numbers(ordinal)}}
    for name in (one for one in COLUMNS if one in columns.column_names):
        text = columns.column(name).combine_chunks()
        text = pa.concat_arrays(text.chunks) if isinstance(text, pa.ChunkedArray) else text
        _, offset_buffer, data = text.buffers()
        offsets = np.frombuffer(offset_buffer, "<i4", len(text) + 1, 4 * text.offset)
        values = b"" if data is None else data.to_pybytes()[offsets[0] : offsets[-1]]
        if not values:
            continue
        offsets = (offsets - offsets[0]).astype(np.uint32)
        wide = int(offsets[-1]) > 0xFFFF or buffers.packs(len(offsets))
        properties[name] = {
            "values": buffers.raw(values),
            "stringOffsets": buffers.numbers(offsets) if wide else buffers.raw(offsets.astype("<u2").tobytes()),
            "stringOffsetType": "UINT32" if wide else "UINT16",
        }
    columns_written = {name: ORDINAL if name == "ordinal" else TEXT for name in properties}
    return {
        "schema": {
            "id": "parktwin",
            "classes": {"object": {"name": "Object", "properties": columns_written}},
        },
        "propertyTables": [{"class": "object", "count": len(ordinal), "properties": properties}],
    }
