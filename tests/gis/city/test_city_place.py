"""Coordinate systems of city models: their names, the order of axes, heights, and none at all."""

from __future__ import annotations

import pytest

from gis.city.crs_name import axes_named, system
from tests.gis.city.city_files import (
    block,
    box_points,
    building,
    document,
    faces,
    gml,
    gml_solid,
    member,
    polygon,
    solid,
    write,
    write_gml,
)
from twin.errors import Invalid
from twin.geometry.frame import Frame

JAPAN = Frame(139.777, 35.540, 3.0, "EPSG:6677")
CORNER = (35.540, 139.777, 3.0)


@pytest.mark.parametrize(
    ("name", "plan", "ordered"),
    [
        ("EPSG:4547", "EPSG:4547", False),
        ("epsg:32634", "EPSG:32634", False),
        ("7415", "EPSG:28992", False),
        ("urn:ogc:def:crs:EPSG::7415", "EPSG:28992", True),
        ("urn:ogc:def:crs:EPSG:9.8.4:6697", "EPSG:6668", True),
        ("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783", "EPSG:25832", True),
        ("urn:ogc:def:crs,crs:EPSG:6.12:31467,crs:EPSG:6.12:5783", "EPSG:31467", True),
        ("http://www.opengis.net/def/crs/EPSG/0/6697", "EPSG:6668", True),
        ("https://www.opengis.net/def/crs/EPSG/8.5/4979", "EPSG:4326", True),
        ("http://www.opengis.net/gml/srs/epsg.xml#25833", "EPSG:25833", False),
        (
            (
                "http://www.opengis.net/def/crs-compound?1=http://www.opengis.net/def/crs/EPSG/0/28992"
                "&2=http://www.opengis.net/def/crs/EPSG/0/5709"
            ),
            "EPSG:28992",
            True,
        ),
        ("EPSG:25832+7837", "EPSG:25832", False),
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH", "EPSG:25832", False),
        ("urn:adv:crs:DE_DHDN_3GK3*DE_DHN92_NH", "EPSG:31467", False),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", False),
    ],
)
def test_names_of_systems(name, plan, ordered):
    assert (system(name).plan, axes_named(name)) == (plan, ordered)


def test_heights_in_feet_below_and_on_the_ellipsoid():
    assert system("EPSG:32618+6360").metres == pytest.approx(1200 / 3937)
    assert system("EPSG:4979").ellipsoidal
    assert not system("EPSG:7415").ellipsoidal


@pytest.mark.parametrize("name", ["EPSG:99999", "nowhere", "EPSG:4978"])
def test_systems_that_are_none(read, tmp_path, name):
    with pytest.raises(Invalid, match=r"oordinate system|neither geographic") as caught:
        read(write(tmp_path, document({"b": building([solid()])}, block(), crs=name)))
    assert caught.value.code == "crs"


def japan(order, srs):
    """A box of 10 m in degrees."""
    step = 1e-4
    plan = [(0, 0), (step, 0), (step, step), (0, step)]
    points = [(CORNER[1] + dx, CORNER[0] + dy, CORNER[2] + up) for up in (0.0, 5.0) for dx, dy in plan]
    if order == "lat":
        points = [(y, x, z) for x, y, z in points]
    shape = gml_solid([polygon(face) for face in faces(points)])
    return gml(member(f"<bldg:lod1Solid>{shape}</bldg:lod1Solid>"), srs=srs)


@pytest.mark.parametrize(
    ("order", "srs", "codes"),
    [
        ("lat", "http://www.opengis.net/def/crs/EPSG/0/6697", {}),
        ("lat", "urn:ogc:def:crs:EPSG::6697", {}),
        ("lon", "EPSG:6697", {}),
        ("lon", "urn:ogc:def:crs:EPSG::6697", {"city-axis-order": 1}),
        ("lat", "EPSG:6697", {"city-axis-order": 1}),
    ],
)
def test_latitude_first_or_longitude_first(read, tmp_path, order, srs, codes):
    found = read(write_gml(tmp_path, japan(order, srs)), frame=JAPAN)
    points, _ = found.mesh("b1")
    assert points.min(axis=0) == pytest.approx([0, 0, 0], abs=0.02)
    assert points.max(axis=0) == pytest.approx([9.06, 11.10, 5], abs=0.02)
    assert found.quantity("b1", "Volume") == pytest.approx(9.06 * 11.10 * 5, rel=2e-3)
    assert found.codes() == codes


@pytest.mark.parametrize("srs", ["urn:ogc:def:crs:EPSG::4547", "EPSG:4547"])
def test_northing_first_is_told_by_where_it_lands(read, tmp_path, frame, srs):
    points = [(y, x, z) for x, y, z in box_points()]
    text = gml(
        member(f"<bldg:lod1Solid>{gml_solid([polygon(f[::-1]) for f in faces(points)])}</bldg:lod1Solid>"), srs=srs
    )
    found = read(write_gml(tmp_path, text), frame=frame)
    assert found.quantity("b1", "Volume") == pytest.approx(1000, rel=2e-4)
    assert abs(found.mesh("b1")[0]).max() < 100


def test_override_beats_the_file(read, tmp_path, frame):
    path = write(tmp_path, document({"b": building([solid()])}, block(), crs="EPSG:28992"))
    with pytest.raises(Invalid, match="km from the park's origin"):
        read(path, frame=frame)
    found = read(path, frame=frame, crs="EPSG:4547")
    assert found.draft.georef["how"] == "override"
    assert abs(found.mesh("b")[0]).max() < 100


def test_ellipsoidal_heights_come_down_to_the_parks_datum(read, tmp_path):
    park = Frame(139.777, 35.540, 3.0, "EPSG:6677", geoid_undulation=37.0)
    found = read(write_gml(tmp_path, japan("lat", "urn:ogc:def:crs:EPSG::4979")), frame=park)
    assert found.mesh("b1")[0][:, 2].min() == pytest.approx(-37.0, abs=1e-3)


def test_a_model_without_a_system_takes_the_parks_where_it_fits(read, tmp_path, frame):
    found = read(write(tmp_path, document({"b": building([solid()])}, block(), crs="")), frame=frame)
    assert (found.draft.georef["how"], found.codes()) == ("park", {"crs-park": 1})


def test_a_model_without_any_place_stands_on_the_origin(read, tmp_path, frame):
    path = write(tmp_path, document({"b": building([solid()])}, block(x=7000, z=300), crs="", corner=(0, 0, 0)))
    for park in (None, frame):
        found = read(path, frame=park)
        points, _ = found.mesh("b")
        assert points.min(axis=0) == pytest.approx([-5, -10, 0])
        assert found.codes() == {"city-no-crs" if park else "city-no-place": 1}
    assert found.draft.findings[0].severity == "major"


def test_a_new_park_takes_its_origin_from_the_model(read, tmp_path):
    found = read(write(tmp_path, document({"b": building([solid()])}, block())))
    assert (found.draft.frame.longitude, found.draft.frame.latitude) == pytest.approx((114.3, 30.6), abs=1e-3)
    assert (found.draft.frame.height, found.draft.frame.crs) == (20.0, "EPSG:4547")
