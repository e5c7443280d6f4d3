from __future__ import annotations

import re

import pytest

from tests.support.shared import SHARED
from twin.devices.binding.bind import Target, bind
from twin.devices.binding.report import device_id, device_lines, proposals, report, report_csv, targets_of
from twin.devices.binding.rules import read_rules, rules_from
from twin.devices.importing import carry_out
from twin.devices.ontology.brick import read_brick, read_brick_file
from twin.devices.ontology.model import Description, Entity
from twin.errors import Invalid
from twin.state.point import PointSpec

FILE = SHARED / "data" / "telemetry" / "brick" / "ebu3b_brick.ttl"
RULES = b"""
normalise:
  - {find: '(?i)^bldg7[-_]', replace: ''}
rules:
  - {name: equal, threshold: 1}
  - {name: alike, threshold: 0.7, margin: 0.1}
"""


def described(*rows: Entity) -> Description:
    return Description({one.id: one for one in rows})


def result(found, ident):
    return next(one for one in found.bindings if one.entity.id == ident)


def test_equal_names_after_normalising_bind_and_ids_go_first():
    targets = [
        Target("a/1", name="Pump House"),
        Target("a/2", tag="AHU-01"),
        Target("b/2O2Fr0t4X7Zf8NOew3FNr2", name="x"),
    ]
    found = bind(
        described(
            Entity("BLDG7_pump-house", "location", "Room"),
            Entity("u", "equipment", "AHU", name="ahu 01"),
            Entity("v", "equipment", "AHU", name="Pump House", refs={"gid": "a/2"}),
            Entity("w", "location", "Room", name="Pump House", refs={"ifc": "2O2Fr0t4X7Zf8NOew3FNr2"}),
        ),
        targets, [], rules_from(RULES),
    )  # fmt: skip
    assert [(one.target, one.how) for one in found.bindings] == [
        ("a/1", "equal"), ("a/2", "equal"), ("a/2", "its gid"), ("b/2O2Fr0t4X7Zf8NOew3FNr2", "its IFC GlobalId"),
    ]  # fmt: skip


def test_what_could_be_several_is_listed_and_never_guessed():
    targets = [Target("a/1", name="Chiller room"), Target("b/1", name="chiller-room"), Target("a/3", name="Boiler room north"),
               Target("a/4", name="Boiler room south")]  # fmt: skip
    found = bind(
        described(Entity("chiller_room", "location", "Room"), Entity("boiler_room_nord", "location", "Room"), Entity("b", "location", "Room", refs={"ifc": "1"})),
        targets, [], rules_from(RULES.replace(b"0.7, margin: 0.1", b"0.5, margin: 0.3")),
    )  # fmt: skip
    equal, alike, guid = found.bindings
    assert (equal.result, [one[0] for one in equal.candidates]) == ("ambiguous", ["a/1", "b/1"])
    assert (alike.result, [one[0] for one in alike.candidates]) == ("ambiguous", ["a/3", "a/4"])
    assert alike.candidates[0][2] > alike.candidates[1][2] >= 0.5
    assert "is like several objects (2)" in alike.why
    assert guid.result == "ambiguous"
    sure = bind(described(Entity("boiler_room_nord", "location", "Room")), targets, [], rules_from(RULES))
    assert (sure.bindings[0].result, sure.bindings[0].target) == ("bound", "a/3")


def test_numbers_that_differ_are_never_alike():
    targets = [Target("a/1", name="Conference room 2101"), Target("a/2", name="Conference room 2103")]
    rules = rules_from(RULES)
    other = bind(described(Entity("Conferences room 2102", "location", "Room")), targets, [], rules).bindings[0]
    assert other.result == "unmatched"
    same = bind(described(Entity("Conferences room 02103", "location", "Room")), targets, [], rules).bindings[0]
    assert (same.result, same.target) == ("bound", "a/2")
    assert 0.7 < same.likeness < 1


def test_points_by_place_and_kind():
    text = """
    @prefix brick: <https://brickschema.org/schema/Brick#> .
    @prefix b: <http://example.org/b#> .
    b:zone a brick:HVAC_Zone ; brick:hasPart b:Rm_101 .
    b:Rm_101 a brick:Room . b:Rm_102 a brick:Room . b:nowhere a brick:Room .
    b:vav1 a brick:VAV ; brick:feeds b:zone ; brick:hasPoint b:t1, b:flow, b:sp .
    b:t1 a brick:Zone_Temperature_Sensor . b:flow a brick:Supply_Air_Flow_Sensor . b:sp a brick:Temperature_Setpoint .
    b:t2a a brick:Zone_Temperature_Sensor ; brick:isPointOf b:Rm_102 .
    b:t2b a brick:Zone_Temperature_Sensor ; brick:isPointOf b:Rm_102 .
    b:c2 a brick:CO2_Level_Sensor ; brick:isPointOf b:Rm_102 .
    b:h2 a brick:Relative_Humidity_Sensor ; brick:isPointOf b:Rm_102 .
    b:t3 a brick:Zone_Temperature_Sensor ; brick:isPointOf b:nowhere .
    b:direct a brick:Zone_Temperature_Sensor .
    """
    points = [
        PointSpec("p1", "a/r101", kind="temperature"), PointSpec("p2", "a/r102", kind="temperature"),
        PointSpec("p3", "a/r102", kind="co2"), PointSpec("p4", "a/r102", kind="carbon_dioxide"),
        PointSpec("direct", "a/r999", kind="temperature"), PointSpec("set", "a/r101", kind="temperature", role="setpoint"),
    ]  # fmt: skip
    rooms = [Target("a/r101", "Space", name="101"), Target("a/r102", "Space", name="Room 102")]
    found = bind(read_brick(text.encode()), rooms, points, read_rules())
    assert (result(found, "t1").target, result(found, "t1").how) == ("p1", "place and kind")
    assert (result(found, "flow").result, result(found, "flow").why) == (
        "unmatched", "class Supply_Air_Flow_Sensor is no kind of point of ours",
    )  # fmt: skip
    assert "could be t2b as well" in result(found, "t2a").why
    assert [one[0] for one in result(found, "c2").candidates] == ["p3", "p4"]
    assert result(found, "h2").why == "no point of kind humidity at a/r102"
    assert result(found, "t3").why == "what it belongs to is not bound to an object"
    assert result(found, "direct").how == "its id"
    lacking = proposals(read_brick(text.encode()), found)
    assert [(row["point_id"], row["gid"], row["kind"]) for row in lacking] == [("h2", "a/r102", "humidity")]


@pytest.mark.shared
@pytest.mark.skipif(not FILE.exists(), reason="the shared data folder is not there")
def test_a_real_building_binds_to_rooms_by_their_numbers():
    """Rooms as a model names them, made from the file's text by a pattern of this test's own; some are left out, some twice."""
    numbers = sorted(set(re.findall(r"^ebu3b:EBU3B_Rm_(\w+) a brick:Room\b", FILE.read_text(), re.MULTILINE)))
    assert len(numbers) > 200
    missing, twice = set(numbers[10:20]), set(numbers[30:33])
    plain = [one for one in numbers if re.fullmatch(r"[A-Z]?\d+[A-Z]?", one)]
    rooms = [Target(f"ebu/{one}", "Space", "ebu", f"Room {one}") for one in numbers if one not in missing]
    rooms += [Target(f"wing/{one}", "Space", "wing", one) for one in twice]
    points = [PointSpec(f"t{one}", f"ebu/{one}", kind="temperature") for one in numbers]
    found = bind(read_brick_file(FILE), rooms, points, read_rules())
    rows = {one.entity.id: one for one in found.bindings}
    for one in plain:
        room = rows[f"EBU3B_Rm_{one}"]
        if one in missing:
            assert room.result == "unmatched", one
        elif one in twice:
            assert (room.result, len(room.candidates)) == ("ambiguous", 2)
        else:
            assert (room.result, room.target) == ("bound", f"ebu/{one}")
    # A zone temperature finds the point of the room whose zone the file says it is of, and no other.
    zones = dict(
        re.findall(
            r"^ebu3b:(\w+) a brick:Zone_Temperature_Sensor ;\s+brickframe:isPointOf ebu3b:EBU3B_HVAC_Zone_Rm_(\w+),",
            FILE.read_text(),
            re.MULTILINE,
        )
    )
    for one in found.bindings:
        if one.entity.kind == "temperature" and one.result == "bound":
            assert one.target == f"t{zones[one.entity.id]}", one
    assert sum(one.entity.kind == "temperature" and one.result == "bound" for one in found.bindings) > 200
    assert sum(one.entity.cls == "VAV" and one.result == "bound" for one in found.bindings) > 200


def test_the_report_and_what_follows_from_it(graph, register):
    text = """
    @prefix brick: <https://brickschema.org/schema/Brick#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix b: <http://example.org/b#> .
    b:Rm_100 a brick:Room ; rdfs:label "Space 100" .
    b:unit.7 a brick:Fan ; rdfs:label "=Wall 100" .
    b:fan8 a brick:Fan ; rdfs:label "Wall 100" .
    """
    found = bind(read_brick(text.encode()), targets_of(graph), [], read_rules())
    made = report(read_brick(text.encode()), found)
    assert made["counts"]["location"] == {"bound": 1, "ambiguous": 0, "unmatched": 0}
    assert {(row["id"], row["target"]) for row in made["rows"]} == {
        ("Rm_100", "a1/s0-r0"), ("unit.7", "a1/s0-w0"), ("fan8", "a1/s0-w0"),
    }  # fmt: skip
    csv = report_csv(made["rows"]).decode("utf-8-sig")
    assert ",'=Wall 100," in csv
    assert len(csv.splitlines()) == 4
    carry_out(register, device_lines(found), "li")
    assert {(one.id, one.gid, one.kind) for one in register.some().values()} == {
        ("unit-7", "a1/s0-w0", "fan"), ("fan8", "a1/s0-w0", "fan"),
    }  # fmt: skip
    assert device_id("a b/c#é") == "a-b-c"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"- a", "list `rules`"),
        (b"rules: [{colour: red}]", "'colour'"),
        (b"rules: [{name: r, threshold: 0.1}]", "threshold of 'r' is 0.1"),
        (b"rules: [{name: r, margin: two}]", "margin of 'r' is 'two'"),
        (b"rules: [{name: r, sort: [wall]}]", "sort of 'r'"),
        (b"rules: [{name: r, entity: 'a'}]", "no group"),
        (b"rules: [{name: r, entity: '(?P<key>'}]", "is wrong"),
        (b"rules: [{name: r, of: tag}]", "of in 'r'"),
        (b"rules: [{name: r, class: 3}]", "class of 'r'"),
        (b"normalise: [{find: a}]\nrules: []", "normalise 1"),
        (b"rules: {", "no YAML"),
    ],
)
def test_a_wrong_rule_is_named(text, said):
    with pytest.raises(Invalid, match=said):
        rules_from(text)
