"""MQTT 3.1.1 and 5: subscribe to the points' topics, hand readings over in batches, acknowledge after commit.

A message of QoS 1 is acknowledged to the broker only when its readings are committed to the history; the
session is kept under one client id, so that the broker holds what arrives while this process is away.
Delivery is at least once: after a broken connection a reading may come twice, with the same time.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import paho.mqtt.client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from twin.clock import Clock, SystemClock
from twin.connectors.connector import Counters, Readings, Sink, State
from twin.connectors.inbox import Inbox
from twin.connectors.intake import Arrived, Intake
from twin.connectors.mapping import Mapped
from twin.connectors.mqtt_command import CommandSettings, MqttCommander
from twin.connectors.mqtt_link import MqttLink, link_from
from twin.connectors.mqtt_reader import SAMPLE, MqttReader, TopicTemplate, topic_template
from twin.connectors.payload import Reading, decode
from twin.connectors.setting_reader import SettingReader
from twin.errors import Invalid, ParkError
from twin.state.point import PointSpec

log = logging.getLogger(__name__)

MAX_FILTERS = 4
"""The embedded broker counts each `…/#` filter twice against its limit of unacknowledged messages."""
MAX_IN_FLIGHT = 16
"""Batches that may wait for their commit at once."""
MAX_SHOWN = 20_000
"""Topics without a plain value whose last payload is kept."""


class _Arrived(NamedTuple):
    topic: str
    payload: bytes
    mid: int
    qos: int
    connection: int


class MqttConnector:
    """Readings of an MQTT broker, and commands to the devices behind it.

    link: the broker, or its url. topics: filters to subscribe to; None makes them from the points' topics.
    templates: how JSON of some topics is read; command: where commands go. batch_s: seconds over which messages are
    gathered.
    """

    kind = "mqtt"

    def __init__(
        self,
        name: str,
        link: MqttLink | str,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        topics: Sequence[str] | None = None,
        templates: Sequence[TopicTemplate] = (),
        command: CommandSettings | None = None,
        batch_s: float = 0.05,
        retry_s: tuple[float, float] = (0.5, 30.0),
        clock: Clock | None = None,
    ) -> None:
        self.name, self.link = name, MqttLink(name, link) if isinstance(link, str) else link
        self.state, self.detail = State.STOPPED, ""
        self.counters = Counters()
        self._sink, self._topics, self._batch_s = sink, topics, batch_s
        self._clock = clock or SystemClock()
        self._inbox: Inbox[_Arrived] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._commits: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._connection = 0  # message ids belong to one connection: an acknowledgement must not reach the next
        self._ack_lock = threading.Lock()
        self._changed = asyncio.Event()
        self._where = f"{self.link.host}:{self.link.port}"
        self._client = self.link.client(retry_s)
        self._reader = MqttReader(templates, self._publish)
        self._commander = MqttCommander(name, command or CommandSettings(), self._client, self._reader.sparkplug)
        self.intake = Intake(self.kind, points, sink, self._clock, self.counters)
        self._plain: dict[str, int] = {}
        self._payloads: dict[str, bytes] = {}  # last one of each topic, to be shown
        self._rebind()
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    async def start(self) -> None:
        """Begin to connect, and return; connecting and reconnecting goes on by itself, with growing pauses."""
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox(self._take, self._batch_s)
        self._set(State.CONNECTING, self._where)
        self.link.connect(self._client)
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

    async def hand_over(self) -> None:
        """See `Gatherer`."""
        if self._inbox is not None and not self._slots.locked():  # else it would wait for a commit
            await self._inbox.flush()

    def bind(self, points: Sequence[PointSpec]) -> None:
        """Serve other points from now on; subscribes to their topics."""
        self.intake.bind(points)
        self._rebind()

    def map(self, mapped: Mapping[str, Mapped]) -> None:
        """Take the mapping's entries for this connector, by address; subscribes to their topics."""
        self.intake.map(mapped)
        self._rebind()

    def _rebind(self) -> None:
        self._plain = self._reader.bind(self.intake.addresses, self.intake.mapped)
        self._payloads.clear()
        if self.state is State.CONNECTED:
            self._subscribe()

    def candidates(self) -> list[dict[str, object]]:
        """Addresses that send values but belong to no point, with count, last payload and time."""
        return self.intake.candidates()

    def last(self, address: str) -> Arrived | None:
        """What came last from an address; None where nothing did. An address with a path is read from its topic's last."""
        found = self.intake.last(address)
        if found is not None:
            return found
        topic, mark, path = address.partition("#")
        payload = self._payloads.get(topic)
        if payload is None:
            return None
        return self._reader.followed(address, path, payload) if mark else self._reader.plain(address, payload)

    async def write(self, address: str, value: float) -> None:
        """See `Writer`; how a device confirms is in the settings (`CommandSettings`)."""
        await self._commander.write(address, value)

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
            self._post(State.FAILED, f"{self._where} refuses: {reason}")
            return
        with self._ack_lock:
            self._connection += 1
        self.counters.connections += 1
        self._subscribe()

    def _subscribe(self) -> None:
        topics = list(self._topics or filters(self.intake.addresses))
        self._client.subscribe([(topic, 1) for topic in [*topics, *self._commander.reply_topics()]])

    def _publish(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=0)  # of Sparkplug: commands have QoS 0

    def _on_subscribe(
        self, _client: paho.Client, _data: object, _mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._post(State.FAILED, f"{self._where} refuses the subscription: {refused[0]}")
        else:
            self.counters.subscriptions += 1
            self._post(State.CONNECTED, self._where)

    def _on_connect_fail(self, _client: paho.Client, _data: object) -> None:
        self._post(State.FAILED, f"{self._where} cannot be reached; trying again")

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        with self._ack_lock:
            self._connection += 1
        if self.state is State.CONNECTED:
            self._post(State.CONNECTING, f"{self._where} was lost ({reason}); trying again")

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        inbox = self._inbox
        if self._commander.hears(message.topic, bytes(message.payload)):
            self._client.ack(message.mid, message.qos)
            return
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
        plain, payloads = self._plain, self._payloads
        for message in arrived:
            index = plain.get(message.topic)
            if index is None:
                for index, reading in self._read(message):
                    known.append(index)
                    decoded.append(reading)
                continue
            if len(message.payload) <= SAMPLE:
                payloads[message.topic] = message.payload
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

    def _read(self, message: _Arrived) -> list[tuple[int, Reading]]:
        """Readings of a message that is more than the value of its topic."""
        try:
            found = self._reader.read(message.topic, message.payload)
        except Invalid as error:
            self.counters.undecodable += 1
            self.intake.note(message.topic, message.payload)
            log.debug("Connector %s: %s", self.name, error)
            return []
        if message.topic in self._payloads or len(self._payloads) < MAX_SHOWN:
            self._payloads[message.topic] = message.payload[:SAMPLE]
        readings: list[tuple[int, Reading]] = []
        for one in found:
            self._commander.saw(one)
            resolved = self.intake.resolve(one)
            if resolved is not None:
                readings.append((resolved.point, Reading(resolved.value, one.time, one.quality, one.simulated)))
        return readings

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


def filters(addresses: Mapping[str, int]) -> list[str]:
    """Subscription filters that cover the addresses: one per first level, or `#` where these are many."""
    heads = sorted({address.split("#", 1)[0].split("/", 1)[0] for address in addresses})
    return [f"{head}/#" for head in heads] if 0 < len(heads) <= MAX_FILTERS else ["#"]


def mqtt_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink, folder: Path = Path()
) -> MqttConnector:
    """A connector from its `park.toml` entry. Raises Invalid naming a wrong setting."""
    read = SettingReader(name, settings)
    link = link_from(name, read, folder)
    topics, templates = read.texts("topics", ()), read.tables("templates", ())
    command = CommandSettings.of(name, read.table("command", {}))
    read.done()
    if "topics" in settings and not topics:
        raise read.wrong("topics", topics, "a list of topic filters")
    return MqttConnector(
        name,
        link,
        points,
        sink,
        topics=topics or None,
        templates=[topic_template(name, template) for template in templates],
        command=command,
    )


def _columns(points: list[int], readings: list[Reading]) -> Readings:
    return Readings(
        points=np.array(points, dtype=np.int64),
        values=np.array([reading.value for reading in readings], dtype=np.float64),
        times=np.array([reading.time for reading in readings], dtype=np.int64),
        quality=np.array([reading.quality for reading in readings], dtype=np.int64),
        simulated=np.array([reading.simulated for reading in readings], dtype=np.bool_),
    )
