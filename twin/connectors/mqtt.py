"""MQTT 3.1.1: subscribe to the points' topics, hand readings over in batches, acknowledge after commit.

A message of QoS 1 is acknowledged to the broker only when its reading is committed to the history; the
session is kept under one client id, so that the broker holds what arrives while this process is away.
Delivery is at least once: after a broken connection a reading may come twice, with the same time.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import numpy as np
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from twin.clock import Clock, SystemClock
from twin.connectors.candidates import Candidates
from twin.connectors.connector import Address, Counters, Readings, Sink, State
from twin.connectors.inbox import Inbox
from twin.connectors.payload import Reading, decode
from twin.errors import Invalid, ParkError
from twin.state.point import PointSpec

log = logging.getLogger(__name__)

MAX_FILTERS = 4
"""The embedded broker counts each `…/#` filter twice against its limit of unacknowledged messages."""
MAX_IN_FLIGHT = 16
"""Batches that may wait for their commit at once."""


class _Arrived(NamedTuple):
    topic: str
    payload: bytes
    mid: int
    qos: int
    connection: int


class MqttConnector:
    """Readings of an MQTT broker.

    url: `mqtt://user:password@host:port`, or `mqtts://` for TLS. topics: filters to subscribe to;
    None makes them from the points' topics. batch_s: seconds over which messages are gathered.
    """

    kind = "mqtt"

    def __init__(
        self,
        name: str,
        url: str,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        topics: Sequence[str] | None = None,
        client_id: str = "",
        batch_s: float = 0.05,
        retry_s: tuple[float, float] = (0.5, 30.0),
        clock: Clock | None = None,
    ) -> None:
        self.name, self.url = name, url
        self.state, self.detail = State.STOPPED, ""
        self.counters = Counters()
        self._sink, self._topics, self._batch_s = sink, topics, batch_s
        self._address = Address.of(self.kind, points).points
        self._candidates = Candidates()
        self._clock = clock or SystemClock()
        self._inbox: Inbox[_Arrived] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._commits: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._connection = 0  # message ids belong to one connection: an acknowledgement must not reach the next
        self._ack_lock = threading.Lock()
        self._changed = asyncio.Event()
        parts = urlsplit(url)
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise Invalid(
                f"Connector {name!r}: url {_hidden(url)!r} is not usable; expected mqtt://user:password@host:port",
                code="connector-url",
            )
        self._host = parts.hostname
        self._port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id or f"parktwin-{name}",
            clean_session=False,
            manual_ack=True,
        )
        if parts.scheme == "mqtts":
            self._client.tls_set()
        if parts.username is not None:
            self._client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
        self._client.reconnect_delay_set(*retry_s)  # type: ignore[arg-type]  # fractions of a second work
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    async def start(self) -> None:
        """Begin to connect, and return; connecting and reconnecting goes on by itself, with growing pauses."""
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox(self._take, self._batch_s)
        self._set(State.CONNECTING, f"{self._host}:{self._port}")
        self._client.connect_async(self._host, self._port, keepalive=15)
        self._client.loop_start()

    async def stop(self) -> None:
        """Hand over what has arrived, acknowledge it, disconnect; the broker keeps the rest for the next start."""
        inbox, self._inbox = self._inbox, None
        if inbox is None:
            return
        await inbox.close()
        await inbox.flush()
        if self._commits:
            await asyncio.gather(*self._commits, return_exceptions=True)
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)
        self._set(State.STOPPED, "")

    def bind(self, points: Sequence[PointSpec]) -> None:
        """Serve other points from now on; subscribes to their topics."""
        self._address = Address.of(self.kind, points).points
        self._candidates.forget(self._address)
        if self.state is State.CONNECTED:
            self._subscribe()

    def candidates(self) -> list[dict[str, object]]:
        """Topics that send values but belong to no point, with count, last payload and time."""
        return self._candidates.rows()

    async def wait_for(self, state: State) -> None:
        """Wait until the connector stands there."""
        await self.wait_until(lambda: self.state is state)

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition on state or counters holds; it is asked after each of their changes."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    # The client's thread calls these.

    def _on_connect(
        self, _client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._post(State.FAILED, f"{self._host}:{self._port} refuses: {reason}")
            return
        with self._ack_lock:
            self._connection += 1
        self.counters.connections += 1
        self._subscribe()

    def _subscribe(self) -> None:
        self._client.subscribe([(topic, 1) for topic in self._topics or filters(self._address)])

    def _on_subscribe(
        self, _client: paho.Client, _data: object, _mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._post(State.FAILED, f"{self._host}:{self._port} refuses the subscription: {refused[0]}")
        else:
            self.counters.subscriptions += 1
            self._post(State.CONNECTED, f"{self._host}:{self._port}")

    def _on_connect_fail(self, _client: paho.Client, _data: object) -> None:
        self._post(State.FAILED, f"{self._host}:{self._port} cannot be reached; trying again")

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        with self._ack_lock:
            self._connection += 1
        if self.state is State.CONNECTED:
            self._post(State.CONNECTING, f"{self._host}:{self._port} was lost ({reason}); trying again")

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        inbox = self._inbox
        if inbox is None:
            return  # stopping: not acknowledged, so the broker keeps it
        arrived = _Arrived(message.topic, bytes(message.payload), message.mid, message.qos, self._connection)
        if not inbox.put(arrived):
            self.counters.dropped += 1  # of QoS 1 it is not acknowledged: the broker sends it again

    def _post(self, state: State, detail: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._set, state, detail)

    # The event loop runs these.

    def _set(self, state: State, detail: str) -> None:
        if state is not self.state:
            log.info("Connector %s is %s: %s", self.name, state, detail)
        self.state, self.detail = state, detail
        self._changed.set()

    async def _take(self, arrived: list[_Arrived]) -> None:
        # From looking addresses up to handing over nothing is awaited: the points may change meanwhile.
        await self._slots.acquire()
        self.counters.messages += len(arrived)
        known: list[int] = []
        decoded: list[Reading] = []
        for message in arrived:
            index = self._address.get(message.topic)
            if index is None:
                self.counters.unknown += 1
                self._candidates.add(message.topic, message.payload, self._clock.now_ms())
                continue
            try:
                reading = decode(message.payload)
            except Invalid:
                self.counters.undecodable += 1
                reading = Reading(np.nan, quality=2)  # seen as bad on its point, not lost in a log
            known.append(index)
            decoded.append(reading)
        readings = _columns(known, decoded)
        self.counters.readings += len(readings)
        self.counters.simulated += int(readings.simulated.sum())
        try:
            pending = self._sink(readings) if len(readings) else None
        except ParkError as error:
            self._slots.release()
            self._refused(readings, error)
            return
        task = asyncio.get_running_loop().create_task(self._commit(readings, pending, arrived))
        self._commits.add(task)
        task.add_done_callback(self._committed)

    def _committed(self, task: asyncio.Task[None]) -> None:
        self._commits.discard(task)
        self._slots.release()
        self._changed.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("Connector %s lost a batch", self.name, exc_info=task.exception())

    def _refused(self, readings: Readings, error: ParkError) -> None:
        self.counters.dropped += len(readings)  # not acknowledged: of QoS 1 the broker sends it again
        self.detail = error.message
        self._changed.set()

    async def _commit(self, readings: Readings, pending: Awaitable[None] | None, arrived: list[_Arrived]) -> None:
        if pending is not None:
            try:
                await pending
            except ParkError as error:
                self._refused(readings, error)
                return
        with self._ack_lock:
            due = [message for message in arrived if message.qos > 0 and message.connection == self._connection]
            for message in due:
                self._client.ack(message.mid, message.qos)
        self.counters.acknowledged += len(due)


def filters(topics: Mapping[str, int]) -> list[str]:
    """Subscription filters that cover the topics: one per first level, or `#` where these are many."""
    heads = sorted({topic.split("/", 1)[0] for topic in topics})
    return [f"{head}/#" for head in heads] if 0 < len(heads) <= MAX_FILTERS else ["#"]


def mqtt_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink
) -> MqttConnector:
    """A connector from its `park.toml` entry: url, and optionally topics. Raises Invalid naming a wrong setting."""
    unknown = sorted(set(settings) - {"url", "topics"})
    if unknown:
        raise Invalid(f"Connector {name!r}: setting {unknown[0]!r} is unknown; expected url, topics", code="connector")
    topics = settings.get("topics")
    if topics is not None and not (isinstance(topics, list) and topics and all(isinstance(t, str) for t in topics)):
        raise Invalid(f"Connector {name!r}: topics is {topics!r}; expected a list of topic filters", code="connector")
    return MqttConnector(name, str(settings.get("url", "")), points, sink, topics=topics)


def _columns(points: list[int], readings: list[Reading]) -> Readings:
    return Readings(
        points=np.array(points, dtype=np.int64),
        values=np.array([reading.value for reading in readings], dtype=np.float64),
        times=np.array([reading.time for reading in readings], dtype=np.int64),
        quality=np.array([reading.quality for reading in readings], dtype=np.int64),
        simulated=np.array([reading.simulated for reading in readings], dtype=np.bool_),
    )


def _hidden(url: str) -> str:
    parts = urlsplit(url)
    return url if parts.password is None else url.replace(f":{parts.password}@", ":…@")
