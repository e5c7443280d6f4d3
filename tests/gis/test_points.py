from __future__ import annotations

import numpy as np
import pytest
import shapely


def at(x, y):
    return shapely.Point(x, y)


def test_things_of_one_model_share_one_shape(read, geojson, frame, hills):
    rng = np.random.default_rng(1)
    rows = [(at(*rng.uniform(-200, 200, 2)), {"id": f"t{i}", "natural": "tree"}) for i in range(50)]
    found = read(geojson(rows), frame=frame, terrain=hills)
    assert len(found.spool.counts) == 1
    assert len(found.spool.placed_shape) == 50
    assert found.draft.engines == {"instance": 50}
    points, _ = found.mesh("t7")
    foot = points[points[:, 2].argmin()]
    assert foot[2] == pytest.approx(hills.sample([foot])[0] - 0.05, abs=0.15)


@pytest.mark.parametrize(
    ("properties", "height", "crown"),
    [
        ({"height": 12, "crown": 6}, 12, 6),
        ({"冠幅": 5}, 8, 5),
        ({"DIAMETER_BREAST_HEIGHT_CM": 30}, 1.6 * 6.6, 6.6),
        ({"height": 12, "species": "Pinus massoniana"}, 12, 5),
        ({}, 7, 7 / 1.6),
    ],
)
def test_trees_are_as_high_and_wide_as_told(read, geojson, frame, properties, height, crown):
    found = read(geojson([(at(0, 0), {"id": "t", "kind": "tree", **properties})]), frame=frame)
    assert found.quantity("t", "Height") == pytest.approx(height)
    assert found.quantity("t", "CrownDiameter") == pytest.approx(crown)
    points, _ = found.mesh("t")
    assert np.ptp(points[:, 2]) == pytest.approx(height, rel=1e-3)
    assert np.ptp(points[:, 0]) == pytest.approx(crown, rel=0.06)
    assert ("conifer" in "".join(found.looks("t"))) == ("species" in properties)


def test_lamps_poles_manholes_and_markers(read, geojson, frame):
    path = geojson([
        (at(0, 0), {"id": "lamp", "highway": "street_lamp", "height": 4, "direction": 90}),
        (at(9, 0), {"id": "pole", "kind": "multi_function_pole"}),
        (at(18, 0), {"id": "cover", "kind": "manhole", "diameter": 800}),
        (at(27, 0), {"id": "shop", "shop": "bakery"}),
        (at(36, 0), {"id": "hydrant", "emergency": "fire_hydrant"}),
        (shapely.MultiPoint([(45, 0), (54, 0)]), {"id": "two", "kind": "tree"}),
    ])  # fmt: skip
    found = read(path, frame=frame)
    assert found.types() == {
        "lamp": "LampPost", "pole": "MultiFunctionPole", "cover": "Manhole", "shop": "PointOfInterest",
        "hydrant": "Hydrant", "two": "Tree",
    }  # fmt: skip
    points, _ = found.mesh("lamp")
    assert np.ptp(points[:, 2]) == pytest.approx(4)
    assert points[:, 0].max() - points[:, 0].min() > 0.8  # the arm points east, bearing 90
    assert np.ptp(points[:, 1]) < 0.2
    points, _ = found.mesh("cover")
    assert np.ptp(points[:, 0]) == pytest.approx(0.8, abs=1e-3)
    points, _ = found.mesh("two")
    assert np.ptp(points[:, 0]) > 9
    assert found.objects()["hydrant"]["discipline"] == "fire"


def test_a_row_of_trees_is_one_object(read, geojson, frame):
    found = read(geojson([(shapely.LineString([(0, 0), (60, 0)]), {"id": "row", "natural": "tree_row"})]), frame=frame)
    assert len(found.spool.placed_shape) == 11
    assert found.spool.objects == ["row"]
    assert found.quantity("row", "Length") == pytest.approx(60, rel=1e-4)
