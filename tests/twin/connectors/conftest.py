import asyncio
import contextlib

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.mosquitto import Mosquitto, need_mosquitto
from twin.connectors.broker import Broker


@pytest.fixture
async def broker(tmp_path):
    broker = Broker(tmp_path / "broker", ack_wait_s=2)
    await broker.start()
    yield broker
    await broker.stop()


@pytest.fixture
async def mosquitto(tmp_path):
    need_mosquitto()
    broker = Mosquitto(tmp_path / "mosquitto")
    await broker.start()
    yield broker
    await broker.stop()


@pytest.fixture
async def publisher(broker):
    """A device: a paho client of its own, connected to the broker; it reconnects by itself."""
    door, loop, connected = broker.door, asyncio.get_running_loop(), asyncio.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="device", clean_session=False)
    client.username_pw_set(door.user, door.password)
    client.reconnect_delay_set(0.05, 0.2)
    client.on_connect = lambda *_: loop.call_soon_threadsafe(connected.set)
    client.on_disconnect = lambda *_: loop.call_soon_threadsafe(connected.clear)
    client.connect_async(door.host, door.mqtt_port)
    client.loop_start()
    client.connected = connected
    async with asyncio.timeout(20):
        await connected.wait()
    yield client
    client.disconnect()
    with contextlib.suppress(RuntimeError):
        await asyncio.to_thread(client.loop_stop)
