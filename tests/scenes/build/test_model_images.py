"""A building model with images beside it, through a whole build."""

from __future__ import annotations

import pytest

from scenes.build import ingest as build
from scenes.build.sources import find_source
from tests.bim.geometry.test_textures import Textured, png
from twin.park import Park


@pytest.fixture
def park(tmp_path):
    folder = tmp_path / "park"
    folder.mkdir()
    (folder / "park.toml").write_text(
        '[park]\nid = "p"\nname = "园区"\n\n[origin]\nlongitude = 114.3\nlatitude = 30.5\nheight = 20\n',
        encoding="utf-8",
    )
    return Park.load(folder)


def test_images_reach_the_tiles_and_stay_with_the_model(park, tmp_path):
    made = Textured()
    made.square(made.image("maps/tex.png"))
    folder = tmp_path / "in"
    (folder / "maps").mkdir(parents=True)
    (folder / "maps" / "tex.png").write_bytes(png())
    path = made.model.write(folder)
    first = build(park, path)
    tile = next(park.layers_folder.rglob("0.glb"))
    assert b"image/webp" in tile.read_bytes()
    kept = find_source(park, first.version)
    assert kept.read_bytes() == path.read_bytes()
    assert (kept.parent / "maps" / "tex.png").read_bytes() == png()
    assert build(park, path).reused
    assert build(park, kept).reused  # the kept one is the same input
    (folder / "maps" / "tex.png").write_bytes(png(zoom=4))
    second = build(park, path)
    assert not second.reused
    assert second.version.version != first.version.version
