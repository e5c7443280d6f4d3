from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.support.shared import SHARED
from twin.devices.ontology import brick
from twin.devices.ontology.brick import read_brick, read_brick_file
from twin.devices.ontology.brick_write import write_brick
from twin.devices.ontology.haystack import read_haystack, write_haystack
from twin.devices.ontology.of_park import describe
from twin.devices.ontology.tables import tables, word_of_point
from twin.errors import Invalid, NotFound
from twin.state.kinds import KINDS

FOLDER = SHARED / "data" / "telemetry" / "brick"
SMALL = """
@prefix brick: <https://brickschema.org/schema/Brick#> .
@prefix ref: <https://brickschema.org/schema/Brick/ref#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix unit: <http://qudt.org/vocab/unit/> .
@prefix b: <http://example.org/b#> .
b:f1 a brick:Floor ; brick:hasPart b:r101 .
b:r101 a brick:Room ; rdfs:label "Room 101" ;
    ref:hasExternalReference [ a ref:IFCReference ; ref:ifcGlobalID "2O2Fr0t4X7Zf8NOew3FNr2" ] .
b:vav a brick:VAV ; brick:feeds b:r101 ; brick:hasPoint b:t .
b:t a brick:Zone_Air_Temperature_Sensor, brick:Point ; brick:hasUnit unit:DEG_C .
b:sp a brick:Zone_Air_Temperature_Setpoint ; brick:isPointOf b:vav .
b:sys a brick:Hot_Water_System .
"""


def test_what_a_description_says():
    found = read_brick(SMALL.encode())
    assert found.counts() == {"location": 2, "equipment": 1, "point": 2}
    assert found.skipped == {"Hot_Water_System": 1}
    room, vav, sensor, setpoint = (found.entities[name] for name in ("r101", "vav", "t", "sp"))
    assert (room.name, room.kind, room.parent, room.refs) == (
        "Room 101",
        "Space",
        "f1",
        {"ifc": "2O2Fr0t4X7Zf8NOew3FNr2"},
    )
    assert (vav.kind, vav.location) == ("vav", "r101")
    assert (sensor.cls, sensor.kind, sensor.role, sensor.unit, sensor.parent) == (
        "Zone_Air_Temperature_Sensor", "temperature", "measured", "°C", "vav",
    )  # fmt: skip
    assert (setpoint.kind, setpoint.role) == ("", "setpoint")


@pytest.mark.parametrize("data", [b"@prefix a: <", b"\xff\xfe", b"a b c", b"<a> <b> <c> . <"])
def test_what_is_no_turtle_is_told(data):
    with pytest.raises(Invalid, match="no Turtle"):
        read_brick(data)


def test_a_file_that_is_too_large_or_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(brick, "MAX_BYTES", 10)
    with pytest.raises(Invalid, match="at most 10"):
        read_brick(b"x" * 11)
    (tmp_path / "a.ttl").write_text("x" * 11)
    with pytest.raises(Invalid, match="at most 10"):
        read_brick_file(tmp_path / "a.ttl")
    with pytest.raises(NotFound, match=r"b\.ttl"):
        read_brick_file(tmp_path / "b.ttl")


@pytest.mark.shared
@pytest.mark.skipif(not FOLDER.exists(), reason="the shared data folder is not there")
@pytest.mark.parametrize("name", ["ebu3b_brick", "soda_brick"])
def test_real_buildings_are_read_whole(name):
    """Against a count by text alone: subjects with a class, by the ending of the class."""
    path = FOLDER / f"{name}.ttl"
    found = read_brick_file(path)
    text = path.read_text()
    assert sum(found.counts().values()) + sum(found.skipped.values()) == len(
        set(re.findall(r"^(\S+) a brick\S*:", text, re.MULTILINE))
    )
    rooms = re.findall(r"^\S+ a brick\S*:Room\b", text, re.MULTILINE)
    assert sum(one.cls == "Room" for one in found.entities.values()) == len(rooms) > 200
    sensors = re.findall(r"^\S+ a brick\S*:Zone(?:_Air)?_Temperature_Sensor\b", text, re.MULTILINE)
    kinds = Counter(one.kind for one in found.entities.values() if one.sort == "point")
    assert kinds["temperature"] == len(sensors) > 200


@pytest.mark.shared
@pytest.mark.skipif(not FOLDER.exists(), reason="the shared data folder is not there")
@pytest.mark.parametrize("name", sorted(path.stem for path in (FOLDER / "examples").glob("*.ttl")))
def test_the_examples_come_back_as_they_were(name):
    found = read_brick_file(FOLDER / "examples" / f"{name}.ttl")
    again = read_brick(write_brick(found, "park 1"))
    assert again.entities == found.entities


@pytest.fixture
def described(graph, register):
    (graph.park.folder / "points.csv").write_text(
        "point_id,gid,device,kind,unit,min,max,role,name,address\n"
        "t1,a1/s0-r0,s-1,temperature,°C,-20,60,measured,Room 100,mqtt:park/t1\n"
        "c1,a1/s0-r0,,co2,ppm,,,,CO₂ 一楼,\n"
        "sp,a1/s0-r0,s-1,temperature,°C,,,setpoint,,\n"
        "odd,a1/nowhere,,flux,Wb,,,state,,\n",
        encoding="utf-8",
    )
    graph.load_points()
    register.create("g-1", {"kind": "gateway", "name": "网关"}, "li")
    register.create(
        "s-1",
        {"kind": "sensor", "gid": "a1/s0-w0", "parent": "g-1", "maker": "A & B", "serial": '"7"', "tags": ["x", "y"]},
        "li",
    )
    register.create("odd", {"kind": "sundial"}, "li")
    register.create("gone", {}, "li")
    register.set_state("gone", "retired", "li")
    return describe(graph, register)


def test_the_parks_own_description(described):
    found = described.entities
    assert set(found) == {
        "a1/site", "a1/b", "a1/s0", "a1/s0-r0", "a1/s0-w0", "device:g-1", "device:s-1", "device:odd",
        "point:t1", "point:c1", "point:sp", "point:odd",
    }  # fmt: skip
    assert [found[name].cls for name in ("a1/site", "a1/b", "a1/s0", "a1/s0-r0", "a1/s0-w0")] == [
        "Site", "Building", "Floor", "Room", "Equipment",
    ]  # fmt: skip
    assert (found["device:g-1"].cls, found["device:s-1"].cls, found["device:odd"].cls) == (
        "Gateway", "Sensor_Equipment", "Equipment",
    )  # fmt: skip
    assert (found["point:t1"].cls, found["point:sp"].cls, found["point:odd"].cls) == (
        "Zone_Air_Temperature_Sensor", "Setpoint", "Sensor",
    )  # fmt: skip
    assert (found["point:t1"].parent, found["point:c1"].parent, found["point:odd"].parent) == (
        "device:s-1",
        "a1/s0-r0",
        "",
    )
    assert found["device:s-1"].refs["gateway"] == "g-1"


def test_brick_there_and_back(described):
    text = write_brick(described, "园区 1")
    assert b"brick:Zone_Air_Temperature_Sensor" in text
    assert b"unit:DEG_C" in text
    assert read_brick(text).entities == described.entities


def test_haystack_there_and_back(described):
    assert read_haystack(write_haystack(described)).entities == described.entities


def test_every_kind_has_a_word_that_is_read_back():
    known = tables()
    assert set(known.kinds) == set(KINDS)
    shared = Counter(word.brick for word in known.kinds.values())
    for kind in KINDS:
        cls = word_of_point(kind, "measured").brick
        assert known.kind_of[cls] == kind or shared[cls] > 1, kind
    assert {unit for kind in KINDS.values() if (unit := kind.unit)} - set(known.units) == {"person", "%LEL", "floor"}
