"""Tiles with other names of their objects: the bytes that the builder writes for those names."""

from __future__ import annotations

import pytest

from scenes.tiles import build
from scenes.tiles.glb.container import pack, unpack
from scenes.tiles.rename import renamed
from tests.scenes.tiles.decode import Glb
from tests.scenes.tiles.spools import FRAME, building, textured
from twin.layer import LayerKind


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("make", [building, textured])
def test_renamed_tiles_are_those_built_with_the_names(tmp_path, make, compress):
    results = {}
    for variant in ("old", "new"):
        scene = make(tmp_path / f"{variant}-spool")
        if variant == "new":
            scene.rows[-1]["name"], scene.rows[3]["name"] = "一个更长的名字", ""
        ids = scene.table().column("id").to_pylist()
        result = build(
            scene.spool.close(), scene.table(), FRAME, LayerKind.BIM, "a1", tmp_path / variant, compress=compress
        )
        results[variant] = dict(zip(ids, result.ordinal.tolist(), strict=True))
    assert results["old"] == results["new"]
    names = {results["old"][ids[-1]]: "一个更长的名字", results["old"][ids[3]]: ""}
    made = renamed(tmp_path / "old", names)
    assert made
    for path in sorted((tmp_path / "new").glob("*.glb")):
        now = made.get(path.name, (tmp_path / "old" / path.name).read_bytes())
        assert now == path.read_bytes(), path.name


def test_what_stands_behind_the_table_is_kept(tmp_path):
    scene = building(tmp_path / "spool")
    build(scene.spool.close(), scene.table(), FRAME, LayerKind.BIM, "a1", tmp_path / "out")
    path = tmp_path / "out" / "0.glb"
    document, binary = unpack(path.read_bytes())
    document["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": 8})
    document["buffers"][0]["byteLength"] += 8
    path.write_bytes(pack(document, binary + b"an image"))
    ordinal = int(Glb(path.read_bytes()).table()["ordinal"][0])
    glb = Glb(renamed(tmp_path / "out", {ordinal: "other"})["0.glb"])
    assert glb.view(len(document["bufferViews"]) - 1) == b"an image"
    assert glb.table()["name"][0] == "other"
    assert len(glb.drawn()) > 0
