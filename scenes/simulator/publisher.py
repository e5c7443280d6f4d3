"""Publish the model's readings over MQTT until told to stop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import numpy as np
import orjson

from scenes.simulator.park_model import ParkModel, Snapshot
from twin.connectors.mqtt_client.client import MqttClient
from twin.connectors.mqtt_client.connection import Connection
from twin.connectors.mqtt_client.stream import Batch
from twin.connectors.mqtt_link import MqttLink

log = logging.getLogger(__name__)

BEAT_S = 0.2
MQTT_HEAD = "mqtt:"
WINDOW = 2000
"""Messages of QoS 1 in flight at most; further readings are left out until the broker catches up."""


class Publisher:
    """A client of the broker at `mqtt://user:password@host:port`, for the points that have an MQTT address.

    clock: epoch ms. Readings that fall due while the broker is away or busy are left out, as a device's would be.
    """

    def __init__(
        self,
        model: ParkModel,
        url: str,
        *,
        qos: int = 0,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        retry_s: tuple[float, float] = (0.5, 10.0),
    ) -> None:
        self._link = MqttLink("simulator", url, client_id="parktwin-simulator")
        self._model, self._qos, self._clock, self._retry_s = model, qos, clock, retry_s
        self._topics = [
            point.source.removeprefix(MQTT_HEAD) if point.source.startswith(MQTT_HEAD) else "" for point in model.points
        ]
        self._addressed = np.array([bool(topic) for topic in self._topics], dtype=np.bool_)
        self._where, self._away = f"{self._link.host}:{self._link.port}", ""
        self.published = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Publish what falls due, five times a second, until told to stop. Reconnects by itself."""
        client = MqttClient(self._link, self, retry_s=self._retry_s, clean=True, window=WINDOW)
        client.start()
        try:
            last = self._clock()
            while not await _within(stop, BEAT_S):
                now = self._clock()
                if client.connected:
                    self.publish(client, last, now)
                last = now
        finally:
            await client.stop()
        log.info("stopped after %d readings", self.published)

    def publish(self, client: MqttClient, after_ms: int, until_ms: int) -> int:
        """Publish what falls due in (after, until], epoch ms; returns how many the client took."""
        snapshot = self._model.at(until_ms)
        due = self._model.due(after_ms, until_ms)
        due = due[self._addressed[due] & ~snapshot.silent[due]]
        count = 0
        for number in due.tolist():
            if not client.ready:
                break
            client.publish(self._topics[number], payload(snapshot, number, until_ms), self._qos)
            count += 1
        self.published += count
        return count

    # The client calls these.

    def connected(self) -> None:
        """See `Owner`."""
        self._away = ""
        log.info("connected to %s, %.0f readings/s of %d points", self._where, self._model.rate, len(self._model))

    def away(self, why: str, *, was_connected: bool) -> None:
        """See `Owner`. A reason that stays is told once."""
        told = f"{self._where} {f'was lost ({why})' if was_connected else why}"
        if told != self._away:
            log.warning("%s; trying again", told)
        self._away = told

    def room(self) -> bool:
        """See `Owner`."""
        return True

    def take(self, batch: Batch, connection: Connection) -> None:
        """See `Owner`. Nothing is subscribed to."""

    def subscribed(self, refused: str) -> None:
        """See `Owner`. Nothing is subscribed to."""


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


def payload(snapshot: Snapshot, number: int, t_ms: int) -> bytes:
    """One reading as JSON, marked as simulated; a broken device's value is null, its quality bad."""
    value = float(snapshot.values[number])
    broken = value != value  # noqa: PLR0124  NaN
    return orjson.dumps({"v": None if broken else value, "t": t_ms, "q": 2 if broken else 0, "sim": True})
