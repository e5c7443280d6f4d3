from __future__ import annotations

import math

import numpy as np
import pytest

from bim.georef.crs_name import crs_name
from bim.georef.map_conversion import grid_scale
from bim.georef.site_location import degrees
from tests.bim.ifc_files import WUHAN, codes, new_model, read_model, vertices_of
from twin.errors import Invalid
from twin.geometry.frame import Frame

EAST, NORTH = 528770.237, 3386666.251  # 114.30 E, 30.60 N in EPSG:4547


def middle(draft, spool, local):
    points = vertices_of(draft, spool, local)
    return (points.min(axis=0) + points.max(axis=0)) / 2


def test_a_map_conversion_puts_the_model_where_pyproj_says(tmp_path):
    m = new_model()
    wall = m.wall(at=(10.0, 0.0, 0.0))
    m.map_conversion(EAST + 100, NORTH + 50, height=25.0)
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    want = WUHAN.from_crs([[EAST + 110, NORTH + 50, 26.5]], "EPSG:4547")[0]
    assert middle(draft, spool, wall.GlobalId) == pytest.approx(want, abs=1e-3)
    assert draft.georef["used"] == "map-conversion"
    assert draft.crs == "EPSG:4547"
    assert draft.frame is WUHAN


def test_a_rotated_map_conversion_in_millimetres_turns_about_its_own_origin(tmp_path):
    m = new_model(prefix="MILLI")
    wall = m.wall(at=(10_000.0, 0.0, 0.0), size=(5000, 200, 3000))
    metre = m.file.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")
    m.map_conversion(EAST, NORTH, height=20.0, axis=(math.cos(0.5), math.sin(0.5)), scale=0.001, map_unit=metre)
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    want = WUHAN.from_crs([[EAST + 10 * math.cos(0.5), NORTH + 10 * math.sin(0.5), 21.5]], "EPSG:4547")[0]
    assert middle(draft, spool, wall.GlobalId) == pytest.approx(want, abs=2e-3)
    long_axis = np.ptp(vertices_of(draft, spool, wall.GlobalId), axis=0)
    assert long_axis[0] == pytest.approx(5 * math.cos(0.5) + 0.2 * math.sin(0.5), abs=0.02)


def test_coordinates_of_a_map_under_a_zero_conversion_are_taken_as_the_maps(tmp_path):
    m = new_model()
    wall = m.wall(at=(EAST, NORTH, 20.0))
    m.map_conversion(0, 0)
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    assert draft.georef["used"] == "map-conversion"
    assert middle(draft, spool, wall.GlobalId) == pytest.approx([0.0, 0.0, 1.5], abs=2e-3)


def test_a_conversion_of_zeros_is_an_empty_field(tmp_path):
    m = new_model()
    wall = m.wall()
    m.map_conversion(0, 0)
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    assert draft.georef["used"] == "local"
    assert {"ifc-georef-unusable", "ifc-no-georeference"} <= codes(draft)
    assert middle(draft, spool, wall.GlobalId) == pytest.approx([0.0, 0.0, 1.5], abs=1e-4)


def test_a_conversion_that_lands_elsewhere_is_refused_with_file_system_distance_and_fix(tmp_path):
    m = new_model()
    m.wall()
    m.map_conversion(EAST, NORTH, crs="EPSG:4544")  # the same numbers, 12 degrees of longitude farther west
    with pytest.raises(Invalid, match=r"model\.ifc.*km.*EPSG:4544.*--crs"):
        read_model(m.write(tmp_path), tmp_path)
    draft, _ = read_model(tmp_path / "model.ifc", tmp_path, crs="EPSG:4547")  # the user knows better
    assert draft.crs == "EPSG:4547"
    assert draft.georef["longitude"] == pytest.approx(114.3, abs=1e-4)


def test_an_override_reads_bare_map_coordinates_and_refuses_small_ones(tmp_path):
    m = new_model()
    wall = m.wall(at=(EAST, NORTH, 20.0))
    draft, spool = read_model(m.write(tmp_path), tmp_path, crs="EPSG:4547")
    assert draft.georef["used"] == "crs-override"
    assert middle(draft, spool, wall.GlobalId) == pytest.approx([0.0, 0.0, 1.5], abs=2e-3)
    small = new_model()
    small.wall()
    with pytest.raises(Invalid, match="km from the park"):
        read_model(small.write(tmp_path, "small.ifc"), tmp_path, crs="EPSG:4547")


def site_model(latitude, longitude, **site):
    m = new_model()
    m.site.RefLatitude, m.site.RefLongitude = latitude, longitude
    for name, value in site.items():
        setattr(m.site, name, value)
    return m


def test_a_site_near_the_park_places_the_model_with_true_north(tmp_path):
    m = site_model((30, 36, 0), (114, 18, 0), RefElevation=23.0)
    m.context.TrueNorth = m.file.create_entity("IfcDirection", DirectionRatios=(1.0, 0.0))  # north is the model's x
    wall = m.wall(at=(10.0, 0.0, 0.0))
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    assert draft.georef["used"] == "site"
    assert middle(draft, spool, wall.GlobalId) == pytest.approx([0.0, 10.0, 4.5], abs=1e-3)


def test_a_far_site_is_a_tools_default_and_only_a_finding(tmp_path):
    m = site_model((42, 21, 31, 181945), (-71, -3, -24, -263305))
    wall = m.wall()
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    assert draft.georef["used"] == "local"
    finding = next(f for f in draft.findings if f.code == "ifc-site-far")
    assert finding.severity == "major"
    assert finding.value == pytest.approx(11_883, rel=0.01)  # Boston to Wuhan on a sphere
    assert middle(draft, spool, wall.GlobalId) == pytest.approx([0.0, 0.0, 1.5], abs=1e-4)


def test_a_park_without_origin_takes_the_models_place(tmp_path):
    m = new_model()
    m.wall(at=(10.0, 0.0, 0.0))
    m.map_conversion(EAST, NORTH, height=25.0)
    draft, _ = read_model(m.write(tmp_path), tmp_path, frame=None)
    assert (draft.frame.longitude, draft.frame.latitude) == pytest.approx((114.3, 30.6), abs=2e-4)
    assert (draft.frame.height, draft.frame.crs) == (25.0, "EPSG:4547")
    assert draft.georef["assumed"] is False
    bare = new_model()
    bare.wall()
    draft, _ = read_model(bare.write(tmp_path, "bare.ifc"), tmp_path, frame=None)
    assert (draft.frame, draft.georef["assumed"]) == (Frame(114.3, 30.6), True)


def test_ifc2x3_conversion_by_property_sets(tmp_path):
    m = new_model("IFC2X3")
    wall = m.wall(ifc_class="IfcWallStandardCase")
    numbers = {
        "Eastings": EAST + 5,
        "Northings": NORTH,
        "OrthogonalHeight": 20.0,
        "XAxisAbscissa": 1.0,
        "XAxisOrdinate": 0.0,
        "Scale": 1.0,
    }
    m.define(
        m.pset("ePSet_MapConversion", *(m.single(name, "IfcReal", value) for name, value in numbers.items())), m.site
    )
    m.define(m.pset("ePSet_ProjectedCRS", m.single("Name", "IfcLabel", "EPSG:4547")), m.site)
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    assert draft.georef["used"] == "ePSet_MapConversion"
    want = WUHAN.from_crs([[EAST + 5, NORTH, 21.5]], "EPSG:4547")[0]
    assert middle(draft, spool, wall.GlobalId) == pytest.approx(want, abs=1e-3)


def test_an_unknown_system_is_a_finding_and_the_next_candidate_counts(tmp_path):
    m = site_model((30, 36, 0), (114, 18, 0))
    m.wall()
    m.map_conversion(EAST, NORTH, crs="厂区坐标系")
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    assert draft.georef["used"] == "site"
    assert "ifc-georef-unusable" in codes(draft)
    kinds = [row["kind"] for row in draft.georef["candidates"]]
    assert kinds == ["map-conversion", "site", "local"]


@pytest.mark.parametrize(
    ("texts", "want"),
    [
        ({"Name": "EPSG:4547"}, "EPSG:4547"),
        ({"Name": "epsg 4547"}, "EPSG:4547"),
        ({"Name": "4547"}, "EPSG:4547"),
        ({"Name": "urn:ogc:def:crs:EPSG::4547"}, "EPSG:4547"),
        ({"Name": "NC83", "MapProjection": "EPSG", "MapZone": "32119"}, "EPSG:32119"),
        ({"Name": "local", "MapProjection": "UTM", "MapZone": "50N", "GeodeticDatum": "WGS84"}, "EPSG:32650"),
        ({"Name": "ETRS89 UTM32N", "GeodeticDatum": "ETRS89"}, "EPSG:25832"),
        ({"Name": "CGCS2000 / 3-degree Gauss-Kruger CM 114E"}, "CGCS2000 / 3-degree Gauss-Kruger CM 114E"),
        ({"Name": "nothing"}, ""),
    ],
)
def test_names_of_systems(texts, want):
    assert crs_name(texts) == want


def test_scales_that_hold_unit_ratios_become_grid_scales():
    assert grid_scale(0.001, 1.0, 0.001) == pytest.approx(1.0)  # as the standard wants it
    assert grid_scale(1.0, 1.0, 0.001) == 1.0  # left at its default
    assert grid_scale(1000.0, 1.0, 0.001) == pytest.approx(1.0)  # the wrong way round
    assert grid_scale(0.9996, 1.0, 1.0) == pytest.approx(0.9996)
    assert grid_scale(57.0, 1.0, 1.0) == 1.0


def test_compound_angles_in_all_signs():
    assert degrees((42, 21, 31, 181945)) == pytest.approx(42 + 21 / 60 + 31.181945 / 3600)
    assert degrees((-71, -3, -24, -263305)) == pytest.approx(-(71 + 3 / 60 + 24.263305 / 3600))
    assert degrees((0, -7, -34)) == pytest.approx(-(7 / 60 + 34 / 3600))
