"""Far views: what stands for many objects, and how the tree goes on below it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from scenes.build.incremental.coarsest import Coarsest
from scenes.export.glb.pieces import contents
from scenes.tiles import build, far_views, plan, split
from scenes.tiles.rename import renamed
from scenes.tiles.shell import _flood, outside
from scenes.tiles.soup import Soup, heap, heaped
from scenes.tiles.stand_in import PER_CELL, clustered, stand_in
from tests.scenes.tiles.decode import Glb, read_tiles
from tests.scenes.tiles.spools import BOX_FACES, FRAME, Scene, box_vertices
from twin.layer import LayerKind


def boxes(places, size, row=0):
    """Boxes as a heap; each is an object of its own from `row` on."""
    return heaped(
        [
            Soup(box_vertices(size) + at, BOX_FACES, np.full(12, row + number), np.zeros(12, np.int64))
            for number, at in enumerate(np.asarray(places, float))
        ]
    )


def sphere(cells=40, radius=10.0):
    angle, height = np.meshgrid(np.linspace(0, 2 * np.pi, cells), np.linspace(-1.4, 1.4, cells), indexing="ij")
    points = np.stack((np.cos(angle) * np.cos(height), np.sin(angle) * np.cos(height), np.sin(height)), -1) * radius
    n = np.arange(cells * cells).reshape(cells, cells)
    a, b, c, d = (part.ravel() for part in (n[:-1, :-1], n[1:, :-1], n[1:, 1:], n[:-1, 1:]))
    faces = np.vstack((np.column_stack((a, b, c)), np.column_stack((a, c, d))))
    return Soup(points.reshape(-1, 3), faces, np.zeros(len(faces), np.int64), np.zeros(len(faces), np.int64))


def test_a_wall_becomes_a_sheet_and_a_crumb_nothing():
    wall = clustered(boxes([(0.5, 0.5, 0.5)], (8.0, 0.1, 3.0)), 1.0)
    assert 2 <= len(wall.faces) <= 6
    assert np.ptp(wall.position, axis=0) == pytest.approx([8.0, 0.0, 3.0], abs=0.3)
    assert not len(clustered(boxes([(0.5, 0.5, 0.5)], (0.2, 0.2, 0.2)), 1.0).faces)


def test_of_faces_upon_each_other_the_largest_stays():
    both = heaped(
        [boxes([(0.5, 0.5, 0.5)], (4.0, 0.1, 4.0), row=7), boxes([(0.5, 0.55, 0.5)], (4.02, 0.1, 4.02), row=3)]
    )
    assert set(clustered(both, 1.0).row.tolist()) == {3}


@pytest.mark.parametrize("target", [2000, 500, 120])
def test_corners_move_less_than_a_cell(target):
    soup = sphere()
    found, cell = stand_in(soup, target)
    assert target / 5 < len(found.faces) <= target
    assert np.abs(np.linalg.norm(found.position, axis=1) - 10.0).max() < cell
    assert np.abs(found.position).max(axis=0) == pytest.approx(np.abs(soup.position).max(axis=0), abs=cell)


def test_few_triangles_are_left_as_they_are():
    soup = boxes([(0, 0, 0)], (1, 1, 1))
    assert stand_in(soup, 12) == (soup, 0.05)


def test_what_walls_enclose_is_not_seen():
    hall = boxes([(0, 0, 0)], (20, 20, 8))
    inside = boxes([(x, 0, 0) for x in (-6, 0, 6)], (1, 1, 1), row=1)
    before = boxes([(15, 0, 0)], (1, 1, 1), row=9)
    seen = outside(heaped([hall, inside, before]), 0.5)
    assert seen[:12].all()
    assert not seen[12:48].any()
    assert seen[48:].all()


def test_a_wide_hole_lets_one_look_in_and_a_gap_does_not():
    shell = boxes([(0, 0, 0)], (20, 20, 8))
    inside = boxes([(0, 0, 0)], (1, 1, 1), row=1)
    open_above = Soup(shell.position, shell.faces[:-2][2:], shell.row[:8], shell.material[:8])
    assert outside(heaped([open_above, inside]), 0.5)[-12:].any()
    gapped = heaped([boxes([(-5.1, 0, 0), (5.1, 0, 0)], (10, 20, 8)), inside])
    assert not outside(gapped, 0.5)[-12:].any()


def test_a_grid_too_fine_for_memory_grows(monkeypatch):
    monkeypatch.setattr("scenes.tiles.shell.VOXELS", 1000)
    monkeypatch.setattr("scenes.tiles.shell.MOST_SAMPLES", 2000)
    hall = boxes([(0, 0, 0)], (200, 200, 80))
    assert outside(hall, 0.01).all()


def town(folder, houses=40):
    """Closed houses in rows, each with furniture, a space, and lamps before it."""
    scene = Scene(folder)
    for number in range(houses):
        x, y = 30.0 * (number % 8), 30.0 * (number // 8)
        storey = scene.row(f"s{number}", type="BuildingStorey", ifc_class=None, elevation=0.0, building=f"b{number}")
        scene.box(f"wall{number}", (x, y, 3), (12, 10, 6), storey=storey, building=f"b{number}")
        space = scene.row(f"space{number}", type="Space", ifc_class="IfcSpace", storey=storey)
        shape = scene.spool.shape(box_vertices((11, 9, 5)), BOX_FACES, scene.glass)
        scene.spool.place(space, shape, np.hstack((np.eye(3), [[x], [y], [3]])))
        for chair in range(60):
            scene.box(f"chair{number}-{chair}", (x - 2 + chair / 15, y, 3), (0.06, 0.5, 1), storey=storey)
        for lamp in range(20):
            scene.box(f"lamp{number}-{lamp}", (x + 9, y - 5 + lamp / 2, 2), (0.3, 0.3, 4), storey=storey)
    return scene


@pytest.fixture
def small_tiles(monkeypatch):
    for module in (plan, split):
        monkeypatch.setattr(module, "TARGET", 1200)
    for name, value in {"TARGET": 1200, "LEAST": 3000, "PART": 1200, "LEAST_SHARE": 400}.items():
        monkeypatch.setattr(far_views, name, value)
    monkeypatch.setattr(plan, "MAX_TRIANGLES", 1800)
    monkeypatch.setattr("scenes.tiles.groups.MAX_TRIANGLES", 600)
    monkeypatch.setattr("scenes.tiles.groups.MIN_TRIANGLES", 600)


@pytest.fixture
def built(tmp_path, small_tiles):
    scene = town(tmp_path / "spool")
    table = scene.table()
    result = build(scene.spool.close(), table, FRAME, LayerKind.BIM, "a1", tmp_path / "out")
    return tmp_path / "out", table, result


def nodes(tile, above=None, refine="ADD"):
    refine = tile.get("refine", refine)
    yield tile, above, refine
    for child in tile.get("children", []):
        yield from nodes(child, tile, refine)


def test_the_tree_stands_under_its_stand_in(built):
    folder, _, result = built
    root = json.loads((folder / "tileset.json").read_text())["root"]
    known = list(nodes(root))
    far = [tile for tile, _, refine in known if refine == "REPLACE"]
    assert root["refine"] == "REPLACE"
    assert len(far) > 1
    for tile in far:
        [only] = tile["children"]
        assert only["refine"] == "ADD"
        assert only["geometricError"] == tile["geometricError"]
    for tile, above, _ in known:
        assert above is None or tile["geometricError"] <= above["geometricError"]
        assert len(tile.get("children", [])) <= split.FAN
    assert result.statistics["triangles_drawn"] > result.statistics["triangles"]


def test_stand_ins_show_walls_and_neither_furniture_nor_spaces(built):
    folder, _, _ = built
    root = json.loads((folder / "tileset.json").read_text())["root"]
    far = {tile["content"]["uri"] for tile, _, refine in nodes(root) if refine == "REPLACE"}
    _, tiles = read_tiles(folder)
    for tile, glb in tiles:
        if tile.get("content", {}).get("uri") in far:
            names = [gid.removeprefix("a1/") for gid in names_beside(folder, glb)["gid"]]
            assert names
            assert {name.rstrip("0123456789-") for name in names} <= {"wall", "lamp"}
            assert len(set(names)) == len(names)


def names_beside(folder, glb):
    return json.loads((folder / glb.json["scenes"][0]["extras"]["names"]).read_text(encoding="utf-8"))


def far_tiles(folder):
    tileset, tiles = read_tiles(folder)
    far = {tile["content"]["uri"] for tile, _, refine in nodes(tileset["root"]) if refine == "REPLACE"}
    return [(tile["content"]["uri"], glb) for tile, glb in tiles if tile.get("content", {}).get("uri") in far]


def test_names_stand_beside_stand_ins_and_nowhere_else(built):
    folder, table, result = built
    row_at, rows = np.argsort(result.ordinal), table.to_pylist()
    name_of = {row["id"]: row["name"] for row in rows}
    far = far_tiles(folder)
    for _, glb in far:
        columns, names = glb.table(), names_beside(folder, glb)
        [stored] = glb.json["extensions"]["EXT_structural_metadata"]["propertyTables"]
        assert set(stored["properties"]) == {"ordinal", "class"}
        expected = [rows[row_at[ordinal]] for ordinal in columns["ordinal"].tolist()]
        assert columns["class"] == [row["ifc_class"] or row["type"] for row in expected]
        assert names == {
            "gid": [f"a1/{row['id']}" for row in expected],
            "name": [row["name"] for row in expected],
            "storey": [name_of[row["storey"]] for row in expected],
        }
    assert {path.name for path in folder.glob("*.names.json")} == {f"{uri[:-4]}.names.json" for uri, _ in far}
    inside = sum((folder / uri).stat().st_size for uri in {tile["content"]["uri"] for tile in all_tiles(folder)})
    beside = sum(path.stat().st_size for path in folder.glob("*.names.json"))
    assert result.statistics["tile_bytes"] == inside + beside


def all_tiles(folder):
    root = json.loads((folder / "tileset.json").read_text())["root"]
    return [tile for tile, _, _ in nodes(root) if "content" in tile]


def test_a_new_name_changes_what_stands_beside_and_not_the_stand_in(built):
    folder, table, result = built
    uri, glb = far_tiles(folder)[0]
    ordinal = int(glb.table()["ordinal"][0])
    made = renamed(folder, {ordinal: "另一个名字"})
    assert uri not in made
    beside = f"{uri[:-4]}.names.json"
    before, after = json.loads((folder / beside).read_bytes()), json.loads(made[beside])
    assert after["name"] == ["另一个名字", *before["name"][1:]]
    assert {**after, "name": 0} == {**before, "name": 0}
    [near] = [Glb(data) for name, data in made.items() if name.endswith(".glb")]
    assert "另一个名字" in near.table()["name"]
    again = renamed(folder, {ordinal: table.to_pylist()[np.argsort(result.ordinal)[ordinal]]["name"]})
    assert {name: (folder / name).read_bytes() for name in again} == again, "the bytes that the builder writes"


def test_every_object_still_stands_once_at_full_detail(built):
    folder, _, result = built
    shown = [path.name for path in contents(folder)]
    _, tiles = read_tiles(folder)
    ordinals = [
        number
        for tile, glb in tiles
        if tile.get("content", {}).get("uri") in shown
        for number in glb.table()["ordinal"]
    ]
    assert sorted(ordinals) == list(range(result.statistics["objects_with_mesh"]))


def test_stand_ins_are_stored_on_their_cells_grid(built):
    folder, _, _ = built
    root = json.loads((folder / "tileset.json").read_text())["root"]
    far = {tile["content"]["uri"]: tile["geometricError"] for tile, _, refine in nodes(root) if refine == "REPLACE"}
    _, tiles = read_tiles(folder)
    for tile, glb in tiles:
        uri = tile.get("content", {}).get("uri")
        if uri not in far:
            continue
        step = glb.json["nodes"][0]["scale"][0]
        assert np.log2(step) == round(np.log2(step))
        assert step <= far[uri] / far_views.ERROR_PER_CELL / PER_CELL
        for part in glb.drawn():
            assert np.abs(part.position / step - np.rint(part.position / step)).max() < 1e-6


@pytest.mark.parametrize("shape", [(5, 4, 6), (70, 3, 4), (4, 130, 5), (3, 4, 64), (3, 3, 65)])
def test_water_goes_from_voxel_to_voxel(shape):
    """Sixty-four at a time as one by one."""
    random = np.random.default_rng(sum(shape))
    for share in (0.3, 0.5, 0.7):
        free = random.random(shape) > share
        wet = np.ones(shape, np.bool_)
        wet[1:-1, 1:-1, 1:-1] = False
        waiting = [tuple(place) for place in np.argwhere(wet).tolist()]
        while waiting:
            x, y, z = waiting.pop()
            for place in ((x - 1, y, z), (x + 1, y, z), (x, y - 1, z), (x, y + 1, z), (x, y, z - 1), (x, y, z + 1)):
                if (
                    all(0 <= at < size for at, size in zip(place, shape, strict=True))
                    and free[place]
                    and not wet[place]
                ):
                    wet[place] = True
                    waiting.append(place)
        assert np.array_equal(_flood(free), wet)


class Known:
    """What one build tells another: boxes of some rows, tiles from afar."""

    def __init__(self, result, share=1.0):
        self.boxes, self.coarse = result.boxes.copy(), result.coarse
        self.boxes[np.random.default_rng(1).random(len(self.boxes)) > share] = np.nan

    def tile(self, _number, _rows):
        return None


@pytest.fixture
def small_shares(small_tiles, monkeypatch):
    for name, value in {"PART": 300, "LEAST_SHARE": 100}.items():
        monkeypatch.setattr(far_views, name, value)


def test_what_is_known_from_an_earlier_build_makes_the_same_tiles(tmp_path, small_shares, monkeypatch):
    scene = town(tmp_path / "spool")
    table, spool = scene.table(), scene.spool.close()
    first = build(spool, table, FRAME, LayerKind.BIM, "a1", tmp_path / "first")
    assert len(first.coarse) > 1
    kept = Coarsest.of(first.coarse).soups()
    for row, coarse in first.coarse.items():
        assert (kept[row].share, kept[row].cell) == (coarse.share, coarse.cell)
        for name, values in vars(coarse.soup).items():
            assert np.array_equal(getattr(kept[row].soup, name), values), name
    known = Known(first, 0.6)
    known.coarse = kept
    heaps = []
    monkeypatch.setattr(far_views, "heap", lambda *given: heaps.append(1) or heap(*given))
    again = build(spool, table, FRAME, LayerKind.BIM, "a1", tmp_path / "again", reuse=known)
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "again")]
    assert files[0] == files[1]
    assert np.array_equal(first.boxes, again.boxes, equal_nan=True)
    assert again.coarse.keys() == first.coarse.keys()
    assert len(heaps) < len(first.drawn) - len(kept) + 1


def test_a_tile_that_may_have_another_share_from_afar_is_looked_at_again(tmp_path, small_shares):
    scene = town(tmp_path / "spool")
    table, spool = scene.table(), scene.spool.close()
    first = build(spool, table, FRAME, LayerKind.BIM, "a1", tmp_path / "first")
    known = Known(first)
    assert known.coarse
    known.coarse = {
        row: replace(one, share=one.share + 1, soup=one.soup.part([0])) for row, one in first.coarse.items()
    }
    build(spool, table, FRAME, LayerKind.BIM, "a1", tmp_path / "again", reuse=known)
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "again")]
    assert files[0] == files[1]
