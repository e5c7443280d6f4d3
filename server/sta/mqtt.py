"""SensorThings over MQTT (18-088, clause 14): new Observations are published, published ones are taken in.

Both directions have the same topics. What this service publishes carries its self link, and is passed over when it comes
back. A message is acknowledged when its Observation is committed or refused for good.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import numpy as np
import orjson

from server.sta import observation_shape as shape
from server.sta.body import parsed, table
from server.sta.links import ROOT
from server.sta.observations import Found
from server.sta.service import SensorThings
from server.sta.syntax.resource import parse_resource
from twin.connectors.connector import State
from twin.connectors.mqtt_client.client import MqttClient
from twin.connectors.mqtt_client.connection import Connection
from twin.connectors.mqtt_client.outbox import Outbox
from twin.connectors.mqtt_client.stream import Batch
from twin.connectors.mqtt_link import MqttLink
from twin.errors import ParkError
from twin.runtime.park_runtime import ParkRuntime
from twin.state.samples import Ints, Samples

log = logging.getLogger(__name__)

PREFIX = "v1.1/"
OWN = b'"@iot.selfLink"'
PERIOD_S = 0.2
MAX_WAITING = 100_000
MAX_QUEUED = 20_000
WINDOW = 2000
"""Observations of ours that the broker may leave unconfirmed; more wait in this process."""
RETRY_S = (0.5, 30.0)
AGAIN_S = 5.0
"""After what was not kept we connect anew, so that the broker sends it again."""
MAX_TAKING = 2
MARKS = str.maketrans({"#": "%23", "+": "%2B", "%": "%25"})
"""Signs of ids that a topic cannot hold, and the one that says so."""


@dataclass(slots=True)
class Counts:
    """What went through since the start. dropped: on its way out; taken, refused: on its way in."""

    dropped: int = 0
    taken: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Waiting:
    batches: list[tuple[Samples, Ints]] = field(default_factory=list)
    rows: int = 0


class StaMqtt:
    """The bridge between a running park and its broker; on the event loop."""

    kind = name = "sensorthings-mqtt"

    def __init__(self, service: SensorThings, runtime: ParkRuntime, url: str) -> None:
        self._service, self._runtime = service, runtime
        self.state, self.detail, self.counts = State.STOPPED, "", Counts()
        self._waiting, self._flush = _Waiting(), asyncio.Event()
        self._taking: set[asyncio.Task[None]] = set()
        self._in_order = asyncio.Lock()
        self._again: asyncio.TimerHandle | None = None
        link = MqttLink(self.name, url, client_id=f"parktwin-sta-{runtime.park.id}")
        self._where = f"{link.host}:{link.port}"
        self.address = f"{'mqtts' if link.tls else 'mqtt'}://{self._where}"
        self._client = MqttClient(link, self, retry_s=RETRY_S, batch_s=PERIOD_S, window=WINDOW)
        self.outbox = Outbox(self._client, MAX_QUEUED)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect and to listen to the park, and return."""
        self._task = asyncio.create_task(self._publishing(), name="sta-mqtt")
        self._runtime.taps.append(self._tap)
        self._client.start()

    async def stop(self) -> None:
        """Take what has arrived, disconnect; the broker keeps the rest for the next start."""
        task, self._task = self._task, None
        if task is None:
            return
        self._runtime.taps.remove(self._tap)
        self._client.flush()
        task.cancel()
        await asyncio.gather(task, *self._taking, return_exceptions=True)
        if self._again is not None:
            self._again.cancel()
        await self._client.stop()
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
            "dropped": counts.dropped + self.outbox.refused,
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
                self.counts.dropped += self.outbox.put(await asyncio.to_thread(self._messages, waiting))
            except Exception:
                log.exception("Observations were not published")  # the next ones must still go out

    def _messages(self, waiting: _Waiting) -> list[tuple[str, bytes]]:
        """(topic, Observation) of all samples that belong to a Datastream."""
        catalogue = self._service.catalogue()
        found = Found(
            np.concatenate([keys for _, keys in waiting.batches]),
            np.concatenate([samples.times for samples, _ in waiting.batches]),
            np.concatenate([samples.values for samples, _ in waiting.batches]),
            np.concatenate([samples.quality for samples, _ in waiting.batches]),
        )
        found = found.at(np.flatnonzero(np.isin(found.keys, list(catalogue.points))))
        return [
            (topic_of(catalogue.points[key]), orjson.dumps(shape.entity(row, ROOT, None)))
            for key, row in zip(found.keys.tolist(), shape.rows(found, catalogue), strict=True)
        ]

    # In: the client calls these.

    def connected(self) -> None:
        """See `Owner`."""
        self._client.subscribe([f"{PREFIX}#"])
        self.outbox.send()

    def subscribed(self, refused: str) -> None:
        """See `Owner`."""
        if refused:
            self._tell(State.FAILED, f"refuses the subscription: {refused}")
        else:
            self._tell(State.CONNECTED, "")

    def away(self, why: str, *, was_connected: bool) -> None:
        """See `Owner`."""
        if was_connected:
            self._tell(State.CONNECTING, f"was lost ({why}); trying again")
        else:
            self._tell(State.FAILED, f"{why}; trying again")

    def room(self) -> bool:
        """See `Owner`."""
        return len(self._taking) < MAX_TAKING

    def take(self, batch: Batch, connection: Connection) -> None:
        """See `Owner`."""
        task = asyncio.get_running_loop().create_task(self._take(batch, connection))
        self._taking.add(task)
        task.add_done_callback(self._taken)

    async def _take(self, batch: Batch, connection: Connection) -> None:
        """Post what came, all together; a message that can never be right is acknowledged as well."""
        async with self._in_order:
            try:
                await self._post(batch)
            except ParkError as error:  # not acknowledged: of QoS 1 the broker sends it again
                self.detail = error.message
                if self._again is None:
                    self._again = asyncio.get_running_loop().call_later(AGAIN_S, self._renew)
                return
        if connection.open:  # numbers of messages belong to one connection
            connection.acknowledge(batch)

    async def _post(self, batch: Batch) -> None:
        """Raises ParkError where nothing was kept; what is wrong with single messages is counted and told."""
        read = await asyncio.to_thread(self._read, batch)
        good = [(topic, one) for topic, one in read if not isinstance(one, ParkError)]
        done = iter(await self._service.post([one for _, one in good]) if good else [])
        outcome = [(topic, one if isinstance(one, ParkError) else next(done)) for topic, one in read]
        refused = [(topic, one) for topic, one in outcome if isinstance(one, ParkError)]
        self.counts.taken += len(outcome) - len(refused)
        self.counts.refused += len(refused)
        if refused:
            topic, error = refused[-1]
            self.detail = f"{topic[:120]}: {error.message}"
            log.debug("%d Observations over MQTT were refused, the last: %s", len(refused), self.detail)

    def _read(self, batch: Batch) -> list[tuple[str, tuple[str, dict[str, Any]] | ParkError]]:
        """(topic, Datastream and body, or what is wrong) of all messages that are not our own."""
        found: list[tuple[str, tuple[str, dict[str, Any]] | ParkError]] = []
        for name, payload in zip(batch.topics, batch.payloads, strict=True):
            if OWN in payload:
                continue
            topic = name.decode("utf-8", "replace")
            try:
                datastream = self._service.datastream_of(parse_resource(unquote(topic.removeprefix(PREFIX))))
                found.append((topic, (datastream, table(parsed(payload), "Observation"))))
            except ParkError as error:
                found.append((topic, error))
        return found

    def _taken(self, task: asyncio.Task[None]) -> None:
        self._taking.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("Observations over MQTT were lost", exc_info=task.exception())

    def _renew(self) -> None:
        self._again = None
        self._client.renew("Observations were not kept: the broker is asked to send them again")

    def _tell(self, state: State, detail: str) -> None:
        self.state, self.detail = state, f"{self._where} {detail}".strip()


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
