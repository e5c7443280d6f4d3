"""Seams of a tile: before its binary data, before its objects' names, behind them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from scenes.tiles.glb.buffers import Buffers
from scenes.tiles.glb.container import pack, unpack
from scenes.tiles.glb.seams import seams
from scenes.tiles.glb.table import METADATA, property_table


def tile(names: list[str], *, compress: bool, more: bool = True) -> bytes:
    """A GLB with a view of shapes and a table. more: with columns behind the names."""
    buffers = Buffers(compress=compress)
    buffers.raw(b"shapes")
    count = len(names)
    columns = {"gid": [f"m/{number}" for number in range(count)], "name": names}
    columns |= {"class": ["IfcWall"] * count, "storey": ["1"] * count} if more else {}
    extension = property_table(buffers, np.arange(count, dtype=np.uint32), pa.table(columns))
    own, data = buffers.finish()
    return pack({"bufferViews": buffers.views, "buffers": own, "extensions": {METADATA: extension}}, data)


@pytest.mark.parametrize("compress", [False, True], ids=["plain", "compressed"])
@pytest.mark.parametrize("count", [3, 200])
def test_only_what_describes_a_tile_and_its_names_differ_where_a_name_does(compress, count):
    names = [f"Wall {number}" for number in range(count)]
    pieces = []
    for some in (names, ["A longer name", *names[1:]]):
        data = tile(some, compress=compress)
        head, begin, behind = seams(data)
        assert data[head:] == unpack(data)[1]
        pieces.append((data[:head], data[head:begin], data[begin:behind], data[behind:]))
        assert "".join(some).encode() in pieces[-1][2]
    assert [one == other for one, other in zip(*pieces, strict=True)] == [False, True, False, True]


def test_names_may_stand_last_or_be_left_out():
    assert len(seams(tile(["Wall"], compress=True, more=False))) == 2
    data = tile(["", ""], compress=True)
    assert data[seams(data)[0] :] == unpack(data)[1]
    assert len(seams(data)) == 1


def test_a_tile_without_objects_has_one_seam():
    data = pack({"asset": {"version": "2.0"}}, b"12345678")
    assert data[seams(data)[0] :] == b"12345678"
    empty = pack({"asset": {"version": "2.0"}}, b"")
    assert seams(empty) == [len(empty)]
