"""Against pymodbus's own server."""

import asyncio
import math
import ssl
from functools import partial

import pytest
from pymodbus.framer import FramerType
from pymodbus.server import ModbusTcpServer, ModbusTlsServer
from pymodbus.simulator import DataType, SimData, SimDevice

from tests.support.certificate import self_signed
from tests.support.kept import Kept, settled
from twin.connectors.connector import State
from twin.connectors.modbus.connector import ModbusConnector
from twin.connectors.registry import make_connector
from twin.errors import Denied, Invalid, Unavailable
from twin.state.point import PointSpec
from twin.state.quality import BAD


def points(*sources):
    return [PointSpec(f"p{n}", "g", source=f"modbus:{source}") for n, source in enumerate(sources)]


def device(unit=1):
    registers = [
        SimData(0, values=[7, 8, 9], datatype=DataType.REGISTERS),
        SimData(3, values=21.5, datatype=DataType.FLOAT32),
        SimData(20, values=[0x8001], datatype=DataType.REGISTERS),
    ]
    bits = [SimData(0, values=[True, False] * 8, datatype=DataType.BITS)]
    return SimDevice(unit, simdata=(list(bits), list(bits), list(registers), list(registers)))


class Server:
    """A Modbus server that counts requests, and that can go and come back."""

    def __init__(self, framer=FramerType.SOCKET, units=(1,), tls=None):
        self.framer, self.units, self.tls, self.port, self.requests = framer, units, tls, 0, []

    async def __aenter__(self):
        kind = ModbusTcpServer if self.tls is None else partial(ModbusTlsServer, sslctx=self.tls)
        self.server = kind(
            [device(unit) for unit in self.units],
            framer=self.framer,
            address=("127.0.0.1", self.port),
            trace_pdu=self._trace,
            trace_packet=self._silence,
        )
        await self.server.serve_forever(background=True)
        self.port = self.server.transport.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        await self.server.shutdown()

    def _silence(self, sending, packet):
        """Units that are not there do not answer, as behind a gateway."""
        silent = sending and self.framer is FramerType.SOCKET and packet[6] not in self.units
        return b"" if silent else packet

    def _trace(self, sending, pdu):
        if not sending:
            self.requests.append((pdu.dev_id, pdu.function_code, pdu.address))
        return pdu


def made(server, sink, *sources, **settings):
    settings = {"interval_s": 0.02, "timeout_s": 0.3, "retries": 0, "pauses_s": (0.01, 0.05)} | settings
    return ModbusConnector("plc", "127.0.0.1", server.port, points(*sources), sink, **settings)


@pytest.mark.parametrize("framer", [FramerType.SOCKET, FramerType.RTU])
async def test_values_of_every_table_arrive(framer):
    before = asyncio.all_tasks()
    sources = (
        "1/holding/0",
        "1/input/3?type=float32&scale=2&offset=1",
        "1/coil/0",
        "1/discrete/1",
        "1/holding/20?bit=15",
    )
    async with Server(framer) as server:
        connector = made(server, sink := Kept(), *sources, rtu=framer is FramerType.RTU)
        await connector.start()
        await sink.until(lambda: all(sink.last(n) for n in range(5)))
        await connector.stop()
        assert [sink.value(n) for n in range(5)] == [7, 44, 1, 0, 1]
        assert sink.last(0).quality == 0
        assert connector.state is State.STOPPED
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_wrong_address_costs_only_its_point():
    sources = ("1/holding/0", "1/holding/2", "1/holding/6", "1/holding/99?type=int64", "1/nothing/1", "1/holding/20")
    async with Server() as server:
        connector = made(server, sink := Kept(), *sources, max_gap=124)
        await connector.start()
        await sink.until(lambda: all(sink.last(n) for n in range(6)))
        assert [sink.value(n) for n in (0, 1, 5)] == [7, 9, 0x8001]
        for n in (2, 3, 4):
            assert math.isnan(sink.value(n))
            assert sink.last(n).quality == BAD
        assert "3 without value" in connector.detail
        assert connector.faults.keys() == {"1/holding/6", "1/holding/99?type=int64", "1/nothing/1"}
        assert "no such address" in connector.faults["1/holding/6"]
        server.requests.clear()
        count = len(sink.rows)
        await sink.until(lambda: len(sink.rows) >= count + 9)
        assert 6 not in {address for _, _, address in server.requests}  # known to be refused: not asked at once again
        connector.bind(points("1/holding/1"))
        await sink.until(lambda: sink.value(0) == 8)
        assert connector.faults == {}
        await connector.stop()


async def test_neighbours_are_read_by_one_request():
    async with Server() as server:
        connector = made(
            server, sink := Kept(), "1/holding/0", "1/holding/1", "1/holding/2", "1/holding/3?type=float32"
        )
        await connector.start()
        await sink.until(lambda: len(sink.rows) >= 40)
        await connector.stop()
        assert set(server.requests) == {(1, 3, 0)}
        assert len(server.requests) <= len(sink.rows) / 4 + 1


async def test_a_silent_unit_does_not_stop_the_others():
    async with Server(units=(1, 3)) as server:
        connector = made(server, sink := Kept(), "1/holding/0", "2/holding/0", "3/holding/0", timeout_s=0.1)
        await connector.start()
        await sink.until(lambda: sink.last(1) is not None and sink.last(2) is not None)
        assert (sink.value(0), sink.value(2)) == (7, 7)
        assert "unit 2 does not answer" in connector.faults["2/holding/0"]
        assert connector.state is State.CONNECTED
        await connector.stop()


async def test_it_comes_back_after_the_servers_restart():
    server = Server()
    async with server:
        connector = made(server, sink := Kept(), "1/holding/0")
        await connector.start()
        await sink.until(lambda: sink.rows)
    async with asyncio.timeout(20):
        await connector.wait_for(State.FAILED)
    assert "trying again" in connector.detail
    async with server:
        count = len(sink.rows)
        await sink.until(lambda: len(sink.rows) > count)
        assert connector.counters.connections == 2
        await connector.stop()


async def test_when_nothing_answers_the_session_ends():
    async with Server(units=(1,)) as server:
        connector = made(server, Kept(), "9/holding/0", timeout_s=0.05)
        await connector.start()
        async with asyncio.timeout(20):
            await connector.wait_for(State.FAILED)
        assert "no unit answers" in connector.detail
        await connector.stop()


async def test_what_cannot_be_kept_is_told_and_reading_goes_on():
    async with Server() as server:
        connector = made(server, sink := Kept(error=Unavailable("the disk is full")), "1/holding/0")
        await connector.start()
        await settled(connector, lambda: "not kept: the disk is full" in connector.detail)
        sink.error = None
        await settled(connector, lambda: "not kept" not in connector.detail)
        assert connector.counters.connections == 1
        await connector.stop()


async def test_writes_are_read_back():
    sources = ("1/coil/1", "1/holding/0?scale=0.1", "1/holding/3?type=float32&order=cdab", "1/holding/20?bit=3")
    async with Server() as server:
        connector = made(server, sink := Kept(), *sources)
        await connector.start()
        await sink.until(lambda: all(sink.last(n) for n in range(4)))
        for source, value in zip(sources, (1, 12.5, -3.75, 1), strict=True):
            await connector.write(source, value)
        await sink.until(lambda: [sink.value(n) for n in range(4)] == [1, 12.5, -3.75, 1])
        assert {code for _, code, _ in server.requests} >= {5, 6, 16, 22}
        await connector.write("1/holding/20?bit=15", 0)
        assert (await server.server.async_getValues(1, 3, 20, 1)) == [0x0009]
        with pytest.raises(Denied, match="no such address"):
            await connector.write("1/holding/77", 1)
        with pytest.raises(Unavailable):
            await connector.write("9/holding/0", 1)
        await connector.stop()


async def test_writes_by_the_functions_for_many():
    async with Server() as server:
        connector = made(server, sink := Kept(), "1/holding/0", multiple=True)
        await connector.start()
        await sink.until(lambda: sink.rows)
        await connector.write("1/holding/0", 3)
        await connector.write("1/coil/1", 1)
        await sink.until(lambda: sink.value(0) == 3)
        assert {code for _, code, _ in server.requests} == {3, 15, 16}
        await connector.stop()


async def test_over_tls_only_a_known_server_is_read(tmp_path):
    certificate, key = self_signed(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    async with Server(tls=context) as server:
        entry = {"kind": "modbus", "host": "127.0.0.1", "port": server.port, "tls": True}
        stranger = make_connector(entry, points("1/holding/0"), Kept())
        await stranger.start()
        async with asyncio.timeout(20):
            await stranger.wait_for(State.FAILED)
        await stranger.stop()
        connector = make_connector({**entry, "ca": str(certificate)}, points("1/holding/0"), sink := Kept())
        await connector.start()
        await sink.until(lambda: sink.value(0) == 7)
        await connector.stop()


@pytest.mark.parametrize(
    ("address", "value", "says"),
    [
        ("1/input/0", 1, "cannot be written"),
        ("1/coil/0", 2, "is no bit"),
        ("1/holding/0", 70000, "does not fit uint16"),
        ("1/holding/0", math.nan, "expected a finite number"),
        ("1/x/0", 1, "expected <unit"),
    ],
)
async def test_what_cannot_be_written_is_named(address, value, says):
    async with Server() as server:
        connector = made(server, sink := Kept(), "1/holding/0")
        with pytest.raises(Unavailable):
            await connector.write("1/holding/0", 1)
        await connector.start()
        await sink.until(lambda: sink.rows)
        with pytest.raises(Invalid, match=says):
            await connector.write(address, value)
        await connector.stop()


async def test_a_counterpart_that_speaks_no_modbus():
    async def talk(reader, writer):
        while await reader.read(1000):
            writer.write(b"HTTP/1.1 400 Bad Request\r\n" * 40)
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        server.port = server.sockets[0].getsockname()[1]
        connector = made(server, Kept(), "1/holding/0", timeout_s=0.05)
        await connector.start()
        async with asyncio.timeout(20):
            await connector.wait_for(State.FAILED)
        assert "defect" not in connector.detail
        await connector.stop()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "host is missing"),
        ({"host": "h", "port": 0}, "port is 0"),
        ({"host": "h", "framer": "ascii"}, "expected one of tcp, rtu"),
        ({"host": "h", "interval_s": 0}, "interval_s is 0"),
        ({"host": "h", "max_gap": 125}, "max_gap is 125"),
        ({"host": "h", "ca": "x.pem"}, "tls is False; expected true"),
        ({"host": "h", "tls": True, "ca": "missing.pem"}, "ca is 'missing.pem'"),
        ({"host": "h", "unit": 1}, "'unit' is unknown"),
    ],
)
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(Invalid) as caught:
        make_connector({"kind": "modbus", "name": "plc", **settings}, [], None)
    assert says in str(caught.value)
    assert "plc" in str(caught.value)


def test_settings_make_a_connector():
    made = make_connector({"kind": "modbus", "host": "h", "tls": True, "framer": "rtu"}, [], None)
    assert (made._port, made._rtu, made._tls is not None) == (802, True, True)
