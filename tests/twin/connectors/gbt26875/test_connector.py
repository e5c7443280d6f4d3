"""Driven by devices over TCP."""

import asyncio
import contextlib

import pytest

from tests.support.fire_frames import TIME, made
from tests.support.kept import Kept, settled
from twin.connectors.connector import State
from twin.connectors.gbt26875.connector import Gbt26875Connector
from twin.connectors.gbt26875.frame import CONFIRM, DENY, SEND, Frame, cut
from twin.connectors.listener import Listening
from twin.connectors.registry import make_connector
from twin.errors import Invalid, Unavailable
from twin.state.point import PointSpec

SOURCE = "0000000000a1"
POINTS = [
    PointSpec("p0", "g", source=f"gbt26875:{SOURCE}/1/2/265/fire"),
    PointSpec("p1", "g", source=f"gbt26875:{SOURCE}/1/2/265/fault"),
    PointSpec("p2", "g", source=f"gbt26875:{SOURCE}/1/2/9/value"),
    PointSpec("p3", "g", source=f"gbt26875:{SOURCE}/device/main-power-fault"),
]
FIRE = bytes([2, 1, 1, 2, 40, 9, 1, 0, 0, 0b11, 0]) + bytes(31) + TIME
HEAT = bytes([3, 1, 1, 2, 40, 9, 0, 0, 0, 3, 0xD7, 0x00]) + TIME
POWER = bytes([21, 1, 0b1001]) + TIME


@contextlib.asynccontextmanager
async def listening(sink, **settings):
    before = asyncio.all_tasks()
    connector = Gbt26875Connector("fire", POINTS, sink, Listening("127.0.0.1"), pauses_s=(0.01, 0.05), **settings)
    await connector.start()
    async with asyncio.timeout(20):
        await connector.wait_for(State.CONNECTED)
    yield connector
    await connector.stop()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


@contextlib.asynccontextmanager
async def device(connector):
    reader, writer = await asyncio.open_connection("127.0.0.1", connector.port)
    yield reader, writer
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def answered(reader):
    async with asyncio.timeout(20):
        _, frame = cut(bytearray(await reader.readexactly(30)))
    assert isinstance(frame, Frame)
    return frame


async def test_states_and_values_arrive_and_are_confirmed():
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        for serial, unit in enumerate((FIRE, HEAT, POWER), 7):
            writer.write(made(unit, serial=serial).encode())
        answers = [await answered(reader) for _ in range(3)]
        assert [(a.command, a.serial[0], a.destination, a.data) for a in answers] == [
            (CONFIRM, serial, SOURCE, b"") for serial in (7, 8, 9)
        ]
        assert [row[:3] for row in sink.rows] == [
            (0, 1, 1767294245000),
            (1, 0, 1767294245000),
            (2, 21.5, 1767294245000),
            (3, 1, 1767294245000),
        ]


async def test_no_confirmation_before_the_commit():
    gate = asyncio.Event()
    async with listening(sink := Kept(gate=gate)) as connector, device(connector) as (reader, writer):
        writer.write(made(FIRE).encode())
        await sink.until(lambda: sink.rows)
        waiting = asyncio.create_task(reader.read(1))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        gate.set()
        async with asyncio.timeout(20):
            assert await waiting == b"@"


async def test_no_confirmation_where_the_values_are_not_kept():
    sink = Kept(error=Unavailable("the disk is full"))
    async with listening(sink) as connector, device(connector) as (reader, writer):
        writer.write(made(FIRE, serial=1).encode())
        await settled(connector, lambda: "not kept: the disk is full" in connector.detail)
        sink.error = None
        writer.write(made(FIRE, serial=2).encode())
        assert (await answered(reader)).serial[0] == 2


async def test_heartbeats_and_unknown_types_are_confirmed_and_answers_are_not():
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        for serial, (command, data) in enumerate([(SEND, b""), (CONFIRM, b""), (SEND, b"\x85\x01rest")]):
            writer.write(made(data, command, serial).encode())
        assert [(await answered(reader)).serial[0] for _ in range(2)] == [0, 2]
        assert sink.rows == []


async def test_what_cannot_be_read_is_denied_counted_and_told():
    async with listening(sink := Kept()) as connector, device(connector) as (reader, writer):
        writer.write(made(FIRE[:-1]).encode())
        assert (await answered(reader)).command == DENY
        assert "type 2 with 1 objects has 47 bytes; expected 48" in connector.detail
        broken = bytearray(made(FIRE).encode())
        broken[-3] ^= 1
        writer.write(bytes(broken) + made(FIRE).encode())
        assert (await answered(reader)).command == CONFIRM
        assert connector.counters.undecodable == 2
        assert "checksum" in connector.detail
        assert len(sink.rows) == 2


async def test_only_named_devices_are_heard():
    async with listening(sink := Kept(), sources=["0000000000b2"]) as connector:
        async with device(connector) as (_, writer):
            writer.write(made(FIRE).encode())
            await settled(connector, lambda: f"device {SOURCE} is refused" in connector.detail)
        assert sink.rows == []


async def test_a_component_without_points_is_one_candidate():
    unit = FIRE[:5] + b"\x0a" + FIRE[6:]
    async with listening(Kept()) as connector, device(connector) as (reader, writer):
        writer.write(made(unit).encode())
        await answered(reader)
        (row,) = connector.candidates()
        assert row["address"] == f"{SOURCE}/1/2/266/state"
        assert row["sample"].split() == ["3", "normal", "fire", "type", "40"]


async def test_a_hostile_device_is_let_go():
    async with listening(Kept()) as connector, device(connector) as (reader, writer):
        writer.write((b"@@" + b"\xff" * 28) * 5000)
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(20):
                assert await reader.read() == b""
        await settled(connector, lambda: "0 devices" in connector.detail)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "port is missing"),
        ({"port": 9000, "sources": ["A1"]}, "12 hexadecimal digits"),
        ({"port": 9000, "timezone": "Mars"}, "timezone is 'Mars'"),
        ({"port": 9000, "source": "x"}, "'source' is unknown"),
    ],
)
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(Invalid) as caught:
        make_connector({"kind": "gbt26875", "name": "fire", **settings}, [], None)
    assert says in str(caught.value)
