from __future__ import annotations

import asyncio

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from twin.connectors.broker import Broker
from twin.connectors.broker_users import subject
from twin.connectors.handshake import handshake
from twin.devices.bcrypt import bcrypt, matches
from twin.devices.credentials import Credentials
from twin.errors import Denied, Invalid, NotFound


@pytest.fixture
def credentials(register, clock):
    register.create("s-1", {}, "li")
    return Credentials(register.db, clock)


def test_a_secret_is_told_once_and_kept_as_a_hash(credentials, graph):
    made, token = credentials.issue("s-1", "http", "li")
    _, password = credentials.issue("s-1", "mqtt", "li")
    kept = str(graph.db.rows("SELECT * FROM device_credential"))
    assert token not in kept
    assert password not in kept
    assert credentials.verify(token) == "s-1"
    assert credentials.verify(password) is None
    assert credentials.verify("") is None
    assert [(one.kind, one.user) for one in credentials.of("s-1")] == [("http", ""), ("mqtt", "device-s-1")]
    assert made.created_by == "li"


def test_rotating_ends_the_old_one_and_revoking_the_last(credentials):
    _, old = credentials.issue("s-1", "http", "li")
    _, new = credentials.issue("s-1", "http", "li")
    assert (credentials.verify(old), credentials.verify(new)) == (None, "s-1")
    credentials.revoke("s-1", "http")
    assert credentials.verify(new) is None
    with pytest.raises(NotFound, match="'s-1' has no http"):
        credentials.revoke("s-1", "http")
    with pytest.raises(Invalid, match="'ssh'"):
        credentials.issue("s-1", "ssh", "li")


def test_they_hold_over_a_restart_with_the_time_of_their_last_use(credentials, graph, clock):
    _, token = credentials.issue("s-1", "http", "li")
    _, gone = credentials.issue("s-2", "http", "li")
    credentials.revoke_all("s-2")
    clock.advance(5)
    credentials.verify(token)
    credentials.flush()
    again = Credentials(graph.db, clock)
    assert again.of("s-1")[0].used_ms == clock.now_ms()
    assert (again.verify(token), again.verify(gone)) == ("s-1", None)


def test_bcrypt_is_bcrypt():
    hashed = bcrypt("secret")
    assert hashed.startswith("$2b$04$")
    assert len(hashed) == 60
    assert matches("secret", hashed)
    assert not matches("Secret", hashed)
    assert bcrypt("secret") != hashed
    # A vector of the algorithm's authors, so that it is bcrypt and not merely consistent.
    assert matches("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("a/b", "a.b"),
        ("a/+/#", "a.*.>"),
        ("/a", "/.a"),
        ("a//b", "a./.b"),
        ("x.y/t", "x//y.t"),
        ("a b", None),
        ("", None),
    ],
)
def test_topics_become_subjects(topic, expected):
    assert subject(topic) == expected


class Client:
    def __init__(self, door, user, password, name):
        self.loop, self.got, self.state = asyncio.get_running_loop(), [], asyncio.Queue()
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id=name)
        self.client.username_pw_set(user, password)
        self.client.on_message = lambda _c, _u, message: self.got.append((message.topic, message.payload))
        self.client.on_connect = lambda _c, _u, _f, reason, _p: self._put("connect", str(reason))
        self.client.on_disconnect = lambda _c, _u, _f, reason, _p: self._put("gone", str(reason))
        self.client.on_subscribe = lambda _c, _u, _m, codes, _p: self._put("subscribe", codes[0].is_failure)
        self.client.on_publish = lambda _c, _u, mid, _r, _p: self._put("published", mid)
        self.client.connect_async(door.host, door.mqtt_port)
        self.client.loop_start()

    def _put(self, *what):
        self.loop.call_soon_threadsafe(self.state.put_nowait, what)

    async def next(self, kind):
        async with asyncio.timeout(10):
            while True:
                found = await self.state.get()
                if found[0] == kind:
                    return found[1]

    async def send(self, topic, payload):
        self.client.publish(topic, payload, qos=1)
        await self.next("published")

    async def subscribe(self, topic):
        self.client.subscribe(topic, qos=1)
        return not await self.next("subscribe")

    async def close(self):
        self.client.disconnect()
        await asyncio.to_thread(self.client.loop_stop)


async def test_a_device_is_held_to_its_topics_and_let_in_and_out_without_a_restart(credentials, tmp_path):
    broker = Broker(tmp_path / "broker")
    await broker.start()
    process, door = broker._process.pid, broker.door
    park = Client(door, door.user, door.password, "park")
    device = None
    try:
        assert await park.next("connect") == "Success"
        assert await park.subscribe("#")
        _, secret = credentials.issue("s-1", "mqtt", "li")
        with pytest.raises(Denied):
            await handshake(door.host, door.mqtt_port, "device-s-1", secret)
        topics = {"s-1": ["park/a1/t.1", "/odd//topic"]}
        await broker.set_users(credentials.broker_users(topics))
        await let_in(door, secret)
        assert secret not in (tmp_path / "broker" / "nats.conf").read_text()
        assert (tmp_path / "broker" / "nats.conf").stat().st_mode & 0o777 == 0o600

        device = Client(door, "device-s-1", secret, "s-1")
        assert await device.next("connect") == "Success"
        for topic in ("park/a1/t.1", "devices/s-1/up", "devices/s-2/up", "park/a1/t2", "/odd//topic", "devices/s-1"):
            await device.send(topic, topic)
        assert await device.subscribe("devices/s-1/#")
        assert not await device.subscribe("#")
        assert not await device.subscribe("devices/s-2/#")
        await park.send("devices/s-2/command", "not for it")
        await park.send("devices/s-1/command", "go")
        await wait_until(lambda: device.got)
        assert device.got == [("devices/s-1/command", b"go")]
        await wait_until(lambda: len(park.got) >= 6)
        assert {topic for topic, _ in park.got} == {
            "park/a1/t.1", "devices/s-1/up", "/odd//topic", "devices/s-1", "devices/s-1/command", "devices/s-2/command",
        }  # fmt: skip

        credentials.revoke("s-1", "mqtt")
        await broker.set_users(credentials.broker_users(topics))
        await device.next("gone")
        with pytest.raises(Denied):
            await handshake(door.host, door.mqtt_port, "device-s-1", secret)
        assert park.client.is_connected()
        assert (broker._process.pid, broker.restarts) == (process, 0)
    finally:
        for client in (park, device):
            if client is not None:
                await client.close()
        await broker.stop()


async def let_in(door, secret):
    """The broker reads its configuration anew within a moment after it was asked to."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await handshake(door.host, door.mqtt_port, "device-s-1", secret)
            except Denied:
                await asyncio.sleep(0.05)


async def wait_until(condition):
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  another thread fills the lists
            await asyncio.sleep(0.02)
