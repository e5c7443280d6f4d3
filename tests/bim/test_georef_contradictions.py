"""Contradicting sources and well-known slips: each constructed, each with the known right answer."""

from __future__ import annotations

import json
import math
import random

import pyproj
import pytest

from bim.georef.contradictions import EXPLICIT_M, SITE_DEG, SITE_M
from bim.georef.read import read_georeference
from tests.bim.georef_truth import EAST, NORTH, candidate, found, locate_file, put, to_park
from tests.bim.ifc_files import WUHAN, new_model
from twin.errors import Invalid
from twin.placing import Placing

HERE = {"RefLatitude": (30, 36, 0), "RefLongitude": (114, 18, 0)}


def model(east=EAST, north=NORTH, at=(0.0, 0.0, 0.0), site=None, **conversion):
    m = new_model()
    m.wall(at=at)
    m.map_conversion(east, north, **conversion)
    for name, value in (site or {}).items():
        setattr(m.site, name, value)
    return m


def turn_north(m, degrees):
    """True north turned counter-clockwise from the model's y axis."""
    angle = math.radians(90 + degrees)
    m.context.TrueNorth = m.file.create_entity("IfcDirection", DirectionRatios=(math.cos(angle), math.sin(angle)))


def test_sources_that_agree_say_nothing(tmp_path):
    m = model(height=0.0, site=HERE)
    there = locate_file(m, tmp_path)
    assert there.report["contradictions"] == []
    assert [row["id"] for row in there.report["candidates"]] == ["map-conversion", "site", "local"]


@pytest.mark.parametrize(("metres", "said"), [(SITE_M - 10, False), (SITE_M + 10, True)])
def test_a_site_away_from_its_conversion(tmp_path, metres, said):
    there = locate_file(model(EAST + metres, NORTH, site=HERE), tmp_path)
    hits = found(there, "ifc-georef-contradiction")
    assert bool(hits) is said
    if said:
        assert hits[0].value == pytest.approx(metres, rel=1e-4)
        assert hits[0].data["between"] == ["map-conversion", "site"]


def test_two_conversions_must_agree_to_a_decimetre(tmp_path):
    m = model()
    plan = m.file.create_entity(
        "IfcGeometricRepresentationContext", ContextType="Plan", CoordinateSpaceDimension=2,
        WorldCoordinateSystem=m.context.WorldCoordinateSystem,
    )  # fmt: skip
    m.project.RepresentationContexts = (m.context, plan)
    other = m.map_conversion(EAST + 3, NORTH + 4)
    other.SourceCRS = plan
    there = locate_file(m, tmp_path)
    hit = found(there, "ifc-georef-contradiction")[0]
    assert (hit.value, hit.limit) == (pytest.approx(5.0, rel=1e-4), EXPLICIT_M)
    assert hit.data["between"] == ["map-conversion", "map-conversion-2"]
    assert there.report["candidate"] == "map-conversion"
    checks = {row["rule"]: row["verdict"] for row in there.report["checks"]}
    assert checks["GRF001"] == "fail"


@pytest.mark.parametrize(
    ("grid", "north", "words"),
    [
        (30.0, -30.0, None),  # north turned clockwise by what the model is turned counter-clockwise: the same place
        (30.0, 30.0, "the other sign"),
        (30.0, -60.0, "look swapped"),
        (70.0, -160.0, "a right angle"),
        (30.0, 150.0, "the opposite direction"),
        (30.0, -50.0, "turn the model 2"),
    ],
)
def test_rotation_against_true_north(tmp_path, grid, north, words):
    m = model(axis=(math.cos(math.radians(grid)), math.sin(math.radians(grid))))
    turn_north(m, north)
    hits = found(locate_file(m, tmp_path), "ifc-georef-rotation")
    if words is None:
        assert hits == []
        return
    assert words in hits[0].en
    assert hits[0].limit == SITE_DEG
    # True east stands 0.153 degrees of convergence away from the grid's.
    expected = abs(math.remainder(-north - (grid - 0.1527), 360))
    assert hits[0].value == pytest.approx(expected, abs=1e-3)


def test_swapped_eastings_and_northings_are_put_right(tmp_path):
    there = locate_file(model(NORTH, EAST), tmp_path)
    assert there.report["candidate"] == "map-conversion:swapped"
    assert found(there, "ifc-georef-slip")[0].data["slip"] == "swapped"
    assert put(there, 0, 0, 0) == pytest.approx(to_park(EAST, NORTH, 0.0), abs=1e-4)


def test_swapped_numbers_with_a_zone_prefix_are_put_right(tmp_path):
    there = locate_file(model(NORTH, 38_000_000 + EAST, crs="EPSG:4547"), tmp_path)
    assert there.crs == "EPSG:4526"
    assert put(there, 0, 0, 0) == pytest.approx(to_park(EAST, NORTH, 0.0), abs=1e-4)


@pytest.mark.parametrize(
    ("east", "crs", "read_as"),
    [
        (38_000_000 + EAST, "EPSG:4547", "EPSG:4526"),
        (EAST, "EPSG:4526", "EPSG:4547"),
        (38_000_000 + EAST, "EPSG:2383", "EPSG:2362"),
    ],
)
def test_a_zone_prefix_that_does_not_fit_its_system(tmp_path, east, crs, read_as):
    there = locate_file(model(east, crs=crs), tmp_path)
    assert there.report["candidate"] == "map-conversion:zone-prefix"
    assert there.crs == read_as
    assert put(there, 0, 0, 0) == pytest.approx(to_park(east, NORTH, 0.0, read_as), abs=1e-4)


def test_millimetre_eastings_are_put_right(tmp_path):
    there = locate_file(model(EAST * 1000, NORTH * 1000), tmp_path)
    assert there.report["candidate"] == "map-conversion:millimetres"
    assert put(there, 0, 0, 0) == pytest.approx(to_park(EAST, NORTH, 0.0), abs=1e-4)


def test_metres_in_a_model_of_millimetres_without_a_map_unit(tmp_path):
    m = new_model(prefix="MILLI")
    m.wall()
    m.map_conversion(EAST, NORTH, height=20.0, scale=0.001)
    there = locate_file(m, tmp_path)
    assert there.report["candidate"] == "map-conversion:metres"
    assert put(there, 0, 0, 0) == pytest.approx(to_park(EAST, NORTH, 20.0), abs=1e-4)


def test_a_model_georeferenced_twice_is_put_where_its_coordinates_say(tmp_path):
    there = locate_file(model(height=20.0, at=(EAST + 10, NORTH, 20.0)), tmp_path)
    assert there.report["candidate"] == "map-conversion:double"
    assert found(there, "ifc-georef-double")
    assert found(there, "ifc-georef-slip")[0].data["slip"] == "double"
    assert put(there, EAST + 10, NORTH, 20.0) == pytest.approx(to_park(EAST + 10, NORTH, 20.0), abs=1e-4)
    chosen = locate_file(model(at=(EAST, NORTH, 20.0)), tmp_path, placing=Placing(use="coordinates"))
    assert chosen.report["used"] in ("coordinates", "map-conversion")
    assert put(chosen, EAST, NORTH, 20.0) == pytest.approx(to_park(EAST, NORTH, 20.0), abs=1e-4)


def test_a_wrong_zone_is_refused_with_the_one_that_fits(tmp_path):
    with pytest.raises(Invalid, match=r"read as EPSG:4548: .* as EPSG:4547 it lands 0\.0 km away: .*--crs EPSG:4547"):
        locate_file(model(crs="EPSG:4548", site=HERE), tmp_path)


def test_a_map_zone_that_is_not_the_systems(tmp_path):
    m = model()
    target = m.file.by_type("IfcProjectedCRS")[0]
    for zone, wrong in (("38", False), ("114", False), ("39", True)):
        target.MapZone = zone
        assert bool(found(locate_file(m, tmp_path), "ifc-georef-zone")) is wrong


def test_a_height_without_a_datum_and_a_height_twice(tmp_path):
    m = model(height=20.0)
    assert found(locate_file(m, tmp_path), "ifc-georef-no-height-datum")
    m.file.by_type("IfcProjectedCRS")[0].VerticalDatum = "EPSG:5737"
    there = locate_file(m, tmp_path)
    assert not found(there, "ifc-georef-no-height-datum")
    assert not found(there, "ifc-georef-elevation-twice")
    m.site.ObjectPlacement = m.placement(0, 0, 20.0)
    hit = found(locate_file(m, tmp_path), "ifc-georef-elevation-twice")[0]
    assert hit.value == pytest.approx(40.0)


def test_two_heights_that_differ(tmp_path):
    there = locate_file(model(height=20.0, site=HERE | {"RefElevation": 45.0}), tmp_path)
    assert found(there, "ifc-georef-height")[0].value == pytest.approx(25.0, abs=0.01)


def test_a_grid_that_stretches_much_is_said(tmp_path):
    assert not found(locate_file(model(), tmp_path), "ifc-georef-grid-scale")
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(114.3, 30.6)
    hit = found(locate_file(model(x, y, crs="EPSG:3857"), tmp_path), "ifc-georef-grid-scale")[0]
    assert hit.value == pytest.approx(1 / math.cos(math.radians(30.6)) - 1, rel=0.01)


@pytest.mark.parametrize(
    ("latitude", "longitude", "slip"),
    [
        ((114, 18, 0), (30, 36, 0), "swapped"),
        ((30, 36, 0), (-114, -18, 0), "sign"),
        ((0, 32, 2, 588000), (1, 59, 41, 583000), "radians"),  # 0.534052 and 1.994884 radians
        ((30, 95, 0), (114, 93, 0), "decimal-minutes"),  # 30.95 and 114.93
    ],
)
def test_slips_of_a_sites_angles_are_offered_and_not_taken(tmp_path, latitude, longitude, slip):
    m = new_model()
    m.wall()
    m.site.RefLatitude, m.site.RefLongitude = latitude, longitude
    if slip == "decimal-minutes":  # 31.58, 115.55 as they stand: 160 km away
        assert found(locate_file(m, tmp_path), "ifc-georef-angle")
    there = locate_file(m, tmp_path)
    assert there.report["used"] == "local"
    assert found(there, "ifc-georef-slip")[0].data["slip"] == slip
    landing = candidate(there, f"site:{slip}")["landing"]
    if slip != "decimal-minutes":
        assert (landing["longitude"], landing["latitude"]) == pytest.approx((114.3, 30.6), abs=0.02)
    chosen = locate_file(m, tmp_path, placing=Placing(use="site"))
    assert chosen.report["candidate"] == f"site:{slip}"


def test_without_a_park_a_place_outside_its_systems_area_is_a_slip(tmp_path):
    there = locate_file(model(NORTH, EAST), tmp_path, frame=None)
    assert there.report["candidate"] == "map-conversion:swapped"
    assert (there.frame.longitude, there.frame.latitude) == pytest.approx((114.3, 30.6), abs=1e-6)
    plain = locate_file(model(), tmp_path, frame=None)
    assert plain.report["candidate"] == "map-conversion"


def test_numbers_that_are_none_make_no_place(tmp_path):
    m = model()
    conversion = m.file.by_type("IfcMapConversion")[0]
    conversion.Eastings = float("1e308")
    with pytest.raises(Invalid, match=r"model\.ifc"):
        locate_file(m, tmp_path)


def test_a_malformed_source_is_a_finding_and_the_others_count(tmp_path):
    path = model().write(tmp_path)
    text = path.read_text(encoding="utf-8")
    direction = "#900000=IFCDIRECTION(7.);\n"
    head, context, tail = text.partition("IFCGEOMETRICREPRESENTATIONCONTEXT(")
    broken = head + context + tail.replace(",$);", ",#900000);", 1)
    path.write_text(broken.replace("ENDSEC;\nEND-ISO", direction + "ENDSEC;\nEND-ISO"), encoding="utf-8")
    there = read_georeference(path, WUHAN, Placing())
    assert there.report["used"] == "map-conversion"
    assert "TrueNorth" in found(there, "ifc-georef-malformed")[0].en


def test_mutated_files_are_placed_or_refused_in_a_sentence(tmp_path):
    m = model(height=20.0, site=HERE)
    turn_north(m, 12.0)
    whole = m.write(tmp_path).read_bytes()
    start, rng = whole.find(b"DATA;"), random.Random(3)
    path, outcomes = tmp_path / "mutated.ifc", set()
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 5)):
            at = rng.randrange(start, len(data) - 40)
            if rng.random() < 0.5:
                data[at] = rng.randrange(32, 127)
            else:
                data[at:at] = rng.choice([b"1E400", b"$", b"''", b"()", b"-", b"#1", b".F."])
        path.write_bytes(bytes(data))
        try:
            json.dumps(read_georeference(path, WUHAN, Placing()).report, allow_nan=False)
            outcomes.add("placed")
        except Invalid as error:
            outcomes.add("mutated.ifc" in error.message)
    assert outcomes == {"placed", True}
