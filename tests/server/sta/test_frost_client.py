"""The field's own client against a server on loopback."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import frost_sta_client as fsc
import pytest
import requests
import uvicorn
from frost_sta_client.model.ext.data_array_document import DataArrayDocument
from frost_sta_client.model.ext.data_array_value import DataArrayValue
from frost_sta_client.model.ext.unitofmeasurement import UnitOfMeasurement

from server.app import create_app
from server.live.park import park_runtime
from server.serve import listen
from tests.server.conftest import fast_settings
from tests.server.sta.conftest import quiet
from twin.park import Park

OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
T0 = datetime(2025, 1, 1, 6, tzinfo=UTC)


class Running:
    """The application under uvicorn in a thread, with the first administrator's credentials."""

    def __init__(self, folder: Path) -> None:
        words: list[str] = []
        app = create_app(
            Park.load(folder), fast_settings(folder.parent), runtime=park_runtime, first_admin=words.append
        )
        self._socket = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/sta/v1.1"
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
            assert self._thread.is_alive(), "the server ended at its start"
        self.password = words[0] if words else ""

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


@pytest.fixture(scope="module")
def running(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("frost") / "park"
    shutil.copytree(template, folder)
    one = Running(quiet(folder))
    yield one
    one.close()


@pytest.fixture(scope="module")
def service(running: Running) -> fsc.SensorThingsService:
    return fsc.SensorThingsService(running.url, auth_handler=fsc.AuthHandler("admin", running.password))


def weather_station() -> fsc.Thing:
    stream = fsc.Datastream(
        name="Roof temperature",
        description="on the roof",
        observation_type=f"{OM}OM_Measurement",
        unit_of_measurement=UnitOfMeasurement(name="degree Celsius", symbol="°C", definition="ucum:Cel"),
        sensor=fsc.Sensor(name="DHT22", description="d", encoding_type="text/html", metadata="<p/>"),
        observed_property=fsc.ObservedProperty(name="Temperature", definition="http://x.test/t", description="t"),
    )
    place = fsc.Location(
        name="roof",
        description="roof",
        encoding_type="application/geo+json",
        location={"type": "Point", "coordinates": [114.4, 30.48]},
    )
    return fsc.Thing(name="Station", description="weather", datastreams=[stream], locations=[place])


@pytest.fixture(scope="module")
def station(service: fsc.SensorThingsService) -> fsc.Thing:
    thing = weather_station()
    service.create(thing)
    return thing


def test_the_park_is_read(service) -> None:
    things = service.things().query().expand("Locations,Datastreams").orderby("name", "asc").list()
    assert [thing.id for thing in things if thing.id.startswith("a1/")] == ["a1/s1-r0", "a1/s0-w0"]  # no test's own
    wall = service.things().find("a1/s0-w0")
    assert wall.properties["ifc_class"] == "IfcWall"
    assert [stream.id for stream in wall.get_datastreams().query().list()] == ["t1"]
    found = service.datastreams().query().filter("ObservedProperty/id eq 'power'").count().list()
    assert (found.count, [stream.id for stream in found]) == (1, ["p1"])


def test_a_thing_with_a_datastream_is_created(service, station) -> None:
    again = service.things().find(station.id)
    assert again.name == "Station"
    (place,) = again.get_locations().query().list()
    assert place.location["coordinates"] == [114.4, 30.48]
    (stream,) = again.get_datastreams().query().expand("Sensor,ObservedProperty").list()
    assert (stream.sensor.name, stream.observed_property.name) == ("DHT22", "Temperature")
    assert stream.unit_of_measurement.symbol == "°C"


def test_observations_are_posted_and_read_back(service, station) -> None:
    (stream,) = service.things().find(station.id).get_datastreams().query().list()
    for minute in range(5):
        one = fsc.Observation(
            phenomenon_time=T0.replace(minute=minute).isoformat(),
            result=20 + minute,
            datastream=fsc.Datastream(id=stream.id),
        )
        service.create(one)
        assert service.observations().find(one.id).result == 20 + minute
    found = stream.get_observations().query().filter("result gt 21").orderby("phenomenonTime", "desc").list()
    assert [one.result for one in found] == [24, 23, 22]
    paged = stream.get_observations().query().top(2).list()
    assert [one.result for one in paged] == [20, 21, 22, 23, 24], "the client follows the links"


def test_data_arrays(service) -> None:
    array = DataArrayValue()
    array.datastream = fsc.Datastream(id="t1")
    array.components = {array.Property.PHENOMENON_TIME, array.Property.RESULT}
    for second in range(3):
        array.add_observation(fsc.Observation(phenomenon_time=T0.replace(second=second).isoformat(), result=second))
    document = DataArrayDocument()
    document.add_data_array_value(array)
    links = service.observations().create(document)
    assert len(links) == 3
    found = service.datastreams().find("t1").get_observations().query().orderby("phenomenonTime", "asc").list()
    assert [one.result for one in found] == [0, 1, 2]


def test_update_patch_delete(service) -> None:
    thing = weather_station()
    service.create(thing)
    thing.name = "Renamed"
    service.update(thing)
    service.patch(thing, [{"op": "add", "path": "/properties", "value": {"a": 1}}])
    again = service.things().find(thing.id)
    assert (again.name, again.properties) == ("Renamed", {"a": 1})
    service.delete(again)
    logging.disable(logging.ERROR)
    try:
        with pytest.raises(requests.HTTPError) as error:
            service.things().find(thing.id)
        assert error.value.response.status_code == 404
        with pytest.raises(requests.HTTPError) as error:
            service.delete(service.things().find("a1/s0-w0"))
        assert error.value.response.status_code == 409
    finally:
        logging.disable(logging.NOTSET)


def test_ids_are_addresses(service) -> None:
    """What the client makes of an id that holds a slash, the server understands, percent-encoded or not."""
    for ident in ("a1/s0-w0", "a1%2Fs0-w0"):
        answer = service.execute("get", f"{service.url.url}/Things('{ident}')")
        assert answer.json()["@iot.id"] == "a1/s0-w0"
