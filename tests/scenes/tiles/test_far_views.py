"""Far views: what stands for many objects, and how the tree goes on below it."""

from __future__ import annotations

import json
from dataclasses import replace
from math import ceil

import numpy as np
import pytest

from scenes.build.incremental.afar import Afar
from scenes.export.glb.pieces import contents
from scenes.tiles import build, far_part, far_views, plan, split
from scenes.tiles.far_part import Piece, soup_of
from scenes.tiles.levels import cell_of, finest
from scenes.tiles.rename import renamed
from scenes.tiles.samples import Samples, Triangles
from scenes.tiles.shell import _flood
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
    found, level = stand_in(soup, target)
    cell = cell_of(level)
    assert target / 5 < len(found.faces) <= target
    assert np.abs(np.linalg.norm(found.position, axis=1) - 10.0).max() < cell
    assert np.abs(found.position).max(axis=0) == pytest.approx(np.abs(soup.position).max(axis=0), abs=cell)


def test_few_triangles_are_left_as_they_are():
    soup = boxes([(0, 0, 0)], (1, 1, 1))
    assert stand_in(soup, 12) == (soup, -1)


@pytest.mark.parametrize("falls_by", [1.2, 1.6, 3.0])
@pytest.mark.parametrize("below", [-1, 4])
def test_the_level_is_the_finest_that_leaves_few_enough(falls_by, below):
    asked = []

    def triangles(level):
        asked.append(level)
        return ceil(100_000 / falls_by ** (level - below))

    level = finest(triangles, 100_000, 9_000, below)
    assert triangles(level) <= 9_000 < triangles(level - 1)
    assert len(asked) < 10


def piece(soup, key=0, *, same=False, level=-1):
    return Piece(key, level, same, lambda: soup)


def seen_rows(pieces, shell=()):
    """Of a far view of so many triangles that none is left out, but where it is not seen from outside."""
    far, same = far_part.far_part([piece(one, key) for key, one in enumerate(pieces)], list(shell), 10**6, None)
    assert not same
    return np.unique(soup_of(far).row).tolist()


def test_what_walls_enclose_is_not_seen():
    hall = boxes([(0, 0, 0)], (20, 20, 8))
    inside = boxes([(x, 0, 0) for x in (-6, 0, 6)], (1, 1, 1), row=1)
    before = boxes([(15, 0, 0)], (1, 1, 1), row=9)
    assert seen_rows([hall, inside, before]) == [0, 9]
    assert seen_rows([heaped([hall, inside, before])]) == [0, 9]
    assert seen_rows([inside, before]) == [1, 2, 3, 9]
    assert seen_rows([inside], [piece(hall)]) == []
    assert seen_rows([before], [piece(hall)]) == [9]


def test_a_wide_hole_lets_one_look_in_and_a_gap_does_not():
    shell = boxes([(0, 0, 0)], (20, 20, 8))
    inside = boxes([(0, 0, 0)], (1, 1, 1), row=9)
    open_above = Soup(shell.position, shell.faces[:-2][2:], shell.row[:8], shell.material[:8])
    assert 9 in seen_rows([open_above, inside])
    assert 9 not in seen_rows([boxes([(-5.1, 0, 0), (5.1, 0, 0)], (10, 20, 8)), inside])


def test_a_grid_too_fine_for_memory_grows(monkeypatch):
    hall = boxes([(0, 0, 0)], (200, 200, 80))
    fine, _ = far_part.far_part([piece(hall)], [], 10**6, None)
    monkeypatch.setattr(far_part, "VOXELS", 1000)
    few, _ = far_part.far_part([piece(hall)], [], 10**6, None)
    monkeypatch.setattr(far_part, "VOXELS", 10**9)
    monkeypatch.setattr(far_part, "MOST_SAMPLES", 2000)
    coarse, _ = far_part.far_part([piece(hall)], [], 10**6, None)
    assert fine.voxel < few.voxel
    assert fine.voxel < coarse.voxel
    assert [len(soup_of(far).faces) for far in (fine, few, coarse)] == [12] * 3


def test_of_a_large_triangle_only_the_near_part_is_looked_at():
    ground = Soup(
        np.array([(-4000.0, -3000, 1), (5000, -3500, 1), (0, 7000, 1)]),
        np.array([[0, 1, 2]]),
        np.array([5]),
        np.array([7]),
    )
    low, high = np.array((10.0, 20)), np.array((25.0, 40))
    near = ground.within(low, high)
    x, y = np.meshgrid(np.linspace(10, 25, 20), np.linspace(20, 40, 20))
    points = np.column_stack((x.ravel(), y.ravel()))
    a, b, c = (near.position[near.faces[:, corner]][None, :, :2] for corner in range(3))
    turns = [
        (q - p)[..., 0] * (points[:, None] - p)[..., 1] - (q - p)[..., 1] * (points[:, None] - p)[..., 0]
        for p, q in ((a, b), (b, c), (c, a))
    ]
    assert (np.min(turns, axis=0) > -1e-6).any(axis=1).all(), "nothing of it is missing there"
    assert np.ptp(near.position[near.faces][:, :, :2], axis=1).max() <= 80
    assert len(near.faces) < 40
    assert (set(near.row.tolist()), set(near.material.tolist())) == ({5}, {7})
    assert not len(ground.within(low + 9000, high + 9000).faces)


@pytest.mark.parametrize("voxel", [0.3, 0.8, 5.0])
def test_voxels_are_those_that_the_triangles_lie_in(voxel):
    """None of many points on them lies in another one; the voxels of all corners are among them."""
    soup = sphere(12)
    soup = Soup(np.add(soup.position, (103.7, -20.1, 4.4)), soup.faces, soup.row, soup.material)
    samples = Samples.of(soup, Triangles.of(soup), voxel)
    filled = samples.filled()
    corners = np.floor(soup.position[np.unique(soup.faces)] / voxel).astype(int) - samples.low
    rounded = np.abs(soup.position[np.unique(soup.faces)] / voxel % 1 - 0.5).max(axis=1) > 0.499
    assert filled[tuple(corners[~rounded].T)].all()
    weight = np.random.default_rng(3).dirichlet((1, 1, 1), (len(soup.faces), 40))
    points = np.einsum("fkc,fcd->fkd", weight, soup.position[soup.faces])
    inside = np.floor(points / voxel).astype(int) - samples.low
    around = np.zeros(np.array(filled.shape) + 2, bool)
    for shift in np.ndindex(3, 3, 3):
        around[tuple(slice(at, at + n) for at, n in zip(shift, filled.shape, strict=True))] |= filled
    assert around[tuple((inside + 1).reshape(-1, 3).T)].all()
    assert samples.at(filled).all()
    assert not samples.at(np.zeros_like(filled)).any()


def alike(one, other):
    """Whether two far views are the same, to the last bit."""
    return repr(replace(one, pieces=())) == repr(replace(other, pieces=())) and all(
        (a.voxels, a.triangles) == (b.voxels, b.triangles)
        and all(np.array_equal(x, y) for x, y in zip(vars(a.soup).values(), vars(b.soup).values(), strict=True))
        for a, b in zip(one.pieces, other.pieces, strict=True)
    )


def lots(count, seed):
    """Heaps of houses: hollow ones with things in them, open ones."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        at = np.array((24.0 * number, 0, 0))
        hall = boxes([at], (20, 20, 8), row=100 * number)
        hall = hall.part(np.arange(12)[random.integers(0, 3) :])
        things = boxes(at + random.uniform(-12, 12, (30, 3)), random.uniform(0.2, 3, 3), row=100 * number + 1)
        found.append(heaped([hall, things]))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_part_of_which_little_changed_is_what_it_is_alone(seed):
    """Something moves inside, outside, a wall goes, a house comes in the place of another, all grow: step by step."""
    random = np.random.default_rng(seed)
    soups, shell = lots(6, seed), boxes([(60, 30, 0)], (150, 0.3, 9), row=9000)
    target = int(random.choice([100, 900, 10_000]))
    before, _ = far_part.far_part([piece(one, key) for key, one in enumerate(soups)], [piece(shell)], target, None)
    kept = 0
    for _ in range(12):
        which, how = int(random.integers(6)), int(random.integers(5))
        one = soups[which]
        if how == 0:
            corner = random.integers(8, len(one.position) // 8) * 8
            position = one.position.copy()
            position[corner : corner + 8] += random.uniform(-3, 3, 3)
            soups[which] = Soup(position, one.faces, one.row, one.material)
        elif how == 1:
            soups[which] = one.part(random.permutation(len(one.faces))[: len(one.faces) - 6])
        elif how == 2:
            soups[which] = Soup(one.position * (1, 1, random.uniform(0.5, 2)), one.faces, one.row, one.material)
        elif how == 3:
            shell = Soup(np.add(shell.position, (random.uniform(-9, 9), 0, 0)), shell.faces, shell.row, shell.material)
        same = [key != which or how > 2 for key in range(6)]
        pieces = [piece(one, key, same=same[key]) for key, one in enumerate(soups)]
        made, known = far_part.far_part(pieces, [piece(shell, same=how != 3)], target, before)
        alone, _ = far_part.far_part([replace(one, same=False) for one in pieces], [piece(shell)], target, None)
        assert alike(made, alone), how
        assert known <= alike(made, before)
        assert known or how != 4
        kept += known
        before = Afar.of({}, {0: made}).views()[0]
        assert alike(before, made)
    assert kept


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
    for name, value in {"TARGET": 1200, "LEAST": 3000, "SHARES": 2400, "LEAST_SHARE": 400}.items():
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
    """What one build tells another: boxes of some rows, tiles and far views from afar."""

    def __init__(self, result, share=1.0):
        afar = Afar.of(result.coarse, result.far)
        self.boxes, self.coarse, self.far = result.boxes.copy(), afar.coarse(), afar.views()
        self.boxes[np.random.default_rng(1).random(len(self.boxes)) > share] = np.nan

    def tile(self, _number, _rows):
        return None

    def alike(self, _rows):
        return True

    def stand_in(self, _far):
        return None


@pytest.fixture
def small_shares(small_tiles, monkeypatch):
    for name, value in {"SHARES": 900, "LEAST_SHARE": 100}.items():
        monkeypatch.setattr(far_views, name, value)


def test_what_is_known_from_an_earlier_build_makes_the_same_tiles(tmp_path, small_shares, monkeypatch):
    scene = town(tmp_path / "spool")
    table, spool = scene.table(), scene.spool.close()
    first = build(spool, table, FRAME, LayerKind.BIM, "a1", tmp_path / "first")
    assert len(first.coarse) > 1
    known = Known(first, 0.6)
    assert known.coarse.keys() == first.coarse.keys()
    for row, coarse in first.coarse.items():
        assert (known.coarse[row].share, known.coarse[row].level) == (coarse.share, coarse.level)
        for name, values in vars(coarse.soup).items():
            assert np.array_equal(getattr(known.coarse[row].soup, name), values), name
    assert known.far.keys() == first.far.keys()
    assert len(first.far) > 1
    assert all(alike(known.far[number], far) for number, far in first.far.items())
    heaps = []
    monkeypatch.setattr(far_views, "heap", lambda *given: heaps.append(1) or heap(*given))
    again = build(spool, table, FRAME, LayerKind.BIM, "a1", tmp_path / "again", reuse=known)
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "again")]
    assert files[0] == files[1]
    assert np.array_equal(first.boxes, again.boxes, equal_nan=True)
    assert again.coarse.keys() == first.coarse.keys()
    assert all(alike(again.far[number], far) for number, far in first.far.items())
    assert not heaps


def test_a_tile_that_may_have_another_share_from_afar_is_looked_at_again(tmp_path, small_shares):
    scene = town(tmp_path / "spool")
    table, spool = scene.table(), scene.spool.close()
    first = build(spool, table, FRAME, LayerKind.BIM, "a1", tmp_path / "first")
    known = Known(first)
    assert known.coarse
    known.far = {}
    known.coarse = {
        row: replace(one, share=one.share + 1, soup=one.soup.part([0])) for row, one in first.coarse.items()
    }
    build(spool, table, FRAME, LayerKind.BIM, "a1", tmp_path / "again", reuse=known)
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "again")]
    assert files[0] == files[1]
