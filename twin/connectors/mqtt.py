"""MQTT 3.1.1 and 5: subscribe to the points' topics, hand readings over in batches, acknowledge after commit.

A message of QoS 1 is acknowledged to the broker only when its readings are committed to the history; the
session is kept under one client id, so that the broker holds what arrives while this process is away.
Delivery is at least once: after a broken connection a reading may come twice, with the same time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from twin.clock import Clock, SystemClock
from twin.connectors.connector import Counters, Readings, Sink, State
from twin.connectors.intake import Arrived, Intake
from twin.connectors.mapping import Mapped
from twin.connectors.mqtt_client.client import MqttClient
from twin.connectors.mqtt_client.connection import Connection
from twin.connectors.mqtt_client.stream import Batch
from twin.connectors.mqtt_command import CommandSettings, MqttCommander
from twin.connectors.mqtt_link import MqttLink, link_from
from twin.connectors.mqtt_reader import SAMPLE, MqttReader, TopicTemplate, topic_template
from twin.connectors.payloads import decode_all
from twin.connectors.setting_reader import SettingReader
from twin.errors import Invalid, ParkError, Unavailable
from twin.state.point import PointSpec
from twin.state.samples import Ints

log = logging.getLogger(__name__)

MAX_FILTERS = 4
"""The embedded broker counts each `…/#` filter twice against its limit of unacknowledged messages."""
MAX_IN_FLIGHT = 16
"""Batches that may wait for their commit at once; then the socket is not read, and the broker has to wait."""
MAX_SHOWN = 20_000
"""Topics without a plain value whose last payload is kept."""
AGAIN_S = 5.0
"""After what was not kept, we connect anew, so that the broker sends it again."""


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
        self._sink, self._topics = sink, topics
        self._clock = clock or SystemClock()
        self._commits: set[asyncio.Task[None]] = set()
        self._again: asyncio.TimerHandle | None = None
        self._changed = asyncio.Event()
        self._where = f"{self.link.host}:{self.link.port}"
        self._client = MqttClient(self.link, self, retry_s=retry_s, batch_s=batch_s)
        self._reader = MqttReader(templates, self._publish)
        self._commander = MqttCommander(name, command or CommandSettings(), self._client, self._reader.sparkplug)
        self.intake = Intake(self.kind, points, sink, self._clock, self.counters)
        self._plain: dict[bytes, int] = {}
        self._payloads: dict[bytes, bytes] = {}  # last one of each topic, to be shown
        self._rebind()

    async def start(self) -> None:
        """Begin to connect, and return; connecting and reconnecting goes on by itself, with growing pauses."""
        self._set(State.CONNECTING, self._where)
        self._client.start()

    async def stop(self) -> None:
        """Hand over what has arrived, acknowledge it, disconnect; the broker keeps the rest for the next start."""
        self._client.flush()
        if self._again is not None:
            self._again.cancel()
        if self._commits:
            await asyncio.gather(*self._commits, return_exceptions=True)
        await self._client.stop()
        self._set(State.STOPPED, "")

    def hand_over(self) -> None:
        """See `Gatherer`."""
        self._client.hand_over()

    def bind(self, points: Sequence[PointSpec]) -> None:
        """Serve other points from now on; subscribes to their topics."""
        self.intake.bind(points)
        self._rebind()

    def map(self, mapped: Mapping[str, Mapped]) -> None:
        """Take the mapping's entries for this connector, by address; subscribes to their topics."""
        self.intake.map(mapped)
        self._rebind()

    def _rebind(self) -> None:
        plain = self._reader.bind(self.intake.addresses, self.intake.mapped)
        self._plain = {topic.encode(): index for topic, index in plain.items()}
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
        payload = self._payloads.get(topic.encode())
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

    def _subscribe(self) -> None:
        topics = list(self._topics or filters(self.intake.addresses))
        self._client.subscribe([*topics, *self._commander.reply_topics()])

    def _publish(self, topic: str, payload: bytes) -> None:
        with contextlib.suppress(Unavailable):
            self._client.publish(topic, payload, 0)  # of Sparkplug: commands have QoS 0

    # The client calls these.

    def connected(self) -> None:
        """See `Owner`."""
        self.counters.connections += 1
        self._subscribe()

    def subscribed(self, refused: str) -> None:
        """See `Owner`."""
        if refused:
            self._set(State.FAILED, f"{self._where} refuses the subscription: {refused}")
        else:
            self.counters.subscriptions += 1
            self._set(State.CONNECTED, self._where)

    def away(self, why: str, *, was_connected: bool) -> None:
        """See `Owner`."""
        if was_connected:
            self._set(State.CONNECTING, f"{self._where} was lost ({why}); trying again")
        else:
            self._set(State.FAILED, f"{self._where} {why}; trying again")

    def room(self) -> bool:
        """See `Owner`."""
        return len(self._commits) < MAX_IN_FLIGHT

    def take(self, batch: Batch, connection: Connection) -> None:
        """See `Owner`. From looking addresses up to handing over nothing is awaited: the points may change meanwhile."""
        self.counters.messages += len(batch)
        readings = self._readings(*self._heard(batch))
        self.counters.readings += len(readings)
        self.counters.simulated += int(readings.simulated.sum())
        try:
            pending = self._sink(readings) if len(readings) else None
        except ParkError as error:
            self._refused(readings, error)
            return
        task = asyncio.get_running_loop().create_task(self._commit(readings, pending, batch, connection))
        self._commits.add(task)
        task.add_done_callback(self._committed)

    def _set(self, state: State, detail: str) -> None:
        if state is not self.state:
            log.info("Connector %s is %s: %s", self.name, state, detail)
        self.state, self.detail = state, detail
        self._changed.set()

    def _heard(self, batch: Batch) -> tuple[list[bytes], list[bytes]]:
        """(topics, payloads) without replies to commands, which are handed to who waits for them."""
        if not self._commander.reply_topics():
            return batch.topics, batch.payloads
        pairs = zip(batch.topics, batch.payloads, strict=True)
        rest = [pair for pair in pairs if not self._commander.hears(_text(pair[0]), pair[1])]
        return [topic for topic, _ in rest], [payload for _, payload in rest]

    def _readings(self, topics: list[bytes], payloads: list[bytes]) -> Readings:
        """Readings of messages, in order: those of plain values all at once, others one by one."""
        indices = list(map(self._plain.get, topics))
        if None not in indices:
            self._show(topics, payloads)
            return self._columns(indices, payloads)
        plain = [row for row, index in enumerate(indices) if index is not None]
        shown = [payloads[row] for row in plain]
        self._show([topics[row] for row in plain], shown)
        found = self._columns([indices[row] for row in plain], shown)
        rows = plain[:]
        others: list[tuple[int, Arrived]] = []
        for row, index in enumerate(indices):
            if index is None:
                read = self._read(topics[row], payloads[row])
                others += read
                rows += [row] * len(read)
        return _merged(found, others, np.argsort(rows, kind="stable"))

    def _show(self, topics: list[bytes], payloads: list[bytes]) -> None:
        if payloads and max(map(len, payloads)) <= SAMPLE:
            self._payloads.update(zip(topics, payloads, strict=True))
        else:
            self._payloads.update(pair for pair in zip(topics, payloads, strict=True) if len(pair[1]) <= SAMPLE)

    def _columns(self, indices: list[int | None], payloads: list[bytes]) -> Readings:
        found = decode_all(payloads)
        self.counters.undecodable += found.undecodable
        return Readings(np.array(indices, dtype=np.int64), found.values, found.times, found.quality, found.simulated)

    def _read(self, name: bytes, payload: bytes) -> list[tuple[int, Arrived]]:
        """(point, value) of a message that is more than the value of its topic."""
        topic = _text(name)
        try:
            found = self._reader.read(topic, payload)
        except Invalid as error:
            self.counters.undecodable += 1
            self.intake.note(topic, payload)
            log.debug("Connector %s: %s", self.name, error)
            return []
        if name in self._payloads or len(self._payloads) < MAX_SHOWN:
            self._payloads[name] = payload[:SAMPLE]
        readings: list[tuple[int, Arrived]] = []
        for one in found:
            self._commander.saw(one)
            resolved = self.intake.resolve(one)
            if resolved is not None:
                readings.append((resolved.point, one._replace(value=resolved.value)))
        return readings

    def _committed(self, task: asyncio.Task[None]) -> None:
        self._commits.discard(task)
        self._changed.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("Connector %s lost a batch", self.name, exc_info=task.exception())

    def _refused(self, readings: Readings, error: ParkError) -> None:
        self.counters.dropped += len(readings)  # not acknowledged: of QoS 1 the broker sends it again
        self.detail = error.message
        self._changed.set()
        if self._again is None:
            self._again = asyncio.get_running_loop().call_later(AGAIN_S, self._renew)

    def _renew(self) -> None:
        self._again = None
        self._client.renew("readings were not kept: the broker is asked to send them again")

    async def _commit(
        self, readings: Readings, pending: Awaitable[None] | None, batch: Batch, connection: Connection
    ) -> None:
        if pending is not None:
            try:
                await pending
            except ParkError as error:
                self._refused(readings, error)
                return
        if connection.open:  # numbers of messages belong to one connection
            connection.acknowledge(batch)
            self.counters.acknowledged += len(batch.idents) + len(batch.twice)


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


def _merged(plain: Readings, others: Sequence[tuple[int, Arrived]], order: Ints) -> Readings:
    """Columns of both, in the order they arrived."""
    return Readings(
        points=np.append(plain.points, np.array([point for point, _ in others], dtype=np.int64))[order],
        values=np.append(plain.values, [one.value for _, one in others])[order],
        times=np.append(plain.times, np.array([one.time for _, one in others], dtype=np.int64))[order],
        quality=np.append(plain.quality, np.array([one.quality for _, one in others], dtype=np.int64))[order],
        simulated=np.append(plain.simulated, np.array([one.simulated for _, one in others], dtype=np.bool_))[order],
    )


def _text(topic: bytes) -> str:
    return topic.decode("utf-8", "replace")
