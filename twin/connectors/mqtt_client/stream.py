"""Cuts a stream of bytes into packets: PUBLISH into columns of a batch, the few others one by one."""

from __future__ import annotations

from dataclasses import dataclass, field

from twin.connectors.mqtt_client.packet import PUBLISH
from twin.connectors.mqtt_client.properties import TOPIC_ALIAS, read_properties
from twin.connectors.mqtt_client.wire import Malformed, read_varint

MAX_PACKET = 16 << 20
"""Bytes of a packet that are kept: the rest of a longer PUBLISH is passed over, so that it costs no memory."""
ALIASES = 1000
"""Topic aliases that a broker may use (MQTT 5)."""
QOS_2 = 4
NO_IDENT = b"\0\0"


@dataclass(slots=True)
class Batch:
    """Messages in the order they came. idents: numbers, of two bytes each, of the messages of QoS 1 among them.

    twice: numbers of those of QoS 2; size: bytes of all.
    """

    topics: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    idents: list[bytes] = field(default_factory=list)
    twice: list[bytes] = field(default_factory=list)
    size: int = 0

    def __len__(self) -> int:
        return len(self.topics)


class Stream:
    """What one connection receives. five: whether it speaks MQTT 5.

    A message of QoS 2 is given with the other packets: whether it is a repetition, its session knows.
    """

    def __init__(self, *, five: bool) -> None:
        self._five = five
        self._held: list[bytes] = []
        self._size, self._need, self._skip = 0, 0, 0
        self._aliases: dict[int, bytes] = {}

    def feed(self, data: bytes, batch: Batch) -> list[tuple[int, bytes]]:
        """Take a chunk: messages are added to the batch, other packets returned as (first byte, body).

        Raises Malformed; what was cut out before stands in the batch.
        """
        batch.size += len(data)
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        if self._held:
            self._held.append(data)
            self._size += len(data)
            if self._size < self._need:
                return []
            data = b"".join(self._held)
            self._held.clear()
        return self._cut(data, batch)

    def _cut(self, data: bytes, batch: Batch) -> list[tuple[int, bytes]]:
        """The loop that all messages go through: each line of it is paid for by every message."""
        others: list[tuple[int, bytes]] = []
        topic_to, payload_to, ident_to = batch.topics.append, batch.payloads.append, batch.idents.append
        five, at, end, before = self._five, 0, len(data), len(batch.idents)
        while end - at >= 2:
            first, length, body = data[at], data[at + 1], at + 2
            if length >= 0x80:
                found = read_varint(data, at + 1)
                if found is None:
                    break
                length, body = found
                if length > MAX_PACKET:
                    after = self._shortened(data, (at, body, body + length), batch, others)
                    if after is None:
                        break
                    at = after
                    continue
            stop = body + length
            if stop > end:
                break
            if first & 0xF0 != 0x30:
                others.append((first, data[body:stop]))
                at = stop
                continue
            name = body + 2
            if name > stop:
                raise Malformed(_what(data[at:stop]))
            place = name + (data[body] << 8 | data[body + 1])
            topic, qos, plain = data[name:place], first & 6, True
            if qos == 2:
                ident = data[place : place + 2]
                place += 2
            if five:
                plain = place < stop and data[place] == 0
                place += 1
            if qos > 2 or not plain or not topic:
                self._rich(first, data[body:stop], batch, others)
            elif place > stop:
                raise Malformed(_what(data[at:stop]))
            else:
                if qos:
                    ident_to(ident)
                topic_to(topic)
                payload_to(data[place:stop])
            at = stop
        if at < end:
            self._keep(data[at:] if at else data)
        if NO_IDENT in batch.idents[before:]:
            raise Malformed("A message of QoS 1 with packet number 0: expected 1 to 65535")
        return others

    def _shortened(
        self, data: bytes, places: tuple[int, int, int], batch: Batch, others: list[tuple[int, bytes]]
    ) -> int | None:
        """Take the beginning of a PUBLISH that is too long, and pass over the rest; where it ends, None to wait for more.

        places: of the packet, of its body, of what follows.
        """
        at, body, stop = places
        if data[at] >> 4 != PUBLISH:
            raise Malformed(f"A packet of type {data[at] >> 4} with {stop - body} bytes: expected at most {MAX_PACKET}")
        if len(data) - at < MAX_PACKET:
            return None
        self._rich(data[at], data[body : at + MAX_PACKET], batch, others)
        self._skip = max(0, stop - len(data))
        return min(stop, len(data))

    def _keep(self, rest: bytes) -> None:
        """Hold what is left of a packet until all of it, or so much that it is too long, is there."""
        found = read_varint(rest, 1)
        self._need = len(rest) + 1 if found is None else min(found[0] + found[1], MAX_PACKET)
        self._held.append(rest)
        self._size = len(rest)

    def _rich(self, first: int, body: bytes, batch: Batch, others: list[tuple[int, bytes]]) -> None:
        """A PUBLISH with properties, or of QoS 2; or one that is not well formed."""
        if first & 6 == 6:
            raise Malformed("A message of QoS 3: expected 0, 1 or 2")
        topic, ident, payload = self._parts(first, body)
        if first & QOS_2:
            others.append((first, ident + len(topic).to_bytes(2, "big") + topic + payload))
            return
        if ident:
            batch.idents.append(ident)
        batch.topics.append(topic)
        batch.payloads.append(payload)

    def _parts(self, first: int, body: bytes) -> tuple[bytes, bytes, bytes]:
        """(topic, packet number, payload)."""
        place = 2 + int.from_bytes(body[:2], "big")
        topic, ident = body[2:place], b""
        if first & 6:
            ident = body[place : place + 2]
            place += 2
        if place > len(body):
            raise Malformed(_what(body))
        if self._five:
            properties, place = read_properties(body, place)
            alias = properties.get(TOPIC_ALIAS)
            if isinstance(alias, int):
                topic = self._aliased(alias, topic)
        if not topic:
            raise Malformed("A message without a topic: expected one, or a topic alias that was told")
        return topic, ident, body[place:]

    def _aliased(self, alias: int, topic: bytes) -> bytes:
        if not 1 <= alias <= ALIASES:
            raise Malformed(f"Topic alias {alias}: expected 1 to {ALIASES}")
        if topic:
            self._aliases[alias] = topic
        return self._aliases.get(alias, b"")


def _what(packet: bytes) -> str:
    return f"{packet[:24]!r} of {len(packet)} bytes is no PUBLISH: expected topic, packet number and payload"
