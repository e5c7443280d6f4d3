"""MQTT against a broker of others: Debian's Mosquitto with its own clients; version 5, TLS, templates, commands, faults."""

from __future__ import annotations

import asyncio
import contextlib
import math

import pytest

from tests.support.mosquitto import PASSWORD, USER, Certificates, Mosquitto, need_mosquitto
from twin.connectors.connector import State
from twin.connectors.mapping import MappingEntry, wire_all
from twin.connectors.mqtt import mqtt_from_settings
from twin.errors import Denied, Invalid, Unavailable
from twin.state.point import PointSpec

POINTS = [
    PointSpec("t", "g", unit="°C", source="mqtt:park/t"),
    PointSpec("h", "g", unit="%RH", source="mqtt:lora/dev1/up#humidity"),
    PointSpec("p", "g", unit="kW"),
    PointSpec("door", "g", source="mqtt:zigbee/door#$.state['contact']"),
]


class Sink:
    def __init__(self):
        self.rows, self.changed = [], asyncio.Event()

    async def __call__(self, readings):
        self.rows += zip(
            readings.points.tolist(),
            readings.values.tolist(),
            readings.times.tolist(),
            readings.quality.tolist(),
            strict=True,
        )
        self.changed.set()

    async def until(self, count):
        async with asyncio.timeout(20):
            while len(self.rows) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.rows


@contextlib.asynccontextmanager
async def connected(url, sink, points=POINTS, folder=None, **settings):
    made = mqtt_from_settings("devices", {"url": url, **settings}, points, sink, *([folder] if folder else []))
    await made.start()
    try:
        async with asyncio.timeout(20):
            await made.wait_for(State.CONNECTED)
        yield made
    finally:
        await made.stop()


def mapped(connector, *entries):
    wired, problems = wire_all(
        [MappingEntry(connector="devices", **entry) for entry in entries], {"devices": "mqtt"}, POINTS
    )
    assert problems == {}
    connector.map(wired["devices"])


@pytest.mark.parametrize("version", ["3.1.1", "5"])
async def test_what_came_while_away_comes_after(mosquitto, version):
    async with connected(mosquitto.url(), Sink(), version=version):
        pass
    await mosquitto.publish("park/t", "20.5")
    async with connected(mosquitto.url(), sink := Sink(), version=version) as connector:
        await mosquitto.publish("park/t", '{"v": 21, "t": 1700000000000}')
        assert await sink.until(2) == [(0, 20.5, 0, 0), (0, 21.0, 1700000000000, 0)]
        async with asyncio.timeout(20):
            await connector.wait_until(lambda: connector.counters.acknowledged == 2)


async def test_tls_with_a_client_certificate(tmp_path):
    need_mosquitto()
    tls = Certificates(tmp_path)
    broker = Mosquitto(tmp_path / "mosquitto", tls=tls)
    await broker.start()
    try:
        own = {"ca": "ca.pem", "certificate": "client.pem", "key": "client.key"}
        async with connected(broker.url(), sink := Sink(), folder=tmp_path, **own):
            await broker.publish("park/t", "1.5")
            await sink.until(1)
        async with connected(broker.url(), Sink(), folder=tmp_path, **{**own, "ca": ""}, insecure=True):
            pass
        stranger = mqtt_from_settings("x", {"url": broker.url(), **own, "ca": ""}, POINTS, Sink(), tmp_path)
        await stranger.start()
        async with asyncio.timeout(20):
            await stranger.wait_for(State.FAILED)  # the authority is not one that this machine trusts
        await stranger.stop()
    finally:
        await broker.stop()


@pytest.mark.parametrize("version", ["3.1.1", "5"])
async def test_a_wrong_password_is_told(mosquitto, version):
    settings = {"url": f"mqtt://127.0.0.1:{mosquitto.port}", "user": USER, "password": "guess", "version": version}
    connector = mqtt_from_settings("x", settings, POINTS, Sink())
    await connector.start()
    async with asyncio.timeout(20):
        await connector.wait_for(State.FAILED)
    assert "refuses" in connector.detail
    assert "guess" not in connector.detail
    await connector.stop()


async def test_it_comes_back_after_a_restart_of_the_broker_and_nothing_is_lost(mosquitto):
    async with connected(mosquitto.url(), sink := Sink(), version="5") as connector:
        await mosquitto.publish("park/t", "1")
        await sink.until(1)
        await mosquitto.stop()
        async with asyncio.timeout(20):
            await connector.wait_for(State.CONNECTING)
        assert "trying again" in connector.detail
        await mosquitto.start()
        await mosquitto.publish("park/t", "2")
        rows = await sink.until(2)
        assert rows[-1][1] == 2.0


async def test_templates_take_several_values_with_their_time(mosquitto):
    template = {
        "topic": "lora/+/up",
        "values": {"temperature": "$.data.temp", "humidity": "$.data.hum"},
        "time": "$.at",
        "time_format": "iso",
    }
    async with connected(mosquitto.url(), sink := Sink(), templates=[template]) as connector:
        good = '{"at": "2026-01-01T08:00:00+08:00", "data": {"temp": 21.5, "hum": "47"}}'
        await mosquitto.publish("lora/dev1/up", good)
        await mosquitto.publish("lora/dev1/up", good.replace("2026-01-01", "yesterday"))
        await mosquitto.publish("lora/dev1/up", "not json")
        rows = await sink.until(2)
        assert rows[0] == (1, 47.0, 1767225600000, 0)
        assert rows[1][2:] == (0, 2)  # a time that is none: the value is bad
        async with asyncio.timeout(20):
            await connector.wait_until(lambda: connector.counters.messages == 3)
        names = [row["address"] for row in connector.candidates()]
        assert names == ["lora/dev1/up", "lora/dev1/up#temperature"]


async def test_mapped_values_are_scaled_converted_and_translated(mosquitto):
    async with connected(mosquitto.url(), sink := Sink()) as connector:
        mapped(
            connector,
            {"address": "park/t", "point": "t", "unit": "°F"},
            {"address": "meter/1#$.W[0]", "point": "p", "unit": "W"},
            {"address": "zigbee/door#$.state['contact']", "point": "door", "values": {"open": 1, "closed": 0}},
        )
        await mosquitto.publish("park/t", "212")
        await mosquitto.publish("meter/1", '{"W": [1500, 3]}')
        await mosquitto.publish("zigbee/door", '{"state": {"contact": "open"}}')
        await mosquitto.publish("zigbee/door", '{"state": {"contact": "ajar"}}')
        await mosquitto.publish("park/t", "hot")
        rows = await sink.until(5)
        assert [row[:2] for row in rows[:3]] == [(0, pytest.approx(100)), (2, 1.5), (3, 1.0)]
        assert math.isnan(rows[3][1])
        assert math.isnan(rows[4][1])
        last = connector.last("park/t")
        assert (last.text, last.sample) == ("hot", b"hot")
        assert connector.last("meter/1#$.W[1]").value == 3  # a path that no point has, to try it


async def test_a_mapping_thins_what_comes_too_often(mosquitto):
    async with connected(mosquitto.url(), sink := Sink()) as connector:
        mapped(connector, {"address": "park/t", "point": "t", "min_interval_s": 10})
        lines = "\n".join(f'{{"v": {n}, "t": {1_700_000_000_000 + 1000 * n}}}' for n in range(25))
        await mosquitto.publish("park/t", lines, lines=True)
        assert [row[1] for row in await sink.until(3)] == [0, 10, 20]
        async with asyncio.timeout(20):
            await connector.wait_until(lambda: connector.counters.acknowledged == 25)
        assert connector.counters.thinned == 22


async def test_a_burst_arrives_whole_and_in_order(mosquitto):
    count = 20_000
    async with connected(mosquitto.url(), sink := Sink()) as connector:
        await mosquitto.publish("park/t", "\n".join(map(str, range(count))), lines=True)
        rows = await sink.until(count)
        assert [row[1] for row in rows] == list(range(count))
        async with asyncio.timeout(20):
            await connector.wait_until(lambda: connector.counters.acknowledged == count)
        assert connector.counters.dropped == 0


async def test_no_number_is_bad_and_nan_and_infinity_too(mosquitto):
    async with connected(mosquitto.url(), sink := Sink()) as connector:
        for payload in ("NaN", '{"v": 1e999}', '{"v": null}', '{"v": "21"}', "", "{"):
            await mosquitto.publish("park/t", payload)
        rows = await sink.until(6)
        assert not any(math.isfinite(row[1]) for row in rows)
        assert connector.counters.undecodable == 5


async def test_a_command_is_published_and_its_reply_awaited(mosquitto):
    async with connected(mosquitto.url(), Sink(), command={"reply": "{address}/ack"}) as connector:
        device = await mosquitto.listen("park/t/set")
        writing = asyncio.create_task(connector.write("park/t", 21.5))
        out, _ = await device.communicate()
        assert b'park/t/set {"v": 21.5}' in out
        assert not writing.done()
        await mosquitto.publish("park/t/ack", '{"v": 21.5}')
        async with asyncio.timeout(20):
            await writing
        for reply, says in (('{"error": "locked"}', "refuses: locked"), ("20", "took 20 and not 21.5")):
            device = await mosquitto.listen("park/t/set")
            writing = asyncio.create_task(connector.write("park/t", 21.5))
            await device.communicate()
            await mosquitto.publish("park/t/ack", reply)
            with pytest.raises(Denied, match=says):
                await writing
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await connector.write("park/t", 21.5)
        with pytest.raises(Invalid, match="no topic"):
            await connector.write("park/+", 1.0)
        with pytest.raises(Invalid, match="expected a number"):
            await connector.write("park/t", math.nan)


async def test_a_command_without_reply_ends_with_the_brokers_acknowledgement(mosquitto):
    command = {"topic": "cmd/{address}", "payload": "{value}"}
    async with connected(mosquitto.url(), Sink(), command=command) as connector:
        device = await mosquitto.listen("cmd/park/t")
        await connector.write("park/t", 3.0)
        out, _ = await device.communicate()
        assert b"cmd/park/t 3\n" in out
    with pytest.raises(Unavailable, match="not connected"):
        await connector.write("park/t", 3.0)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"version": "4"}, "version is '4'; expected one of 3.1.1, 5"),
        ({"ca": "ca.pem"}, "need a url mqtts://"),
        ({"url": "mqtts://h", "certificate": "c.pem"}, "expected certificate and key together"),
        ({"url": "mqtts://h", "ca": "none.pem"}, "none.pem cannot be used for TLS"),
        ({"templates": [{"topic": "a/+"}]}, "expected either value or values"),
        ({"templates": [{"topic": "a/+", "value": "$.[", "x": 1}]}, "is no JSONPath"),
        ({"templates": [{"value": "$.x"}]}, "topic of a template is None"),
        ({"templates": [{"topic": "a", "value": "$.x", "time_format": "week"}]}, "time_format is 'week'"),
        ({"command": {"topic": "x", "payload": "y"}}, "expected a topic with {address}"),
        ({"command": {"reply": "x"}}, "expected a topic with {address}"),
        ({"url": "mqtt://h:port"}, "expected mqtt://user:password@host:port"),
    ],
)
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(Invalid) as caught:
        mqtt_from_settings("devices", {"url": "mqtt://h", **settings}, POINTS, None)
    assert says in str(caught.value)
    assert PASSWORD not in str(caught.value)


async def test_retained_wildcards_every_qos_and_a_will(mosquitto):
    points = [PointSpec(f"p{n}", "g", source=f"mqtt:park/{n}/t") for n in range(4)]
    await mosquitto.publish("park/0/t", "7", "-r")
    async with connected(mosquitto.url(), sink := Sink(), points, topics=["park/+/t"], version="5") as connector:
        assert await sink.until(1) == [(0, 7.0, 0, 0)]
        await mosquitto.publish("park/1/other", "1")  # no filter has it
        for qos in ("0", "1", "2"):
            await mosquitto.publish("park/1/t", qos, "-q", qos)
        assert [row[1] for row in (await sink.until(4))[1:]] == [0.0, 1.0, 2.0]
        will = await mosquitto.listen("none", more=("--will-topic", "park/3/t", "--will-payload", "-1"))
        will.kill()
        await will.wait()
        assert (await sink.until(5))[-1][:2] == (3, -1.0)
        assert connector.counters.unknown == 0


@pytest.mark.parametrize("version", ["3.1.1", "5"])
async def test_a_message_of_a_megabyte_is_bad_and_stops_nothing(mosquitto, version):
    async with connected(mosquitto.url(), sink := Sink(), version=version) as connector:
        (mosquitto.folder / "large").write_bytes(b"9" * (1 << 20))
        await mosquitto.publish("park/t", b"", "-f", str(mosquitto.folder / "large"))
        await mosquitto.publish("park/t", "2")
        rows = await sink.until(2)
        assert math.isnan(rows[0][1])
        assert [row[1:] for row in rows[1:]] == [(2.0, 0, 0)]
        assert (connector.counters.undecodable, connector.counters.connections) == (1, 1)


async def test_what_was_not_kept_is_sent_again_by_a_broker_that_only_does_so_for_a_new_connection(
    mosquitto, monkeypatch
):
    monkeypatch.setattr("twin.connectors.mqtt.AGAIN_S", 0.1)
    kept = Sink()
    full = True

    async def sink(readings):
        if full:
            raise Unavailable("disk full")
        await kept(readings)

    async with connected(mosquitto.url(), sink) as connector:
        await mosquitto.publish("park/t", "5")
        async with asyncio.timeout(20):
            await connector.wait_until(lambda: connector.counters.dropped > 1)
        assert connector.counters.connections > 1
        full = False
        assert (await kept.until(1))[0][:2] == (0, 5.0)
        async with asyncio.timeout(20):
            await connector.wait_until(lambda: connector.counters.acknowledged == 1)
