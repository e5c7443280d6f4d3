"""Against asyncua's own server."""

import asyncio
import datetime as dt
import math

import pytest
import pytest_asyncio
from asyncua import Server, ua, uamethod
from asyncua.crypto.permission_rules import User, UserRole

from tests.support.certificate import self_signed
from tests.support.kept import Kept, settled
from twin.connectors.connector import State
from twin.connectors.opcua.connector import OpcUaConnector
from twin.connectors.registry import make_connector
from twin.errors import Denied, Invalid, Unavailable
from twin.state.point import PointSpec
from twin.state.quality import BAD, GOOD, STALE

pytestmark = pytest.mark.asyncio(loop_scope="module")
URI = "urn:maker:plant"


def points(*sources):
    return [PointSpec(f"p{n}", "g", source=f"opcua:{source}") for n, source in enumerate(sources)]


class Users:
    def get_user(self, iserver, username=None, password=None, certificate=None):
        return User(UserRole.User, name=username) if (username, password) == ("park", "secret") else None


class Plant:
    """A server with a temperature, a set point, a text and a pump that can be started."""

    def __init__(self, users=None, certificate=None):
        self.users, self.certificate, self.calls = users, certificate, []

    async def __aenter__(self):
        self.server = server = Server(user_manager=self.users)
        await server.init()
        await server.set_application_uri("urn:parktwin:test")
        server.set_endpoint("opc.tcp://127.0.0.1:0/plant")
        if self.certificate:
            server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
            await server.load_certificate(str(self.certificate[0]))
            await server.load_private_key(str(self.certificate[1]), format="pem")
        if self.users:
            server.set_identity_tokens([ua.UserNameIdentityToken])
        index = await server.register_namespace(URI)
        boiler = await server.nodes.objects.add_object(ua.NodeId("Boiler", index), "Boiler")
        add = boiler.add_variable
        self.temperature = await add(ua.NodeId("Temperature", index), "Temperature", 20.5)
        self.setpoint = await add(ua.NodeId("Setpoint", index), "Setpoint", 60, ua.VariantType.Int16)
        await self.setpoint.set_writable()
        self.text = await add(ua.NodeId("Text", index), "Text", "on")
        self.valve = await add(ua.NodeId("Valve", index), "Valve", True)

        @uamethod
        def start(parent):
            self.calls.append("start")

        @uamethod
        def speed(parent, value):
            self.calls.append(value)

        await boiler.add_method(ua.NodeId("Start", index), "Start", start, [], [])
        await boiler.add_method(ua.NodeId("Speed", index), "Speed", speed, [ua.VariantType.Double], [])
        await boiler.add_method(
            ua.NodeId("Both", index), "Both", speed, [ua.VariantType.Double, ua.VariantType.Double], []
        )
        await server.start()
        self.port = server.bserver._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        await self.server.stop()

    @property
    def url(self):
        return f"opc.tcp://127.0.0.1:{self.port}/plant"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server():
    """One server for all: it takes seconds to make."""
    async with Plant() as plant:
        yield plant


@pytest_asyncio.fixture(loop_scope="module")
async def plant(server):
    """The server with its first values; a test must leave no task of the connector behind."""
    await server.temperature.write_value(20.5)
    await server.setpoint.write_value(60, ua.VariantType.Int16)
    server.calls.clear()
    before = asyncio.all_tasks()
    yield server
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    ours = {task for task in left if "/asyncua/server/" not in task.get_coro().cr_code.co_filename}
    assert ours == set()


def node(name):
    return f"nsu={URI};s={name}"


def made(plant, sink, *sources, **settings):
    settings = {"interval_s": 0.02, "timeout_s": 2.0, "browse": False, "pauses_s": (0.01, 0.05)} | settings
    return OpcUaConnector("plant", plant.url, points(*sources), sink, **settings)


async def test_changes_arrive_with_time_and_quality(plant):
    connector = made(plant, sink := Kept(), node("Temperature"), "ns=2;s=Valve")
    await connector.start()
    await sink.until(lambda: sink.value(0) == 20.5 and sink.value(1) == 1)
    time = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    await plant.temperature.write_value(
        ua.DataValue(ua.Variant(21.5), ua.StatusCode(ua.StatusCodes.UncertainLastUsableValue), SourceTimestamp=time)
    )
    await sink.until(lambda: sink.value(0) == 21.5)
    assert sink.last(0)[2:] == (1767323045000, STALE)
    bad = ua.StatusCode(ua.StatusCodes.BadSensorFailure)
    await plant.temperature.write_value(ua.DataValue(ua.Variant(21.5), bad))
    await sink.until(lambda: sink.last(0).quality == BAD)
    await settled(connector, lambda: "BadSensorFailure" in connector.detail)
    await plant.temperature.write_value(22.5)
    await sink.until(lambda: sink.value(0) == 22.5 and sink.last(0).quality == GOOD)
    assert connector.faults == {}
    await connector.stop()
    assert connector.state is State.STOPPED


async def test_every_change_between_two_publishings_is_seen(plant):
    connector = made(plant, sink := Kept(), node("Temperature"), interval_s=0.1, queue=100)
    await connector.start()
    await sink.until(lambda: sink.rows)
    for value in range(50):
        await plant.temperature.write_value(float(value))
    await sink.until(lambda: sink.value(0) == 49)
    assert [row.value for row in sink.rows][1:] == list(range(50))
    await connector.stop()


async def test_a_wrong_address_costs_only_its_point(plant):
    sources = (node("Temperature"), node("Nothing"), "nsu=urn:other;i=1", "rubbish", node("Text"))
    connector = made(plant, sink := Kept(), *sources)
    await connector.start()
    await sink.until(lambda: all(sink.last(n) for n in range(5)))
    assert sink.value(0) == 20.5
    assert all(math.isnan(sink.value(n)) for n in range(1, 5))
    await settled(connector, lambda: len(connector.faults) == 4)
    assert "BadNodeIdUnknown" in connector.faults[node("Nothing")]
    assert "no namespace 'urn:other'" in connector.faults["nsu=urn:other;i=1"]
    assert "expected ns=" in connector.faults["rubbish"]
    assert "expected a number" in connector.faults[node("Text")]
    assert "4 without value" in connector.detail
    connector.bind(points(node("Valve")))
    await sink.until(lambda: sink.value(0) == 1)
    assert connector.faults == {}
    await connector.stop()


async def test_it_comes_back_after_the_servers_restart(plant):
    connector = made(plant, sink := Kept(), node("Temperature"))
    await connector.start()
    await sink.until(lambda: sink.rows)
    door = plant.server.bserver
    await door.stop()
    async with asyncio.timeout(20):
        await connector.wait_for(State.FAILED)
    assert "trying again" in connector.detail
    count = len(sink.rows)
    door.port = plant.port
    await door.start()
    await sink.until(lambda: len(sink.rows) > count)
    assert connector.counters.connections == 2
    await connector.stop()


async def test_writes_and_methods(plant):
    call = f"call:{node('Boiler')}:"
    connector = made(plant, sink := Kept(), node("Setpoint"), call + node("Start"))
    with pytest.raises(Unavailable, match="not connected"):
        await connector.write(node("Setpoint"), 1)
    await connector.start()
    await sink.until(lambda: sink.value(0) == 60)
    assert connector.faults == {}
    await connector.write(node("Setpoint"), 55)
    await sink.until(lambda: sink.value(0) == 55)
    await connector.write(call + node("Start"), 1)
    await connector.write(call + node("Speed"), 12.5)
    assert plant.calls == ["start", 12.5]
    with pytest.raises(Denied, match=r"BadUserAccessDenied|BadNotWritable"):
        await connector.write(node("Temperature"), 1)
    with pytest.raises(Invalid, match="BadNodeIdUnknown"):
        await connector.write(node("Nothing"), 1)
    with pytest.raises(Invalid, match="does not fit Int16"):
        await connector.write(node("Setpoint"), 1e6)
    with pytest.raises(Invalid, match="takes 2 arguments"):
        await connector.write(call + node("Both"), 1)
    await connector.stop()


async def test_variables_of_the_server_are_candidates(plant):
    connector = made(plant, sink := Kept(), node("Temperature"), browse=True)
    await connector.start()
    await sink.until(lambda: sink.rows)
    await settled(connector, connector.candidates)
    rows = {row["address"]: row["sample"] for row in connector.candidates()}
    assert rows[node("Setpoint")] == "Boiler/Setpoint"
    assert node("Temperature") not in rows
    connector.bind(points(node("Setpoint")))
    assert node("Setpoint") not in {row["address"] for row in connector.candidates()}
    await connector.stop()


async def test_user_and_password_over_an_encrypted_channel(tmp_path):
    theirs, ours = self_signed(tmp_path, "server"), self_signed(tmp_path, "client", "urn:park:client")
    async with Plant(users=Users(), certificate=theirs) as plant:
        settings = {
            "kind": "opcua",
            "url": plant.url,
            "policy": "Basic256Sha256",
            "certificate": str(ours[0]),
            "key": str(ours[1]),
            "server_certificate": str(theirs[0]),
            "user": "park",
            "browse": False,
        }
        connector = make_connector({**settings, "password": "secret"}, points(node("Temperature")), sink := Kept())
        await connector.start()
        await sink.until(lambda: sink.value(0) == 20.5)
        await connector.stop()
        for changed in ({"password": "guess"}, {"password": "secret", "server_certificate": str(ours[0])}):
            refused = make_connector({**settings, **changed}, points(node("Temperature")), sink := Kept())
            await refused.start()
            async with asyncio.timeout(20):
                await refused.wait_for(State.FAILED)
            assert "guess" not in refused.detail
            await refused.stop()
            assert sink.rows == []


async def test_what_cannot_be_kept_is_told_and_the_session_stays(plant):
    connector = made(plant, sink := Kept(error=Unavailable("the disk is full")), node("Temperature"))
    await connector.start()
    await settled(connector, lambda: "not kept: the disk is full" in connector.detail)
    sink.error = None
    await plant.temperature.write_value(30.0)
    await settled(connector, lambda: "not kept" not in connector.detail)
    assert connector.counters.connections == 1
    await connector.stop()


async def test_a_counterpart_that_speaks_no_opc_ua():
    async def talk(reader, writer):
        await reader.read(1000)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        url = f"opc.tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        connector = OpcUaConnector("x", url, points(node("T")), Kept(), timeout_s=0.5, pauses_s=(0.01, 0.05))
        await connector.start()
        async with asyncio.timeout(20):
            await connector.wait_for(State.FAILED)
        assert "defect" not in connector.detail
        await connector.stop()
