"""SensorThings over MQTT (18-088, clause 14): new Observations are published, published ones are taken in.

Both directions have the same topics. What this service publishes carries its self link, and is passed over when it comes
back. A message is acknowledged when its Observation is committed or refused for good.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import numpy as np
import orjson
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from server.sta import observation_shape as shape
from server.sta.body import parsed, table
from server.sta.links import ROOT
from server.sta.observations import Found
from server.sta.service import SensorThings
from server.sta.syntax.resource import parse_resource
from twin.connectors.connector import State
from twin.connectors.inbox import Inbox
from twin.errors import ParkError
from twin.runtime.park_runtime import ParkRuntime
from twin.state.samples import Ints, Samples

log = logging.getLogger(__name__)

PREFIX = "v1.1/"
FILTERS = ((f"{PREFIX}#", 1),)
OWN = b'"@iot.selfLink"'
PERIOD_S = 0.2
MAX_WAITING = 100_000
MAX_QUEUED = 20_000
MARKS = str.maketrans({"#": "%23", "+": "%2B", "%": "%25"})
"""Signs of ids that a topic cannot hold, and the one that says so."""


class _Message(NamedTuple):
    topic: str
    payload: bytes
    mid: int
    qos: int
    connection: int


@dataclass(slots=True)
class Counts:
    """What went through since the start. published, dropped: out; taken, refused: in."""

    published: int = 0
    dropped: int = 0
    taken: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Waiting:
    batches: list[tuple[Samples, Ints]] = field(default_factory=list)
    rows: int = 0


class StaMqtt:
    """The bridge between a running park and its broker. On the event loop; the client's thread only hands over."""

    kind = name = "sensorthings-mqtt"

    def __init__(self, service: SensorThings, runtime: ParkRuntime, url: str) -> None:
        self._service, self._runtime = service, runtime
        self.state, self.detail, self.counts = State.STOPPED, "", Counts()
        self._waiting, self._flush = _Waiting(), asyncio.Event()
        self._lock, self._connection = threading.Lock(), 0
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        self.address = f"{parts.scheme}://{self._host}:{self._port}"
        self._loop = asyncio.get_running_loop()
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"parktwin-sta-{runtime.park.id}",
            clean_session=False,
            manual_ack=True,
        )
        if parts.scheme == "mqtts":
            self._client.tls_set()
        if parts.username is not None:
            self._client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
        self._client.max_queued_messages_set(MAX_QUEUED)
        self._client.reconnect_delay_set(0.5, 30.0)  # type: ignore[arg-type]  # fractions of a second work
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = lambda *_: self._tell(State.FAILED, "cannot be reached; trying again")
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._inbox: Inbox[_Message] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect and to listen to the park, and return."""
        self._inbox = Inbox(self._take, PERIOD_S)
        self._task = asyncio.create_task(self._publishing(), name="sta-mqtt")
        self._runtime.taps.append(self._tap)
        self._client.connect_async(self._host, self._port, keepalive=15)
        self._client.loop_start()

    async def stop(self) -> None:
        """Take what has arrived, disconnect; the broker keeps the rest for the next start."""
        inbox, self._inbox = self._inbox, None
        if inbox is None or self._task is None:
            return
        self._runtime.taps.remove(self._tap)
        await inbox.close()
        await inbox.flush()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)
        self.state = State.STOPPED

    def status(self) -> dict[str, object]:
        """As the park's other connections tell it."""
        counts = self.counts
        return {
            "name": self.name,
            "kind": self.kind,
            "state": self.state.value,
            "detail": self.detail,
            "messages": counts.taken + counts.refused,
            "acknowledged": counts.taken,
            "unknown": counts.refused,
            "undecodable": 0,
            "dropped": counts.dropped,
            "bad": None,  # counted for the park only: its readings come together with those posted
            "late": None,
            "skewed": None,
        }

    # Out

    def _tap(self, samples: Samples, committed: asyncio.Future[None]) -> None:
        keys = self._runtime.keys[samples.points]
        committed.add_done_callback(lambda done: self._committed(done, samples, keys))

    def _committed(self, done: asyncio.Future[None], samples: Samples, keys: Ints) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        if self._waiting.rows + len(samples) > MAX_WAITING:
            self.counts.dropped += len(samples)
            return
        self._waiting.batches.append((samples, keys))
        self._waiting.rows += len(samples)
        self._flush.set()

    async def _publishing(self) -> None:
        while True:
            await self._flush.wait()
            await asyncio.sleep(PERIOD_S)  # let a batch gather
            self._flush.clear()
            waiting, self._waiting = self._waiting, _Waiting()
            try:
                await asyncio.to_thread(self._publish, waiting)
            except Exception:
                log.exception("Observations were not published")  # the next ones must still go out

    def _publish(self, waiting: _Waiting) -> None:
        catalogue = self._service.catalogue()
        found = Found(
            np.concatenate([keys for _, keys in waiting.batches]),
            np.concatenate([samples.times for samples, _ in waiting.batches]),
            np.concatenate([samples.values for samples, _ in waiting.batches]),
            np.concatenate([samples.quality for samples, _ in waiting.batches]),
        )
        found = found.at(np.flatnonzero(np.isin(found.keys, list(catalogue.points))))
        for key, row in zip(found.keys.tolist(), shape.rows(found, catalogue), strict=True):
            body = orjson.dumps(shape.entity(row, ROOT, None))
            sent = self._client.publish(topic_of(catalogue.points[key]), body, qos=1)
            if sent.rc in (paho.MQTT_ERR_SUCCESS, paho.MQTT_ERR_NO_CONN):  # without a connection it is queued
                self.counts.published += 1
            else:
                self.counts.dropped += 1

    # In

    async def _take(self, arrived: list[_Message]) -> None:
        """Post what came, all together; a message that can never be right is acknowledged as well."""
        given, messages = [], []
        for message in arrived:
            try:
                resource = parse_resource(unquote(message.topic.removeprefix(PREFIX)))
                datastream = await asyncio.to_thread(self._service.datastream_of, resource)
                given.append((datastream, table(parsed(message.payload), "Observation")))
                messages.append(message)
            except ParkError as error:
                self._refuse(message, error)
        if not given:
            return
        try:
            done = await self._service.post(given)
        except ParkError as error:  # not acknowledged: of QoS 1 the broker sends it again
            self.detail = error.message
            return
        for message, one in zip(messages, done, strict=True):
            if isinstance(one, ParkError):
                self._refuse(message, one)
            else:
                self.counts.taken += 1
                self._acknowledge(message)

    def _refuse(self, message: _Message, error: ParkError) -> None:
        self.counts.refused += 1
        self.detail = f"{message.topic[:120]}: {error.message}"
        log.debug("An Observation over MQTT was refused: %s", self.detail)  # the status page tells the last one
        self._acknowledge(message)

    def _acknowledge(self, message: _Message) -> None:
        with self._lock:  # message ids belong to one connection
            if message.qos > 0 and message.connection == self._connection:
                self._client.ack(message.mid, message.qos)

    # The client's thread calls these.

    def _on_connect(
        self, _client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._tell(State.FAILED, f"refuses: {reason}")
            return
        with self._lock:
            self._connection += 1
        self._client.subscribe(list(FILTERS))
        self._tell(State.CONNECTED, "")

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        with self._lock:
            self._connection += 1
        self._tell(State.CONNECTING, f"was lost ({reason}); trying again")

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        inbox = self._inbox
        if inbox is None:
            return  # stopping: not acknowledged, so the broker keeps it
        if OWN in message.payload:
            self._client.ack(message.mid, message.qos)
            return
        inbox.put(_Message(message.topic, bytes(message.payload), message.mid, message.qos, self._connection))

    def _tell(self, state: State, detail: str) -> None:
        self.state, self.detail = state, f"{self._host}:{self._port} {detail}".strip()


def topic_of(datastream: str) -> str:
    """Where a Datastream's new Observations are published, and where clients publish theirs."""
    ident = datastream.replace("'", "''").translate(MARKS)
    return f"{PREFIX}Datastreams('{ident}')/Observations"


def bridge(service: SensorThings, runtime: ParkRuntime) -> StaMqtt | None:
    """The bridge to the park's broker; None where there is none, which is logged."""
    url = runtime.settings.broker_url
    if not url and runtime.broker is not None and runtime.broker.state == "running":
        url = runtime.broker.url
    if not url:
        log.error("SensorThings goes without MQTT: the park has no broker that runs")
        return None
    return StaMqtt(service, runtime, url)
