"""Each source of a model's place, with landing points by pyproj."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest

from tests.bim.georef_truth import EAST, NORTH, candidate, found, locate_file, put, to_lonlat, to_park
from tests.bim.ifc_files import new_model
from twin.errors import Conflict, Invalid
from twin.geometry.frame import Frame
from twin.placing import Place, Placing


def test_the_vector_of_the_standard_lands_to_the_micrometre(tmp_path):
    m = new_model()
    m.wall()
    m.map_conversion(EAST, NORTH, height=20.0)
    there = locate_file(m, tmp_path)
    lon, lat = to_lonlat(EAST, NORTH, "EPSG:4547")
    assert (lon, lat) == pytest.approx((114.30, 30.60), abs=1e-8)
    assert put(there, 0, 0, 0) == pytest.approx(to_park(EAST, NORTH, 20.0), abs=1e-6)
    landing = candidate(there, "map-conversion")["landing"]
    factors = pyproj.Proj("EPSG:4547").get_factors(lon, lat)
    assert landing["convergence_deg"] == pytest.approx(factors.meridian_convergence, abs=1e-9)
    assert landing["convergence_deg"] == pytest.approx(0.3 * math.sin(math.radians(30.6)), abs=1e-4)
    assert landing["rotation_deg"] == pytest.approx(-landing["convergence_deg"], abs=1e-5)
    assert landing["grid_scale"] == pytest.approx(1.0000102, abs=2e-7)


def test_eight_digit_eastings_lose_nothing(tmp_path):
    """40 000 km of easting: zone prefix 38, placements in millimetres, a turned axis."""
    m = new_model(prefix="MILLI")
    m.wall(at=(12_345.6, -78_901.2, 3_400.0))
    metre = m.file.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")
    axis = (math.cos(0.7), math.sin(0.7))
    m.map_conversion(38_528_770.1234, NORTH + 0.0005, 21.5, axis, 0.001, "EPSG:4526", metre)
    there = locate_file(m, tmp_path)
    x = 38_528_770.1234 + axis[0] * 12.3456 + axis[1] * 78.9012
    y = NORTH + 0.0005 + axis[1] * 12.3456 - axis[0] * 78.9012
    assert put(there, 12.3456, -78.9012, 3.4) == pytest.approx(to_park(x, y, 24.9, "EPSG:4526"), abs=5e-4)


def test_a_scaled_conversion_keeps_the_model_rigid_and_says_so(tmp_path):
    m = new_model("IFC4X3_ADD2")
    m.wall()
    target = m.file.create_entity("IfcProjectedCRS", Name="EPSG:4547")
    m.file.create_entity(
        "IfcMapConversionScaled", SourceCRS=m.context, TargetCRS=target, Eastings=EAST, Northings=NORTH,
        OrthogonalHeight=20.0, XAxisAbscissa=1.0, XAxisOrdinate=0.0, Scale=1.0, FactorX=1.0, FactorY=1.02, FactorZ=1.0,
    )  # fmt: skip
    there = locate_file(m, tmp_path)
    assert put(there, 0, 0, 0) == pytest.approx(to_park(EAST, NORTH, 20.0), abs=1e-4)
    step = put(there, 0, 100, 0) - put(there, 0, 0, 0)
    assert float(step @ step) ** 0.5 == pytest.approx(100.0, abs=1e-9)
    assert found(there, "ifc-georef-factors")


def test_a_rigid_operation_into_a_projected_system(tmp_path):
    m = new_model("IFC4X3_ADD2")
    m.wall()
    target = m.file.create_entity("IfcProjectedCRS", Name="EPSG:4547")
    m.file.create_entity(
        "IfcRigidOperation", SourceCRS=m.context, TargetCRS=target, Height=22.0,
        FirstCoordinate=m.file.create_entity("IfcLengthMeasure", EAST + 7),
        SecondCoordinate=m.file.create_entity("IfcLengthMeasure", NORTH),
    )  # fmt: skip
    there = locate_file(m, tmp_path)
    assert there.report["used"] == "rigid-operation"
    assert put(there, 0, 0, 0) == pytest.approx(to_park(EAST + 7, NORTH, 22.0), abs=1e-6)


def test_a_world_coordinate_system_elsewhere_is_where_the_conversion_starts(tmp_path):
    m = new_model()
    m.wall(at=(110.0, 50.0, 0.0))
    m.context.WorldCoordinateSystem = m.file.create_entity(
        "IfcAxis2Placement3D",
        Location=m.point(100.0, 50.0, 0.0),
        Axis=m.file.create_entity("IfcDirection", (0.0, 0.0, 1.0)),
        RefDirection=m.file.create_entity("IfcDirection", (0.0, 1.0, 0.0)),
    )
    m.map_conversion(EAST, NORTH)
    there = locate_file(m, tmp_path)
    # 10 m along the model's x from the system's origin are 10 m against its y axis.
    assert put(there, 110, 50, 0) == pytest.approx(to_park(EAST, NORTH - 10, 0.0), abs=1e-4)


def test_true_north_away_from_the_park_counts_the_meridians(tmp_path):
    m = new_model()
    m.site.RefLatitude, m.site.RefLongitude = (30, 36, 0), (114, 21, 0)  # 4.8 km east of the park
    m.wall()
    there = locate_file(m, tmp_path)
    ahead = put(there, 0, 10, 0) - put(there, 0, 0, 0)
    turned = math.degrees(math.atan2(-ahead[0], ahead[1]))
    assert turned == pytest.approx(0.05 * math.sin(math.radians(30.6)), abs=1e-5)
    assert candidate(there, "site")["landing"]["place"]["rotation_deg"] == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize(("x", "crs"), [(EAST, "EPSG:4547"), (38_000_000 + EAST, "EPSG:4526")])
def test_bare_map_coordinates_are_known_by_where_they_land(tmp_path, x, crs):
    m = new_model()
    m.wall(at=(x + 30, NORTH, 20.0))
    there = locate_file(m, tmp_path)
    assert (there.report["used"], there.crs) == ("coordinates", crs)
    assert found(there, "ifc-georef-coordinates")
    assert put(there, x + 30, NORTH, 20.0) == pytest.approx(to_park(x + 30, NORTH, 20.0, crs), abs=1e-4)


def test_bare_coordinates_without_a_park_count_only_where_a_site_or_their_zone_confirms_them(tmp_path):
    m = new_model()
    m.wall(at=(EAST, NORTH, 20.0))
    assert locate_file(m, tmp_path, frame=None).report["used"] == "local"
    m.site.RefLatitude, m.site.RefLongitude = (30, 36, 0), (114, 18, 0)
    there = locate_file(m, tmp_path, frame=None)
    assert (there.report["used"], there.crs) == ("coordinates", "EPSG:4547")
    assert there.frame.longitude == pytest.approx(114.3, abs=1e-6)
    numbered = new_model()
    numbered.wall(at=(38_000_000 + EAST, NORTH, 20.0))
    assert locate_file(numbered, tmp_path, frame=None).crs == "EPSG:4526"


def test_large_offsets_in_vertices_are_seen_too(tmp_path):
    m = new_model()
    faces = m.file.create_entity(
        "IfcTriangulatedFaceSet",
        Coordinates=m.file.create_entity(
            "IfcCartesianPointList3D",
            CoordList=((EAST, NORTH, 20.0), (EAST + 10, NORTH, 20.0), (EAST, NORTH + 6, 24.0)),
        ),
        CoordIndex=((1, 2, 3),),
    )
    shape = m.file.create_entity(
        "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Body",
        RepresentationType="Tessellation", Items=(faces,),
    )  # fmt: skip
    m.contain(m.make("IfcWall", Name="W", ObjectPlacement=m.placement(), Representation=m.shape(shape)))
    there = locate_file(m, tmp_path)
    assert there.crs == "EPSG:4547"
    assert put(there, EAST, NORTH, 20.0) == pytest.approx(to_park(EAST, NORTH, 20.0), abs=1e-4)


def test_a_stray_object_does_not_pull_the_model_away(tmp_path):
    m = new_model()
    for n in range(5):
        m.wall(f"W{n}", at=(6.0 * n, 0.0, 0.0))
    m.wall("stray", at=(900_000.0, 4_000_000.0, 0.0))
    m.map_conversion(EAST, NORTH)
    there = locate_file(m, tmp_path)
    assert found(there, "ifc-stray-objects")[0].value == 1
    assert there.report["extent"]["high"][0] < 100
    assert put(there, 0, 0, 0) == pytest.approx(to_park(EAST, NORTH, 0.0), abs=1e-3)


def test_an_address_is_only_reported(tmp_path):
    m = new_model()
    m.wall()
    m.site.SiteAddress = m.file.create_entity(
        "IfcPostalAddress", AddressLines=("珞喻路 1 号",), Town="武汉", Country="中国"
    )
    there = locate_file(m, tmp_path)
    assert there.report["addresses"] == ["珞喻路 1 号, 武汉, 中国"]
    assert there.report["used"] == "local"


def test_the_footprint_is_the_models_rectangle_on_the_globe(tmp_path):
    m = new_model()
    m.wall(at=(10.0, 0.0, 0.0))
    m.wall(at=(40.0, 20.0, 0.0))
    m.map_conversion(EAST, NORTH)
    ring = candidate(locate_file(m, tmp_path), "map-conversion")["landing"]["ring"]
    assert ring[0] == ring[-1]
    assert len(ring) == 5
    geod = pyproj.Geod(ellps="WGS84")
    sides = [geod.inv(*ring[n], *ring[n + 1])[2] for n in range(4)]
    assert sides == pytest.approx([30.0, 20.0, 30.0, 20.0], rel=1e-4)  # placements alone: no meshes are made here


def test_the_users_place_stands_exactly_there(tmp_path):
    m = new_model()
    m.wall()
    m.map_conversion(EAST, NORTH)
    placing = Placing(place=Place(114.301, 30.601, 25.0, 30.0))
    there = locate_file(m, tmp_path, placing=placing)
    assert there.report["used"] == "placed"
    assert put(there, 0, 0, 0) == pytest.approx(to_park(114.301, 30.601, 25.0, "EPSG:4326"), abs=1e-6)
    place = candidate(there, "placed")["landing"]["place"]
    assert (place["longitude"], place["latitude"]) == pytest.approx((114.301, 30.601), abs=1e-11)
    assert (place["height"], place["rotation_deg"]) == pytest.approx((25.0, 30.0), abs=1e-6)
    assert there.report["placing"] == placing.as_dict()


def test_a_place_of_a_model_with_map_coordinates_is_its_middles(tmp_path):
    m = new_model()
    m.wall(at=(EAST, NORTH, 0.0))
    there = locate_file(m, tmp_path, placing=Placing(place=Place(114.302, 30.602, 25.0)))
    assert there.report["anchor"] == [round(EAST), round(NORTH)]
    want = to_park(114.302, 30.602, 25.0, "EPSG:4326")
    assert put(there, round(EAST), round(NORTH), 0) == pytest.approx(want, abs=1e-6)


def test_every_place_in_the_report_gives_the_same_landing_back(tmp_path):
    m = new_model()
    m.wall(at=(10.0, 5.0, 0.0))
    m.wall(at=(60.0, 45.0, 0.0))
    m.map_conversion(EAST + 3000, NORTH + 2000, 21.0, (math.cos(0.4), math.sin(0.4)))
    m.site.RefLatitude, m.site.RefLongitude = (30, 36, 0), (114, 19, 0)
    there = locate_file(m, tmp_path)
    for name in ("map-conversion", "site", "local"):
        landing = candidate(there, name)["landing"]
        place = Place(**landing["place"])
        again = candidate(locate_file(m, tmp_path, placing=Placing(place=place)), "placed")["landing"]
        assert np.array(again["ring"]) == pytest.approx(np.array(landing["ring"]), abs=1e-9)  # a tenth of a millimetre
        assert again["height"] == pytest.approx(landing["height"], abs=1e-4)


@pytest.mark.parametrize(
    ("use", "used"),
    [("site", "site"), ("map-conversion", "map-conversion"), ("local", "local")],
)
def test_the_user_chooses_a_source(tmp_path, use, used):
    m = new_model()
    m.wall()
    m.map_conversion(EAST, NORTH)
    m.site.RefLatitude, m.site.RefLongitude = (30, 36, 10), (114, 18, 0)
    there = locate_file(m, tmp_path, placing=Placing(use=use))
    assert there.report["used"] == used
    assert there.report["why"]["en"] == "the user chose this source"
    assert sum(row["used"] for row in there.report["candidates"]) == 1


def test_a_source_that_the_model_lacks_is_refused_with_those_it_has(tmp_path):
    m = new_model()
    m.wall()
    m.map_conversion(EAST, NORTH)
    with pytest.raises(Invalid, match=r"model\.ifc has no source 'site' of a place: it has local, map-conversion"):
        locate_file(m, tmp_path, placing=Placing(use="site"))


def test_a_chosen_site_gives_a_park_its_origin(tmp_path):
    m = new_model()
    m.wall()
    m.map_conversion(EAST, NORTH)
    m.site.RefLatitude, m.site.RefLongitude = (30, 40, 0), (114, 18, 0)
    there = locate_file(m, tmp_path, frame=None, placing=Placing(use="site"))
    assert (there.frame.longitude, there.frame.latitude) == pytest.approx((114.3, 30 + 40 / 60), abs=1e-8)
    assert put(there, 0, 0, 0) == pytest.approx([0, 0, 0], abs=1e-3)


def test_placings_that_contradict_themselves_are_refused():
    with pytest.raises(Conflict, match="the source 'site'"):
        Placing(use="site", place=Place(114.3, 30.6))
    with pytest.raises(Conflict, match="the system 'EPSG:4547'"):
        Placing(crs="EPSG:4547", place=Place(114.3, 30.6))
    with pytest.raises(Conflict, match="no map coordinates"):
        Placing(crs="EPSG:4547", use="local")
    with pytest.raises(Invalid, match="expected one of map-conversion"):
        Placing(use="somewhere")
    with pytest.raises(Invalid, match="LONGITUDE,LATITUDE"):
        Place.parse("114.3")
    with pytest.raises(Invalid, match="not on the globe"):
        Place.parse("30.6,114.3")
    with pytest.raises(Invalid, match="no number"):
        Place.parse("nan,30")


@pytest.mark.parametrize(
    "placing",
    [
        Placing(),
        Placing(crs="EPSG:4547"),
        Placing(use="site"),
        Placing(place=Place(114.3, 30.6)),
        Placing(place=Place(114.3, 30.6, 22.5, -12.25, (528770.0, 3386666.0))),
    ],
)
def test_placings_survive_their_table(placing):
    assert Placing.from_dict(placing.as_dict()) == placing


def test_far_from_the_park_a_place_is_refused(tmp_path):
    m = new_model()
    m.wall()
    with pytest.raises(Invalid, match=r"placed\) lands .* give another --place"):
        locate_file(m, tmp_path, placing=Placing(place=Place(113.0, 23.0)))


def test_all_axes_of_the_globe_work(tmp_path):
    for frame in (Frame(-71.06, 42.36), Frame(151.2, -33.87), Frame(0.0, 0.0)):
        m = new_model()
        m.wall()
        place = Place(frame.longitude + 0.01, frame.latitude + 0.01, 5.0, 45.0)
        there = locate_file(m, tmp_path, frame=frame, placing=Placing(place=place))
        want = to_park(place.longitude, place.latitude, 5.0, "EPSG:4326", frame)
        assert put(there, 0, 0, 0) == pytest.approx(want, abs=1e-6)
