"""Requests of the standard's classes, by table: every query function, option, kind of address and status (18-088, 9 and 10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.server.sta.conftest import NOW, STA, VALUES
from tests.server.test_live import feed
from twin.clock import iso

WALL, ROOM = "a1/s0-w0", "a1/s1-r0"
AT = "2026-11-27T08:09:10.250+08:00"
SQUARE = "geography'POLYGON((0 0,2 0,2 2,0 2,0 0))'"

HOLD = [
    "substringof('all', 'Wall')",
    "endswith('Wall', 'll')",
    "startswith('Wall', 'Wa')",
    "length('园区') eq 2",
    "indexof('Wall', 'l') eq 2",
    "indexof('Wall', 'x') eq -1",
    "substring('Wall', 1) eq 'all'",
    "substring('Wall', 1, 2) eq 'al'",
    "tolower('WALL') eq 'wall'",
    "toupper('wall') eq 'WALL'",
    "trim('  a ') eq 'a'",
    "concat('a', 'b') eq 'ab'",
    f"year({AT}) eq 2026",
    f"month({AT}) eq 11",
    f"day({AT}) eq 27",
    f"hour({AT}) eq 8",
    f"minute({AT}) eq 9",
    f"second({AT}) eq 10",
    f"fractionalseconds({AT}) eq 0.25",
    "fractionalseconds(08:00:00.5) eq 0.5",
    f"date({AT}) eq 2026-11-27",
    f"time({AT}) eq 08:09:10.25",
    f"totaloffsetminutes({AT}) eq 480",
    f"{AT} eq 2026-11-27T00:09:10.250Z",
    "mindatetime() lt now() and now() lt maxdatetime()",
    "round(2.5) eq 3 and round(-2.5) eq -3 and round(2.4) eq 2",
    "floor(-1.5) eq -2",
    "ceiling(-1.5) eq -1",
    "geo.distance(geography'POINT(0 0)', geography'POINT(3 4)') eq 5",
    "geo.length(geography'LINESTRING(0 0,0 2,1 2)') eq 3",
    f"geo.intersects(geography'POINT(1 1)', {SQUARE})",
    f"st_equals({SQUARE}, geography'POLYGON((2 0,2 2,0 2,0 0,2 0))')",
    f"st_disjoint(geography'POINT(9 9)', {SQUARE})",
    f"st_touches(geography'POINT(0 0)', {SQUARE})",
    f"st_within(geography'POINT(1 1)', {SQUARE})",
    f"st_overlaps(geography'POLYGON((1 1,3 1,3 3,1 3,1 1))', {SQUARE})",
    f"st_crosses(geography'LINESTRING(-1 1,3 1)', {SQUARE})",
    f"st_intersects(geography'LINESTRING(-1 1,3 1)', {SQUARE})",
    f"st_contains({SQUARE}, geography'POINT(1 1)')",
    f"st_relate(geography'POINT(1 1)', {SQUARE}, 'T*F**F***')",
    "1 add 2 mul 3 eq 7 and 7 sub 1 eq 6 and 7 div 2 eq 3.5 and 7 mod 4 eq 3",
    "not (1 gt 2) and (1 lt 2 or 2 le 1) and 2 ge 2 and 1 ne 2",
]


@pytest.mark.parametrize("text", HOLD)
def test_what_a_function_says_holds_of_things_and_of_observations(read, text: str) -> None:
    assert len(read.ids("Things", filter=text)) == 2
    assert read.ids("Things", filter=f"not ({text})") == []


OBSERVATIONS = {
    "substring(resultQuality, 1) eq 'ood'": 10,
    "substring(resultQuality, 1, 2) eq 'oo'": 10,
    "substringof('oo', resultQuality) and endswith(resultQuality, 'd') and startswith(resultQuality, 'g')": 10,
    "length(resultQuality) eq 4 and indexof(resultQuality, 'd') eq 3": 10,
    "toupper(resultQuality) eq 'GOOD' and tolower(trim(concat(' G', resultQuality))) eq 'ggood'": 10,
    "month(phenomenonTime) eq 11 and day(phenomenonTime) eq 14 and hour(phenomenonTime) eq 22": 10,
    "minute(phenomenonTime) eq 13 and second(phenomenonTime) le 25": 5,
    "fractionalseconds(resultTime) eq 0 and totaloffsetminutes(resultTime) eq 0": 10,
    "time(phenomenonTime) gt 22:13:25 and time(phenomenonTime) lt 23:00": 5,
    "time(phenomenonTime) eq 22:13:25": 1,
    "phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime()": 10,
    "startswith('a', 'b') or result gt 25": 4,
    "floor(result div 10) eq 2 and ceiling(result div 10) eq 3": 9,
    "geo.distance(FeatureOfInterest/feature, geography'POINT(114.4 30.48)') lt 1": 10,
}


@pytest.mark.parametrize(("text", "count"), OBSERVATIONS.items())
def test_functions_on_observations(read, text: str, count: int) -> None:
    body = read.get("Observations", filter=text, count="true")
    assert read.status == 200, body
    assert body["@iot.count"] == count


def rows(body: Any, *names: str) -> list[Any]:
    return [tuple(row[name] for name in names) for row in body["value"]]


def test_order_along_relations(read) -> None:
    assert read.ids("Datastreams", orderby="Thing/name desc") == ["t1", "p1"]
    assert read.ids("Datastreams", orderby="ObservedProperty/name,id") == ["p1", "t1"]
    assert read.ids("Things", orderby="Datastreams/id desc") == [WALL, ROOM]


def test_observations_in_the_order_of_their_datastreams(sta) -> None:
    for values in ({"t1": 21.0}, {"p1": 7.0}, {"t1": 20.0}):
        sta.served.clock.advance(1)
        feed(sta.served, **values)
    for order, wanted in {
        "Datastream/id,result": [7.0, 20.0, 21.0],
        "Datastream/id desc,result": [20.0, 21.0, 7.0],
        "Datastream/ObservedProperty/name desc,phenomenonTime desc": [20.0, 21.0, 7.0],
        "tolower(FeatureOfInterest/name),result": [20.0, 21.0, 7.0],
    }.items():
        body = sta.get("Observations", orderby=order)
        assert sta.status == 200, body
        assert rows(body, "result") == [(value,) for value in wanted], order


OPTIONS: dict[str, Any] = {
    "Things?$top=1&$count=true": lambda body: body["@iot.count"] == 2 and len(body["value"]) == 1,
    "Things?$count=false": lambda body: "@iot.count" not in body,
    "Things?$skip=5&$count=true": lambda body: body == {"@iot.count": 2, "value": []},
    "Things?$select=name,@iot.id": lambda body: all(set(row) == {"name", "@iot.id"} for row in body["value"]),
    "Datastreams('t1')?$expand=Thing($select=name),Sensor($expand=Datastreams($select=id;$top=1))": lambda body: (
        body["Thing"] == {"name": "Wall 100"} and len(body["Sensor"]["Datastreams"]) == 1
    ),
    "Datastreams('t1')?$expand=Thing/Locations($select=name)&$select=name": lambda body: (
        set(body) == {"name", "Thing"} and body["Thing"]["Locations"] == [{"name": "Wall 100"}]
    ),
    "Datastreams('t1')?$expand=Observations($top=2;$skip=1;$orderby=result desc;$filter=result lt 29;$select=result)": lambda body: (
        body["Observations"] == [{"result": 27.0}, {"result": 26.0}]
    ),
    "Things('a1/s0-w0')/Datastreams('t1')/Observations?$top=1": lambda body: body["value"][0]["result"] == VALUES[0],
    "Things('a1/s0-w0')/name": lambda body: body == {"name": "Wall 100"},
    "Things('a1/s0-w0')/id": lambda body: body == {"id": WALL},
    "Things('a1/s0-w0')/$ref": lambda body: body["@iot.selfLink"].endswith("Things('a1/s0-w0')"),
    "Datastreams('t1')/Thing/$ref": lambda body: body["@iot.selfLink"].endswith("Things('a1/s0-w0')"),
    "Datastreams/$ref?$top=1": lambda body: set(body["value"][0]) == {"@iot.selfLink"} and "@iot.nextLink" in body,
    "Datastreams('t1')/unitOfMeasurement/$value": lambda body: body["symbol"] == "°C",
}


@pytest.mark.parametrize(("path", "fits"), OPTIONS.items())
def test_addresses_and_options(read, path: str, fits: Any) -> None:
    answer = read.http.get(f"{STA}/{quote(path, safe='/?&=$(),;')}")
    assert answer.status_code == 200, answer.text
    assert fits(answer.json()), answer.json()


THING = {"name": "n", "description": "d"}
STATUS = {
    ("GET", "Colours"): (404, None),
    ("GET", "Things('nobody')"): (404, None),
    ("GET", "Things('a1/s0-w0')/colour"): (404, None),
    ("GET", "Things('a1/s0-w0')/name/$ref"): (404, None),
    ("GET", "Things?$orderby=name sideways"): (400, None),
    ("GET", "Things?$expand=Datastreams($skiptoken=1)"): (400, None),
    ("GET", "Things?$count=1"): (400, None),
    ("GET", "CreateObservations"): (405, "POST"),
    ("POST", "Colours"): (404, None),
    ("POST", "Things('a1/s0-w0')"): (405, "GET, PATCH, PUT, DELETE"),
    ("POST", "Things('a1/s0-w0')/name"): (405, "GET"),
    ("POST", "Things/$ref"): (405, "GET"),
    ("POST", "Things('nobody')/Datastreams"): (404, None),
    ("PATCH", "Things"): (405, "GET, POST"),
    ("PUT", "Things"): (405, "GET, POST"),
    ("DELETE", "Things"): (405, "GET, POST"),
    ("DELETE", "Things('a1/s0-w0')/name"): (405, "GET"),
    ("DELETE", "Observations('1-1')"): (405, "GET"),
    ("PATCH", "Observations('1-1')"): (405, "GET"),
    ("PATCH", "Things('nobody')"): (404, None),
    ("DELETE", "Things('nobody')"): (404, None),
    ("DELETE", "Things('a1/s0-w0')"): (409, None),
    ("PATCH", "Things('a1/s0-w0')"): (409, None),
}


@pytest.mark.parametrize(("request_", "wanted"), STATUS.items())
def test_status_of_what_is_refused(read, request_: tuple[str, str], wanted: tuple[int, str | None]) -> None:
    method, path = request_
    answer = read.http.request(
        method,
        f"{STA}/{quote(path, safe='/?&=$(),;')}",
        json=THING if method in ("POST", "PATCH", "PUT") else None,
    )
    assert (answer.status_code, answer.headers.get("allow")) == wanted, answer.text
    assert answer.json()["message"]


def test_deep_insert_is_whole_or_nothing(sta) -> None:
    place = {"name": "Roof", "description": "d", "encodingType": "application/geo+json",
             "location": {"type": "Point", "coordinates": [114.4, 30.48]}}  # fmt: skip
    stream = {
        "name": "s", "description": "d", "unitOfMeasurement": {"name": "C", "symbol": "°C", "definition": "ucum:Cel"},
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "Sensor": {"name": "x", "description": "d", "encodingType": "text/html", "metadata": "m"},
        "ObservedProperty": {"name": "Air temperature", "definition": "http://e.org/t", "description": "d"},
        "Observations": [{"result": 20.5, "phenomenonTime": iso(NOW - 1000)}],
    }  # fmt: skip
    sets = ("Things", "Locations", "Datastreams", "Sensors", "ObservedProperties", "HistoricalLocations")
    before = [len(sta.ids(name)) for name in sets]
    broken = {**THING, "Locations": [place], "Datastreams": [stream, {**stream, "unitOfMeasurement": 3}]}
    assert sta.send("POST", "Things", broken).status_code == 400
    assert [len(sta.ids(name)) for name in sets] == before
    made = sta.post("Things", {**THING, "Locations": [place], "Datastreams": [stream]})
    body = sta.get(f"Things('{made}')", expand="Locations,HistoricalLocations,Datastreams($expand=Observations)")
    assert [len(body[way]) for way in ("Locations", "HistoricalLocations", "Datastreams")] == [1, 1, 1]
    assert [row["result"] for row in body["Datastreams"][0]["Observations"]] == [20.5]
    assert sta.send("DELETE", f"Things('{made}')").status_code == 200
    sta.get(f"Things('{made}')")
    assert sta.status == 404
