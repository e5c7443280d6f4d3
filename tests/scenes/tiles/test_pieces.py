"""One object larger than a tile's worth: many bounded primitives in one tile, one feature id."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.tiles import build, check, pieces
from scenes.tiles.mesh import OPAQUE, Primitive, TileMesh
from scenes.tiles.plan import MAX_TRIANGLES
from tests.scenes.tiles.decode import read_tiles
from tests.scenes.tiles.judging import check_positions, check_tileset
from tests.scenes.tiles.spools import FRAME, Scene
from twin.errors import Unavailable
from twin.layer import LayerKind


def wavy(cells):
    """A sheet of 2 * cells² triangles over a square of 100 m."""
    n = cells + 1
    x, y = np.meshgrid(np.linspace(0, 100, n), np.linspace(0, 100, n), indexing="ij")
    i = np.arange(n * n).reshape(n, n)
    a, b, c, d = (part.ravel() for part in (i[:-1, :-1], i[1:, :-1], i[1:, 1:], i[:-1, 1:]))
    faces = np.vstack((np.column_stack((a, b, c)), np.column_stack((a, c, d))))
    return np.column_stack((x.ravel(), y.ravel(), 3 * np.sin(x / 9).ravel())), faces


def scene_of(folder, cells):
    scene = Scene(folder)
    vertices, faces = wavy(cells)
    shape = scene.spool.shape(vertices, faces, scene.grey)
    scene.spool.place(scene.row("scan", type="Mesh", ifc_class=None), shape)
    scene.box("beside", (120, 0, 0), (1, 1, 1))
    return scene


def test_a_huge_object_is_bounded_primitives_of_one_object(tmp_path):
    scene = scene_of(tmp_path / "spool", 260)  # 135,200 triangles
    table, reader = scene.table(), scene.spool.close()
    result = build(reader, table, FRAME, LayerKind.BIM, "a1", tmp_path / "out")
    check_tileset(tmp_path / "out", table, result)
    assert result.statistics["triangles"] == result.statistics["triangles_drawn"] == 2 * 260**2 + 12
    _, tiles = read_tiles(tmp_path / "out")
    (glb,) = [one for _, one in tiles if one is not None and "a1/scan" in one.table()["gid"]]
    surfaces = [one for one in glb.drawn() if one.material == OPAQUE]
    assert len(surfaces) == 4
    sizes = [len(one.faces) for one in surfaces]
    assert sum(sizes) == 2 * 260**2
    assert all(20_000 <= size <= MAX_TRIANGLES for size in sizes)
    assert {int(value) for one in surfaces for value in one.ordinal} == {int(result.ordinal[0])}
    for one in surfaces:  # a quarter of the sheet each, so that looking at a corner draws a corner
        assert np.ptp(one.position[:, :2], axis=0).prod() < 0.3 * 100 * 100


def test_the_checker_has_nothing_against_it(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "MAX_TRIANGLES", 300)
    monkeypatch.setattr(pieces, "TARGET", 200)
    scene = scene_of(tmp_path / "spool", 24)
    table, reader = scene.table(), scene.spool.close()
    build(reader, table, FRAME, LayerKind.BIM, "a1", tmp_path / "out")
    try:
        report = check.check_path(tmp_path / "out" / "tileset.json")
    except Unavailable as error:
        pytest.skip(str(error))
    assert [str(issue) for issue in report.issues] == []


def test_pieces_draw_every_vertex_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "MAX_TRIANGLES", 300)
    monkeypatch.setattr(pieces, "TARGET", 200)
    scene = scene_of(tmp_path / "spool", 24)
    table, reader = scene.table(), scene.spool.close()
    result = build(reader, table, FRAME, LayerKind.BIM, "a1", tmp_path / "out")
    check_positions(reader, table, result, check_tileset(tmp_path / "out", table, result))
    assert result.statistics["draw_calls"] > 6


def test_edges_go_apart_when_their_faces_are_cut():
    corners = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [5, 5, 5], [6, 5, 5]])
    faces, edges = np.array([[0, 1, 2], [0, 2, 3]]), np.array([[0, 1], [4, 5]])
    surface, lines = Primitive(OPAQUE, corners, faces, np.arange(6), edges=edges).apart()
    assert surface.edges is None
    assert len(surface.position) == 4
    assert (surface.position[surface.indices] == corners[faces]).all()
    assert (lines.position[lines.indices] == corners[edges]).all()
    assert lines.feature.tolist() == [0, 1, 4, 5]


def test_what_fits_is_left_as_it_is():
    vertices, faces = wavy(3)
    one = Primitive(OPAQUE, vertices, faces, np.zeros(len(vertices), np.int64), vertices, None)
    mesh = TileMesh(np.zeros(3), np.array([0]), [one])
    assert pieces.bounded(mesh).primitives[0] is one
