"""Ids, attributes, kinds, repair, clipping."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import shapely

from gis.kinds.catalogue import KINDS
from gis.kinds.decide import by_name
from gis.kinds.kind import Kind, Kinds
from twin.errors import Conflict, NotFound

SQUARE = shapely.box(0, 0, 10, 10)


def write_gpkg(path, layers, crs="EPSG:4547"):
    for number, (name, geometry, fields) in enumerate(layers):
        pyogrio.raw.write(
            str(path), shapely.to_wkb(np.array(geometry, object)), [np.array(v) for v in fields.values()],
            np.array(list(fields), object), layer=name, driver="GPKG", crs=crs, append=number > 0,
            geometry_type=geometry[0].geom_type,
        )  # fmt: skip
    return path


def moved(geometry):
    return shapely.transform(geometry, lambda p: np.add(p, (528770.237, 3386666.251)))


def test_every_attribute_is_a_property(read, geojson, frame):
    path = geojson([
        (SQUARE, {"id": "a", "kind": "building", "name": "教学楼", "height": 12, "code": "007", "open": True,
                  "big": 12345678901, "text": "3.50", "none": None, "list": ["x", "y"], "ref": "B-7"}),
    ])  # fmt: skip
    found = read(path, frame=frame)
    rows = {row["name"]: (row["value"], row["number"]) for row in found.draft.properties.to_pylist()}
    assert rows == {
        "id": ("a", None), "kind": ("building", None), "name": ("教学楼", None), "height": ("12", 12.0),
        "code": ("007", None), "open": ("true", 1.0), "big": ("12345678901", 12345678901.0), "text": ("3.50", 3.5),
        "list": ("x, y", None), "ref": ("B-7", None),
    }  # fmt: skip
    assert {row["set"] for row in found.draft.properties.to_pylist()} == {"things"}
    assert found.objects()["a"]["name"] == "教学楼"
    assert found.objects()["a"]["tag"] == "B-7"
    assert all(row["origin"] == "measured" for row in found.draft.quantities.to_pylist())


def test_ids_without_a_field_are_stable_under_reordering_and_told(read, geojson, frame):
    features = [(shapely.box(x, 0, x + 5, 5), {"height": 3 + x}) for x in (0, 10, 20)]
    one = read(geojson(features), frame=frame)
    other = read(geojson(features[::-1]), frame=frame)
    assert set(one.types()) == set(other.types())
    assert len(set(one.types())) == 3
    assert one.codes()["id-hashed"] == 3


def test_repeated_ids_are_told_apart(read, geojson, frame):
    names = [f"n{i}" for i in range(20)] + ["n3", "n3"]
    features = [(shapely.box(x, 0, x + 5, 5), {"id": name, "kind": "green"}) for x, name in enumerate(names)]
    found = read(geojson(features), frame=frame)
    assert {"n3", "n3~2", "n3~3"} <= set(found.types())
    assert found.codes() == {"id-repeated": 2}


def test_a_field_that_repeats_is_a_class_and_no_id(read, geojson, frame):
    features = [(shapely.box(x, 0, x + 5, 5), {"zone_id": 1 + x % 2, "kind": "green"}) for x in range(8)]
    assert read(geojson(features), frame=frame).codes() == {"id-hashed": 8}


def test_layers_of_a_geopackage_share_one_space_of_ids(read, tmp_path, frame):
    path = write_gpkg(tmp_path / "site.gpkg", [
        ("buildings", [moved(SQUARE), moved(shapely.box(20, 0, 30, 10))], {"storeys": [3, 4]}),
        ("trees", [moved(shapely.Point(5, 40))], {"crown": [4.0]}),
        ("用地红线", [moved(shapely.box(-50, -50, 80, 80))], {"面积": [16900.0]}),
    ])  # fmt: skip
    found = read(path, frame=frame)
    assert found.types() == {
        "buildings.1": "Building", "buildings.2": "Building", "trees.1": "Tree", "用地红线.1": "PlotBoundary",
    }  # fmt: skip
    assert found.quantity("buildings.2", "Height") == pytest.approx(13.2)
    assert found.codes() == {}
    assert [row["layer"] for row in found.draft.georef["layers"]] == ["buildings", "trees", "用地红线"]


def test_arcs_become_chords(read, tmp_path, frame):
    import sqlite3
    import struct

    path = write_gpkg(tmp_path / "curve.gpkg", [("green", [moved(SQUARE)], {"name": ["disc"]})])
    x, y = 528770.237, 3386666.251
    arc = struct.pack("<BII10d", 1, 8, 5, x, y, x + 10, y + 10, x + 20, y, x + 10, y - 10, x, y)
    disc = struct.pack("<BII", 1, 10, 1) + arc
    connection = sqlite3.connect(path)
    for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        connection.create_function(name, 1, lambda _blob: 0)
    connection.execute("update green set geom = ?", (b"GP\x00\x01" + struct.pack("<i", 4547) + disc,))
    connection.execute("update gpkg_geometry_columns set geometry_type_name = 'CURVEPOLYGON'")
    connection.commit()
    connection.close()
    found = read(path, frame=frame)
    assert found.quantity("green.1", "Area") == pytest.approx(np.pi * 100, rel=2e-3)


def test_features_without_geometry_stay_as_objects(read, geojson, frame):
    path = geojson(
        [
            (None, {"id": "none", "kind": "tree"}),
            (shapely.Polygon(), {"id": "empty", "kind": "building"}),
            (SQUARE, {"id": "full", "kind": "building", "height": 4}),
        ]
    )
    found = read(path, frame=frame)
    assert found.types() == {"none": "Tree", "empty": "Building", "full": "Building"}
    assert found.spool.objects == ["full"]
    assert found.objects()["none"]["engine"] is None
    assert found.codes() == {"geometry-empty": 2}


def test_a_polygon_that_crosses_itself_is_mended(read, geojson, frame):
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    found = read(geojson([(bow, {"id": "bow", "kind": "building", "height": 3})]), frame=frame)
    assert found.quantity("bow", "Area") == pytest.approx(50, rel=1e-4)
    assert found.codes() == {"geometry-repaired": 1}


def test_collections_and_flat_polygons(read, geojson, frame):
    both = shapely.GeometryCollection(
        [shapely.box(0, 0, 10, 10), shapely.LineString([(20, 0), (40, 0)]), shapely.Point(50, 0)]
    )
    found = read(
        geojson([(both, {"id": "mix", "kind": "green"}), (SQUARE, {"id": "ok", "kind": "green"})]), frame=frame
    )
    assert found.quantity("mix", "Area") == pytest.approx(100 + 40, rel=1e-3)
    assert len(np.flatnonzero(found.spool.placed_object == found.spool.objects.index("mix"))) == 3
    line = shapely.Polygon([(0, 0), (10, 0), (0, 0), (0, 0)])
    found = read(
        geojson([(line, {"id": "line", "kind": "green"}), (SQUARE, {"id": "ok", "kind": "green"})]), frame=frame
    )
    assert found.codes() == {"geometry-lost": 1}
    assert set(found.types()) == {"line", "ok"}


def test_the_extent_drops_cuts_and_keeps_whole(read, geojson, frame):
    path = geojson([
        (shapely.box(300, 0, 320, 10), {"id": "far", "kind": "building", "height": 4}),
        (shapely.box(90, 0, 120, 10), {"id": "edge", "kind": "building", "height": 4}),
        (shapely.box(-200, -200, 200, 200), {"id": "lawn", "kind": "green"}),
        (shapely.LineString([(-500, 20), (500, 20)]), {"id": "road", "kind": "road", "width": 6}),
        (shapely.Point(150, 0), {"id": "tree", "kind": "tree"}),
    ])  # fmt: skip
    found = read(path, frame=frame, extent_m=100.0)
    assert set(found.types()) == {"edge", "lawn", "road"}
    assert found.codes() == {"outside-extent": 2, "cut-at-extent": 2}
    assert found.quantity("edge", "Area") == pytest.approx(300, rel=1e-4)
    assert found.quantity("lawn", "Area") == pytest.approx(200 * 200, rel=1e-4)
    assert found.quantity("road", "Length") == pytest.approx(200, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ubcv_buildings", "building"), ("StreetLamps", "lamp"), ("park-roads-2024", "road"), ("周边建筑", "neighbour"),
        ("parking bays", "parking"), ("ubcv_neighbourhoods", None), ("tessellation", None), ("water pipes", "pipe"),
        ("land_use", "landuse"), ("legal_boundary", "plot"),
    ],
)  # fmt: skip
def test_a_layers_name_says_what_is_in_it(name, kind):
    assert by_name(name) == kind


def test_tags_of_openstreetmap(read, geojson, frame):
    line = shapely.LineString([(0, 0), (50, 0)])
    path = geojson([
        (SQUARE, {"id": "a", "building": "yes"}), (SQUARE, {"id": "b", "building": "no", "leisure": "park"}),
        (SQUARE, {"id": "c", "landuse": "residential"}), (SQUARE, {"id": "d", "amenity": "parking"}),
        (line, {"id": "e", "highway": "steps"}), (line, {"id": "f", "waterway": "stream"}),
        (line, {"id": "g", "railway": "rail"}), (SQUARE, {"id": "h"}), (line, {"id": "i"}),
        (shapely.Point(0, 0), {"id": "j", "amenity": "cafe"}),
    ], name="extract.geojson")  # fmt: skip
    assert read(path, frame=frame).types() == {
        "a": "Building", "b": "GreenArea", "c": "LandUse", "d": "ParkingBay", "e": "Footpath", "f": "WaterBody",
        "g": "Railway", "h": "Feature", "i": "Feature", "j": "PointOfInterest",
    }  # fmt: skip


def test_the_registry_refuses_doubles_and_names_what_it_knows():
    road = KINDS["road"]
    with pytest.raises(Conflict, match="registered twice"):
        Kinds([road, road])
    with pytest.raises(Conflict, match="names both"):
        Kinds([road, Kind("other", "Other", road.polygon, road.line, road.point, words=frozenset({"road"}))])
    with pytest.raises(NotFound, match="known are building"):
        KINDS["nothing"]


def test_the_same_file_gives_the_same_spool(read, geojson, frame, hills):
    path = geojson([(shapely.Point(0, 0).buffer(50), {"kind": "green"}), (SQUARE, {"kind": "building"})])
    one, two = read(path, frame=frame, terrain=hills), read(path, frame=frame, terrain=hills)
    for name in ("vertices.f32", "faces.u32", "material.u16"):
        folders = sorted(item for item in path.parent.iterdir() if item.name.startswith("spool"))
        assert len({(folder / name).read_bytes() for folder in folders}) == 1
    assert one.draft.objects == two.draft.objects
    assert (one.spool.objects, one.spool.materials) == (two.spool.objects, two.spool.materials)
    for name in ("counts", "placed_object", "placed_shape", "matrix"):
        assert np.array_equal(getattr(one.spool, name), getattr(two.spool, name))
