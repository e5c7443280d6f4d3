"""Reading: the park's model as entities, query options, pages, properties, references, errors."""

from __future__ import annotations

from typing import Any

import pytest

from server.live.park import park_runtime
from tests.server.sta.conftest import NOW, STA, VALUES, Client, feed, sample
from tests.support.layers import make_version
from twin.clock import iso

ROOM, WALL = "a1/s0-r0", "a1/s0-w0"


def test_root_names_sets_and_conformance(read) -> None:
    body = read.get("")
    assert {row["name"]: row["url"] for row in body["value"]}["Things"] == f"http://park.test{STA}/Things"
    assert len(body["value"]) == 8
    named = body["serverSettings"]["conformance"]
    assert "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/deep-insert" in named
    assert not any("mqtt" in name or "batch" in name or "multi-datastream" in name for name in named)


def test_a_device_is_a_thing(read) -> None:
    thing = read.get(f"Things('{WALL}')")
    assert read.status == 200
    assert thing["@iot.id"] == WALL
    assert thing["@iot.selfLink"] == f"http://park.test{STA}/Things('{WALL}')"
    assert thing["Datastreams@iot.navigationLink"] == f"http://park.test{STA}/Things('{WALL}')/Datastreams"
    assert (thing["name"], thing["properties"]["type"], thing["properties"]["storey_name"]) == (
        "Wall 100",
        "Wall",
        "1F",
    )
    assert read.follow(thing["Datastreams@iot.navigationLink"])["value"][0]["@iot.id"] == "t1"


def test_its_location_is_in_wgs_84(read) -> None:
    place = read.get(f"Things('{WALL}')/Locations")["value"][0]["location"]
    # The middle of its unit box lies 1.5 m east, 0.5 m north and 1.5 m above the park's origin 114.4, 30.48, 22.
    assert place["type"] == "Point"
    assert place["coordinates"] == pytest.approx([114.4 + 1.5 / 95_982, 30.48 + 0.5 / 110_860, 23.5], abs=2e-6)
    told = read.get(f"Things('{WALL}')/HistoricalLocations", expand="Locations")["value"][0]
    assert told["time"].endswith("Z")
    assert told["Locations"][0]["location"] == place


def test_a_point_is_a_datastream(read) -> None:
    stream = read.get("Datastreams('t1')", expand="Thing,Sensor,ObservedProperty")
    assert stream["unitOfMeasurement"] == {
        "name": "degree Celsius",
        "symbol": "°C",
        "definition": "http://qudt.org/vocab/unit/DEG_C",
    }
    assert stream["properties"]["ucum"] == "Cel"
    assert stream["observationType"].endswith("OM_Measurement")
    assert stream["Thing"]["@iot.id"] == WALL
    assert stream["Sensor"]["name"] == "W200", "the wall's type in the model"
    assert stream["ObservedProperty"]["definition"] == "http://qudt.org/vocab/quantitykind/Temperature"
    assert read.get("Datastreams('p1')/Thing")["@iot.id"] == "a1/s1-r0", "without a device the object itself measures"


def test_samples_are_observations(read) -> None:
    found = read.get("Datastreams('t1')/Observations", expand="FeatureOfInterest,Datastream($select=name)")["value"]
    assert [row["result"] for row in found] == VALUES
    first = found[0]
    assert first["phenomenonTime"] == first["resultTime"] == iso(NOW + 1000)
    assert first["resultQuality"] == "good"
    assert (first["FeatureOfInterest"]["@iot.id"], first["Datastream"]) == (ROOM, {"name": "Room 100"})
    again = read.get(f"Observations('{first['@iot.id']}')")
    assert again["result"] == VALUES[0]
    assert read.get(f"Observations('{first['@iot.id']}')/FeatureOfInterest/name/$value") == "Space 100"
    assert read.get(f"Datastreams('t1')/Observations('{first['@iot.id']}')/result") == {"result": VALUES[0]}
    assert read.get(f"Datastreams('p1')/Observations('{first['@iot.id']}')")["code"] == "sta-entity"
    assert read.get(f"FeaturesOfInterest('{ROOM}')/Observations('{first['@iot.id']}')")["result"] == VALUES[0]
    assert read.ids(f"FeaturesOfInterest('{ROOM}')/Observations") == [row["@iot.id"] for row in found]


def test_what_is_no_number_is_null_and_bad(sta) -> None:
    feed(sta.served, t1=float("nan"))
    (row,) = sta.get("Observations")["value"]
    assert (row["result"], row["resultQuality"]) == (None, "bad")
    assert sta.ids("Observations", filter="result gt 0") == []
    assert len(sta.ids("Observations", filter="result eq null")) == 1


def test_yes_and_no_and_counts(start, folder) -> None:
    (folder / "points.csv").write_text("point_id,gid,kind\nd,a1/s0-r0,door\nn,a1/s0-r0,people\n", "utf-8")
    served = start(runtime=park_runtime)
    served.services.publisher.load_points()
    sta = Client(served)
    feed(served, d=1.0, n=7.0)
    rows = {
        row["Datastream"]["@iot.id"]: row["result"] for row in sta.get("Observations", expand="Datastream")["value"]
    }
    assert rows == {"d": True, "n": 7}
    assert type(rows["n"]) is int
    assert len(sta.ids("Datastreams('d')/Observations", filter="result eq true")) == 1
    assert sta.ids("Datastreams('d')/Observations", filter="result eq false") == []


FILTERS = {
    "result gt 25": 4,
    "result ge 25 and result lt 27": 2,
    "not (result gt 25)": 6,
    "result mod 2 eq 0": 5,
    "(result sub 20) mul 2 eq 4": 1,
    "round(result div 10) eq 3": 5,
    f"phenomenonTime gt {iso(NOW + 4000)}": 6,
    f"phenomenonTime ge {iso(NOW + 4000)} and phenomenonTime le {iso(NOW + 6000)}": 3,
    f"phenomenonTime add duration'PT1S' eq {iso(NOW + 5000)}": 1,
    "year(phenomenonTime) eq 2023 and second(resultTime) gt 25": 5,
    "date(phenomenonTime) eq 2023-11-14": 10,
    "phenomenonTime lt now()": 10,
    "resultQuality eq 'good'": 10,
    "Datastream/id eq 't1'": 10,
    "Datastream/ObservedProperty/name eq 'Temperature' and result lt 22": 2,
    "Datastream/Thing/properties/type eq 'Space'": 0,
    "FeatureOfInterest/id eq 'a1/s0-r0' or result gt 100": 10,
    "result gt 22 or Datastream/name eq 'nobody'": 7,
    "startswith(Datastream/name, 'Room')": 10,
    "validTime eq null": 10,
}


@pytest.mark.parametrize(("text", "count"), FILTERS.items())
def test_filters_of_observations(read, text: str, count: int) -> None:
    body = read.get("Observations", filter=text, count="true")
    assert read.status == 200, body
    assert body["@iot.count"] == len(body["value"]) == count


MODEL_FILTERS = {
    "name eq 'Wall 100'": [WALL],
    "substringof('Wall', name)": [WALL],
    "endswith(name, '0') and length(name) eq 8": [WALL],
    "tolower(name) eq 'wall 100'": [WALL],
    "indexof(name, 'all') eq 1 and substring(name, 5) eq '100'": [WALL],
    "concat(concat(name, '-'), trim(' x ')) eq 'Wall 100-x'": [WALL],
    "properties/type eq 'Space'": ["a1/s1-r0"],
    "properties/storey_name ne '1F'": ["a1/s1-r0"],
    "Datastreams/ObservedProperty/id eq 'power'": ["a1/s1-r0"],
    "Datastreams/unitOfMeasurement/symbol eq 'kW' or name eq 'Wall 100'": [WALL, "a1/s1-r0"],
    "st_within(Locations/location, geography'POLYGON((114.3 30.4,114.5 30.4,114.5 30.6,114.3 30.6,114.3 30.4))')": [
        WALL,
        "a1/s1-r0",
    ],
    "st_disjoint(Locations/location, geography'POLYGON((0 0,1 0,1 1,0 1,0 0))')": [WALL, "a1/s1-r0"],
    "geo.distance(Locations/location, geography'POINT(114.4 30.48)') gt 1": [],
    "geo.distance(Locations/location, geography'POINT(114.4 30.48)') lt 0.001": [WALL, "a1/s1-r0"],
    "nothing eq null": None,
    "properties/nothing eq null": [WALL, "a1/s1-r0"],
}


@pytest.mark.parametrize(("text", "ids"), MODEL_FILTERS.items())
def test_filters_of_things(read, text: str, ids: list[str] | None) -> None:
    if ids is None:
        assert read.get("Things", filter=text)["message"].startswith("Thing has no 'nothing'")
        assert read.status == 400
    else:
        assert sorted(read.ids("Things", filter=text)) == ids


def test_order_top_skip_count(read) -> None:
    assert read.ids("Things", orderby="name") == ["a1/s1-r0", WALL]
    assert read.ids("Things", orderby="name desc") == [WALL, "a1/s1-r0"]
    body = read.get("Things", orderby="properties/type desc,name", top=1, count="true")
    assert body["@iot.count"] == 2
    assert body["value"][0]["@iot.id"] == WALL
    rest = read.follow(body["@iot.nextLink"])
    assert [row["@iot.id"] for row in rest["value"]] == ["a1/s1-r0"]
    assert rest["@iot.count"] == 2
    assert "@iot.nextLink" not in rest
    assert read.get("Things", top=0, count="true") == {"@iot.count": 2, "value": []}


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ({}, range(10)),
        ({"orderby": "phenomenonTime desc"}, range(9, -1, -1)),
        ({"orderby": "resultTime asc"}, range(10)),
        ({"orderby": "result desc"}, range(9, -1, -1)),
        ({"orderby": "result mod 2,phenomenonTime desc"}, [8, 6, 4, 2, 0, 9, 7, 5, 3, 1]),
        ({"filter": "result ge 22", "orderby": "phenomenonTime desc"}, range(9, 1, -1)),
        ({"skip": 3}, range(3, 10)),
    ],
)
def test_pages_of_observations_hold_each_once(read, options, order) -> None:
    body = read.get("Observations", top=3, **options)
    found = body["value"]
    while "@iot.nextLink" in body:
        assert len(body["value"]) == 3
        body = read.follow(body["@iot.nextLink"])
        found = [*found, *body["value"]]
    assert [row["result"] for row in found] == [VALUES[place] for place in order]


def test_pages_stand_still_while_samples_arrive(sta) -> None:
    sample(sta.served)
    body = sta.get("Datastreams('t1')/Observations", orderby="phenomenonTime desc", top=4)
    sta.served.clock.advance(1)
    feed(sta.served, t1=99.0)
    rest = sta.follow(body["@iot.nextLink"])["value"]
    assert [row["result"] for row in rest] == [25.0, 24.0, 23.0, 22.0]


def test_select(read) -> None:
    assert read.get("Datastreams('t1')", select="name,id") == {"@iot.id": "t1", "name": "Room 100"}
    (first, *_) = read.get("Observations", select="result,Datastream", top=1)["value"]
    assert set(first) == {"result", "Datastream@iot.navigationLink"}
    assert read.get("Things", select="colour")["code"] == "sta-request"


def test_expand_nested_with_options(read) -> None:
    query = "Datastreams($select=name;$orderby=name;$count=true;$expand=Observations($orderby=phenomenonTime desc;$top=2;$select=result;$count=true),ObservedProperty($select=name)),Locations($select=name)"
    (thing,) = read.get("Things", filter=f"id eq '{WALL}'", expand=query)["value"]
    assert thing["Locations"] == [{"name": "Wall 100"}]
    assert thing["Datastreams@iot.count"] == 1
    (stream,) = thing["Datastreams"]
    assert stream["ObservedProperty"] == {"name": "Temperature"}
    assert stream["Observations"] == [{"result": 29.0}, {"result": 28.0}]
    assert stream["Observations@iot.count"] == 10
    more = read.follow(stream["Observations@iot.nextLink"])
    assert more["value"] == [{"result": 27.0}, {"result": 26.0}]


def test_the_latest_of_every_datastream(sta) -> None:
    sample(sta.served)
    feed(sta.served, p1=7.0)
    rows = sta.get("Datastreams", expand="Observations($orderby=phenomenonTime desc;$top=1;$select=result)")["value"]
    assert {row["@iot.id"]: row["Observations"] for row in rows} == {"t1": [{"result": 29.0}], "p1": [{"result": 7.0}]}
    rows = sta.get("Datastreams", expand="Observations($filter=result lt 25;$skip=1;$top=3;$select=result)")["value"]
    shown = {row["@iot.id"]: [one["result"] for one in row["Observations"]] for row in rows}
    assert shown == {"t1": [21.0, 22.0, 23.0], "p1": []}
    assert "Observations@iot.nextLink" in next(row for row in rows if row["@iot.id"] == "t1")


def test_values_references_and_keys_of_json(read) -> None:
    assert read.get("Datastreams('t1')/name") == {"name": "Room 100"}
    assert read.get("Datastreams('t1')/name/$value") == "Room 100"
    assert read.get("Datastreams('t1')/unitOfMeasurement/symbol") == {"symbol": "°C"}
    assert read.get("Datastreams('t1')/properties/colour")["code"] == "sta-property"
    assert read.get(f"Things('{WALL}')/Datastreams/$ref")["value"] == [
        {"@iot.selfLink": f"http://park.test{STA}/Datastreams('t1')"}
    ]
    assert set(read.get("Observations/$ref")["value"][0]) == {"@iot.selfLink"}


def test_data_arrays(sta) -> None:
    sample(sta.served)
    feed(sta.served, p1=3.0)
    body = sta.get("Observations", resultFormat="dataArray", select="id,result", orderby="result desc", top=5)
    (group,) = body["value"]
    assert group["Datastream@iot.navigationLink"].endswith("Datastreams('t1')")
    assert (group["components"], group["dataArray@iot.count"]) == (["id", "result"], 5)
    assert [row[1] for row in group["dataArray"]] == [29.0, 28.0, 27.0, 26.0, 25.0]
    assert "@iot.nextLink" in body


WRONG = {
    "Things?$filter=name eq": 400,
    "Things?$filter=name": 200,  # a text is no condition: nothing matches
    "Observations?$filter=result": 400,
    "Observations?$filter=result gt 'a'": 400,
    "Observations?$filter=result gt Datastream/properties/max": 501,
    "Observations?$filter=substring(resultQuality,'1') eq 'x'": 400,
    "Things?$filter=Datastreams/Observations/result gt 3": 501,
    "Things?$top=-1": 400,
    "Things?$skip=x": 400,
    "Things?$count=maybe": 400,
    "Things?$colour=red": 400,
    "Things?$top=1&$top=2": 400,
    "Things?$expand=Colours": 400,
    "Things?$expand=Datastreams($top=1": 400,
    "Things?$orderby=colour": 400,
    "Things?resultFormat=dataArray": 400,
    "Observations?$skiptoken=here": 400,
    "Colours": 404,
    "Things('nobody')": 404,
    "Things('nobody')/Datastreams": 404,
    "Things('a1/s0-w0')/Datastreams('p1')": 404,
    "Things('a1/s0-w0')/colour": 404,
    "Things('a1/s0-w0'": 404,
    "Things/Datastreams": 404,
    "Observations('1-2')": 404,
    "Observations('x')": 404,
}


@pytest.mark.parametrize(("path", "status"), WRONG.items())
def test_wrong_requests(read, path: str, status: int) -> None:
    answer = read.http.get(f"{STA}/{path}")
    assert answer.status_code == status, answer.text
    if status != 200:
        assert answer.json()["message"] == answer.json()["detail"]
        assert "Traceback" not in answer.text


def test_ids_with_quotes_and_brackets(start, folder) -> None:
    (folder / "points.csv").write_text('point_id,gid,kind\n"it\'s (a) 测/点?#",a1/s0-r0,co2\n', "utf-8")
    served = start(runtime=park_runtime)
    served.services.publisher.load_points()
    sta = Client(served)
    (row,) = sta.get("Datastreams")["value"]
    assert row["@iot.id"] == "it's (a) 测/点?#"
    assert sta.follow(row["@iot.selfLink"])["@iot.id"] == row["@iot.id"]
    assert sta.follow(row["Thing@iot.navigationLink"])["@iot.id"] == "a1/s0-r0"
    key = "it's (a) 测/点?#"
    for value in (1.0, 2.0):
        served.clock.advance(1)
        feed(served, **{key: value})
    page = sta.follow(f"{row['Observations@iot.navigationLink']}?$top=1")
    assert [one["result"] for one in sta.follow(page["@iot.nextLink"])["value"]] == [2.0]


def test_embed_tokens_see_their_layers(live, sta) -> None:
    def ask(path: str, layers: tuple[str, ...] = (), live_values: bool = True) -> Any:
        named = f"{path}{layers}{live_values}"
        _, bearer = live.services.embed_tokens.issue(named, by="x", live=live_values, layers=layers)
        live.client.auth = None
        return live.client.get(f"{STA}/{path}", headers={"Authorization": f"Bearer {bearer}"})

    make_version(live.services.graph.park, "b2", "v1", offset=50.0)
    with (live.services.graph.park.folder / "points.csv").open("a") as stream:
        stream.write("x1,b2/s0-r0,,co2,ppm,,,measure,Other,\n")
    live.services.publisher.publish("b2", "v1")
    live.services.publisher.load_points()
    feed(live, t1=1.0, x1=2.0)
    for path, everything, some in (
        ("Datastreams", 3, 1), ("Things", 3, 1), ("ObservedProperties", 3, 1), ("Observations", 2, 1),
        ("FeaturesOfInterest", 3, 1), ("Locations", 3, 1), ("Sensors", 2, 1),
    ):  # fmt: skip
        assert len(ask(path).json()["value"]) == everything, path
        assert len(ask(path, ("b2",)).json()["value"]) == some, path
    assert ask("Datastreams('t1')", ("b2",)).status_code == 404
    assert ask("Observations('0-1')", ("b2",)).status_code == 404
    assert ask("Things", live_values=False).status_code == 403
    assert live.client.get(f"{STA}/Things").status_code == 401
