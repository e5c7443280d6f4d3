"""Publish the model's readings over MQTT until told to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import numpy as np
import orjson
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from scenes.simulator.park_model import ParkModel, Snapshot
from twin.errors import Invalid

log = logging.getLogger(__name__)

BEAT_S = 0.2
MQTT_HEAD = "mqtt:"
WINDOW = 2000
"""QoS 1 messages in flight at most; further readings are left out until the broker catches up."""


class Publisher:
    """A client of the broker at `mqtt://user:password@host:port`, for the points that have an MQTT address.

    clock: epoch ms. Readings that fall due while the broker is away are left out, as a device's would be.
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
        parts = urlsplit(url)
        if parts.scheme != "mqtt" or not parts.hostname:
            raise Invalid("The broker's url is not usable: expected mqtt://user:password@host:port", code="broker-url")
        self._model, self._qos, self._clock = model, qos, clock
        self._topics = [
            point.source.removeprefix(MQTT_HEAD) if point.source.startswith(MQTT_HEAD) else "" for point in model.points
        ]
        self._addressed = np.array([bool(topic) for topic in self._topics], dtype=np.bool_)
        self._host, self._port = parts.hostname, parts.port or 1883
        self.published = 0
        self._stop = threading.Event()
        self._connected = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="parktwin-simulator")
        if parts.username is not None:
            self._client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
        self._client.reconnect_delay_set(*retry_s)  # type: ignore[arg-type]  # fractions of a second work
        self._client.max_queued_messages_set(WINDOW)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect

    def stop(self) -> None:
        """Let `run` end; from any thread or a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Publish what falls due, five times a second, until stopped. Reconnects by itself."""
        self._client.connect_async(self._host, self._port, keepalive=15)
        self._client.loop_start()
        try:
            last = self._clock()
            while not self._stop.wait(BEAT_S):
                now = self._clock()
                if self._connected.is_set():
                    self.publish(last, now)
                last = now
        finally:
            self._client.disconnect()
            self._client.loop_stop()
        log.info("stopped after %d readings", self.published)

    def publish(self, after_ms: int, until_ms: int) -> int:
        """Publish what falls due in (after, until], epoch ms; returns how many."""
        snapshot = self._model.at(until_ms)
        due = self._model.due(after_ms, until_ms)
        due = due[self._addressed[due] & ~snapshot.silent[due]]
        for number in due.tolist():
            self._client.publish(self._topics[number], payload(snapshot, number, until_ms), qos=self._qos)
        self.published += len(due)
        return len(due)

    def _on_connect(
        self, _client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            log.error("%s:%d refuses: %s", self._host, self._port, reason)
            return
        log.info(
            "connected to %s:%d, %.0f readings/s of %d points",
            self._host,
            self._port,
            self._model.rate,
            len(self._model),
        )
        self._connected.set()

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._connected.clear()
        if not self._stop.is_set():
            log.warning("%s:%d was lost (%s); trying again", self._host, self._port, reason)


def payload(snapshot: Snapshot, number: int, t_ms: int) -> bytes:
    """One reading as JSON, marked as simulated; a broken device's value is null, its quality bad."""
    value = float(snapshot.values[number])
    broken = value != value  # noqa: PLR0124  NaN
    return orjson.dumps({"v": None if broken else value, "t": t_ms, "q": 2 if broken else 0, "sim": True})
