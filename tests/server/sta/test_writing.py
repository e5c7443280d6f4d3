"""Creating, changing, deleting: what clients made, what belongs to the park, what survives a restart."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from server.live.park import park_runtime
from tests.server.conftest import PASSWORD, begin
from tests.server.sta.conftest import NOW, STA, Client
from twin.clock import iso
from twin.state import quality as q

OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
WALL = "a1/s0-w0"
PLACE = {
    "name": "Roof",
    "description": "Roof of house A",
    "encodingType": "application/geo+json",
    "location": {"type": "Point", "coordinates": [114.4, 30.48]},
}
SENSOR = {"name": "DHT22", "description": "d", "encodingType": "text/html", "metadata": "<p>DHT22</p>"}
PROPERTY = {
    "name": "Air temperature",
    "definition": "http://qudt.org/vocab/quantitykind/Temperature",
    "description": "t",
}
CELSIUS = {"name": "degree Celsius", "symbol": "°C", "definition": "ucum:Cel"}


def stream(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Roof temperature",
        "description": "Temperature on the roof",
        "observationType": f"{OM}OM_Measurement",
        "unitOfMeasurement": CELSIUS,
        "Sensor": SENSOR,
        "ObservedProperty": PROPERTY,
        **changes,
    }


def station(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Weather station",
        "description": "On the roof",
        "properties": {"owner": "wang"},
        "Locations": [PLACE],
        "Datastreams": [stream()],
        **changes,
    }


@pytest.fixture
def thing(sta) -> str:
    return sta.post("Things", station())


def stream_of(sta: Client, thing: str) -> str:
    (found,) = sta.ids(f"Things('{thing}')/Datastreams")
    return found


def test_deep_insert(sta, thing) -> None:
    body = sta.get(
        f"Things('{thing}')", expand="Locations,Datastreams($expand=Sensor,ObservedProperty),HistoricalLocations"
    )
    assert body["properties"] == {"owner": "wang"}
    assert body["Locations"][0]["location"] == PLACE["location"]
    assert body["HistoricalLocations"][0]["time"] == iso(NOW)
    (found,) = body["Datastreams"]
    assert (found["Sensor"]["name"], found["ObservedProperty"]["name"]) == ("DHT22", "Air temperature")
    assert len(sta.ids("Things")) == 3
    assert sta.served.services.audit.search(action="sta.create")["items"][0]["target"] == f"Things('{thing}')"


def test_a_new_datastream_is_a_point_of_the_running_park(sta, thing) -> None:
    ident = stream_of(sta, thing)
    hub = sta.served.services.runtime.hub
    index = hub.index[ident]
    assert (hub.kind[index], hub.unit[index], hub.quality[index]) == ("air_temperature", "°C", q.NEVER)
    made = sta.post("Observations", {"Datastream": {"@iot.id": ident}, "result": 21.5, "phenomenonTime": iso(NOW - 5)})
    assert (hub.values[index], hub.sampled_at[index]) == (21.5, NOW - 5)
    assert sta.get(f"Observations('{made}')")["result"] == 21.5
    place = sta.get(f"Observations('{made}')/FeatureOfInterest")
    assert place["feature"] == PLACE["location"], "made from the Thing's Location"
    columns = (
        sta.http.post("/api/v1/session", json={"username": "operator", "password": PASSWORD})
        and sta.http.get("/api/v1/points").json()
    )
    assert columns["point_id"][index] == ident, "the list of points and the live index stay one"


def test_everything_survives_a_restart(sta, thing, folder) -> None:
    ident = stream_of(sta, thing)
    sta.post(f"Datastreams('{ident}')/Observations", {"result": 5})
    before = sta.get("Things", expand="Locations,Datastreams($expand=Observations),HistoricalLocations")
    sta.served.close()
    again = begin(folder, runtime=park_runtime)
    try:
        sta = Client(again)
        assert sta.get("Things", expand="Locations,Datastreams($expand=Observations),HistoricalLocations") == before
        assert again.services.runtime.hub.values[again.services.runtime.hub.index[ident]] == 5
        again.services.publisher.load_points()  # the points file is read anew: it does not know this point
        assert ident in again.services.runtime.hub.index
        assert sta.ids(f"Datastreams('{ident}')/Observations")
    finally:
        again.close()


def test_a_datastream_for_a_device_of_the_park(sta) -> None:
    ident = sta.post(
        f"Things('{WALL}')/Datastreams",
        stream(
            unitOfMeasurement={"name": "", "symbol": "x", "definition": "http://qudt.org/vocab/unit/KiloW"},
            ObservedProperty={"@iot.id": "temperature"},
        ),
    )
    (point,) = [point for point in sta.served.services.runtime.hub.points if point.point_id == ident]
    assert (point.gid, point.device, point.kind, point.unit) == ("a1/s0-r0", WALL, "temperature", "kW")
    assert sorted(sta.ids(f"Things('{WALL}')/Datastreams")) == sorted([ident, "t1"])
    assert sta.ids("ObservedProperties('temperature')/Datastreams") == ["t1", ident]


def test_linked_entities(sta) -> None:
    place, sensor, observed = (
        sta.post("Locations", PLACE),
        sta.post("Sensors", SENSOR),
        sta.post("ObservedProperties", PROPERTY),
    )
    thing = sta.post("Things", {"name": "a", "description": "b", "Locations": [{"@iot.id": place}]})
    ident = sta.post(
        "Datastreams",
        stream(Thing={"@iot.id": thing}, Sensor={"@iot.id": sensor}, ObservedProperty={"@iot.id": observed}),
    )
    assert (
        sta.ids(f"Sensors('{sensor}')/Datastreams")
        == sta.ids(f"Locations('{place}')/Things('{thing}')/Datastreams")
        == [ident]
    )
    other = sta.post(f"Things('{thing}')/Locations", {**PLACE, "name": "Cellar"})
    assert sta.ids(f"Things('{thing}')/Locations") == [other]
    assert len(sta.ids(f"Things('{thing}')/HistoricalLocations")) == 2
    assert sta.ids(f"Locations('{place}')/Things") == []


def test_deep_insert_with_observations(sta) -> None:
    given = [{"result": 1, "phenomenonTime": iso(NOW - 2000)}, {"result": 2, "phenomenonTime": iso(NOW - 1000)}]
    thing = sta.post("Things", station(Datastreams=[stream(Observations=given)]))
    assert [row["result"] for row in sta.get(f"Datastreams('{stream_of(sta, thing)}')/Observations")["value"]] == [1, 2]
    answer = sta.send("POST", "Things", station(name="bad", Datastreams=[stream(Observations=[{"result": "warm"}])]))
    assert answer.status_code == 400
    assert len(sta.ids("Things", filter="name eq 'bad'")) == 0, "nothing of it is kept"


def test_data_arrays_say_which_row_was_refused(sta) -> None:
    rows = [[iso(NOW - 2), 1.0], [iso(NOW - 1), "x"], [iso(NOW), None], [1]]
    body = [
        {
            "Datastream": {"@iot.id": "t1"},
            "components": ["phenomenonTime", "result"],
            "dataArray@iot.count": 4,
            "dataArray": rows,
        }
    ]
    answer = sta.send("POST", "CreateObservations", body)
    assert answer.status_code == 201
    one, two, three, four = answer.json()
    assert sta.follow(one)["result"] == 1.0
    assert two.startswith("error: Observation of 't1': result is 'x'")
    assert sta.follow(three)["result"] is None
    assert four.startswith("error: A row [1] does not fit")


def test_update(sta, thing) -> None:
    assert sta.send("PATCH", f"Things('{thing}')", {"name": "Mast"}).status_code == 200
    body = sta.get(f"Things('{thing}')")
    assert (body["name"], body["properties"]) == ("Mast", {"owner": "wang"})
    steps = [
        {"op": "replace", "path": "/properties/owner", "value": "li"},
        {"op": "add", "path": "/properties/floor", "value": 3},
    ]
    assert (
        sta.send("PATCH", f"Things('{thing}')", steps, **{"Content-Type": "application/json-patch+json"}).status_code
        == 200
    )
    assert sta.get(f"Things('{thing}')/properties")["properties"] == {"owner": "li", "floor": 3}
    assert sta.send("PUT", f"Things('{thing}')", {"name": "Pole", "description": "d"}).status_code == 200
    assert "properties" not in sta.get(f"Things('{thing}')")
    assert sta.ids(f"Things('{thing}')/Locations"), "what is not spoken of stays related"
    ident = stream_of(sta, thing)
    assert (
        sta.send(
            "PATCH",
            f"Datastreams('{ident}')",
            {"unitOfMeasurement": {"name": "kelvin", "symbol": "K", "definition": "ucum:K"}},
        ).status_code
        == 200
    )
    hub = sta.served.services.runtime.hub
    assert hub.unit[hub.index[ident]] == "K"


def test_delete_takes_what_cannot_be_without_it(sta, thing) -> None:
    ident = stream_of(sta, thing)
    sta.post(f"Datastreams('{ident}')/Observations", {"result": 5})
    (sensor,) = sta.ids("Sensors", filter="name eq 'DHT22'")
    assert sta.send("DELETE", f"Sensors('{sensor}')").status_code == 200
    assert sta.ids(f"Things('{thing}')/Datastreams") == sta.ids("Observations") == []
    assert ident not in sta.served.services.runtime.hub.index
    assert sta.send("DELETE", f"Things('{thing}')").status_code == 200
    assert sta.send("DELETE", f"Things('{thing}')").status_code == 404
    (place,) = sta.ids("Locations", filter="name eq 'Roof'")
    assert sta.send("DELETE", f"Locations('{place}')").status_code == 200
    assert len(sta.ids("HistoricalLocations")) == 2, "those of the park"
    sta.served.services.publisher.load_points()
    assert ident not in sta.served.services.runtime.hub.index


@pytest.mark.parametrize(
    "path",
    [
        f"Things('{WALL}')",
        f"Locations('{WALL}')",
        "Datastreams('t1')",
        "ObservedProperties('power')",
        "FeaturesOfInterest('a1/s0-r0')",
    ],
)
def test_the_parks_model_is_not_changed_here(read, path: str) -> None:
    for method, body in (("PATCH", {"name": "x"}), ("PUT", {"name": "x"}), ("DELETE", None)):
        answer = read.send(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "sta-model")
    assert read.get(path)["name"] != "x"


def test_history_is_not_changed_here(read) -> None:
    (first, *_) = read.ids("Observations")
    assert read.send("DELETE", f"Observations('{first}')").status_code == 405
    assert read.ids("Observations")[0] == first
    assert read.send("POST", f"Things('{WALL}')/Locations", PLACE).status_code == 409


NO = {
    "Things": [
        [], "x", {}, {"name": "a"}, {"name": 1, "description": "b"}, {"name": "a", "description": "b", "colour": "red"},
        {"name": "a", "description": "b", "properties": []}, {"name": "a", "description": "b", "Locations": "x"},
        {"name": "a", "description": "b", "Locations": [{"name": "half"}]}, {"name": "a", "description": "b", "Sensor": {}},
        {"name": "a", "description": "b", "Datastreams": [stream(Sensor=None)]},
        {"name": "a", "description": "b", "Datastreams": [stream(unitOfMeasurement={"name": 3})]},
        {"name": "a", "description": "b", "Datastreams": [stream(observationType=f"{OM}OM_CategoryObservation")]},
        {"name": "a", "description": "b", "Datastreams": [stream(properties={"min": 3, "max": 2})]},
    ],
    "Locations": [{**PLACE, "location": {"type": "Point", "coordinates": "x"}}, {**PLACE, "location": None}],
    "Datastreams": [stream(), stream(Thing={}), stream(Thing=[])],
    "HistoricalLocations": [{"time": "yesterday", "Thing": {"@iot.id": WALL}}, {"time": iso(NOW)}],
    "Observations": [
        {"result": 1}, {"Datastream": {"@iot.id": "t1"}}, {"Datastream": {"@iot.id": "t1"}, "result": "x"},
        {"Datastream": {"@iot.id": "t1"}, "result": True}, {"Datastream": {"@iot.id": "t1"}, "result": 1, "parameters": {"a": 1}},
        {"Datastream": {"@iot.id": "t1"}, "result": 1, "phenomenonTime": iso(NOW + 10_000_000)},
        {"Datastream": {"@iot.id": "t1"}, "result": 1, "phenomenonTime": "1812-01-01T00:00:00Z"},
        {"Datastream": {"@iot.id": "t1"}, "result": 1, "phenomenonTime": 5},
        {"Datastream": {"@iot.id": "t1"}, "result": 1, "resultQuality": "fine"},
        {"Datastream": {"@iot.id": "t1"}, "result": 1, "FeatureOfInterest": {"@iot.id": "a1/s1-r0"}},
        {"Datastream": {"@iot.id": "t1"}, "result": 1, "colour": 2},
    ],
    "CreateObservations": [{}, [{}], [{"components": ["result"], "dataArray": [[1]]}]],
}  # fmt: skip
MISSING = {
    "Observations": {"Datastream": {"@iot.id": "nobody"}, "result": 1},
    "Things": {"name": "a", "description": "b", "Locations": [{"@iot.id": "nowhere"}]},
    "Datastreams": stream(Thing={"@iot.id": "nobody"}),
    "Datastreams('nobody')/Observations": {"result": 1},
}


@pytest.mark.parametrize(("path", "body"), [(path, body) for path, bodies in NO.items() for body in bodies])
def test_refused_bodies(read, path: str, body: Any) -> None:
    counts = [len(read.ids(name)) for name in ("Things", "Datastreams", "Locations", "Sensors", "Observations")]
    answer = read.send("POST", path, body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["message"]
    assert [len(read.ids(name)) for name in ("Things", "Datastreams", "Locations", "Sensors", "Observations")] == counts


@pytest.mark.parametrize(("path", "body"), MISSING.items())
def test_references_that_lead_nowhere(read, path: str, body: Any) -> None:
    assert read.send("POST", path, body).status_code == 404


def test_a_body_that_is_no_json(read) -> None:
    answer = read.http.post(f"{STA}/Things", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "sta-request")


def test_a_body_that_is_nested_too_deep(read) -> None:
    deep: Any = {}
    for _ in range(200):
        deep = {"a": [deep]}
    answer = read.send("POST", "Things", {"name": "a", "description": "b", "properties": deep})
    assert (answer.status_code, answer.json()["code"]) == (400, "sta-request")


def test_a_datastream_outlives_the_model_it_was_made_for(sta) -> None:
    made = stream(ObservedProperty={"@iot.id": "temperature"}, Thing={"@iot.id": WALL})
    ident = sta.post("Datastreams", made)
    sta.served.services.publisher.withdraw("a1")
    (sta.served.services.graph.park.folder / "points.csv").write_text("point_id,gid,kind\n", "utf-8")
    sta.served.services.publisher.load_points()
    assert sta.ids("Things") == []
    assert sta.get(f"Datastreams('{ident}')", expand="Thing")["Thing"] is None
    assert sta.send("PATCH", f"Datastreams('{ident}')", {"name": "Left"}).status_code == 200
    assert sta.get(f"Datastreams('{ident}')/name")["name"] == "Left"


def test_without_a_place_there_is_nothing_to_observe(sta) -> None:
    thing = sta.post("Things", station(Locations=[]))
    path = f"Datastreams('{stream_of(sta, thing)}')/Observations"
    assert "FeatureOfInterest" in sta.send("POST", path, {"result": 1}).json()["message"]
    feature = {"name": "f", "description": "g", "encodingType": "application/geo+json", "feature": PLACE["location"]}
    sta.send("PATCH", f"Datastreams('{stream_of(sta, thing)}')", {"FeatureOfInterest": feature})
    made = sta.post(path, {"result": 1})
    assert sta.get(f"Observations('{made}')/FeatureOfInterest")["name"] == "f"
    (ident,) = sta.ids("FeaturesOfInterest", filter="name eq 'f'")
    assert sta.send("DELETE", f"FeaturesOfInterest('{ident}')").status_code == 409


def test_reading_goes_on_while_something_is_written(sta) -> None:
    service = sta.served.services.sta
    with service.store.writing():
        service.store.revision += 1  # the catalogue must be made anew
        assert len(sta.ids("Things")) == 2


def test_many_write_and_read_at_once(sta) -> None:
    def one(number: int) -> None:
        service = sta.served.services.sta
        body = json.dumps({"name": f"n{number}", "description": "d"}).encode()
        sta.served.client.portal.call(service.create, "Things", body, "wang")
        service.catalogue()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))
    assert len(sta.ids("Things", filter="startswith(name,'n')")) == 40


def test_who_may_write(sta, live) -> None:
    other = Client(live, "viewer")
    assert other.get("Things")["value"]
    answer = other.send("POST", "Things", station())
    assert (answer.status_code, answer.json()["permission"]) == (403, "live.write")
    live.client.auth = ("viewer", "wrong")
    assert live.client.get(f"{STA}/Things").json()["code"] == "wrong-password"
    live.client.auth = None
    assert live.client.get(f"{STA}/Things").status_code == 401
    for wrong in ("Basic", "Basic !!!", "Basic dGVzdA=="):
        assert live.client.get(f"{STA}/Things", headers={"Authorization": wrong}).status_code == 401
    assert live.client.get("/api/v1/points", auth=("viewer", PASSWORD)).status_code == 401, (
        "only the standard's address takes it"
    )


def test_a_changed_password_ends_it_at_once(live) -> None:
    client = Client(live, "viewer")
    assert client.get("Things")["value"]
    live.services.accounts.update("viewer", password="another-otter-48")
    client.get("Things")
    assert client.status == 401


def test_a_session_needs_its_csrf_value(live) -> None:
    live.services.accounts.create("wang", PASSWORD, ["operator"])
    csrf = live.client.post("/api/v1/session", json={"username": "wang", "password": PASSWORD}).json()["csrf"]
    body = {"name": "a", "description": "b"}
    assert live.client.post(f"{STA}/Things", json=body).json()["code"] == "csrf"
    assert live.client.post(f"{STA}/Things", json=body, headers={"X-CSRF-Token": csrf}).status_code == 201


def test_a_park_without_live_state(start) -> None:
    client = Client(start())
    assert client.get("Things")["value"]
    assert (client.get("Observations")["code"], client.status) == ("no-live", 503)
