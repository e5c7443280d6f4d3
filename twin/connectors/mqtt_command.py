"""Commands over MQTT: publish a value where a device listens, and wait until it has confirmed it.

Without a reply topic the broker's acknowledgement (QoS 1) is all that can be known. A reply confirms by coming: JSON
`{"error": …}` or `{"ok": false}` is a refusal; a number, or `{"v": …}`, must be the value that was asked for.
A Sparkplug metric is written by NCMD or DCMD; the node's next message with that value confirms it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from twin.connectors.intake import Arrived
from twin.connectors.setting_reader import SettingReader
from twin.connectors.sparkplug import HEAD
from twin.errors import Denied, Invalid, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin.connectors.mqtt_client.client import MqttClient
    from twin.connectors.sparkplug.host import Host

ADDRESS, VALUE, ID = "{address}", "{value}", "{id}"
FORBIDDEN = frozenset("+#\0")


@dataclass(frozen=True, slots=True)
class CommandSettings:
    """topic, payload, reply: texts in which `{address}`, `{value}` and `{id}` are replaced. reply: empty waits for none.

    An address with a path (`topic#$.a`) stands for its topic.
    """

    topic: str = "{address}/set"
    payload: str = '{"v": {value}}'
    reply: str = ""

    @classmethod
    def of(cls, connector: str, settings: Mapping[str, object]) -> CommandSettings:
        """From the settings under `command`. Raises Invalid naming the wrong one."""
        read = SettingReader(connector, settings)
        default = cls()
        made = cls(read.text("topic", default.topic), read.text("payload", default.payload), read.text("reply", ""))
        read.done()
        if ADDRESS not in made.topic and ADDRESS not in made.payload:
            raise read.wrong("command.topic", made.topic, "a topic with {address}")
        if made.reply and ADDRESS not in made.reply:
            raise read.wrong("command.reply", made.reply, "a topic with {address}")
        return made


class MqttCommander:
    """Writes values through a client."""

    def __init__(self, name: str, settings: CommandSettings, client: MqttClient, sparkplug: Callable[[], Host]) -> None:
        self._name, self._settings, self._client, self._sparkplug = name, settings, client, sparkplug
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._metrics: dict[str, tuple[float, asyncio.Future[bytes]]] = {}
        self._number = 0

    def reply_topics(self) -> list[str]:
        """Topics of replies that are waited for."""
        return list(self._waiting)

    def hears(self, topic: str, payload: bytes) -> bool:
        """Whether a message is the reply to a command; it is handed to who waits."""
        found = self._waiting.get(topic)
        if found is None:
            return False
        _settle(found, payload)
        return True

    def saw(self, one: Arrived) -> None:
        """A metric's value came: confirms a write of it."""
        if self._metrics and (waiting := self._metrics.get(one.address)) is not None and _same(one.value, waiting[0]):
            _settle(waiting[1], b"")

    async def write(self, address: str, value: float) -> None:
        """Raises Invalid for an address or value that cannot be sent, Denied where refused, Unavailable where not connected.

        Returns when the device, or without a reply topic the broker, has confirmed. The caller sets the time limit.
        """
        if not math.isfinite(value):
            raise Invalid(f"Value {value} cannot be written: expected a number", code="command-value")
        if not self._client.connected:
            raise Unavailable(f"Connector {self._name!r} is not connected to its broker", code="connector-away")
        if address.startswith(HEAD):
            await self._write_metric(address, value)
            return
        target = address.partition("#")[0]
        if not target or FORBIDDEN & set(target):
            raise Invalid(f"Address {address!r} is no topic that can be written to", code="address")
        self._number += 1
        ident = f"{time.time_ns() // 1_000_000:x}-{self._number}"

        def filled(text: str) -> str:
            return text.replace(ADDRESS, target).replace(VALUE, f"{value:.15g}").replace(ID, ident)

        topic, payload = filled(self._settings.topic), filled(self._settings.payload).encode()
        if not self._settings.reply:
            await self._client.publish(topic, payload)
            return
        _check(await self._reply(filled(self._settings.reply), topic, payload), address, value)

    async def _reply(self, reply: str, topic: str, payload: bytes) -> bytes:
        if reply in self._waiting:
            raise Unavailable(f"A command waits for the reply on {reply!r} already", code="command-busy")
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[reply] = future
        try:
            # A subscription is in force before what is published behind it on the same connection.
            self._client.subscribe([reply])
            await self._client.publish(topic, payload)
            return await future
        finally:
            del self._waiting[reply]
            self._client.unsubscribe(reply)

    async def _write_metric(self, address: str, value: float) -> None:
        topic, payload = self._sparkplug().command(address, value)
        if address in self._metrics:
            raise Unavailable(f"A command to {address!r} waits for its confirmation already", code="command-busy")
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._metrics[address] = value, future
        try:
            await self._client.publish(topic, payload, 0)
            await future
        finally:
            del self._metrics[address]


def _settle(future: asyncio.Future[bytes], payload: bytes) -> None:
    if not future.done():
        future.set_result(payload)


def _same(told: float, asked: float) -> bool:
    return math.isclose(told, asked, rel_tol=1e-6, abs_tol=1e-9)


def _check(reply: bytes, address: str, value: float) -> None:
    try:
        told: Any = orjson.loads(reply)
    except orjson.JSONDecodeError:
        return
    if isinstance(told, dict):
        if told.get("error") or told.get("ok") is False:
            raise Denied(
                f"The device behind {address!r} refuses: {told.get('error') or 'not ok'}", code="command-refused"
            )
        told = told.get("v")
    if isinstance(told, int | float) and not isinstance(told, bool) and not _same(float(told), value):
        raise Denied(f"The device behind {address!r} took {told} and not {value:g}", code="command-refused")
