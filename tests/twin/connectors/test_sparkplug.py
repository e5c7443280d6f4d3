"""Sparkplug B: an edge node over a real broker, and the host's rules one by one."""

from __future__ import annotations

import asyncio
import math

import pytest

from tests.support.sparkplug_edge import Edge
from tests.twin.connectors.test_mqtt_mosquitto import Sink, connected
from twin.connectors.connector import State
from twin.connectors.sparkplug.host import Host
from twin.connectors.sparkplug.schema import Payload
from twin.errors import Invalid
from twin.state.point import PointSpec
from twin.state.quality import BAD, STALE

HEAD = "spBv1.0/Plant/Edge1/Pump/"
POINTS = [
    PointSpec("speed", "g", source=f"mqtt:{HEAD}Motor/Speed"),
    PointSpec("running", "g", source=f"mqtt:{HEAD}Running"),
]
METRICS = {"Motor/Speed": (1, 10, 12.5), "Running": (2, 11, True), "Serial": (3, 12, "A-7"), "Temp": (4, 1, 0xFFFFFFFB)}


async def test_an_edge_is_born_speaks_by_alias_dies_and_is_born_again(mosquitto):
    async with connected(mosquitto.url(), sink := Sink(), POINTS) as connector:
        edge = await asyncio.to_thread(Edge, mosquitto, METRICS)
        await asyncio.to_thread(edge.birth)
        assert [row[:2] for row in await sink.until(2)] == [(0, 12.5), (1, 1.0)]
        await asyncio.to_thread(edge.data, "Motor/Speed", 20.0, time_ms=1_700_000_000_000)
        assert (await sink.until(3))[2] == (0, 20.0, 1_700_000_000_000, 0)
        samples = {row["address"]: row["sample"] for row in connector.candidates()}
        assert samples[f"{HEAD}Serial"] == "A-7"
        assert samples[f"{HEAD}Temp"] == "-5"
        assert samples["spBv1.0/Plant/Edge1//bdSeq"] == "7"
        writing = asyncio.create_task(connector.write(f"{HEAD}Motor/Speed", 33.0))
        assert await asyncio.to_thread(edge.heard.wait, 20)
        assert edge.commands == [("Motor/Speed", 33.0)]
        assert not writing.done()
        await asyncio.to_thread(edge.data, "Motor/Speed", 33.0)
        async with asyncio.timeout(20):
            await writing
        await asyncio.to_thread(edge.die)
        rows = await sink.until(6)
        assert sorted(row[:2] + row[3:] for row in rows[4:]) == [(0, 33.0, STALE), (1, 1.0, STALE)]


async def test_who_comes_late_asks_for_a_rebirth(mosquitto):
    edge = await asyncio.to_thread(Edge, mosquitto, METRICS)
    await asyncio.to_thread(edge.birth)
    async with connected(mosquitto.url(), sink := Sink(), POINTS) as connector:
        await asyncio.to_thread(edge.data, "Motor/Speed", 1.0)
        rows = await sink.until(2)
        assert [row[:2] for row in rows] == [(0, 12.5), (1, 1.0)]
        assert edge.births == 2
        assert connector.state is State.CONNECTED
    await asyncio.to_thread(edge.close)


def message(seq=None, **metrics):
    made = Payload(timestamp=5)
    if seq is not None:
        made.seq = seq
    for name, fields in metrics.items():
        made.metrics.add(name=name, **fields)
    return made


def host(rebirth_s=10.0):
    asked, now = [], [0.0]
    made = Host(lambda topic, _payload: asked.append(topic), rebirth_s=rebirth_s, now=lambda: now[0])

    def read(topic, payload):
        return made.read(f"spBv1.0/{topic}", payload.SerializeToString())

    return made, read, asked, now


def test_a_gap_in_the_sequence_asks_once_for_a_rebirth_and_the_value_is_taken():
    _, read, asked, now = host()
    read("g/NBIRTH/n", message(0, a={"datatype": 10, "double_value": 1.0}))
    for seq in range(1, 300):
        read("g/NDATA/n", message(seq % 256, a={"double_value": 2.0}))
    assert asked == []
    found = read("g/NDATA/n", message(60, a={"double_value": 3.0}))
    assert [one.value for one in found] == [3.0]
    assert asked == ["spBv1.0/g/NCMD/n"]
    read("g/NDATA/n", message(90, a={"double_value": 3.0}))
    assert len(asked) == 1  # not for every message of a node that loses many
    now[0] = 11
    read("g/NDATA/n", message(120, a={"double_value": 3.0}))
    assert len(asked) == 2


def test_an_unknown_alias_asks_for_a_rebirth():
    _, read, asked, _ = host()
    read("g/NBIRTH/n", message(0))
    made = message(1)
    made.metrics.add(alias=9, double_value=1.0)
    assert read("g/NDATA/n", made) == []
    assert asked == ["spBv1.0/g/NCMD/n"]


def test_the_will_of_an_earlier_session_kills_nobody():
    _, read, _, _ = host()
    read("g/NBIRTH/n", message(0, bdSeq={"datatype": 8, "long_value": 3}, a={"datatype": 10, "double_value": 1.0}))
    assert read("g/NDEATH/n", message(bdSeq={"datatype": 8, "long_value": 2})) == []
    dead = read("g/NDEATH/n", message(bdSeq={"datatype": 8, "long_value": 3}))
    assert {one.address.rsplit("/", 1)[1]: one.quality for one in dead} == {"bdSeq": STALE, "a": STALE}


def test_a_device_dies_alone():
    _, read, _, _ = host()
    read("g/NBIRTH/n", message(0, a={"datatype": 10, "double_value": 1.0}))
    read("g/DBIRTH/n/d", message(1, b={"datatype": 10, "double_value": 2.0}))
    assert [one.address for one in read("g/DDEATH/n/d", message(2))] == ["spBv1.0/g/n/d/b"]


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"datatype": 1, "int_value": 0xFB}, -5),
        ({"datatype": 1, "int_value": 0xFFFFFFFB}, -5),
        ({"datatype": 2, "int_value": 0xFFFF}, -1),
        ({"datatype": 3, "int_value": 0x80000000}, -(2**31)),
        ({"datatype": 4, "long_value": 2**64 - 9}, -9),
        ({"datatype": 7, "int_value": 2**32 - 1}, 2**32 - 1),
        ({"datatype": 8, "long_value": 5}, 5),
        ({"datatype": 9, "float_value": 0.5}, 0.5),
        ({"datatype": 11, "boolean_value": True}, 1),
        ({"datatype": 12, "string_value": "7.5"}, 7.5),
        ({"datatype": 12, "string_value": "on"}, math.nan),
        ({"datatype": 10, "is_null": True}, math.nan),
        ({"datatype": 10, "double_value": math.inf}, math.inf),
        ({"datatype": 16}, math.nan),
    ],
)
def test_data_types(fields, value):
    _, read, _, _ = host()
    (one,) = read("g/NBIRTH/n", message(0, a=fields))
    assert one.value == value or (math.isnan(value) and math.isnan(one.value))


def test_the_property_quality_is_kept():
    _, read, _, _ = host()
    made = message(0, a={"datatype": 10, "double_value": 1.0})
    made.metrics[0].properties.keys.append("Quality")
    made.metrics[0].properties.values.add(type=3, int_value=0)
    assert read("g/NBIRTH/n", made)[0].quality == BAD


def test_what_is_no_sparkplug_is_told_or_left_alone():
    made, read, _, _ = host()
    assert made.read("spBv1.0/STATE/host", b"{}") == []
    assert made.read("spBv1.0/g/NCMD/n", b"\xff") == []
    with pytest.raises(Invalid, match="no Sparkplug B message"):
        made.read("spBv1.0/g/NDATA/n", b"\xff\xff")
    with pytest.raises(Invalid, match="a device in D messages only"):
        read("g/DDATA/n", message(0))


def test_commands_fit_the_data_type():
    made, read, _, _ = host()
    read("g/NBIRTH/n", message(0, i={"datatype": 1, "int_value": 1}, s={"datatype": 12, "string_value": "x"}))
    topic, payload = made.command("spBv1.0/g/n//i", -5.0)
    assert topic == "spBv1.0/g/NCMD/n"
    assert Payload.FromString(payload).metrics[0].int_value == 0xFFFFFFFB
    for address, value, says in (
        ("spBv1.0/g/n//i", 200.0, "expected -128 to 127"),
        ("spBv1.0/g/n//i", 0.5, "cannot be written"),
        ("spBv1.0/g/n//s", 1.0, "cannot be written"),
        ("spBv1.0/g/n//none", 1.0, "No Sparkplug birth has told"),
        ("spBv1.0/g/n", 1.0, "is no Sparkplug metric"),
    ):
        with pytest.raises(Invalid, match=says):
            made.command(address, value)
