import asyncio
import math

import pytest

from twin.connectors.connector import State
from twin.connectors.mqtt import MqttConnector, filters
from twin.connectors.registry import make_connector
from twin.errors import Invalid, Unavailable
from twin.state.point import PointSpec

POINTS = [PointSpec(f"p{n}", f"a1/{n}", source=f"mqtt:park/a1/{n}/temperature") for n in range(3)]


class Sink:
    """Keeps readings; commits when told to."""

    def __init__(self, gate=None, error=None):
        self.rows, self.gate, self.error = [], gate, error
        self.arrived = asyncio.Event()

    async def __call__(self, readings):
        self.rows += zip(
            readings.points.tolist(),
            readings.values.tolist(),
            readings.times.tolist(),
            readings.simulated.tolist(),
            strict=True,
        )
        self.arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error

    async def until(self, count):
        async with asyncio.timeout(20):
            while len(self.rows) < count:
                self.arrived.clear()
                await self.arrived.wait()


async def connected(broker, sink, **settings):
    connector = MqttConnector("devices", broker.url, POINTS, sink, batch_s=0.01, retry_s=(0.05, 0.2), **settings)
    await connector.start()
    async with asyncio.timeout(20):
        await connector.wait_for(State.CONNECTED)
    return connector


async def until(connector, condition):
    async with asyncio.timeout(20):
        await connector.wait_until(condition)


async def test_readings_arrive_by_topic_in_order(broker, publisher):
    sink = Sink()
    connector = await connected(broker, sink)
    for n in range(10):
        publisher.publish("park/a1/1/temperature", f'{{"v": {n}, "t": {1000 + n}, "sim": true}}', qos=1)
    publisher.publish("park/a1/2/temperature", b"on", qos=1)
    publisher.publish("park/a1/9/humidity", b"55", qos=1)
    publisher.publish("park/a1/9/humidity", b"56", qos=1)
    await until(connector, lambda: connector.counters.messages == 13)
    await connector.stop()
    assert sink.rows[:10] == [(1, float(n), 1000 + n, True) for n in range(10)]
    assert sink.rows[10][0] == 2
    assert math.isnan(sink.rows[10][1])
    counters = connector.counters
    assert (counters.readings, counters.undecodable, counters.unknown, counters.simulated) == (11, 1, 2, 10)
    (candidate,) = connector.candidates()
    assert (candidate["address"], candidate["count"], candidate["sample"]) == ("park/a1/9/humidity", 2, "56")


async def test_a_message_is_acknowledged_only_after_its_commit(broker, publisher):
    gate = asyncio.Event()
    sink = Sink(gate)
    connector = await connected(broker, sink)
    publisher.publish("park/a1/0/temperature", b"1", qos=1)
    await sink.until(1)
    assert connector.counters.acknowledged == 0
    gate.set()
    await until(connector, lambda: connector.counters.acknowledged == 1)
    await connector.stop()
    again = await connected(broker, other := Sink())
    publisher.publish("park/a1/0/temperature", b"2", qos=1)
    await other.until(1)
    assert [row[1] for row in other.rows] == [2.0]  # the first was acknowledged, it does not come again
    await again.stop()


async def test_what_was_not_committed_comes_again(broker, publisher):
    failing = Sink(error=Unavailable("disk full"))
    connector = await connected(broker, failing)
    publisher.publish("park/a1/0/temperature", b"1", qos=1)
    await failing.until(1)
    await until(connector, lambda: connector.counters.dropped == 1)
    assert connector.detail == "disk full"
    await connector.stop()
    publisher.publish("park/a1/0/temperature", b"2", qos=1).wait_for_publish(20)  # nobody is connected
    connector = await connected(broker, sink := Sink())
    await sink.until(2)
    assert sorted(row[1] for row in sink.rows) == [1.0, 2.0]
    await until(connector, lambda: connector.counters.acknowledged == 2)
    await connector.stop()


async def test_it_connects_again_when_the_broker_comes_back(broker, publisher):
    connector = await connected(broker, sink := Sink())
    await broker.stop()
    async with asyncio.timeout(20):
        await connector.wait_for(State.CONNECTING)
    assert "trying again" in connector.detail
    await broker.start()
    async with asyncio.timeout(30):
        await connector.wait_for(State.CONNECTED)
        await publisher.connected.wait()
    publisher.publish("park/a1/0/temperature", b"3", qos=1)
    await sink.until(1)
    assert connector.counters.connections == 2
    await connector.stop()


async def test_a_wrong_password_is_told(broker):
    url = broker.url.replace(broker.door.password, "guess")
    connector = MqttConnector("devices", url, POINTS, Sink(), retry_s=(0.05, 0.2))
    await connector.start()
    async with asyncio.timeout(20):
        await connector.wait_for(State.FAILED)
    assert "refuses" in connector.detail
    assert "guess" not in connector.detail
    await connector.stop()
    assert connector.state is State.STOPPED


async def test_binding_other_points_takes_effect_at_once(broker, publisher):
    connector = await connected(broker, sink := Sink())
    subscribed = connector.counters.subscriptions
    connector.bind([PointSpec("x", "a1/x", source="mqtt:yard/7")])
    await until(connector, lambda: connector.counters.subscriptions > subscribed)
    publisher.publish("park/a1/0/temperature", b"1", qos=1)
    publisher.publish("yard/7", b"5", qos=1)
    await sink.until(1)
    assert sink.rows[0][:2] == (0, 5.0)
    await until(connector, lambda: connector.counters.unknown == 1)
    await connector.stop()


def test_filters_cover_the_topics():
    assert filters({"park/a/b": 0, "park/c": 1, "yard/d": 2}) == ["park/#", "yard/#"]
    assert filters({}) == ["#"]
    assert filters({f"t{n}/x": n for n in range(9)}) == ["#"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"kind": "mqtt", "url": "http://x"}, "expected mqtt://"),
        ({"kind": "mqtt", "url": "mqtt://:1"}, "expected mqtt://"),
        ({"kind": "opc", "url": "x"}, "Connector kind 'opc' is unknown: expected one of .*mqtt"),
        ({"kind": "mqtt", "url": "mqtt://h", "topic": "x"}, "setting 'topic' is unknown"),
        ({"kind": "mqtt", "url": "mqtt://h", "topics": "x"}, "expected a list of topic filters"),
    ],
)
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(Invalid, match=says):
        make_connector(settings, POINTS, None)


def test_a_password_in_a_wrong_url_is_not_shown():
    with pytest.raises(Invalid) as caught:
        MqttConnector("x", "ftp://a:secret@h", POINTS, None)
    assert "secret" not in str(caught.value)
