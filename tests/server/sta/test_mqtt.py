"""Observations over MQTT, out and in, through the embedded broker and through Mosquitto."""

from __future__ import annotations

import json
import queue
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from server.live.park import park_runtime
from server.sta.mqtt import MAX_WAITING, topic_of
from server.sta.settings import StaSettings
from tests.server.sta.conftest import Client, feed
from twin.errors import Invalid, Unavailable
from twin.park import Park

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
TOPIC = "v1.1/Datastreams('t1')/Observations"
WAIT_S = 20


def until(condition: Callable[[], Any]) -> Any:
    """What the condition gives once it holds."""
    deadline = time.monotonic() + WAIT_S
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
    return found


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[str]:
    if MOSQUITTO is None:
        pytest.skip("Mosquitto is not installed: make browser installs the test programs")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "mosquitto.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    process = subprocess.Popen([MOSQUITTO, "-c", str(tmp_path / "mosquitto.conf")], stderr=subprocess.DEVNULL)
    try:
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


class Other:
    """Another client of the broker."""

    def __init__(self, host: str, port: int, user: str = "", password: str = "") -> None:
        self.got: queue.Queue[paho.MQTTMessage] = queue.Queue()
        ready: queue.Queue[bool] = queue.Queue()
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id="other")
        if user:
            self.client.username_pw_set(user, password)
        self.client.on_connect = lambda client, *_: client.subscribe([("v1.1/#", 1)])
        self.client.on_subscribe = lambda *_: ready.put(True)
        self.client.on_message = lambda _client, _data, message: self.got.put(message)
        self.client.connect_async(host, port)
        self.client.loop_start()
        ready.get(timeout=WAIT_S)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture(params=["embedded", "mosquitto"])
def bridged(request, start, park) -> Iterator[tuple[Client, Other]]:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write("\n[sta]\nmqtt = true\n")
        if request.param == "mosquitto":
            stream.write(f'[broker]\nurl = "{request.getfixturevalue("mosquitto")}"\n')
    served = start(runtime=park_runtime)
    bridge = served.services.sta_mqtt
    until(lambda: bridge.state.value == "connected")
    broker = served.services.runtime.park.broker
    host, port = bridge.address.removeprefix("mqtt://").split(":")
    given = () if broker is None else (broker.door.user, broker.door.password)
    other = Other(host, int(port), *given)
    yield Client(served), other
    other.close()


def test_both_ways(bridged) -> None:
    sta, other = bridged
    feed(sta.served, t1=21.5)
    message = other.got.get(timeout=WAIT_S)
    assert message.topic == TOPIC
    body = json.loads(message.payload)
    assert (body["result"], body["resultQuality"]) == (21.5, "good")
    assert sta.get(f"Observations('{body['@iot.id']}')")["phenomenonTime"] == body["phenomenonTime"]

    counts = sta.served.services.sta_mqtt.counts
    other.client.publish(TOPIC, '{"result": 23.5, "phenomenonTime": "2023-11-14T22:13:21Z"}', qos=1)
    other.client.publish("v1.1/Observations", '{"result": 24.5, "Datastream": {"@iot.id": "p1"}}', qos=1)
    for topic, payload in (
        (TOPIC, "no JSON"),
        ("v1.1/Colours", "{}"),
        (TOPIC, '{"result": "x"}'),
        ("v1.1/Things", "{}"),
    ):
        other.client.publish(topic, payload, qos=1)
    until(lambda: (counts.taken, counts.refused) == (2, 4))
    assert [row["result"] for row in sta.get("Datastreams('t1')/Observations")["value"]] == [21.5, 23.5]
    hub = sta.served.services.runtime.hub
    assert hub.values[hub.index["p1"]] == 24.5

    told = [other.got.get(timeout=WAIT_S).payload for _ in range(8)]
    ours = [json.loads(payload)["result"] for payload in told if b"@iot.selfLink" in payload]
    assert sorted(ours) == [23.5, 24.5], "and what clients publish comes back as the Observation that was made of it"
    until(lambda: sta.served.services.sta_mqtt.outbox.published == 3)
    assert (counts.taken, counts.dropped) == (2, 0), "our own messages are not taken in again"


@pytest.mark.parametrize("bridged", ["mosquitto"], indirect=True)  # which sends again to a new connection alone
def test_what_the_history_refused_is_asked_for_again(bridged, monkeypatch) -> None:
    sta, other = bridged
    monkeypatch.setattr("server.sta.mqtt.AGAIN_S", 0.1)
    bridge = sta.served.services.sta_mqtt
    refused, post = [], bridge._service.post

    async def full_disk(given: Any) -> Any:
        if len(refused) < 2:
            refused.append(given)
            raise Unavailable("The disk is full")
        return await post(given)

    monkeypatch.setattr(bridge._service, "post", full_disk)
    other.client.publish(TOPIC, '{"result": 23.5, "phenomenonTime": "2023-11-14T22:13:21Z"}', qos=1)
    other.client.publish(TOPIC, "no JSON", qos=1)
    until(lambda: bridge.counts.taken == 1)
    assert len(refused) == 2
    assert [row["result"] for row in sta.get("Datastreams('t1')/Observations")["value"]] == [23.5]


def test_it_is_told_with_the_other_connections(bridged) -> None:
    sta, _ = bridged
    named = "http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation"
    body = sta.get("")["serverSettings"]
    assert named in body["conformance"]
    assert body[named]["endpoints"] == [sta.served.services.sta_mqtt.address]
    sta.served.services.accounts.create("wang", "granite-otter-47", ["viewer"])
    sta.http.post("/api/v1/session", json={"username": "wang", "password": "granite-otter-47"})
    rows = sta.http.get("/api/v1/park").json()["connections"]
    assert [row["state"] for row in rows if row["name"] == "sensorthings-mqtt"] == ["connected"]


def test_off_costs_nothing(sta) -> None:
    assert sta.served.services.sta_mqtt is None
    assert sta.served.services.runtime.park.taps == []


def test_without_a_broker_it_is_bounded(start, folder) -> None:
    with (folder / "park.toml").open("a") as stream:
        stream.write("\n[sta]\nmqtt = true\n")
    served = start(runtime=park_runtime)
    bridge = served.services.sta_mqtt
    until(lambda: bridge.state.value == "failed")
    assert "cannot be reached" in bridge.detail
    bridge._waiting.rows = MAX_WAITING
    feed(served, t1=1.0)
    assert bridge.counts.dropped == 1
    assert Client(served).ids("Observations"), "the park itself goes on"


def test_topics_hold_any_id() -> None:
    assert topic_of("it's 5% + #1") == "v1.1/Datastreams('it''s 5%25 %2B %231')/Observations"


def test_wrong_settings_stop_the_start(folder) -> None:
    with (folder / "park.toml").open("a") as stream:
        stream.write('\n[sta]\nmqtt = "yes"\n')
    with pytest.raises(Invalid, match=r"\[sta\] of park.toml"):
        StaSettings.of(Park.load(folder))
