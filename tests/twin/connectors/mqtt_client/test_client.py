"""The client against a broker that a test plays byte by byte: what a well-behaved broker never does, too."""

import asyncio
import contextlib

import pytest

from twin.connectors.mqtt_client import connection as connections
from twin.connectors.mqtt_client import packet
from twin.connectors.mqtt_client.client import MqttClient
from twin.connectors.mqtt_link import MqttLink
from twin.errors import Unavailable


class Owner:
    def __init__(self):
        self.rows, self.told, self.space, self.refusals = [], [], True, []
        self.changed = asyncio.Event()
        self.acknowledge = True
        self.outbox = None

    def room(self):
        return self.space

    def take(self, batch, connection):
        self.rows += zip(batch.topics, batch.payloads, strict=True)
        if self.acknowledge:
            connection.acknowledge(batch)
        self.changed.set()

    def connected(self):
        self.told.append("connected")
        if self.outbox is not None:
            self.outbox.send()
        self.changed.set()

    def subscribed(self, refused):
        self.refusals.append(refused)
        self.changed.set()

    def away(self, why, *, was_connected):
        self.told.append(("lost " if was_connected else "failed ") + why)
        self.changed.set()

    async def until(self, condition):
        async with asyncio.timeout(20):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


class Peer:
    """One connection as the broker sees it."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    def send(self, *data):
        self.writer.write(b"".join(data))

    async def read(self):
        """(first byte, body) of the next packet of less than 128 bytes that is no PINGREQ."""
        async with asyncio.timeout(20):
            while True:
                first, length = await self.reader.readexactly(2)
                body = await self.reader.readexactly(length)
                if first != packet.PINGREQ << 4:
                    return first, body


@contextlib.asynccontextmanager
async def played(version="3.1.1", accept=None, **settings):
    """(owner, client, queue of peers; `next_of` waits until the client knows that it was let in)."""
    peers, open_ = asyncio.Queue(), []
    owner = Owner()

    async def serve(reader, writer):
        peer = Peer(reader, writer)
        open_.append(writer)
        assert (await peer.read())[0] == packet.CONNECT << 4
        peer.send(accept if accept is not None else b"\x20\x03\0\0\0" if version == "5" else b"\x20\x02\0\0")
        before = owner.told.count("connected")
        await owner.until(lambda: owner.told.count("connected") > before)
        await peers.put(peer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    link = MqttLink("test", f"mqtt://127.0.0.1:{port}", version=version)
    client = MqttClient(link, owner, retry_s=(0.01, 0.05), batch_s=0.05, **settings)
    client.start()
    try:
        yield owner, client, peers
    finally:
        await client.stop()
        for writer in open_:
            writer.close()
        server.close()
        await server.wait_closed()


async def next_of(peers):
    async with asyncio.timeout(20):
        return await peers.get()


def message(n, qos=1, five=False, again=False):
    return packet.publish("a/b", str(n).encode(), qos, n, five=five, again=again)


@pytest.mark.parametrize(
    ("version", "data", "says"),
    [
        ("3.1.1", b"\x36\x05\0\x01a\0\x01", "QoS 3"),
        ("3.1.1", b"\x20\x02\0\0", "type 2"),
        ("3.1.1", b"\x82\x02\0\x01", "which a broker does not send"),
        ("3.1.1", b"\x40\x01\0", "expected a packet number"),
        ("5", b"\xe0\x01\x8e", "session taken over"),
        ("5", b"\xe0\x08\x8b\x06\x1f\0\x03bye", "the broker says: bye"),
        ("5", b"\x90\x03\0\x01\x05", "Properties of 5 bytes"),
    ],
)
async def test_what_is_no_mqtt_is_told_and_it_connects_anew(version, data, says):
    async with played(version) as (owner, _, peers):
        (await next_of(peers)).send(message(1, five=version == "5"), data)
        second = await next_of(peers)
        assert any(told.startswith("lost ") and says in told for told in owner.told if told != "connected")
        second.send(message(2, five=version == "5"))
        await owner.until(lambda: (b"a/b", b"2") in owner.rows)


@pytest.mark.parametrize(
    ("version", "accept", "says"),
    [
        ("3.1.1", b"\x20\x02\0\x04", "refuses: bad user name or password"),
        ("5", b"\x20\x03\0\x87\0", "refuses: not authorised"),
        ("5", b"\x20\x07\0\x87\x04\x1f\0\x01x", "refuses: x"),
        ("3.1.1", b"HTTP/1.1 400 Bad Request\r\n\r\n", "sent what is no MQTT"),
        ("3.1.1", b"\xd0\0", "expected CONNACK"),
    ],
)
async def test_who_is_no_broker_or_lets_nobody_in_is_told(version, accept, says):
    async with played(version, accept) as (owner, client, _):
        await owner.until(lambda: len(owner.told) > 1)
        assert says in owner.told[0]
        assert owner.told[0].startswith("failed ")
        assert not client.connected


async def test_all_messages_of_a_batch_are_acknowledged_in_order():
    async with played() as (owner, _, peers):
        peer = await next_of(peers)
        peer.send(*(message(n) for n in range(1, 501)), packet.publish("a/b", b"0", 0, 0, five=False))
        for n in range(1, 501):
            assert await peer.read() == (0x40, n.to_bytes(2, "big"))
        assert [payload for _, payload in owner.rows] == [str(n).encode() for n in [*range(1, 501), 0]]


async def test_a_message_of_qos_2_is_taken_once():
    async with played() as (owner, _, peers):
        peer = await next_of(peers)
        peer.send(message(5, qos=2))
        assert await peer.read() == (0x50, b"\0\x05")
        peer.send(message(5, qos=2, again=True))
        assert await peer.read() == (0x50, b"\0\x05")
        peer.send(packet.answer(packet.PUBREL, 5))
        assert await peer.read() == (0x70, b"\0\x05")
        peer.send(message(5, qos=2))
        assert await peer.read() == (0x50, b"\0\x05")
        assert len(owner.rows) == 2


async def test_without_room_nothing_is_read_and_nothing_lost(monkeypatch):
    monkeypatch.setattr(connections, "FULL", 100)
    count = 200_000
    async with played() as (owner, client, peers):
        owner.space = False
        peer = await next_of(peers)
        data = b"".join(packet.publish("a/b", b"%d" % n + b" " * 100, 0, 0, five=False) for n in range(count))
        peer.send(data)
        await asyncio.sleep(0.3)
        held = peer.writer.transport.get_write_buffer_size()
        assert held > len(data) / 4  # the sender is held back
        assert owner.rows == []
        owner.space = True
        await owner.until(lambda: len(owner.rows) == count)
        assert [int(payload) for _, payload in owner.rows] == list(range(count))
        assert client.connected


async def test_bytes_without_a_whole_message_stop_no_reading(monkeypatch):
    monkeypatch.setattr(connections, "FULL_BYTES", 1000)
    async with played() as (owner, _, peers):
        owner.space = False
        peer = await next_of(peers)
        data = packet.publish("a/b", b"x" * 500_000, 1, 1, five=False)
        for at in range(0, len(data), 50_000):
            peer.send(data[at : at + 50_000])
            await peer.writer.drain()
            await asyncio.sleep(0.02)
        owner.space = True
        await owner.until(lambda: len(owner.rows) == 1)


async def test_a_broker_that_falls_silent_is_left(monkeypatch):
    monkeypatch.setattr("twin.connectors.mqtt_client.client.KEEPALIVE_S", 0.2)
    monkeypatch.setattr(packet, "connect", lambda *_, **__: b"\x10\x00")
    async with played() as (owner, _, peers):
        await next_of(peers)
        await owner.until(lambda: any("nothing was heard" in told for told in owner.told))
        await next_of(peers)


@pytest.mark.parametrize("version", ["3.1.1", "5"])
async def test_messages_of_ours_end_with_the_brokers_answer(version):
    five = version == "5"
    async with played(version) as (_, client, peers):
        peer = await next_of(peers)
        done = client.publish("x", b"1")
        first, body = await peer.read()
        assert (first, body) == (0x32, b"\0\x01x\0\x01" + (b"\0" if five else b"") + b"1")
        assert not done.done()
        peer.send(packet.answer(packet.PUBACK, 1))
        await done
        done = client.publish("x", b"2", 2)
        assert (await peer.read())[0] == 0x34
        peer.send(packet.answer(packet.PUBREC, 2))
        assert await peer.read() == (0x62, b"\0\x02")
        assert not done.done()
        peer.send(packet.answer(packet.PUBCOMP, 2))
        await done
        assert client.publish("x", b"3", 0).done()
        assert await peer.read() == (0x30, b"\0\x01x" + (b"\0" if five else b"") + b"3")
        if five:
            done = client.publish("x", b"4")
            await peer.read()
            peer.send(b"\x40\x03\0\x03\x97")
            with pytest.raises(Unavailable, match="quota exceeded"):
                await done


async def test_what_was_not_answered_is_sent_again_while_somebody_waits():
    async with played() as (_, client, peers):
        peer = await next_of(peers)
        kept, left = client.publish("x", b"1"), client.publish("x", b"2")
        left.cancel()
        peer.writer.close()
        peer = await next_of(peers)
        assert await peer.read() == (0x3A, b"\0\x01x\0\x011")
        peer.send(packet.answer(packet.PUBACK, 1))
        await kept


async def test_no_more_is_sent_than_the_broker_takes():
    async with played("5", b"\x20\x06\0\0\x03\x21\0\x02") as (_, client, peers):
        peer = await next_of(peers)
        waiting = [client.publish("x", b"1"), client.publish("x", b"2")]
        with pytest.raises(Unavailable, match="takes no more"):
            client.publish("x", b"3")
        peer.send(packet.answer(packet.PUBACK, 1), packet.answer(packet.PUBACK, 2))
        await asyncio.gather(*waiting)
        peer.writer.close()
        client.publish("x", b"4").cancel()


async def test_a_refused_subscription_is_told():
    async with played() as (owner, client, peers):
        peer = await next_of(peers)
        client.subscribe(["a/#", "b"])
        assert await peer.read() == (0x82, b"\0\x01\0\x03a/#\x01\0\x01b\x01")
        peer.send(b"\x90\x04\0\x01\x01\x80")
        await owner.until(lambda: owner.refusals)
        assert owner.refusals == ["unspecified error"]


async def test_nothing_is_published_without_a_connection():
    client = MqttClient(MqttLink("test", "mqtt://127.0.0.1:1"), Owner(), retry_s=(0.01, 0.05), batch_s=0.05)
    with pytest.raises(Unavailable, match="'test' is not connected"):
        client.publish("x", b"1")
    await client.stop()


async def test_a_defect_of_the_owner_is_told_and_leaves_no_socket_unread(monkeypatch):
    async with played() as (owner, _, peers):
        peer = await next_of(peers)
        with monkeypatch.context() as patch:
            patch.setattr(owner, "take", lambda *_: 1 / 0)
            peer.send(message(1))
            second = await next_of(peers)
        assert any("a defect of parktwin (ZeroDivisionError" in told for told in owner.told)
        second.send(message(1, again=True))
        await owner.until(lambda: owner.rows)
