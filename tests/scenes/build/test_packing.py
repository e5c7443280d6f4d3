"""Tiles are packed once: what is packed already is counted and left."""

from __future__ import annotations

import gzip

import numpy as np
import pyarrow as pa
import pytest

from scenes.build import packing
from scenes.build.packing import gzipped, pack
from scenes.tiles.glb.buffers import Buffers
from scenes.tiles.glb.container import pack as glb
from scenes.tiles.glb.table import METADATA, property_table

SHAPES = np.random.default_rng(1).integers(0, 99, 20_000, np.uint8).tobytes()


def tile(names: list[str], shapes: bytes = SHAPES) -> bytes:
    """A GLB with shapes and a table of objects."""
    buffers = Buffers(compress=True)
    buffers.raw(shapes)
    count = len(names)
    gids = [f"m/{number:022}" for number in range(count)]
    columns = pa.table({"gid": gids, "name": names, "class": ["IfcWall"] * count, "storey": ["1"] * count})
    table = property_table(buffers, np.arange(count, dtype=np.uint32), columns)
    own, data = buffers.finish()
    return glb({"bufferViews": buffers.views, "buffers": own, "extensions": {METADATA: table}}, data)


def test_tiles_and_tilesets_below_a_folder_are_packed_and_counted(tmp_path):
    (tmp_path / "0").mkdir()
    files = {"tileset.json": b"{}" * 200, "0/0.glb": tile(["Wall"] * 90)}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "notes.txt").write_text("not a tile")
    before, after = pack(tmp_path)
    packed = {name: (tmp_path / f"{name}.gz").read_bytes() for name in files}
    assert {name: gzip.decompress(data) for name, data in packed.items()} == files
    assert (before, after) == (sum(map(len, files.values())), sum(map(len, packed.values())))
    assert not (tmp_path / "notes.txt.gz").exists()


def test_what_is_packed_stays_as_it_is(tmp_path):
    (tmp_path / "0.glb").write_bytes(b"glTF" * 300)
    (tmp_path / "0.glb.gz").write_bytes(b"from before")
    assert pack(tmp_path) == (1200, len(b"from before"))
    assert (tmp_path / "0.glb.gz").read_bytes() == b"from before"


NAMES = [f"Wall {number}" for number in range(90)]
OTHERS = {
    "a name": tile(["Another wall", *NAMES[1:]]),
    "no name": tile([""] * 90),
    "shapes": tile(NAMES, SHAPES[:-64] + bytes(64)),
    "no tile": b"{}" * 200,
    "nothing": b"",
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_whatever_is_taken_from_an_earlier_tile_the_bytes_are_the_same(other):
    earlier = tile(NAMES)
    alone = gzipped(other)
    assert gzip.decompress(alone) == other
    assert gzipped(other, earlier, gzipped(earlier)) == alone
    assert gzipped(earlier, other, alone) == gzipped(earlier)


def test_only_pieces_that_differ_are_deflated(monkeypatch):
    earlier, renamed = tile(NAMES), OTHERS["a name"]
    before = gzipped(earlier)
    deflated = []
    plain = packing._deflated
    monkeypatch.setattr(packing, "_deflated", lambda piece: deflated.append(len(piece)) or plain(piece))
    gzipped(renamed, earlier, before)
    assert 0 < sum(deflated) < len(SHAPES) / 4


@pytest.mark.parametrize(
    "foreign", [b"", b"\x1f\x8b\x08", gzip.compress(tile(NAMES), mtime=0)], ids=["none", "cut", "plain"]
)
def test_what_another_wrote_is_not_taken_apart(foreign):
    earlier = tile(NAMES)
    assert gzipped(earlier, earlier, foreign) == gzipped(earlier)


def test_it_is_as_short_as_gzip_makes_it_of_the_whole():
    data = tile(NAMES)
    assert len(gzipped(data)) < 1.01 * len(gzip.compress(data, 6, mtime=0))
