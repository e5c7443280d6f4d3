"""Tiles in other colours are those that the builder writes of them."""

from __future__ import annotations

import pytest

from scenes.tiles import build
from scenes.tiles.tint import tinted, tints
from tests.scenes.tiles.spools import FRAME, Scene, building, forest
from tests.scenes.tiles.test_far_views import small_tiles, town  # noqa: F401 - a fixture
from twin.geometry.spool import Material, MeshSpool
from twin.layer import LayerKind

GREY, GLASS = (0.5, 0.5, 0.5, 1.0), (0.2, 0.6, 0.9, 0.4)


def files(folder, make, compress, monkeypatch, looks=None):
    """The GLBs of a scene. looks: what its materials are instead, by what they are."""
    taken = MeshSpool.material

    def material(self, rgba, name="", texture=None):
        return taken(self, (looks or {}).get(rgba, rgba), name, texture)

    with monkeypatch.context() as patched:
        patched.setattr(MeshSpool, "material", material)
        scene: Scene = make(folder / "spool")
        build(scene.spool.close(), scene.table(), FRAME, LayerKind.BIM, "a1", folder / "out", compress=compress)
    return {path.name: path.read_bytes() for path in (folder / "out").glob("*.glb")}


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("make", [town, building, forest])
@pytest.mark.parametrize(
    "looks", [{GREY: (0.9, 0.1, 0.2, 1.0)}, {GREY: (0.1, 0.7, 0.2, 1.0), GLASS: (0.3, 0.1, 0.9, 0.7)}]
)
def test_streams_of_colours_alone_are_written_anew(tmp_path, small_tiles, monkeypatch, make, compress, looks):  # noqa: F811
    before = files(tmp_path / "before", make, compress, monkeypatch)
    after = files(tmp_path / "after", make, compress, monkeypatch, looks)
    assert before != after
    colours = tints([Material(GREY), Material(GLASS)], [Material(looks.get(one, one)) for one in (GREY, GLASS)])
    assert colours is not None
    assert {name: tinted(data, colours) for name, data in before.items()} == after
    assert {name: tinted(data, {0x01020304: 0}) for name, data in before.items()} == before, "another colour"


def test_what_colours_do_not_tell_apart_is_not_tinted():
    grey, red, glass = (Material(rgba) for rgba in (GREY, (1.0, 0.0, 0.0, 1.0), GLASS))
    named = Material(GREY, "concrete")
    assert tints([grey, glass], [grey, glass]) == {}
    assert tints([grey, red], [named, red]) == {}
    assert len(tints([grey, red], [red, grey]) or {}) == 2
    assert tints([grey, named], [red, named]) is None  # two of one colour, of which one keeps it
    assert len(tints([grey, named], [red, red]) or {}) == 1
    assert tints([grey, red], [glass, red]) is None  # edge lines go
    assert tints([grey], [grey, red]) is None
