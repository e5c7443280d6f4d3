"""What is drawn: colours, normals, edges, instances."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.tiles import build
from scenes.tiles.instancing import decompose
from tests.scenes.tiles.decode import read_tiles, rotation
from tests.scenes.tiles.judging import check_positions, check_tileset
from tests.scenes.tiles.spools import BOX_FACES, FRAME, Scene, box_vertices, cone, forest
from twin.geometry.frame import placement
from twin.layer import LayerKind


def drawn(scene, tmp_path, kind=LayerKind.BIM):
    table, reader = scene.table(), scene.spool.close()
    result = build(reader, table, FRAME, kind, "a1", tmp_path / "out")
    pictures = check_tileset(tmp_path / "out", table, result)
    return {one.material: one for _, parts in pictures for one in parts}, (reader, table, result, pictures)


def test_colours_are_linear_and_glass_is_apart(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.box("wall", (0, 0, 0), (1, 1, 1))
    scene.box("pane", (5, 0, 0), (1, 1, 1), scene.glass)
    parts, (_, _, result, _) = drawn(scene, tmp_path)
    linear = ((0.5 + 0.055) / 1.055) ** 2.4
    assert np.allclose(parts["opaque"].colour, [linear, linear, linear, 1.0], atol=1 / 255)
    assert np.allclose(parts["transparent"].colour[:, 3], 0.4, atol=1 / 255)
    assert set(parts["transparent"].ordinal.tolist()) == {int(result.ordinal[1])}
    assert set(parts["edges"].ordinal.tolist()) == {int(result.ordinal[0])}
    glb = read_tiles(tmp_path / "out")[1][0][1]
    modes = {item["name"]: item.get("alphaMode", "OPAQUE") for item in glb.json["materials"]}
    assert modes == {"opaque": "OPAQUE", "transparent": "BLEND", "edges": "OPAQUE"}
    assert all(item["doubleSided"] for item in glb.json["materials"] if item["name"] != "edges")


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("mirror", [False, True])
def test_box_is_flat_shaded_and_faces_outward(tmp_path, inverted, mirror):
    scene = Scene(tmp_path / "spool")
    faces = BOX_FACES[:, ::-1] if inverted else BOX_FACES
    shape = scene.spool.shape(box_vertices((2, 1, 1)), faces, scene.grey)
    matrix = np.diag([-1.0 if mirror else 1.0, 1.0, 1.0, 1.0])
    matrix[:3, 3] = (7, 8, 9)
    scene.spool.place(scene.row("a"), shape, matrix)
    parts, (reader, table, result, pictures) = drawn(scene, tmp_path)
    check_positions(reader, table, result, pictures)
    body = parts["opaque"]
    assert len(body.position) == 8, "flat faces share the corners"
    assert body.normal is None
    corners = body.position[body.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outward = corners.mean(axis=1) - [7, 8, 9]
    assert (np.einsum("ij,ij->i", across, outward) > 0).all()
    assert len(parts["edges"].faces) == 12
    assert np.array_equal(parts["edges"].position, body.position), "edges end at the same vertices"


def test_round_bodies_are_smooth_with_a_hard_rim(tmp_path):
    scene = Scene(tmp_path / "spool")
    vertices, faces = cone(segments=24, radius=1.0, height=0.5)
    scene.spool.place(scene.row("a"), scene.spool.shape(vertices, faces, scene.grey))
    parts, (_, _, _, pictures) = drawn(scene, tmp_path)
    body = parts["opaque"]
    floor, _ = (one for one in pictures[0][1] if one.material == "opaque")
    assert floor.normal is None
    assert np.ptp(floor.position[:, 2]) == 0
    up = body.normal[:, 2]
    side = body.position[:, 2] < 0.01
    assert (up[side] > 0).all()
    angle = np.arctan2(body.position[side, 1], body.position[side, 0])
    lean = np.arctan2(body.normal[side, 1], body.normal[side, 0])
    turn = (angle - lean + np.pi) % (2 * np.pi) - np.pi
    assert np.abs(turn).max() < 0.02
    assert side.sum() == 24
    assert len(parts["edges"].faces) == 24


def test_normals_follow_uneven_scale(tmp_path):
    scene = Scene(tmp_path / "spool")
    shape = scene.spool.shape(*bow(), scene.grey)
    scene.spool.place(scene.row("a"), shape, np.diag([3.0, 1.0, 1.0, 1.0]))
    parts, _ = drawn(scene, tmp_path)
    inner = np.abs(parts["opaque"].position[:, 0]) < 2.99  # an end has one neighbour: its normal is that one's
    position, normal = parts["opaque"].position[inner], parts["opaque"].normal[inner]
    expected = position * [1 / 9, 0, 1]
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert inner.sum() == 22
    assert np.abs(normal * np.sign(normal[:, 2:]) - expected).max() < 0.02


def bow(segments=12, lift=0.0):
    """Half a tunnel of radius 1 along y: vertices and faces of a bent sheet."""
    angle = np.linspace(0, np.pi, segments + 1)
    arc = np.column_stack((np.cos(angle), np.zeros(segments + 1), np.sin(angle) + lift))
    n = segments + 1
    faces = [[i, i + n, i + 1] for i in range(segments)] + [[i + 1, i + n, i + n + 1] for i in range(segments)]
    return np.concatenate((arc, arc + np.array([0, 1, 0]))), faces


def test_edges_of_bent_sheets_end_at_vertices_of_their_own_beside_flat_ones(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.box("box", (5, 0, 0), (1, 1, 1))
    scene.spool.place(scene.row("bow"), scene.spool.shape(*bow(), scene.grey))
    parts, (_, _, result, pictures) = drawn(scene, tmp_path)
    flat, smooth = (one for one in pictures[0][1] if one.material == "opaque")
    edges = parts["edges"]
    assert flat.normal is None
    assert len(flat.faces) == 12
    assert np.array_equal(edges.position, flat.position)
    assert len(edges.faces) == 12 + 26
    ends = edges.position[edges.faces]
    bent = edges.ordinal[edges.faces[:, 0]] == int(result.ordinal[1])
    assert np.allclose(np.hypot(ends[bent][:, :, 0], ends[bent][:, :, 2]), 1, atol=0.001)
    assert set(smooth.ordinal.tolist()) == {int(result.ordinal[1])}


def test_glass_is_one_draw_call_where_some_of_it_is_bent(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.box("pane", (5, 0, 0), (1, 1, 1), scene.glass)
    scene.spool.place(scene.row("vault"), scene.spool.shape(*bow(), scene.glass))
    scene.box("wall", (9, 0, 0), (1, 1, 1))
    parts, (_, _, _, pictures) = drawn(scene, tmp_path)
    assert [one.material for one in pictures[0][1]].count("transparent") == 1
    pane = parts["transparent"]
    across = pane.position[pane.faces]
    faces = np.cross(across[:, 1] - across[:, 0], across[:, 2] - across[:, 0])
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    assert (np.einsum("ij,ij->i", faces, pane.normal[pane.faces[:, 0]]) > 0.9).all()


def test_slivers_keep_their_normal(tmp_path):
    """A strip of 4 mm: the grid of positions would tilt it, were its normal taken from them."""
    scene = Scene(tmp_path / "spool")
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    plate = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1.004, 0], [1, 1.004, 0]]) @ turn.T
    faces = [[0, 1, 2], [0, 2, 3], [3, 2, 5], [3, 5, 4]]
    scene.spool.place(scene.row("plate"), scene.spool.shape(plate, faces, scene.grey))
    _, (_, _, _, pictures) = drawn(scene, tmp_path)
    flat, strip = (one for one in pictures[0][1] if one.material == "opaque")
    assert (len(flat.faces), len(strip.faces)) == (2, 2)
    assert np.abs(np.abs(strip.normal @ turn[:, 2]) - 1).max() < 0.005


def test_open_borders_are_lines_in_buildings_only(tmp_path):
    for kind, lines in ((LayerKind.BIM, 4), (LayerKind.VECTOR, 0)):
        scene = Scene(tmp_path / kind / "spool")
        shape = scene.spool.shape([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], [[0, 1, 2], [0, 2, 3]], scene.grey)
        scene.spool.place(scene.row("a"), shape)
        parts, _ = drawn(scene, tmp_path / kind, kind)
        assert len(parts["edges"].faces if lines else []) == lines
        assert ("edges" in parts) == bool(lines)


def test_equal_vertices_of_two_objects_stay_apart(tmp_path):
    scene = Scene(tmp_path / "spool")
    for name in ("a", "b", "c"):
        scene.box(name, (0, 0, 0), (1, 1, 1))
    parts, (_, _, result, _) = drawn(scene, tmp_path)
    assert np.bincount(parts["opaque"].ordinal, minlength=3).tolist() == [8, 8, 8]
    assert np.bincount(parts["edges"].ordinal, minlength=3).tolist() == [8, 8, 8]
    assert result.statistics["lines"] == 36


def test_repeated_shapes_become_instances_with_ids(tmp_path):
    scene = forest(tmp_path / "spool", count=700)
    _, (reader, table, result, pictures) = drawn(scene, tmp_path, LayerKind.VECTOR)
    check_positions(reader, table, result, pictures)
    assert result.statistics["instanced_objects"] == 700
    glb = read_tiles(tmp_path / "out")[1][0][1]
    nodes = [node for node in glb.json["nodes"] if "extensions" in node]
    assert len(nodes) == 2
    assert sum(len(glb.json["meshes"][node["mesh"]]["primitives"]) for node in nodes) == 2, "one draw call a shape"
    assert {"EXT_mesh_gpu_instancing", "EXT_instance_features"} <= set(glb.json["extensionsUsed"])
    assert "EXT_mesh_gpu_instancing" in glb.json["extensionsRequired"]
    mirrored = int(result.ordinal[table.column("id").to_pylist().index("mirrored")])
    merged = [one for one in pictures[0][1] if mirrored in one.ordinal]
    assert merged
    assert all(set(one.ordinal.tolist()) == {mirrored} for one in merged)
    for _, parts in pictures:
        solid = [one for one in parts if one.material == "opaque"]
        for kind in {(int(one.ordinal[0]), *one.colour[0].tolist()) for one in solid}:  # the crown, the trunk
            mine = [one for one in solid if (int(one.ordinal[0]), *one.colour[0].tolist()) == kind]
            points = np.concatenate([one.position for one in mine])
            middle = (points.min(axis=0) + points.max(axis=0)) / 2
            for one in mine:
                corners = one.position[one.faces]
                across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
                assert (np.einsum("ij,ij->i", across, corners.mean(axis=1) - middle) > 0).all()


def ball(cells=34, radius=0.4, corrugated=False):
    """A closed ball of more than 2,000 triangles; corrugated: with some hundred sharp edges around it."""
    turn, rise = np.meshgrid(
        np.linspace(0, 2 * np.pi, cells, endpoint=False), np.linspace(-1.4, 1.4, cells), indexing="ij"
    )
    out = radius * np.where(corrugated & (np.arange(cells) % 17 == 0), 0.7, 1.0)[:, None]
    points = np.stack((np.cos(turn) * np.cos(rise) * out, np.sin(turn) * np.cos(rise) * out, np.sin(rise) * radius), -1)
    n = np.arange(cells * cells).reshape(cells, cells)
    below, above = n[:, :-1].ravel(), n[:, 1:].ravel()
    beside, over = np.roll(n, -1, axis=0)[:, :-1].ravel(), np.roll(n, -1, axis=0)[:, 1:].ravel()
    faces = np.vstack((np.column_stack((below, beside, over)), np.column_stack((below, over, above))))
    ends = [[[c, i, (i + 1) % cells] for i in range(cells)] for c in (cells * cells, cells * cells + 1)]
    low = [[c, n[j, 0], n[i, 0]] for c, i, j in ends[0]]
    high = [[c, n[i, -1], n[j, -1]] for c, i, j in ends[1]]
    poles = [[0, 0, -radius], [0, 0, radius]]
    return np.vstack((points.reshape(-1, 3), poles)), np.vstack((faces, low, high))


@pytest.mark.parametrize("corrugated", [False, True])
def test_a_large_shape_that_stands_turned_again_is_stored_once_if_it_has_no_lines(tmp_path, corrugated):
    scene = Scene(tmp_path / "spool")
    shape = scene.spool.shape(*ball(corrugated=corrugated), scene.grey)
    for number, turn in enumerate((0.3, 1.9)):
        matrix = placement((3.00037 * number, 1.00041, 0.5), turn)
        scene.spool.place(scene.row(f"ball{number}"), shape, matrix)
    scene.box("box", (9, 0, 0), (1, 1, 1))
    parts, (reader, table, result, pictures) = drawn(scene, tmp_path)
    check_positions(reader, table, result, pictures)
    edges = parts["edges"].ordinal[parts["edges"].faces[:, 0]]
    assert set(edges.tolist()) == (set(range(3)) if corrugated else {int(result.ordinal[2])})
    assert result.statistics["instanced_objects"] == (0 if corrugated else 2)
    assert result.statistics["triangles"] == result.statistics["triangles_drawn"] == 2 * len(ball()[1]) + 12


def test_rotations_survive_decomposition():
    random = np.random.default_rng(4)
    turns, _ = np.linalg.qr(random.normal(size=(400, 3, 3)))
    turns *= np.sign(np.linalg.det(turns))[:, None, None]
    turns[:4] = [np.diag(signs) for signs in ([1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1])]
    scale = random.uniform(0.5, 2, (400, 1, 3))
    matrix = np.concatenate((turns * scale, random.normal(size=(400, 3, 1))), axis=2)
    translation, quaternion, scales = decompose(matrix, np.array([1.0, 2.0, 3.0]))
    axes = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
    for i in range(400):
        back = axes.T @ (rotation(quaternion[i]) * scales[i]) @ axes
        assert np.allclose(back, matrix[i, :, :3], atol=1e-9)
        assert np.allclose(axes.T @ translation[i] + [1, 2, 3], matrix[i, :, 3])


@pytest.mark.parametrize(("turn", "kept"), [(0.0, 0), (np.pi / 2, 0), (0.3, 8)])
def test_slivers_keep_normals_only_where_the_grid_could_tilt_them(tmp_path, turn, kept):
    scene = Scene(tmp_path / "spool")
    scene.box("sheet", (3.0004, 1.0003, 0.5), (2.0, 1.0, 0.006), rotation=turn)
    _, (_, _, _, pictures) = drawn(scene, tmp_path)
    faces = {one.normal is None: len(one.faces) for one in pictures[0][1] if one.material == "opaque"}
    assert faces.get(False, 0) == kept
    assert sum(faces.values()) == 12
