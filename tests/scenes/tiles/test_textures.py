"""Textured faces: the colours that a client samples, pages, budgets, bytes."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.tiles import atlas, build, textures
from tests.scenes.tiles.decode import read_tiles
from tests.scenes.tiles.judging import check_tileset
from tests.scenes.tiles.spools import FRAME, WHOLE, Scene, image_of, textured
from twin.geometry.spool import Texture
from twin.layer import LayerKind

RGB = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]


def drawn(scene, folder, **options):
    table, reader = scene.table(), scene.spool.close()
    result = build(reader, table, FRAME, LayerKind.BIM, "a1", folder, **options)
    parts = [part for _, tile in check_tileset(folder, table, result) for part in tile]
    ordinal = dict(zip(table.column("id").to_pylist(), result.ordinal.tolist(), strict=True))
    return parts, ordinal


def colours(parts, ordinal, at):
    """The colours that an object's textured faces show at points of each face, as seen at relative east 0..1."""
    (part,) = [p for p in parts if p.material == "textured" and (p.ordinal == ordinal).any()]
    found = {}
    mine = [face for face in range(len(part.faces)) if part.ordinal[part.faces[face, 0]] == ordinal]
    east = part.position[part.faces[mine].ravel(), 0]
    for face in mine:
        for weights in at:
            x = weights @ part.position[part.faces[face], 0]
            found[float((x - east.min()) / np.ptp(east))] = part.shown(face, weights)
    return part, found


RANDOM = np.random.default_rng(4).dirichlet((1, 1, 1), 40)


def test_an_image_shown_once_keeps_its_colours_in_the_atlas(tmp_path):
    scene = textured(tmp_path / "spool")
    parts, ordinal = drawn(scene, tmp_path / "out")
    once = [part for part in parts if part.material == "textured" and part.wrap == (33071, 33071)]
    assert len(once) == 4  # twelve images on one page, the clamped one, the one cut out, the glassy one
    for index in range(12):
        _, found = colours(parts, ordinal[f"once{index}"], RANDOM)
        for east, colour in found.items():
            if abs(east - 0.5) > 0.08:
                want = (20 * index, 40, 200) if east < 0.5 else (250, 20 * index, 30)
                assert np.abs(colour - want).max() < 16, (index, east, colour, want)


@pytest.mark.parametrize(("wrap", "code"), [("repeat", 10497), ("mirror", 33648), ("clamp", 33071)])
def test_an_image_goes_on_beyond_its_edges(tmp_path, wrap, code):
    scene = textured(tmp_path / "spool")
    parts, ordinal = drawn(scene, tmp_path / "out")
    part, found = colours(parts, ordinal[wrap], RANDOM)
    assert part.wrap == (code, code)
    for east, colour in found.items():
        u = 7.25 + 3.5 * east
        inside = {"repeat": u % 1, "mirror": 1 - abs(u % 2 - 1), "clamp": min(u, 0.999)}[wrap]
        if abs(inside * 3 - round(inside * 3)) > 0.1:
            assert np.argmax(colour) == int(inside * 3), (east, colour)
    if wrap != "clamp":
        assert np.abs(part.uv).max() < 5  # whole periods were taken away


def test_alpha_and_tint_become_classes_and_vertex_colours(tmp_path):
    scene = textured(tmp_path / "spool")
    parts, ordinal = drawn(scene, tmp_path / "out")
    modes = [item for _, glb in read_tiles(tmp_path / "out")[1] for item in glb.json["materials"]]
    named = sorted(item.get("alphaMode", "OPAQUE") for item in modes if item["name"] == "textured")
    assert named == ["BLEND", "MASK", *["OPAQUE"] * 4]
    glassy, _ = colours(parts, ordinal["blend"], RANDOM[:1])
    assert np.allclose(glassy.colour[0], [1, ((0.5 + 0.055) / 1.055) ** 2.4, 1, 0.4], atol=1 / 255)
    cut, _ = colours(parts, ordinal["mask"], RANDOM[:1])
    assert set(np.unique(cut.image[..., 3])) >= {0, 255}


def test_equal_images_are_one_and_only_the_used_part_is_kept(tmp_path):
    scene = Scene(tmp_path / "spool")
    strip = np.array([[0, 1], [0.2, 1], [0.2, 0], [0, 0]])
    for index in range(6):
        tint = (1, 1 - index / 10, 1, 1)
        scene.card(str(index), (3 * index, 0, 0), scene.textured(RGB, tint=tint, size=200), strip + np.array((5, -3)))
    parts, _ = drawn(scene, tmp_path / "out")
    (part,) = [one for one in parts if one.material == "textured"]
    assert part.image.shape[1] < 200
    assert len(np.unique(part.colour, axis=0)) == 6


def test_smooth_normals_run_over_a_seam_of_the_image(tmp_path):
    """A cylinder whose image meets itself: vertices are split there, their normals are the same."""
    scene = Scene(tmp_path / "spool")
    angle = np.linspace(0, 2 * np.pi, 25)
    ring = np.column_stack((np.cos(angle), np.sin(angle)))
    low, high = np.column_stack((ring, np.zeros(25))), np.column_stack((ring, np.ones(25)))
    i = np.arange(24)
    faces = np.vstack((np.column_stack((i, i + 1, i + 26)), np.column_stack((i, i + 26, i + 25))))
    u = np.linspace(0, 1, 25)
    uv = np.vstack((np.column_stack((u, np.ones(25))), np.column_stack((u, np.zeros(25)))))
    shape = scene.spool.shape(np.vstack((low, high)), faces, scene.textured(RGB), uv)
    scene.spool.place(scene.row("column"), shape)
    parts, _ = drawn(scene, tmp_path / "out")
    (part,) = [one for one in parts if one.material == "textured"]
    assert len(part.position) == 50
    seam = np.flatnonzero(np.abs(part.position[:, :2] - [1, 0]).max(axis=1) < 1e-3)
    assert len(seam) == 4
    assert np.allclose(part.normal[seam], [1, 0, 0], atol=0.02)


def test_many_repeating_images_end_in_plain_colours(tmp_path, monkeypatch):
    monkeypatch.setattr(textures, "MAX_TILED", 3)
    scene = Scene(tmp_path / "spool")
    for index in range(5):
        scene.card(str(index), (0, index, 0), scene.textured([(50 * index, 9, 9)]), WHOLE * 4, size=1 + index)
    parts, ordinal = drawn(scene, tmp_path / "out")
    assert sum(part.material == "textured" for part in parts) == 3
    (plain,) = [part for part in parts if part.material == "opaque"]
    assert set(plain.ordinal.tolist()) == {ordinal["0"], ordinal["1"]}  # the smallest


def test_images_of_a_tile_stay_within_the_budget(tmp_path, monkeypatch):
    monkeypatch.setattr(textures, "PIXELS", 10_000)
    scene = Scene(tmp_path / "spool")
    for index in range(5):
        colour = (50 * index, 9, 9)
        scene.card(str(index), (0, index, 0), scene.textured([colour, colour], size=150), WHOLE * (4 if index else 1))
    parts, ordinal = drawn(scene, tmp_path / "out")
    images = {id(part.image): part.image for part in parts if part.material == "textured"}
    bare = [image.shape[0] * image.shape[1] for image in images.values()]
    assert 5_000 < sum(bare) < 10_000 + 4 * atlas.GUTTER * 200
    for index in range(5):
        _, found = colours(parts, ordinal[str(index)], RANDOM[:5])
        assert all(np.abs(colour - (50 * index, 9, 9)).max() < 16 for colour in found.values())


def test_instances_carry_the_image(tmp_path):
    scene = Scene(tmp_path / "spool")
    material = scene.textured(RGB)
    grid = np.linspace(0, 1, 9)
    points = np.array([[x, 0, z] for z in grid for x in grid])
    i = np.array([9 * row + column for row in range(8) for column in range(8)])
    faces = np.vstack((np.column_stack((i, i + 1, i + 10)), np.column_stack((i, i + 10, i + 9))))
    shape = scene.spool.shape(points, faces, material, np.column_stack((points[:, 0], 1 - points[:, 2])))
    for index in range(80):
        scene.spool.place(scene.row(str(index)), shape, np.eye(4) + np.eye(4, k=3) * 2 * index)
    parts, _ = drawn(scene, tmp_path / "out")
    assert len(parts) == 80  # as many nodes as instances, decoded
    assert all(part.image is not None for part in parts)


def test_bytes_are_the_same_twice(tmp_path):
    for name in ("one", "two"):
        drawn(textured(tmp_path / name / "spool"), tmp_path / name / "out")
    one, two = ([path.read_bytes() for path in sorted((tmp_path / n / "out").iterdir())] for n in ("one", "two"))
    assert one == two


def test_far_terrain_shows_the_mean_colour(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.card("a", (0, 0, 0), scene.textured([(0, 0, 0), (255, 255, 255)]), WHOLE)
    table, reader = scene.table(), scene.spool.close()
    build(reader, table, FRAME, LayerKind.TERRAIN, "a1", tmp_path / "out")
    (part,) = read_tiles(tmp_path / "out")[1][0][1].drawn()
    assert part.material == "opaque"
    assert np.allclose(part.colour[:, :3], 0.5, atol=0.01)  # half of the light


def test_arranged_images_never_overlap():
    random = np.random.default_rng(0)
    sizes = [tuple(size) for size in random.integers(1, 900, (60, 2)).tolist()]
    spots, pages = atlas.arrange(sizes)
    assert max(max(page) for page in pages) <= atlas.SIDE
    used = [np.zeros((high, wide), np.uint8) for wide, high in pages]
    for (wide, high), spot in zip(sizes, spots, strict=True):
        x, y, g = spot.x, spot.y, atlas.GUTTER
        assert min(x, y) >= g
        used[spot.page][y - g : y + high + g, x - g : x + wide + g] += 1
    assert max(int(page.max()) for page in used) == 1
    assert sum(int((page > 0).sum()) for page in used) == sum((w + 16) * (h + 16) for w, h in sizes)


def test_jpeg_and_webp_sources(tmp_path):
    scene = Scene(tmp_path / "spool")
    for form in ("JPEG", "WEBP", "BMP", "GIF"):
        picture = scene.spool.image(image_of(RGB, form=form))
        scene.card(form, (0, 0, 0), scene.spool.material(picture.mean, form, Texture(picture.name)), WHOLE)
    parts, ordinal = drawn(scene, tmp_path / "out")
    for form in ("JPEG", "WEBP", "BMP", "GIF"):
        _, found = colours(parts, ordinal[form], RANDOM)
        for east, colour in found.items():
            if abs(east * 3 - round(east * 3)) > 0.2:
                assert np.argmax(colour) == int(east * 3)
