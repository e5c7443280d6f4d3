from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

L_SHAPE = shapely.Polygon([(0, 0), (30, 0), (30, 12), (12, 12), (12, 40), (0, 40)])
COURT = shapely.Polygon(shapely.box(60, 0, 100, 40).exterior, [list(shapely.box(70, 10, 90, 30).exterior.coords)])


def test_a_block_is_closed_and_its_volume_is_area_times_height(read, geojson, frame):
    path = geojson([
        (L_SHAPE, {"id": "l", "kind": "building", "height": 12.5}),
        (COURT, {"id": "court", "kind": "building", "building:levels": "4"}),
        (shapely.MultiPolygon([shapely.box(200, 0, 210, 10), shapely.box(220, 0, 230, 10)]),
         {"id": "two", "kind": "building", "height": "10 m"}),
    ])  # fmt: skip
    found = read(path, frame=frame)
    # the park's height, 22 m, and the scale of the projection at 114.30 E both change areas by some 1e-5
    assert found.quantity("l", "Area") == pytest.approx(L_SHAPE.area, rel=5e-5)
    assert found.volume("l") == pytest.approx(found.quantity("l", "Area") * 12.5, rel=1e-5)
    assert found.quantity("l", "Volume") == pytest.approx(found.volume("l"), rel=1e-5)
    assert found.quantity("court", "Height") == pytest.approx(4 * 3.3)
    assert found.volume("court") == pytest.approx(1200 * 13.2, rel=1e-4)
    assert found.volume("two") == pytest.approx(2000, rel=1e-4)
    assert set(found.types().values()) == {"Building"}
    assert found.draft.engines == {"extrude": 3}
    points, _ = found.mesh("l")
    assert points[:, 2].min() == pytest.approx(0, abs=1e-4)
    assert points[:, 2].max() == pytest.approx(12.5, abs=1e-4)


def test_orientation_of_the_source_ring_does_not_matter(read, geojson, frame):
    path = geojson(
        [
            (shapely.reverse(L_SHAPE), {"id": "r", "kind": "building", "height": 3}),
            (L_SHAPE, {"id": "n", "kind": "building", "height": 3}),
        ]
    )
    found = read(path, frame=frame)
    assert found.volume("r") == pytest.approx(found.volume("n"), rel=1e-6)
    assert found.volume("r") > 0


@pytest.mark.parametrize(
    ("properties", "height"),
    [
        ({"HGT": 7}, 7.0),
        ({"building:levels": 2}, 6.6),
        ({"BLDG_HEIGHT": 18.2, "MAX_FLOORS": 9}, 18.2),
        ({"height": "40 ft"}, 12.192),
        ({"height": "3,5"}, 3.5),
        ({"高度": 21}, 21.0),
        ({"height": 0, "floors": 3}, 9.9),
        ({"height": -4}, 6.0),
        ({"height": "unknown"}, 6.0),
        ({}, 6.0),
    ],
)
def test_heights_by_the_names_people_give_them(read, geojson, frame, properties, height):
    found = read(geojson([(L_SHAPE, {"id": "b", "kind": "building", **properties})]), frame=frame)
    assert found.quantity("b", "Height") == pytest.approx(height)
    assert ("height-default" in found.codes()) == (height == 6.0)


def test_a_part_that_starts_above_the_ground_floats_there(read, geojson, frame):
    found = read(geojson([(L_SHAPE, {"id": "p", "kind": "building_part", "height": 20, "min_height": 8})]), frame=frame)
    points, _ = found.mesh("p")
    assert points[:, 2].min() == pytest.approx(8, abs=1e-4)
    assert found.quantity("p", "Volume") == pytest.approx(found.quantity("p", "Area") * 12)
    assert found.volume("p") == pytest.approx(found.quantity("p", "Volume"), rel=1e-5)


def test_blocks_stand_on_the_terrain_without_a_gap(read, geojson, frame, slope):
    found = read(
        geojson([(shapely.box(100, 100, 140, 120), {"id": "b", "kind": "building", "height": 10})]),
        frame=frame,
        terrain=slope,
    )
    points, _ = found.mesh("b")
    ground = slope.sample(points)
    walls = points[:, 2] < points[:, 2].max() - 0.01
    assert (points[walls, 2] <= ground[walls] - 0.4).all()
    # mean ground over the four corners: x 120, y 110 → 12 + 5.5
    assert points[:, 2].max() == pytest.approx(17.5 + 10, abs=0.02)
    assert found.volume("b") > 0
    assert found.quantity("b", "Height") == 10


def test_a_roof_clears_the_slope_behind_it(read, geojson, frame, slope):
    found = read(
        geojson([(shapely.box(0, 0, 200, 20), {"id": "long", "kind": "building", "height": 4})]),
        frame=frame,
        terrain=slope,
    )
    points, _ = found.mesh("long")
    assert points[:, 2].max() >= slope.sample([[200, 20]])[0] + 3.2


def test_areas_agree_with_the_ellipsoid(read, geojson):
    """EPSG:3857 stretches lengths by 1/cos(latitude): the park frame must not."""
    lonlat = shapely.Polygon([(114.3, 30.6), (114.304, 30.6), (114.304, 30.603), (114.3, 30.603)])
    true, _ = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(lonlat)
    to_mercator = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    mercator = shapely.transform(lonlat, lambda p: np.column_stack(to_mercator.transform(p[:, 0], p[:, 1])))
    path = geojson([(mercator, {"id": "m", "kind": "building", "height": 5})], crs="EPSG:3857", local=False)
    found = read(path)
    assert found.quantity("m", "Area") == pytest.approx(abs(true), rel=2e-5)
    assert mercator.area > 1.3 * abs(true)


def test_heights_of_the_source_count_where_there_is_no_terrain(read, geojson, frame):
    raised = shapely.force_3d(shapely.box(0, 0, 10, 10), 30.0)
    found = read(geojson([(raised, {"id": "z", "kind": "building", "height": 5})]), frame=frame)
    points, _ = found.mesh("z")
    assert points[:, 2].min() == pytest.approx(8.0, abs=0.01)  # 30 m in the datum, the park at 22 m
