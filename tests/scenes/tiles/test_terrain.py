"""Terrain: replacement refinement over the same objects."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.tiles import build
from scenes.tiles.relief import deviation
from scenes.tiles.soup import Soup
from scenes.tiles.terrain import _nearest, simplify
from tests.scenes.tiles.decode import read_tiles
from tests.scenes.tiles.judging import check_tileset, sources
from tests.scenes.tiles.spools import FRAME, terrain
from twin.layer import LayerKind


def height(x, y):
    return 40 * np.sin(x / 300) * np.cos(y / 220) + 1.5 * np.sin(x / 17) * np.sin(y / 23)


@pytest.fixture(scope="module")
def hills(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terrain")
    scene = terrain(folder / "spool", chunks=3, cells=100)
    table, reader = scene.table(), scene.spool.close()
    result = build(reader, table, FRAME, LayerKind.TERRAIN, "terrain", folder / "out")
    return reader, table, result, folder / "out"


def test_leaves_hold_the_chunks_and_parents_the_same_ids(hills):
    _, table, result, out = hills
    check_tileset(out, table, result, layer="terrain", replaced=True)
    _, tiles = read_tiles(out)
    root = tiles[0][1].table()
    assert sorted(root["ordinal"].tolist()) == list(range(9))
    assert {tile.depth for tile in result.per_tile} == {0, 1}
    assert result.per_tile[0].triangles < 0.3 * result.statistics["triangles"]


def test_leaves_are_exact_and_the_parent_is_as_far_off_as_it_says(hills):
    reader, table, _result, out = hills
    exact = np.vstack(list(sources(reader, table).values()))
    _, tiles = read_tiles(out)
    error = tiles[0][0]["geometricError"]
    top = np.concatenate([one.position for one in tiles[0][1].drawn()])
    assert 0.01 <= error < 5
    surface = top[np.abs(top[:, 2] - height(top[:, 0], top[:, 1])) < error + 0.05]
    assert len(surface) > 0.9 * len(top)
    leaves = np.concatenate([one.position for tile, glb in tiles[1:] for one in glb.drawn()])
    off = np.abs(leaves[:, 2] - height(leaves[:, 0], leaves[:, 1]))
    on_surface = leaves[off < 0.1]
    below = leaves[off >= 0.1]
    assert len(np.unique(np.round(on_surface[:, :2]), axis=0)) == len(np.unique(np.round(exact[:, :2]), axis=0))
    assert np.abs(height(below[:, 0], below[:, 1]) - below[:, 2] - error).max() < 0.01


def test_features_stay_over_their_chunk(hills):
    _, _, result, out = hills
    _, tiles = read_tiles(out)
    row_at = np.argsort(result.ordinal)
    for tile, glb in tiles:
        slack = 100.0 if tile.get("children") else 0.01
        for one in glb.drawn():
            box = result.boxes[row_at[one.ordinal]]
            assert (one.position[:, :2] >= box[:, :2] - slack).all()
            assert (one.position[:, :2] <= box[:, 3:5] + slack).all()
    drawn = np.concatenate([one.ordinal for one in tiles[0][1].drawn()])
    share = np.bincount(drawn, minlength=9) / len(drawn)
    assert share.min() > 0.05


def test_neighbouring_leaves_meet_in_place_and_light(hills):
    _, _, _, out = hills
    _, tiles = read_tiles(out)
    seen: dict[tuple[int, int], list[np.ndarray]] = {}
    for tile, glb in tiles:
        if tile.get("children"):
            continue
        for one in glb.drawn():
            up = np.abs(one.position[:, 2] - height(one.position[:, 0], one.position[:, 1])) < 0.1
            for place, normal in zip(np.round(one.position[up]).astype(int), one.normal[up], strict=True):
                seen.setdefault((int(place[0]), int(place[1])), []).append(normal)
    shared = [normals for normals in seen.values() if len(normals) > 1]
    assert len(shared) > 100
    assert max(np.abs(normals[0] - other).max() for normals in shared for other in normals[1:]) < 0.02


def test_small_terrain_is_one_tile_without_skirt(tmp_path):
    scene = terrain(tmp_path / "spool", chunks=2, cells=20)
    table, reader = scene.table(), scene.spool.close()
    result = build(reader, table, FRAME, LayerKind.TERRAIN, "terrain", tmp_path / "out")
    check_tileset(tmp_path / "out", table, result, layer="terrain", replaced=True)
    assert [(tile.triangles, tile.error) for tile in result.per_tile] == [(4 * 800, 0.0)]


def test_terrain_is_deterministic(tmp_path):
    bytes_of = []
    for run in ("one", "two"):
        scene = terrain(tmp_path / run / "spool", chunks=2, cells=130)
        table, reader = scene.table(), scene.spool.close()
        build(reader, table, FRAME, LayerKind.TERRAIN, "terrain", tmp_path / run / "out")
        bytes_of.append({path.name: path.read_bytes() for path in (tmp_path / run / "out").iterdir()})
    assert bytes_of[0] == bytes_of[1]
    assert len(bytes_of[0]) > 2


def test_deviation_is_the_largest_difference_of_height():
    position = np.array([[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0], [5, 5, 0]], float)
    faces = np.array([[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]])
    tent = position.copy()
    tent[4, 2] = 3.0
    nothing = np.zeros(4, np.int64)
    one, other = Soup(position, faces, nothing, nothing), Soup(tent, faces, nothing, nothing)
    assert deviation(one, other) == pytest.approx(3.0, abs=0.05)
    assert deviation(one, one) == 0.0


def test_simplified_triangles_keep_their_material():
    n = 40
    x, y = np.meshgrid(np.arange(n, dtype=float), np.arange(n, dtype=float), indexing="ij")
    i = np.arange(n * n).reshape(n, n)
    a, b, c, d = (q.ravel() for q in (i[:-1, :-1], i[1:, :-1], i[1:, 1:], i[:-1, 1:]))
    faces = np.vstack((np.column_stack((a, b, c)), np.column_stack((a, c, d))))
    position = np.column_stack((x.ravel(), y.ravel(), np.sin(x / 4).ravel()))
    half = (position[faces][:, :, 0].mean(axis=1) > 20).astype(np.int64)
    small = simplify(Soup(position, faces, half, half), 600)
    assert len(small.faces) <= 610
    middle = small.position[small.faces][:, :, 0].mean(axis=1)
    assert (small.material == (middle > 20))[np.abs(middle - 20) > 6].all()
    assert np.array_equal(small.row, small.material)
    near = _nearest(small, position[faces].mean(axis=1))
    away = np.abs(position[faces][:, :, 0].mean(axis=1) - 20) > 8
    assert (small.row[near] == half)[away].mean() > 0.95
