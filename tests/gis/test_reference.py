from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import shapely

from twin.errors import Invalid, NotFound, ParkError
from twin.geometry.frame import Frame

SQUARE = shapely.box(0, 0, 10, 10)


def at(x, y, size=10.0):
    return shapely.box(x, y, x + size, y + size)


def refused(read, path, **context):
    with pytest.raises(Invalid) as caught:
        read(path, **context)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return caught.value


def test_geojson_is_longitude_and_latitude_and_proposes_a_frame(read, geojson):
    found = read(geojson([(at(114.3, 30.6, 0.001), {"id": "a", "kind": "building"})], crs=None, local=False))
    frame = found.draft.frame
    assert (frame.longitude, frame.latitude) == pytest.approx((114.3005, 30.6005))
    assert frame.crs == "EPSG:4326"
    points, _ = found.mesh("a")
    assert np.abs(points[:, :2].max(axis=0) + points[:, :2].min(axis=0)).max() < 0.01


def test_the_crs_member_counts(read, geojson, frame):
    found = read(geojson([(SQUARE, {"id": "a", "kind": "building"})]), frame=frame)
    points, _ = found.mesh("a")
    assert np.allclose(points[:, :2].min(axis=0), 0, atol=0.05)
    assert found.draft.crs == "EPSG:4547"


def test_the_users_crs_wins(read, geojson, frame):
    wrong = geojson([(SQUARE, {"id": "a", "kind": "building"})], crs="EPSG:4546")
    found = read(wrong, frame=frame, crs="EPSG:4547")
    assert found.draft.georef["layers"][0]["how"] == "override"
    points, _ = found.mesh("a")
    assert np.allclose(points[:, :2].min(axis=0), 0, atol=0.05)


def test_metres_without_a_crs(read, geojson, frame):
    path = geojson([(SQUARE, {"id": "a"})], crs=None)
    error = refused(read, path)
    assert error.code == "crs-missing"
    assert "--crs" in str(error)
    assert "528770" in str(error)
    found = read(path, frame=frame)  # a park has a system of its own to fall back on
    assert found.codes()["crs-park"] == 1


def test_a_zone_number_in_front_of_the_easting(read, geojson, frame):
    path = geojson([(at(38528770, 3386666), {"id": "a"})], local=False)
    error = refused(read, path, frame=frame)
    assert error.code == "zone-prefix"
    assert "EPSG:4526" in str(error)
    found = read(path, frame=frame, crs="EPSG:4526")
    assert np.abs(found.mesh("a")[0][:, :2]).max() < 20
    bare = geojson([(at(528770, 3386666), {"id": "a"})], local=False, crs="EPSG:4526")
    assert "EPSG:4547" in str(refused(read, bare, frame=frame))
    unknown = geojson([(at(38528770, 3386666), {"id": "a"})], local=False, crs=None)
    assert "EPSG:4526" in str(refused(read, unknown))


def test_axes_the_wrong_way_round(read, geojson, frame):
    error = refused(read, geojson([(at(3386666, 528770), {"id": "a"})], local=False), frame=frame)
    assert error.code == "axis-order"
    assert "easting first" in str(error)
    error = refused(read, geojson([(at(30.6, 114.3, 0.01), {"id": "a"})], local=False, crs=None))
    assert error.code == "axis-order"
    assert "longitude first" in str(error)


def test_degrees_read_as_metres(read, geojson, frame):
    assert refused(read, geojson([(at(114.3, 30.6, 0.01), {})], local=False), frame=frame).code == "crs-degrees"


def test_a_layer_that_lands_far_away(read, geojson, frame):
    error = refused(read, geojson([(at(104.3, 30.6, 0.01), {})], local=False, crs=None), frame=frame)
    assert error.code == "far-away"
    assert "95" in str(error)  # 957 km


def test_nothing_within_the_extent(read, geojson, frame):
    error = refused(read, geojson([(at(5000, 0), {}), (at(6000, 0), {})]), frame=frame, extent_m=500)
    assert error.code == "outside-extent"
    assert "None of the 2 features" in str(error)


def test_a_crs_that_does_not_exist(read, geojson, frame):
    with pytest.raises(Invalid, match="Unknown coordinate system 'EPSG:1'"):
        read(geojson([(SQUARE, {})]), frame=frame, crs="EPSG:1")


def test_a_shapefile_in_a_chinese_encoding(read, tmp_path, frame):
    path = tmp_path / "建筑.shp"
    geometry = shapely.transform(SQUARE, lambda p: np.add(p, (528770.237, 3386666.251)))
    pyogrio.raw.write(
        str(path), shapely.to_wkb([geometry]), [np.array(["办公楼"], object), np.array([12.0])],
        np.array(["名称", "高度"], object), crs="EPSG:4547", geometry_type="Polygon", encoding="GB18030",
    )  # fmt: skip
    path.with_suffix(".cpg").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0  # no language is declared
    path.with_suffix(".dbf").write_bytes(table)
    found = read(path, frame=frame)
    (row,) = found.draft.objects.to_pylist()
    assert (row["name"], row["type"]) == ("办公楼", "Building")
    assert found.quantity(row["id"], "Height") == 12


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.geojson", '{"type":"FeatureCollection","features":[]}', "has no features"),
        ("a.geojson", '{"type":"FeatureCollection","features":[{"type":"Fea', "no valid JSON"),
        ("a.geojson", "Hello, this is text", "no valid JSON"),
        ("a.geojson", "[1, 2, 3]", "a list of 3 items"),
        ("a.json", '{"name": "x", "version": 2}', "has the keys name, version"),
        ("a.json", '{"type": "CityJSON", "version": "1.1", "CityObjects": {}, "vertices": []}', "CityJSON"),
        (
            "a.geojson",
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}',
            "geometry",
        ),
        ("a.gpkg", "SQLite? no", "cannot be read as gpkg"),
        ("a.fgb", "nothing", "cannot be read as fgb"),
        ("a.zip", "PK nothing", "cannot be read as zip"),
        ("a.shp", "nothing", "a.shx and a.dbf must stand beside it"),
        ("a.geojson", "", "is empty"),
        ("a.txt", "x", "no vector format"),
        ("a.gml", "<gml/>", "CityGML"),
    ],
)
def test_bad_files_get_one_sentence(read, tmp_path, name, content, words):
    path = tmp_path / name
    path.write_text(content)
    assert words in str(refused(read, path))


def test_a_missing_file(read, tmp_path):
    with pytest.raises(NotFound, match="does not exist"):
        read(tmp_path / "no.gpkg")


def test_errors_leave_no_files_beside_the_source(read, tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    for name, content in (("a.gml", "<FeatureCollection/>"), ("b.geojson", "{"), ("c.gpkg", "x")):
        (folder / name).write_text(content)
        with pytest.raises(ParkError):
            read(folder / name, frame=Frame(114.3, 30.6))
    assert sorted(item.name for item in folder.iterdir()) == ["a.gml", "b.geojson", "c.gpkg"]
