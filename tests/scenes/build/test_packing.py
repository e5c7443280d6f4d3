"""Tiles are packed once: what is packed already is counted and left."""

from __future__ import annotations

import gzip

from scenes.build.packing import pack


def test_tiles_and_tilesets_below_a_folder_are_packed_and_counted(tmp_path):
    (tmp_path / "0").mkdir()
    files = {"tileset.json": b"{}" * 200, "0/0.glb": b"glTF" * 300}
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
