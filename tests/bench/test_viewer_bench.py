"""The viewer's races: the made-up site, the truth by rays, gates and tables, and each race on a tiny input where a browser is. Nothing here looks at a time."""

import json

import numpy as np
import pytest

from tests.bench import browser, glb, parts, rays, scale, scale_glb, solo
from tests.bench.browser import CELLS, Seen
from tests.bench.race import Context
from tests.bench.races import viewer, viewer_peers, viewer_scale
from tests.bench.test_bench import reported
from tests.bim.ifc_files import new_model


@pytest.fixture
def context(tmp_path):
    return Context(tmp_path, rounds=1, tiny=True, call=solo.inside)


def seen(**known):
    """A page's run."""
    usual = {
        "first": 100.0, "picture": 200.0, "cpu": 1.0, "frame": 30.0, "script": 2.0, "calls": 50, "triangles": 1000, "heap": 10_000_000,
        "gpu": 5_000_000, "first_bytes": 50_000, "bytes": 100_000, "objects": 10, "cells": frozenset(range(1000)),
    }  # fmt: skip
    return Seen(**usual | known)


def test_many_shapes_are_what_one_by_one_they_are():
    points, faces = parts.boxes([[[0, 0, 0]], [[1, 1, 1]]], [[[1, 2, 3]], [[2, 2, 2]]])
    assert points.shape == (2, 8, 3)
    assert volume(points[0], faces) == pytest.approx(6)
    assert volume(points[1], faces) == pytest.approx(1)
    points, faces = parts.cylinders([1.0, 2.0], [3.0, 1.0], 64, 0)
    assert [volume(one, faces) for one in points] == pytest.approx([3 * np.pi, 4 * np.pi], rel=0.01)
    assert np.ptp(points, axis=1)[:, 0] == pytest.approx([3, 1])
    window, faces = parts.walls(6, 3, 0.3, np.array([1.0, 2.0]), np.array([0.8, 0.9]), 1.8, 1.6)
    assert [volume(one, faces) for one in window] == pytest.approx([0.3 * (18 - 1.8 * 1.6)] * 2)
    door, faces = parts.walls(6, 3, 0.1, np.array([1.0]), np.zeros(1), 0.9, 2.1)
    assert len(door[0]) == 24
    assert volume(door[0], faces) == pytest.approx(0.1 * (18 - 0.9 * 2.1))


def volume(points, faces):
    """Signed volume of a closed shape: positive where its faces look outwards."""
    a, b, c = (points[faces[:, n]] for n in range(3))
    return np.einsum("fi,fi->", a, np.cross(b, c)) / 6


def test_a_made_up_site_is_of_all_parts_and_any_size(tmp_path):
    made = scale.site(tmp_path / "spool", 400)
    manifest, result = scale.tiled(made, tmp_path)
    drawn = glb.of_tiles(tmp_path / "tiles")
    assert len(made.placed) == len(drawn.area) == 400
    assert {class_ for _, class_ in made.meshes} == set(scale.COLOURS)
    assert manifest["states"] >= 400
    assert (
        scale_glb.write(made, tmp_path / "model.glb") == drawn.triangles == glb.of_glb(tmp_path / "model.glb").triangles
    )
    again = scale.site(tmp_path / "again", 400, keep=False)
    again.spool.close()
    assert again.placed == made.placed
    assert again.meshes == []
    scale_glb.write_tiles(made, result, tmp_path / "tiles", tmp_path / "plain")
    plain = [glb.of_glb(tmp_path / "plain" / tile.uri).triangles for tile in result.per_tile]
    assert plain == [tile.triangles for tile in result.per_tile]


def test_a_site_of_several_tiles_is_told_apart_tile_by_tile(tmp_path):
    made = scale.site(tmp_path / "spool", 4000)
    _, result = scale.tiled(made, tmp_path)
    assert len(result.per_tile) > 2
    assert len({building for table in made.tables for building in table.column("building").to_pylist()}) > 2
    scale_glb.write_tiles(made, result, tmp_path / "tiles", tmp_path / "plain")
    assert [glb.of_glb(tmp_path / "plain" / tile.uri).triangles for tile in result.per_tile] == [tile.triangles for tile in result.per_tile]  # fmt: skip


def test_what_stands_for_others_from_afar_is_left_out_of_the_peers_tiles():
    own = {"refine": "ADD", "content": {"uri": "1.glb"}, "children": [{"content": {"uri": "2.glb"}}]}
    far = {"refine": "REPLACE", "content": {"uri": "0.glb"}, "transform": [1], "children": [own]}
    assert scale_glb.without_stand_ins(far, {"1.glb", "2.glb"}) == {**own, "transform": [1]}
    assert scale_glb.without_stand_ins(own, {"1.glb", "2.glb"}) == own


def test_rays_meet_the_first_triangle_and_nothing_beside(tmp_path):
    made = scale.site(tmp_path / "spool", 30, keep=False)
    spool = made.spool
    shape = spool.shape([[0, 0, 0], [4, 0, 0], [0, 4, 0]], [[0, 1, 2]], 0)
    for number, height in enumerate((-60.0, -50.0)):
        matrix = np.eye(4)
        matrix[2, 3] = height
        spool.place(f"t{number}", shape, matrix)
    reader = spool.close()
    boxes = np.array([[0, 0, 0, 1, 1, 1]] * 30 + [[0, 0, -60, 4, 4, -60], [0, 0, -50, 4, 4, -50]], float)
    eye = np.array([1.0, 1.0, -100.0])
    straight, aside = rays.directions(eye, np.array([1.0, 1.1, -50.0]), [[639.5, 359.5], [0, 0]])
    assert straight == pytest.approx(np.array([0, 0.1, 50]) / np.hypot(0.1, 50))
    found = rays.distances(reader, boxes, eye, np.array([straight, aside]))
    assert found[0] == pytest.approx(40 * np.hypot(0.1, 50) / 50)
    assert np.isnan(found[1])
    assert rays.right([found[0] * 1.005, None], found) == 1.0
    assert rays.right([found[0] * 1.02, None], found) == 0.0
    assert rays.right([found[0], 3.0], found) == 0.5
    assert rays.right([None, None], found) == 0.0


def test_rays_that_disagree_are_counted():
    assert viewer.agreement([1.0, None, 2.0, None], [1.0, None, 3.0, 4.0]) == (0.75, 0.5)


def test_medians_and_outlines():
    runs = [seen(first=float(n), picture=10.0 * n, calls=n) for n in (3, 1, 2)]
    middle = browser.middle(runs)
    assert (middle.first, middle.picture, middle.calls) == (2.0, 20.0, 2)
    assert browser.overlap(frozenset({1, 2, 3}), frozenset({2, 3, 4})) == 0.5
    assert browser.sizes("7,8", tiny=False) == [7, 8]
    assert browser.sizes("7,8", tiny=True) == [300]


def test_the_gate_of_the_viewer_sees_another_picture():
    right, wrong = [1.0, None] * 20, [2.0, None] * 20
    found = {name: seen(asked={"hits": right}) for name in viewer.CONTESTANTS}
    assert [check.passed for check in viewer.same(10, found)] == [True, True]
    found["meshes"] = seen(asked={"hits": wrong})
    assert [check.passed for check in viewer.same(10, found)] == [False, True]
    found["meshes"] = seen(asked={"hits": right}, cells=frozenset(range(500)))
    assert [check.passed for check in viewer.same(10, found)] == [True, False]
    told = viewer.compared(10, {**found, "plain": seen(script=4.0)})
    assert "0.5x of 3d-tiles-renderer's with a mesh per element (goal: 0.25x, missed)" in viewer.verdict(told)
    assert "met)" in viewer.verdict(viewer.compared(10, {**found, "plain": seen(script=9.0)}))


def test_the_gate_of_the_peers_sees_an_empty_or_another_picture():
    def passed(**cells):
        found = {name: seen(cells=frozenset(some)) for name, some in cells.items()}
        return [check.passed for check in viewer_peers.checks("t", found)]

    assert passed(ours=range(900), fragments=range(1000), xeokit=range(900)) == [True, True, True]
    assert passed(ours=range(10), fragments=range(10)) == [False, True]
    assert passed(ours=range(900), fragments=range(2000)) == [True, False]
    assert passed(ours=range(900), fragments=range(700)) == [True, False]
    found = {"t": {"ours": seen(), "fragments": seen(first=300.0, heap=20_000_000)}}
    told = viewer_peers.verdict(viewer_peers.ratios(found))
    assert "first picture 0.33x of That Open Fragments (met: 0.5x)" in told
    assert "JavaScript heap 0.5x of That Open Fragments (missed: 0.3x)" in told


def asked(calls=50, script=2.0, written=1.0, met=3, **more):
    """A run of the scale's own page."""
    answers = {"hits": [1.0, None], "picks": {"each": [1.0, 2.0, 3.0], "met": met}, "recolour": [{"written": written, "prepared": 0.5}]}  # fmt: skip
    return seen(calls=calls, script=script, asked=answers, **more)


def test_the_gate_of_the_scale_sees_lost_objects_and_wrong_places():
    built = {"objects_with_mesh": 1000}

    def passed(objects, exact, run, known=built):
        return [check.passed for check in viewer_scale.checks(objects, "whole", run, known, exact)]

    assert passed(1000, 1.0, asked()) == [True, True, True]
    assert passed(1000, 0.9, asked(cells=frozenset(range(20)))) == [True, False, False]
    assert passed(1001, 1.0, asked(met=0)) == [False, False, True]
    assert passed(100_000, 0.5, asked(), {"objects_with_mesh": 100_000}) == [True, True]


def test_growth_and_goals_of_the_scale():
    built = {"tiles": 3, "tile_bytes": 2e6}
    rows = [
        viewer_scale.row(10_000, "whole", asked(calls=20, script=1.0), built, (1.0, 100.0), 1.0),
        viewer_scale.row(1_000_000, "whole", asked(calls=200, script=1.3, written=20.0), {**built, "tiles": 300}, (100.0, 200.0), 1.0),
    ]  # fmt: skip
    (grown,) = viewer_scale.growth(rows)
    told = dict(zip(viewer_scale.COLUMNS, grown, strict=True))
    assert told["objects"] == "growth, 10,000 to 1,000,000"
    assert told["build CPU s"] == pytest.approx(1.0)
    assert told["draw calls"] == pytest.approx(0.5)
    assert told["GPU MB"] == pytest.approx(0.0)
    ratios = {ratio.name: ratio.value for ratio in viewer_scale.ratios(rows, {10_000: 100.0, 1_000_000: 500.0})}
    assert ratios["1,000,000 objects, whole site: goal of 200 draw calls, over ours"] == 1.0
    assert ratios["1,000,000 objects, whole site: JavaScript of a frame at 10,000, over ours"] == pytest.approx(1 / 1.3)
    assert ratios["1,000,000 objects, whole site: all tiles, over the bytes of the first picture"] == 10.0
    text = viewer_scale.verdict(rows, {10_000: 100.0, 1_000_000: 500.0})
    assert "200 draw calls (met: 200)" in text
    assert "20 ms for 100,000 states (missed: a frame)" in text
    assert "0.1 of all bytes for the first picture (met: 0.2)" in text
    assert "1.3 times that of 10,000 (missed: 1.2)" in text
    assert viewer_scale.growth(rows[:1]) == []
    half = viewer_scale.row(1_000_000, "whole", asked(calls=4), built, (100.0, 200.0), 0.5)
    assert "only 50% of the places are right" in viewer_scale.verdict([rows[0], half], {1_000_000: 500.0})
    assert not [one for one in viewer_scale.ratios([half], {1_000_000: 500.0}) if one.name.startswith("1,000,000")]


def test_races_without_a_browser_are_skipped(context, monkeypatch):
    monkeypatch.setattr(browser.chromium, "find", lambda: None)
    for race in (viewer, viewer_scale, viewer_peers):
        assert race.run(context).skipped


def test_the_outline_is_of_so_many_cells():
    text = browser.METER.read_text(encoding="utf-8")
    across, down = (int(text.partition(f"const {name} = ")[2].split("\n")[0]) for name in ("ACROSS", "DOWN"))
    assert across * down == CELLS


@pytest.mark.browser
@pytest.mark.slow
def test_viewer_race(context):
    if why := browser.missing():
        pytest.skip(why)
    data = reported(viewer.RACE, viewer.run(context))
    assert {row[1] for row in data["rows"]} == set(viewer.CONTESTANTS.values())


@pytest.mark.browser
@pytest.mark.slow
def test_viewer_scale_race(context):
    if why := browser.missing():
        pytest.skip(why)
    outcome = viewer_scale.run(context)
    assert [check for check in outcome.checks if not check.passed] == []
    rows = [dict(zip(outcome.columns, row, strict=True)) for row in outcome.rows]
    assert [row["view"] for row in rows] == list(viewer_scale.VIEWS.values())
    assert all(row["draw calls"] > 0 and row["data kB"] > 0 and row["GPU MB"] > 0 for row in rows)
    assert all(row["first ms"] <= row["picture ms"] for row in rows)


@pytest.mark.browser
@pytest.mark.slow
def test_viewer_peers_race(context):
    if why := viewer_peers.missing():
        pytest.skip(why)
    model = new_model()
    for number in range(3):
        model.wall(f"W{number}", (0.0, 4.0 * number, 0.0), (5.0, 0.2, 3.0))
    outcome = viewer_peers.race(context, {"small": model.write(context.folder)}, xkt=("small",))
    data = reported(viewer_peers.RACE, outcome)
    assert [row[1] for row in data["rows"]] == list(viewer_peers.TITLES.values())
    assert json.dumps(data)
