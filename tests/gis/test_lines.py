from __future__ import annotations

import numpy as np
import pytest
import shapely

from gis.shapes.sweep import Paths, circle, slab, sweep


def swept_volume(mesh):
    local = mesh.vertices - mesh.vertices.mean(axis=0)
    a, b, c = (local[mesh.faces[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def path(*points):
    return Paths(np.array(points, float), np.array([0, len(points)]), np.array([0]))


def test_a_tube_is_closed_and_as_thick_as_its_profile():
    octagon = 2 * np.sqrt(2)  # area of the regular octagon in a circle of radius 1
    mesh = sweep(path((0, 0, 0), (10, 0, 0)), circle(8), np.array([0.5]), np.array([0.5]), 0)
    assert swept_volume(mesh) == pytest.approx(10 * octagon / 4)
    climbing = sweep(path((0, 0, 0), (6, 0, 8)), circle(8), np.array([0.5]), np.array([0.5]), 0)
    assert swept_volume(climbing) == pytest.approx(10 * octagon / 4)
    upright = sweep(path((0, 0, 0), (0, 0, 5)), circle(8), np.array([0.5]), np.array([0.5]), 0)
    assert swept_volume(upright) == pytest.approx(5 * octagon / 4)


def test_a_bend_is_mitred_so_that_the_tube_keeps_its_thickness():
    mesh = sweep(path((0, 0, 0), (10, 0, 0), (10, 10, 0)), circle(8), np.array([0.5]), np.array([0.5]), 0)
    assert swept_volume(mesh) == pytest.approx(20 * 2 * np.sqrt(2) / 4, rel=1e-6)


def test_a_fence_stands_upright_on_a_slope():
    mesh = sweep(path((0, 0, 0), (30, 0, 10)), slab(0.0, 1.0), np.array([0.1]), np.array([2.0]), 0, upright=True)
    start = mesh.vertices[np.abs(mesh.vertices[:, 0]) < 1e-9]
    assert sorted(set(np.round(start[:, 2], 6))) == [0.0, 2.0]
    assert swept_volume(mesh) == pytest.approx(30 * 2.0 * 0.1, rel=1e-6)


def test_pipes_lie_below_the_ground_in_the_colours_of_their_media(read, geojson, frame, slope):
    line = shapely.LineString([(-100, 0), (100, 0)])
    media = {
        "water_supply": "water supply pipe", "雨水": "storm drain", "sewage": "sewer", "gas": "gas pipe",
        "power": "power duct", "telecom": "telecommunication duct", "heat": "heat pipe",
    }  # fmt: skip
    path = geojson([
        (line, {"id": word, "kind": "pipe", "medium": word, "diameter": 300, "depth": 1.5}) for word in media
    ])  # fmt: skip
    found = read(path, frame=frame, terrain=slope)
    assert set(found.types().values()) == {"PipeSegment"}
    for word, look in media.items():
        assert found.looks(word) == {look}
        assert found.quantity(word, "Diameter") == pytest.approx(0.3)
        points, _ = found.mesh(word)
        assert points[:, 2].max() <= slope.sample([[100, 0]])[0] - 1.45
        below = slope.sample(points) - points[:, 2]
        assert below.min() > 1.4
        assert below.max() < 1.9
    assert found.quantity("gas", "Length") == pytest.approx(np.hypot(200, 20), rel=1e-3)


def test_pipes_with_heights_keep_them(read, geojson, frame, slope):
    line = shapely.LineString([(0, 0, 20.0), (50, 0, 19.0), (50, 30, 18.5)])
    found = read(geojson([(line, {"id": "p", "kind": "pipe", "diameter": "DN500"})]), frame=frame, terrain=slope)
    points, _ = found.mesh("p")
    assert points[:, 2].max() == pytest.approx(-2.0 + 0.25, abs=0.03)  # 20 m in the datum, the park at 22 m
    assert points[:, 2].min() == pytest.approx(-3.5 - 0.25, abs=0.03)
    assert found.volume("p") == pytest.approx(np.sqrt(2) * 2 * 0.25**2 * found.quantity("p", "Length"), rel=1e-3)
    assert found.codes() == {}


def test_missing_sizes_of_pipes_are_told(read, geojson, frame):
    line = shapely.LineString([(0, 0), (50, 0)])
    found = read(geojson([(line, {"id": "p", "kind": "pipe", "medium": "gas"})]), frame=frame)
    assert found.codes() == {"diameter-default": 1, "depth-default": 1}
    points, _ = found.mesh("p")
    assert points[:, 2].max() == pytest.approx(-0.9, abs=1e-4)


def test_depths_at_both_ends_give_a_fall(read, geojson, frame):
    line = shapely.LineString([(0, 0), (40, 0), (100, 0)])
    found = read(
        geojson([(line, {"id": "p", "kind": "sewer", "管径": 400, "起点埋深": 1.0, "终点埋深": 2.0})]), frame=frame
    )
    points, _ = found.mesh("p")
    middle = points[np.abs(points[:, 0] - points[:, 0].min() - 40) < 0.2]
    assert middle[:, 2].mean() == pytest.approx(-1.4 - 0.2, abs=1e-3)


def test_fences_and_walls(read, geojson, frame, hills):
    line = shapely.LineString([(0, 0), (120, 40)])
    path = geojson([(line, {"id": "f", "barrier": "fence", "height": 2}), (line, {"id": "w", "barrier": "wall"})])
    found = read(path, frame=frame, terrain=hills)
    points, _ = found.mesh("f")
    above = points[:, 2] - hills.sample(points)
    assert above.max() == pytest.approx(2.0, abs=0.02)
    assert above.min() == pytest.approx(-0.2, abs=0.02)
    assert found.looks("w") == {"masonry"}
    assert found.quantity("w", "Height") == pytest.approx(1.8)
