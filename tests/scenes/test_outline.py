"""What a layer covers from above: an L stays an L, a yard stays open, an object without a shape is its box."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from scenes.build import ingest
from scenes.outline import FILE, kept_outline, outline
from tests.bim.ifc_files import new_model
from twin.errors import Invalid
from twin.geometry.frame import Frame
from twin.graph.layerfile import version_folder
from twin.park import Park

LON, LAT = 114.4, 30.48


@pytest.fixture(scope="module")
def park(tmp_path_factory):
    return Park.create(tmp_path_factory.mktemp("outline") / "park", name="P", frame=Frame(LON, LAT, 22.0, "EPSG:4547"))


def folder_of(park, source, layer):
    return version_folder(park, layer, ingest(park, source, layer=layer).version.version)


def area(shape):
    """Even-odd area: rings of holes count against."""
    polygons = [shapely.Polygon(ring) for ring in shape["rings"]]
    whole = polygons[0]
    for one in polygons[1:]:
        whole = whole.symmetric_difference(one)
    return whole.area


@pytest.fixture(scope="module")
def yard(park, tmp_path_factory):
    """Four walls around a yard of 20 m by 10 m, with an arm that makes them no rectangle; joints of 1 cm are open."""
    m = new_model()
    for name, at, size in (
        ("S", (10.0, 0.5, 0.0), (20.0, 1.0, 3.0)),
        ("N", (10.0, 9.5, 0.0), (20.0, 1.0, 3.0)),
        ("W", (0.5, 5.0, 0.0), (1.0, 7.98, 3.0)),
        ("E", (19.5, 5.0, 0.0), (1.0, 7.98, 3.0)),
        ("Arm", (25.0, 1.0, 0.0), (10.0, 2.0, 3.0)),
    ):
        m.wall(name, at=at, size=size)
    return folder_of(park, m.write(tmp_path_factory.mktemp("yard"), "yard.ifc"), "yard")


@pytest.fixture(scope="module")
def houses(park, tmp_path_factory):
    """A map: two houses on a meadow."""

    def square(x, y, size):
        ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
        frame = Frame(LON, LAT, 22.0, "EPSG:4547")
        return [frame.to_lonlat(np.column_stack((ring, np.zeros(5))))[:, :2].tolist()]

    features = [
        {"type": "Feature", "properties": {"building": "yes", "height": 9}, "geometry": {"type": "Polygon", "coordinates": square(0, 0, 20)}},
        {"type": "Feature", "properties": {"building": "yes", "height": 9}, "geometry": {"type": "Polygon", "coordinates": square(40, 0, 10)}},
        {"type": "Feature", "properties": {"landuse": "grass"}, "geometry": {"type": "Polygon", "coordinates": square(-50, -50, 200)}},
    ]  # fmt: skip
    source = tmp_path_factory.mktemp("map") / "map.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return folder_of(park, source, "map")


def test_a_building_is_one_shape_with_its_yard_open(yard):
    (shape,) = outline(yard, "bim")
    assert shape["type"] == ""
    assert len(shape["rings"]) == 2
    assert area(shape) == pytest.approx(20 * 10 - 18 * 8 + 10 * 2, rel=0.01)
    outer = max(shape["rings"], key=lambda ring: shapely.Polygon(ring).area)
    assert len(outer) == 6  # an L: simplified to its corners, not its box
    east = np.array(outer)[:, 0]
    assert np.ptp(east) == pytest.approx(30.0, abs=0.05)


def test_it_is_computed_once(yard, monkeypatch):
    shapes = kept_outline(yard, "bim")
    assert json.loads((yard / FILE).read_text(encoding="utf-8")) == shapes
    monkeypatch.setattr("scenes.outline.outline", lambda *_: pytest.fail("computed again"))
    assert kept_outline(yard, "bim") == shapes


def test_a_map_is_drawn_by_type(houses):
    shapes = outline(houses, "vector")
    assert [len(shape["rings"]) for shape in shapes] == [1, 2]  # land first, then both buildings
    assert area(shapes[0]) == pytest.approx(200 * 200, rel=0.02)
    assert area(shapes[1]) == pytest.approx(20 * 20 + 10 * 10, rel=0.02)
    assert "uilding" in shapes[1]["type"]


def test_fewer_triangles_than_there_are_still_draw_every_building(houses, monkeypatch):
    monkeypatch.setattr("scenes.outline.MAX_TRIANGLES", 1)
    assert sum(len(shape["rings"]) for shape in outline(houses, "vector")) == 3


def test_broken_tiles_are_named(yard, tmp_path):
    import shutil

    broken = tmp_path / "version"
    shutil.copytree(yard, broken)
    (broken / FILE).unlink(missing_ok=True)
    (broken / "tiles" / "tileset.json").write_text("{", encoding="utf-8")
    with pytest.raises(Invalid, match="broken"):
        kept_outline(broken, "bim")
