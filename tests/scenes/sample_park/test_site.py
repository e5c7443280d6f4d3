"""The site plan keeps its own rules: plot, roads, terrain."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from scenes.sample_park import ground, site
from scenes.sample_park.gis import furniture, open_space, parking, pipes, roads

LOTS = list(site.LOTS.values())
ROADS = [road.geometry.buffer(float(road.fields["width"]) / 2, cap_style="flat") for road in roads.roads()]


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: lot.key)
def test_footprint_inside_the_plot_and_free(lot):
    assert site.PLOT.contains(lot.footprint)
    assert not lot.footprint.intersects(site.SCHEME_PLOT)
    assert not lot.footprint.intersects(site.lake())
    for other in LOTS:
        assert other is lot or other.footprint.distance(lot.footprint) > 6.0
    for road, shape in zip(roads.roads(), ROADS, strict=True):
        assert not shape.intersects(lot.footprint), road.name
    for bay in parking.bays():
        assert not bay.geometry.intersects(lot.footprint), bay.id


def test_terrain_agrees_with_the_pads(sources):
    with rasterio.open(sources["terrain"].path) as raster:
        assert raster.crs.to_epsg() == 4547
        areas = [(lot.key, lot.footprint) for lot in LOTS] + [("scheme", site.SCHEME_PLOT)]
        for key, area in areas:
            places = [site.to_map(x, y) for x, y in area.segmentize(3.0).exterior.coords]
            found = np.array([value[0] for value in raster.sample(places)])
            assert np.abs(found - ground.pads()[key]).max() < 0.1, key
        assert raster.width == 800 / 5 * 2 + 1


def test_park_is_nearly_flat_and_hills_stand_around():
    x, y = np.meshgrid(np.arange(-225, 226, 15.0), np.arange(-185, 136, 15.0))
    park = ground.heights(x.ravel(), y.ravel())
    assert park.min() > 20.5
    assert park.max() < 27.0
    far = ground.heights([-520.0, 700.0], [470.0, 0.0])
    assert far[0] > 50.0
    assert far[1] < 40.0


def test_bays_do_not_overlap():
    shapes = [bay.geometry for bay in parking.bays()]
    assert len(shapes) > 150
    tree = shapely.STRtree(shapes)
    a, b = tree.query(shapes, predicate="overlaps")
    assert len(a) == len(b) == 0


def test_green_keeps_off_what_is_paved():
    for green in open_space.greens():
        if green.id.startswith("green-plot-c"):
            continue
        # Outlines are simplified to a decimetre.
        overlap = green.geometry.intersection(open_space.paved()).area
        assert overlap < 0.1 * green.geometry.length, green.id


def test_trees_keep_off_roads_and_buildings():
    hard = shapely.union_all([*ROADS, *(lot.footprint for lot in LOTS), site.lake()])
    trees = furniture.trees(20261123)
    assert len(trees) > 600
    assert all(not hard.contains(tree.geometry) for tree in trees)
    assert all(2.0 < tree.fields["height"] < 20.0 and 2.0 < tree.fields["crown"] < 10.0 for tree in trees)


def test_six_networks_under_ground():
    found = pipes.pipes()
    assert {pipe.fields["network"] for pipe in found} == {"ws", "rd", "sw", "gs", "ht", "el"}
    for pipe in found:
        xyz = shapely.get_coordinates(pipe.geometry, include_z=True)
        depth = ground.heights(xyz[:, 0], xyz[:, 1]) - xyz[:, 2]
        assert np.allclose(depth, pipe.fields["depth"], atol=0.01), pipe.id


@pytest.mark.parametrize("layer", ["roads", "green", "trees", "pipes", "parking", "lamps", "manholes"])
def test_features_are_named_and_in_the_map_system(sources, layer):
    info = pyogrio.read_info(sources[layer].path)
    assert info["crs"] == "EPSG:4547"
    frame = pyogrio.read_dataframe(sources[layer].path)
    assert frame["id"].is_unique
    assert frame[["id", "name", "name_en", "kind"]].notna().all().all()
    assert frame.geometry.is_valid.all()
    x0, y0, x1, y1 = frame.total_bounds
    assert 537_500 < x0 < x1 < 539_300
    assert 3_372_500 < y0 < y1 < 3_374_300
