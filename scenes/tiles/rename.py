"""Other names for objects of tiles that stand as they are: only the property tables are written anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import meshopt
import numpy as np
import pyarrow as pa

from scenes.tiles.arrays import U32
from scenes.tiles.glb import names_apart
from scenes.tiles.glb.buffers import MESHOPT, Buffers
from scenes.tiles.glb.container import pack, unpack
from scenes.tiles.glb.names_apart import names_of
from scenes.tiles.glb.table import COLUMNS, METADATA, property_table

_NUMBERED = re.compile(r"(\d+)\.glb")


def renamed(folder: Path, names: Mapping[int, str]) -> dict[str, bytes]:
    """The tiles in `folder` that hold these objects, with their new names: by file name the GLB, or what stands beside it.

    names: by ordinal. The same bytes as the builder writes for objects of these names. Objects without a mesh
    stand in no tile.
    """
    found: dict[str, bytes] = {}
    tiles = sorted((path for path in folder.glob("*.glb") if _NUMBERED.fullmatch(path.name)), key=lambda p: int(p.stem))
    for path in tiles:
        document, binary = unpack(path.read_bytes())
        table = document["extensions"][METADATA]["propertyTables"][0]
        ordinal = np.frombuffer(_view(document, binary, table["properties"]["ordinal"]["values"]), "<u4")
        mine = {row: names[number] for row, number in enumerate(ordinal.tolist()) if number in names}
        apart = names_of(document)
        if mine and apart is not None:
            found[apart] = names_apart.renamed(folder / apart, mine)
        elif mine:
            columns = _columns(document, binary, table)
            column = [mine.get(row, name) for row, name in enumerate(columns.column("name").to_pylist())]
            place = columns.schema.get_field_index("name")
            columns = columns.set_column(place, "name", pa.array(column, pa.string()))
            found[path.name] = _with(document, binary, table, ordinal, columns)
    return found


def _view(document: dict[str, Any], binary: bytes, index: int) -> bytes:
    """What a buffer view holds, decoded."""
    one = document["bufferViews"][index]
    packed = one.get("extensions", {}).get(MESHOPT, one)
    data = binary[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
    if packed is one:
        return data
    return bytes(meshopt.decode_gltf_buffer(data, packed["count"], packed["byteStride"], packed["mode"]))


def _columns(document: dict[str, Any], binary: bytes, table: dict[str, Any]) -> pa.Table:
    """The texts of a tile's features; a column that was left out is empty texts."""
    properties, count = table["properties"], table["count"]
    columns = {}
    for name in COLUMNS:
        told = properties.get(name)
        if told is None:
            columns[name] = pa.array([""] * count, pa.string())
            continue
        wide = told["stringOffsetType"] == "UINT32"
        offsets = np.frombuffer(_view(document, binary, told["stringOffsets"]), "<u4" if wide else "<u2").astype(
            np.int32
        )
        columns[name] = pa.StringArray.from_buffers(
            count, pa.py_buffer(offsets.tobytes()), pa.py_buffer(_view(document, binary, told["values"]))
        )
    return pa.table(columns)


def _with(document: dict[str, Any], binary: bytes, table: dict[str, Any], ordinal: U32, columns: pa.Table) -> bytes:
    """The tile with another property table, which stands last in it; one that does not stays as dead bytes."""
    views, told = document["bufferViews"], table["properties"].values()
    first = table["properties"]["ordinal"]["values"]
    begin = views[first].get("extensions", {}).get(MESHOPT, views[first])["byteOffset"]
    if max(one.get("stringOffsets", one["values"]) for one in told) < len(views) - 1:
        first, begin = len(views), len(binary)
    compress = MESHOPT in document["extensionsUsed"]
    buffers = Buffers.resumed(views[:first], binary[:begin], compress=compress)
    extension = property_table(buffers, ordinal, columns)
    own, data = buffers.finish()
    return pack(
        {
            **document,
            "bufferViews": buffers.views,
            "buffers": own,
            "extensions": {**document["extensions"], METADATA: extension},
        },
        data,
    )
