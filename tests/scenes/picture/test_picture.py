"""Pictures of a built park: each object in the colour that the web application would give it."""

from __future__ import annotations

import ctypes

import duckdb
import numpy as np
import pytest
from PIL import Image

from scenes.picture import Wish, picture, view
from scenes.picture.light import encoded, shaded
from scenes.picture.looks import rgb
from twin.errors import Invalid, NotFound, Unavailable
from twin.graph import GraphStore
from twin.graph.selection import Selection
from twin.state.history_schema import open_history

SIZE = (480, 360)
UP = np.array([[0.0, 1.0, 0.0]])


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB"), np.float64)


def near(image, colour, within=4):
    return np.abs(image - np.array(colour)).max(axis=2) <= within


def test_objects_show_their_colour_and_nothing_else(park, walls, tmp_path):
    names = [name for name in walls if name.startswith("a1/")][:3]
    palette = ["#e6194b", "#3cb44b", "#4363d8"]
    colours = {walls[name][0]: colour for name, colour in zip(names, palette, strict=True)}
    selection = Selection(gids=tuple(colours))
    done = picture(park.folder, tmp_path / "p.png", selection, Wish(colours=colours, camera="top", size=SIZE))
    assert (done.objects, done.without_shape) == (3, 0)
    image = pixels(done.path)
    assert image.shape == (SIZE[1], SIZE[0], 3)
    for colour in palette:
        # Seen from above a wall is its lit upper face: the mean of its pixels is the palette's colour.
        lit = encoded(shaded(np.array([rgb(colour)], np.uint8), UP, "day"))[0]
        assert np.abs(lit.astype(int) - rgb(colour)).max() <= 2
        seen = near(image, rgb(colour), 12)
        assert seen.sum() > 200
        assert np.abs(image[seen].mean(axis=0) - lit).max() < 3


def test_turned_away_faces_are_darker_and_never_darker_than_the_shade(park, walls, tmp_path):
    gid, _ = next(iter(walls.values()))
    wish = Wish(colours={gid: "#ff8a34"}, camera="north", size=SIZE)
    image = pixels(picture(park.folder, tmp_path / "n.png", Selection(gids=(gid,)), wish).path)
    north = encoded(shaded(np.array([rgb("#ff8a34")], np.uint8), np.array([[0.0, 0.0, -1.0]]), "day"))[0]
    assert near(image, north).sum() > 1000
    assert north[0] < 255 * 0.95


def test_a_theme_colours_by_the_last_values(park, walls, tmp_path):
    (hot, _), (cold, _) = [walls[name] for name in sorted(walls)[:2]]
    rows = [f"t{n},{gid},,temperature,°C,0,40,measure,t{n},mqtt:park/t{n}" for n, gid in enumerate((hot, cold))]
    header = "point_id,gid,device,kind,unit,min,max,role,name,address"
    (park.folder / "points.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    graph = GraphStore(park)
    graph.load_points()
    graph.close()
    history = open_history(park.history)
    now = duckdb.sql("SELECT epoch_ms(now())").fetchone()[0]
    history.execute("INSERT INTO point_key VALUES (0, 't0'), (1, 't1')")
    history.execute(
        "INSERT INTO fresh VALUES (0, ?, 99, 0), (1, ?, -3, 0), (1, ?, 22, 3)", [now - 50, now - 40, now - 10]
    )
    history.close()
    selection = Selection(gids=(hot, cold))
    done = picture(park.folder, tmp_path / "t.png", selection, Wish(theme="temperature", camera="top", size=SIZE))
    assert done.themed.colours == {hot: rgb("#fde725"), cold: rgb("#440154")}
    assert (done.themed.fresh, done.themed.at) == (2, now - 40)
    image = pixels(done.path)
    # The ends of the ramp, once as walls and once in the legend.
    for colour in ("#fde725", "#440154"):
        assert near(image, rgb(colour), 6).sum() > 200


def test_what_is_around_is_a_ghost(park, walls, tmp_path):
    gid, _ = walls["b1/alone"]
    alone = pixels(picture(park.folder, tmp_path / "a.png", Selection(gids=(gid,)), Wish(size=SIZE)).path)
    around = pixels(
        picture(park.folder, tmp_path / "c.png", Selection(gids=(gid,)), Wish(size=SIZE, context=True)).path
    )
    changed = np.abs(alone - around).max(axis=2)
    assert (changed > 4).any()


def test_view_gives_a_plotter(park):
    plotter = view(park.folder, Selection(layer="b1"), camera="iso", size=SIZE)
    try:
        assert plotter.camera.parallel_projection
        mesh = plotter.actors["solid"].mapper.dataset
        assert mesh.n_cells == 12
        assert mesh.bounds[5] - mesh.bounds[4] == pytest.approx(3, abs=0.01)
    finally:
        plotter.close()


@pytest.mark.parametrize(
    ("selection", "wish", "kind", "words"),
    [
        (Selection(layer="zz"), {}, NotFound, "'zz' is not published"),
        (Selection(type="Unicorn"), {}, Invalid, "No object matches the selection"),
        (Selection(layer="a1", type="BuildingStorey"), {}, Invalid, "None of the 2 selected objects has a shape"),
        (Selection(), {"theme": "heat"}, NotFound, "'heat' is unknown"),
        (Selection(), {"camera": "sky"}, Invalid, "'sky' is unknown"),
        (Selection(), {"look": "dusk"}, Invalid, "expected day or night"),
        (Selection(), {"size": (0, 9)}, Invalid, "0 × 9 pixels cannot be drawn"),
        (Selection(layer="b1"), {"chosen": ("a1/nothing",)}, NotFound, "'a1/nothing' is not among what is drawn"),
        (
            Selection(layer="b1"),
            {"colours": {"a1/nothing": "#ff0000"}},
            NotFound,
            "'a1/nothing' is not among what is drawn",
        ),
        (Selection(layer="b1"), {"colours": {"b1/x": "red"}}, Invalid, "expected #rrggbb"),
    ],
)
def test_what_cannot_be_drawn_is_told(park, tmp_path, selection, wish, kind, words):
    with pytest.raises(kind, match=words):
        picture(park.folder, tmp_path / "no.png", selection, Wish(**wish))
    assert not (tmp_path / "no.png").exists()


def test_a_machine_that_cannot_draw_says_what_to_install(park, tmp_path, monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    with pytest.raises(Unavailable, match="install libegl1 and libegl-mesa0"):
        picture(park.folder, tmp_path / "no.png", Selection(layer="b1"))
