"""Every GeoJSON, GeoPackage and elevation file of the shared data beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest

from twin.errors import Invalid
from twin.geometry.frame import Frame

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="no shared data folder beside the checkout"),
    pytest.mark.filterwarnings("ignore:Measured"),
]

VECTORS = [
    "gis/footprints/namyangju-footprint-with-height.geojson",
    "gis/footprints/wuhan-optics-valley-osm-buildings.geojson",
    "gis/ubc-campus/ubcv_buildings.geojson",
    "gis/ubc-campus/ubcv_landuse.geojson",
    "gis/ubc-campus/ubcv_legal_boundary.geojson",
    "gis/ubc-campus/ubcv_neighbourhoods.geojson",
    "gis/ubc-campus/ubcv_poi.geojson",
    "gis/ubc-campus/ubcv_roads_simple.geojson",
    "gis/gpkg-edge/curve.gpkg",
    "gis/gpkg-edge/line_zm.gpkg",
    "gis/gpkg-edge/test_gpkg_nulls.gpkg",
    "gis/osm/bubenec.gpkg",
    "gis/osm/pyrosm-test.osm.pbf",
    "gis/berlin/berlin-classified-level-1.fgb",
    "gis/berlin/prenzlauer.zip",
]


@pytest.mark.parametrize("name", VECTORS)
def test_every_feature_is_an_object(read, name):
    path = SHARED / name
    found = read(path)
    layers = [layer for layer, kind in pyogrio.list_layers(path) if kind is not None]
    features = sum(pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"] for layer in layers)
    ids = found.draft.objects["id"].to_pylist()
    assert len(ids) == features
    assert len(set(ids)) == features
    lost = sum(count for code, count in found.codes().items() if code in {"geometry-lost", "geometry-empty"})
    assert len(found.spool.objects) >= features - lost - 120  # closed lines and outlines may collapse


@pytest.mark.parametrize("name", ["swiss-1km-epsg2056.tif", "rmnp-dem.tif", "egm96_15.tif", "N10W110.hgt.zip"])
def test_every_elevation_model_is_a_terrain(read, name):
    found = read(SHARED / "dem" / name, terrain_file=True)
    assert found.draft.terrain is not None
    assert len(found.spool.objects) >= 1


def test_alpine_heights(read):
    found = read(
        SHARED / "dem" / "swiss-1km-epsg2056.tif", terrain_file=True, frame=Frame(7.0971, 45.92058, 1700.0, "EPSG:2056")
    )
    assert found.draft.terrain.z.min() == pytest.approx(1615.8 - 1700, abs=3)
    assert found.draft.terrain.z.max() == pytest.approx(2015.1 - 1700, abs=3)


@pytest.mark.parametrize("name", ["landsat7-rgb1.tif", "rmnp-rgb.tif", "sentinel2-TCI.tif"])
def test_pictures_are_refused(read, name):
    with pytest.raises(Invalid, match="picture with 3 colour bands"):
        read(SHARED / "ortho" / name, terrain_file=True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gis/cityjson/delft.json", "CityJSON"),
        ("gis/cityjson/DH_01_subs.city.json", "CityJSON"),
        ("gis/citygml/CS1_multiLOD.gml", "city model"),
        ("gis/crs-china/china-cities-a.json", "a list of 398 items"),
        ("gis/utility-networks/gas_net_schutterwald_1bar.json", "no GeoJSON"),
    ],
)
def test_other_things_are_named(read, name, words):
    with pytest.raises(Invalid, match=words):
        read(SHARED / name)
