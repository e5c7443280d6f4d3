"""Publishing through Mosquitto: every quality of service, retained messages, the will, TLS; and what waits while it is away."""

import asyncio
import contextlib

import pytest

from tests.support.mosquitto import Certificates, Mosquitto, need_mosquitto
from tests.twin.connectors.mqtt_client.test_client import Owner, next_of, played
from twin.connectors.mqtt_client import client as clients
from twin.connectors.mqtt_client import packet
from twin.connectors.mqtt_client.client import MqttClient
from twin.connectors.mqtt_client.outbox import Outbox
from twin.connectors.mqtt_client.packet import Will
from twin.connectors.mqtt_link import MqttLink
from twin.errors import Unavailable

BOTH = pytest.mark.parametrize("version", ["3.1.1", "5"])


@contextlib.asynccontextmanager
async def publisher(broker, version="3.1.1", *, limit=1000, files=None, **settings):
    """(owner, client, outbox), connected."""
    owner = Owner()
    link = MqttLink("test", broker.url(), version=version, **files or {})
    client = MqttClient(link, owner, retry_s=(0.02, 0.1), **settings)
    outbox = owner.outbox = Outbox(client, limit)
    client.start()
    try:
        await owner.until(lambda: client.connected)
        yield owner, client, outbox
    finally:
        await client.stop()


async def heard(listener):
    """Lines `topic payload` of `Mosquitto.listen`, once it has them all."""
    async with asyncio.timeout(20):
        out, _ = await listener.communicate()
    return [line for line in out.decode().splitlines() if not line.startswith(("Client ", "Subscribed"))]


async def until(condition):
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  an outbox tells nobody
            await asyncio.sleep(0.01)


@BOTH
async def test_a_retained_message_is_there_for_who_comes_later(mosquitto, version):
    async with publisher(mosquitto, version, clean=True) as (_, client, _outbox):
        listener = await mosquitto.listen("a/#", 3)
        client.publish("a/0", b"at once", 0)
        await client.publish("a/1", b"kept", retain=True)
        await client.publish("a/2", b"gone")
        assert await heard(listener) == ["a/0 at once", "a/1 kept", "a/2 gone"]
        await client.publish("a/3", b"last", 2, retain=True)
        assert sorted(await heard(await mosquitto.listen("a/#", 2))) == ["a/1 kept", "a/3 last"]


@BOTH
async def test_the_will_is_published_for_who_is_lost_and_not_for_who_says_goodbye(mosquitto, version):
    will = Will("state/us", b"lost")
    async with publisher(mosquitto, version, will=will) as (owner, client, _):
        await client.publish("state/us", b"here", retain=True)
        listener = await mosquitto.listen("state/us", 2)
        client.renew("the test cuts the line")
        await owner.until(lambda: owner.told.count("connected") == 2)
        assert await heard(listener) == ["state/us here", "state/us lost"]
        await client.publish("state/us", b"back", retain=True)
    assert await heard(await mosquitto.listen("state/us")) == ["state/us back"]


@BOTH
async def test_what_is_put_in_while_the_broker_is_away_comes_in_order_after(mosquitto, version):
    async with publisher(mosquitto, version, window=50) as (owner, client, outbox):
        listener = await mosquitto.listen("b/#", 1001, ("-c", "-i", "ear"))  # it comes back by itself
        assert outbox.put([("b/first", b"x")]) == 0
        await until(lambda: outbox.published == 1)
        await mosquitto.stop()
        await owner.until(lambda: not client.connected)
        assert outbox.put((f"b/{n}", b"x") for n in range(1200)) == 200, "it holds 1000 and no more"
        await mosquitto.start()
        assert await heard(listener) == ["b/first x", *(f"b/{n} x" for n in range(1000))]
        await until(lambda: outbox.published == 1001)
        assert outbox.refused == 0


async def test_tls_with_a_client_certificate(tmp_path):
    need_mosquitto()
    tls = Certificates(tmp_path)
    broker = Mosquitto(tmp_path / "mosquitto", tls=tls)
    await broker.start()
    files = {"ca": str(tls.ca), "certificate": str(tmp_path / "client.pem"), "key": str(tmp_path / "client.key")}
    try:
        async with publisher(broker, files=files) as (_, client, outbox):
            listener = await broker.listen("t", 2)
            outbox.put([("t", b"1")])
            client.publish("t", b"2", 0)
            assert await heard(listener) == ["t 1", "t 2"]
    finally:
        await broker.stop()


async def test_the_window_is_kept_and_the_rest_waits_for_its_turn():
    async with played(window=2) as (_, client, peers):
        peer = await next_of(peers)
        outbox = Outbox(client, 10)
        assert outbox.put(("x", b"%d" % n) for n in range(4)) == 0
        assert not client.ready
        assert [(await peer.read())[1][-1:] for _ in range(2)] == [b"0", b"1"]
        peer.send(packet.answer(packet.PUBACK, 1))
        assert (await peer.read())[1] == b"\0\x01x\0\x032"
        assert outbox.published == 1


async def test_a_message_that_the_broker_does_not_want_stops_no_other():
    async with played("5") as (_, client, peers):
        peer = await next_of(peers)
        outbox = Outbox(client, 10)
        outbox.put([("secret", b"1"), ("x", b"2")])
        for ident, answer in ((1, b"\x40\x03\0\x01\x87"), (2, packet.answer(packet.PUBACK, 2))):
            assert (await peer.read())[0] == 0x32, ident
            peer.send(answer)
        await until(lambda: (outbox.published, outbox.refused) == (1, 1))


async def test_a_broker_that_does_not_read_costs_bounded_memory(monkeypatch):
    monkeypatch.setattr(clients, "MAX_UNSENT", 100_000)
    async with played() as (_, client, peers):
        await next_of(peers)  # which reads nothing from here on
        payload = b"x" * 50_000
        sent = 0
        while client.ready:
            client.publish("x", payload, 0)
            sent += len(payload)
            await asyncio.sleep(0)  # as much as the kernel takes
            assert sent < 1 << 30
        with pytest.raises(Unavailable, match=r"does not read; \d+ bytes wait"):
            client.publish("x", payload, 0)
