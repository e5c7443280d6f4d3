"""The park frame against published vectors."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import Invalid
from twin.geometry.frame import Frame

WUHAN = Frame(114.30, 30.60, 25.0, "EPSG:4547")


def test_the_standards_vector_is_the_origin():
    # domain facts 3.5: 114.30E 30.60N is E 528770.237, N 3386666.251 in EPSG:4547
    assert np.abs(WUHAN.from_crs([[528770.237, 3386666.251, 25.0]], "EPSG:4547")).max() < 0.001


def test_zone_prefix_and_plain_system_agree():
    plain = WUHAN.from_crs([[528870.0, 3386766.0, 30.0]], "EPSG:4547")
    prefixed = WUHAN.from_crs([[38528870.0, 3386766.0, 30.0]], "EPSG:4526")
    assert np.allclose(plain, prefixed, atol=1e-6)


def test_there_and_back_again():
    points = np.array([[0, 0, 0], [1500, -900, 42], [-3, 7, -12]], float)
    assert np.abs(WUHAN.from_lonlat(WUHAN.to_lonlat(points)) - points).max() < 1e-6
    assert np.abs(WUHAN.from_crs(WUHAN.to_crs(points, "EPSG:4547"), "EPSG:4547") - points).max() < 1e-5


def test_grid_convergence_turns_a_placed_model():
    matrix = WUHAN.rigid_from_crs((528770.237, 3386666.251, 25.0), "EPSG:4547")
    # grid north stands 0.153 degrees east of true north here, so the grid's east points below true east
    assert np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])) == pytest.approx(-0.153, abs=0.001)
    assert np.allclose(matrix[:3, :3] @ matrix[:3, :3].T, np.eye(3), atol=1e-12)


def test_the_globe_transform_puts_the_origin_on_the_ellipsoid():
    matrix = np.array(WUHAN.globe_transform()).reshape(4, 4).T
    assert np.linalg.norm(matrix[:3, 3]) == pytest.approx(6372.6e3, rel=1e-3)
    assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1.0)


def test_far_and_unknown_systems_are_named():
    far = WUHAN.from_lonlat([[116.4, 39.9, 0]])
    with pytest.raises(Invalid, match=r"km from the park's origin.*--crs"):
        WUHAN.check_near(far, "beijing.geojson", "EPSG:4326")
    with pytest.raises(Invalid, match="12,7"):
        WUHAN.check_near(WUHAN.from_lonlat([[-65.7, -30.6, 0]]), "antipode.geojson", "EPSG:4326")
    with pytest.raises(Invalid, match="EPSG:99999"):
        WUHAN.from_crs([[0, 0, 0]], "EPSG:99999")
    with pytest.raises(Invalid, match="not on the globe"):
        Frame(200, 95)
