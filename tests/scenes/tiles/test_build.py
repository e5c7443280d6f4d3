"""The whole builder on synthetic spools, read back with an own decoder."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from scenes.tiles import build, plan, split
from scenes.tiles.glb import quantise
from tests.scenes.tiles.decode import bounds, read_tiles
from tests.scenes.tiles.judging import check_positions, check_tileset
from tests.scenes.tiles.spools import BOX_FACES, FRAME, Scene, box_vertices, building, forest
from twin.errors import Invalid
from twin.layer import OBJECTS, LayerKind


def made(scene, tmp_path, kind=LayerKind.BIM, **options):
    table, reader = scene.table(), scene.spool.close()
    result = build(reader, table, FRAME, kind, "a1", tmp_path / "out", **options)
    return reader, table, result, tmp_path / "out"


@pytest.mark.parametrize("compress", [True, False])
def test_building_holds_each_object_once_at_its_place(tmp_path, compress):
    scene = building(tmp_path / "spool", storeys=3, per_storey=60)
    reader, table, result, out = made(scene, tmp_path, compress=compress)
    pictures = check_tileset(out, table, result)
    check_positions(reader, table, result, pictures)
    assert result.statistics["objects_with_mesh"] == 183
    assert result.statistics["triangles"] == result.statistics["triangles_drawn"] == 183 * 12
    assert result.statistics["draw_calls"] == 3
    storeys = [row for row, name in enumerate(table.column("id").to_pylist()) if name.startswith("storey")]
    assert result.ordinal[storeys].tolist() == [183, 184, 185]
    assert np.isnan(result.boxes[storeys]).all()


def test_large_building_is_split_by_size_then_storey(tmp_path, monkeypatch):
    for module in (plan, split):
        monkeypatch.setattr(module, "TARGET", 4_000)
    monkeypatch.setattr(plan, "MAX_TRIANGLES", 6_000)
    monkeypatch.setattr("scenes.tiles.groups.MAX_TRIANGLES", 6_000)
    monkeypatch.setattr("scenes.tiles.groups.MIN_TRIANGLES", 2_000)
    scene = building(tmp_path / "spool", storeys=5, per_storey=500)
    reader, table, result, out = made(scene, tmp_path)
    pictures = check_tileset(out, table, result)
    check_positions(reader, table, result, pictures)
    assert len(pictures) > 4
    assert all(tile.triangles <= 6_000 for tile in result.per_tile)
    _, tiles = read_tiles(out)
    root = tiles[0][1].table()
    assert {f"a1/slab{level}" for level in range(5)} <= set(root["gid"])
    below = [glb.table()["storey"] for tile, glb in tiles[1:] if not tile.get("children")]
    assert all(len(set(storeys)) <= 2 for storeys in below)
    size = plan.sizes(result.boxes)
    row_at = np.argsort(result.ordinal)
    largest_below = max(size[row_at[glb.table()["ordinal"]]].max() for _, glb in tiles[1:])
    assert tiles[0][0]["geometricError"] == pytest.approx(largest_below)


def test_systems_leave_the_shell_where_one_storey_is_too_much(tmp_path, monkeypatch):
    for module in (plan, split):
        monkeypatch.setattr(module, "TARGET", 1_000)
    monkeypatch.setattr(plan, "MAX_TRIANGLES", 3_500)
    monkeypatch.setattr("scenes.tiles.groups.MIN_TRIANGLES", 1_500)
    scene = building(tmp_path / "spool", storeys=1, per_storey=500)
    _, table, result, out = made(scene, tmp_path)
    check_tileset(out, table, result)
    discipline = dict(zip(table.column("id").to_pylist(), table.column("discipline").to_pylist(), strict=True))
    _, tiles = read_tiles(out)
    kinds = [{discipline[gid[3:]] for gid in glb.table()["gid"]} for _, glb in tiles[1:]]
    assert sorted(map(sorted, kinds)) == [["architecture"], ["hvac"]]


def test_same_input_gives_same_bytes(tmp_path):
    for run in ("one", "two"):
        for make, kind in ((building, LayerKind.BIM), (forest, LayerKind.VECTOR)):
            scene = make(tmp_path / run / make.__name__ / "spool")
            made(scene, tmp_path / run / make.__name__, kind)
    for make in (building, forest):
        first, second = (
            {path.name: path.read_bytes() for path in (tmp_path / run / make.__name__ / "out").iterdir()}
            for run in ("one", "two")
        )
        assert first == second
        assert "tileset.json" in first


@pytest.mark.parametrize("kind", list(LayerKind))
def test_layer_without_geometry_is_an_empty_root(tmp_path, kind):
    scene = Scene(tmp_path / "spool")
    scene.row("alone")
    _, _, result, out = made(scene, tmp_path, kind)
    tileset = json.loads((out / "tileset.json").read_text(encoding="utf-8"))
    assert "content" not in tileset["root"]
    assert "children" not in tileset["root"]
    assert len(tileset["root"]["boundingVolume"]["box"]) == 12
    assert result.ordinal.tolist() == [0]
    assert result.statistics["tiles"] == 0
    assert sorted(path.name for path in out.iterdir()) == ["tileset.json"]


def test_table_without_rows(tmp_path):
    reader = Scene(tmp_path / "spool").spool.close()
    result = build(reader, OBJECTS.empty_table(), FRAME, LayerKind.BIM, "a1", tmp_path / "out")
    assert len(result.ordinal) == 0
    assert result.boxes.shape == (0, 6)


def test_huge_object_far_from_the_others_keeps_a_millimetre(tmp_path):
    scene = Scene(tmp_path / "spool")
    for i in range(5):
        scene.box(f"near{i}", (i, 0.1234567, 0), (0.1, 0.1, 0.1))
    scene.box("far", (3_210.987_654, -2_000.123_456, 7.5), (400.0, 300.0, 20.0), rotation=0.3)
    reader, table, result, out = made(scene, tmp_path)
    check_positions(reader, table, result, check_tileset(out, table, result))
    glb = read_tiles(out)[1][0][1]
    position = glb.json["meshes"][0]["primitives"][0]["attributes"]["POSITION"]
    assert glb.json["accessors"][position]["componentType"] == 5126


def test_grid_is_fine_enough_at_every_reach():
    random = np.random.default_rng(3)
    for reach in (0.01, 1, 15.9, 31.9, 32.1, 900, 4_095, 4_097):
        points = random.uniform(-reach, reach, (500, 3))
        grid = quantise.Grid.over(reach)
        stored = grid.quantise(points)
        assert np.abs(stored.data * stored.scale - points).max() <= 0.5e-3
        assert (stored.data.dtype == np.int16) == (reach < 31.99)


def test_places_are_rounded_only_where_they_outweigh_the_mesh():
    assert quantise.Grid.over(1.0, scale=3.0, rounded=True).exponent == quantise.FINEST - 3
    assert quantise.Grid.over(1.0, scale=3.0).exponent == quantise.FINEST - 2
    assert quantise.Grid.over(1.0, scale=0.1).exponent == quantise.FINEST


def test_bad_triangles_and_placements_do_no_harm(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.box("good", (0, 0, 0), (1, 1, 1))
    line = scene.spool.shape([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2], [0, 0, 1]], scene.grey)
    scene.spool.place(scene.row("degenerate"), line)
    empty = scene.spool.shape(np.empty((0, 3)), np.empty((0, 3)), scene.grey)
    scene.spool.place(scene.row("empty"), empty)
    whole = scene.spool.shape(box_vertices((1, 1, 1)), BOX_FACES, scene.grey)
    broken = np.eye(4)
    broken[0, 3] = np.nan
    scene.spool.place(scene.row("nowhere"), whole, broken)
    flat = np.eye(4)
    flat[2, 2] = 0.0
    scene.spool.place(scene.row("flat"), whole, flat)
    _, table, result, out = made(scene, tmp_path)
    pictures = check_tileset(out, table, result)
    drawn = {int(ordinal) for one in pictures[0][1] for ordinal in one.ordinal}
    names = table.column("id").to_pylist()
    assert {names[row] for row in range(5) if int(result.ordinal[row]) in drawn} == {"good", "flat"}
    assert np.isnan(result.boxes[[2, 3]]).all()
    assert result.statistics["dropped_placements"] == 2


def test_only_degenerate_triangles_make_a_valid_tile(tmp_path):
    scene = Scene(tmp_path / "spool")
    line = scene.spool.shape([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2]], scene.grey)
    scene.spool.place(scene.row("degenerate"), line)
    _, table, result, out = made(scene, tmp_path)
    assert check_tileset(out, table, result)[0][1] == []


def test_mesh_of_an_unknown_object_is_refused(tmp_path):
    scene = Scene(tmp_path / "spool")
    shape = scene.spool.shape(box_vertices((1, 1, 1)), BOX_FACES, scene.grey)
    scene.spool.place("stranger", shape)
    with pytest.raises(Invalid, match="stranger"):
        made(scene, tmp_path)


def test_more_objects_than_feature_ids_split(tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "MAX_FEATURES", 100)
    scene = building(tmp_path / "spool", storeys=1, per_storey=350)
    _, table, result, out = made(scene, tmp_path)
    check_tileset(out, table, result)
    assert result.statistics["tiles"] >= 4
    assert max(tile.features for tile in result.per_tile) <= 100


def test_boxes_are_tight(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.box("a", (10.2, -3.7, 2.25), (1.3, 2.1, 0.7))
    _, _, result, out = made(scene, tmp_path)
    low, high = bounds(json.loads((out / "tileset.json").read_text(encoding="utf-8"))["root"]["boundingVolume"])
    assert np.abs(low - result.boxes[0, :3]).max() < 2.5e-3
    assert np.abs(high - result.boxes[0, 3:]).max() < 2.5e-3


def test_root_stands_on_the_globe(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.box("a", (0, 0, 0), (1, 1, 1))
    _, _, _, out = made(scene, tmp_path)
    root = json.loads((out / "tileset.json").read_text(encoding="utf-8"))["root"]
    assert root["transform"] == FRAME.globe_transform()


def test_progress_rises_to_one(tmp_path):
    seen = []
    made(building(tmp_path / "spool", 1, 20), tmp_path, progress=lambda done, phase: seen.append((done, phase)))
    assert seen[-1] == (1.0, "tiles")
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_missing_texts_become_empty(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.box("a", (0, 0, 0), (1, 1, 1))
    table = pa.Table.from_pylist([{"id": "a", "type": "Wall"}], schema=OBJECTS)
    result = build(scene.spool.close(), table, FRAME, LayerKind.BIM, "a1", tmp_path / "out")
    check_tileset(tmp_path / "out", table, result)
