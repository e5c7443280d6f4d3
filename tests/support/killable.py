"""A server in a process of its own that tests kill or starve, and a device that sends to it."""

from __future__ import annotations

import json
import multiprocessing
import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.killed_server import LOADED, serve

SOON_S = 60


def context():
    """Processes that start with everything imported, so that a round costs what the server does and no more."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.support.killed_server", "pandas"])  # DuckDB imports it when it binds a list
    return found


class Sender:
    """A device at QoS 1 that keeps its messages over broken connections. `acknowledged`: what the broker took."""

    def __init__(self) -> None:
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id="sender", clean_session=False)
        self.client.max_queued_messages_set(0)
        self.client.reconnect_delay_set(0.02, 0.1)
        self.client.on_publish = self._taken
        self.acknowledged: set[tuple[str, float]] = set()
        self._sent: list[tuple[str, float]] = []
        self._ids: dict[int, tuple[str, float]] = {}  # numbers come again after 65,535 messages
        self._clock = time.time_ns() // 1_000_000 - 3_600_000
        self._number = 0

    def connect(self, door) -> None:
        self.client.username_pw_set(door.user, door.password)
        self.client.connect_async(door.host, door.mqtt_port)
        self.client.loop_start()

    def send(self, point: str, value: float) -> None:
        self._clock += 1
        info = self.client.publish(f"k/{point}", json.dumps({"v": value, "t": self._clock}), qos=1)
        self._sent.append((point, value))
        self._ids[info.mid] = (point, value)

    def load(self, count: int) -> None:
        """Messages whose value is their number."""
        for _ in range(count):
            self._number += 1
            self.send(LOADED[self._number % len(LOADED)], float(self._number))

    @property
    def owed(self) -> int:
        """Messages that the broker has not acknowledged."""
        return len(self._sent) - len(self.acknowledged)

    def _taken(self, _client, _data, mid, *_rest) -> None:
        self.acknowledged.add(self._ids[mid])

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class Server:
    """The process that is killed."""

    def __init__(self, context, folder) -> None:
        self.link, other = context.Pipe()
        self._process = context.Process(target=serve, args=(folder, other), daemon=True)
        self._process.start()
        other.close()
        assert self.link.poll(SOON_S), "the server did not start"
        self.door = self.link.recv()

    def ask(self, question: str):
        self.link.send(question)
        assert self.link.poll(SOON_S), f"no answer to {question}"
        return self.link.recv()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self.link.close()


def until(condition, what: str):
    """The first true answer."""
    deadline = time.monotonic() + SOON_S
    while not (answer := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.01)
    return answer
