"""Control packets of MQTT 3.1.1 (OASIS, 2014) and 5 (OASIS, 2019): how they are written, and what answers say."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from twin.connectors.mqtt_client.properties import REASON, Value, read_properties, write_properties
from twin.connectors.mqtt_client.reasons import reason_text
from twin.connectors.mqtt_client.wire import Malformed, binary, text, varint

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = range(1, 8)
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH = range(8, 16)
FAILURE = 0x80
"""Reason codes from here on are failures, in both versions' SUBACK and in all packets of version 5."""
PING = bytes((PINGREQ << 4, 0))
GOODBYE = bytes((DISCONNECT << 4, 0))


class Will(NamedTuple):
    """What the broker publishes when the connection is lost without a goodbye (3.1.2.5)."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = True


class Accepted(NamedTuple):
    """What CONNACK tells. code: 0 where we are let in; reason: in words; present: whether our session was kept."""

    code: int
    reason: str
    present: bool
    properties: dict[int, Value]


class Answer(NamedTuple):
    """What answers a packet of ours. ident: the packet's number; codes: one, or one for each subscription."""

    ident: int
    codes: Sequence[int]


def connect(
    client_id: str,
    *,
    five: bool,
    keepalive_s: int,
    clean: bool,
    user: str = "",
    password: str = "",
    will: Will | None = None,
    properties: Iterable[tuple[int, int]] = (),
) -> bytes:
    """CONNECT (3.1). clean: begin a session anew; user: empty sends neither name nor password."""
    flags = (0x02 if clean else 0) | (0xC0 if user else 0)
    if will is not None:
        flags |= 0x04 | will.qos << 3 | (0x20 if will.retain else 0)
    body = text("MQTT") + struct.pack(">BBH", 5 if five else 4, flags, keepalive_s)
    if five:
        body += write_properties(properties)
    body += text(client_id)
    if will is not None:
        body += (b"\0" if five else b"") + text(will.topic) + binary(will.payload)
    if user:
        body += text(user) + text(password)
    return _packet(CONNECT << 4, body)


def subscribe(ident: int, filters: Sequence[str], qos: int, *, five: bool) -> bytes:
    """SUBSCRIBE (3.8)."""
    body = struct.pack(">H", ident) + (b"\0" if five else b"")
    return _packet(SUBSCRIBE << 4 | 2, body + b"".join(text(one) + bytes((qos,)) for one in filters))


def unsubscribe(ident: int, filters: Sequence[str], *, five: bool) -> bytes:
    """UNSUBSCRIBE (3.10)."""
    body = struct.pack(">H", ident) + (b"\0" if five else b"")
    return _packet(UNSUBSCRIBE << 4 | 2, body + b"".join(map(text, filters)))


def publish(
    topic: str, payload: bytes, qos: int, ident: int, *, five: bool, retain: bool = False, again: bool = False
) -> bytes:
    """PUBLISH (3.3). ident: of QoS 1 and 2; again: it was sent before on an earlier connection."""
    first = PUBLISH << 4 | qos << 1 | (8 if again else 0) | (1 if retain else 0)
    number = struct.pack(">H", ident) if qos else b""
    return _packet(first, text(topic) + number + (b"\0" if five else b"") + payload)


def answer(kind: int, ident: int) -> bytes:
    """PUBACK, PUBREC, PUBREL or PUBCOMP (3.4 to 3.7) of success, the same in both versions."""
    return struct.pack(">BBH", kind << 4 | (2 if kind == PUBREL else 0), 2, ident)


def answers(kind: int, idents: Sequence[bytes]) -> bytes:
    """As `answer`, for many packet numbers of two bytes each."""
    head = bytes((kind << 4, 2))
    return head.join((b"", *idents))


def accepted(body: bytes, *, five: bool) -> Accepted:
    """Read CONNACK (3.2). Raises Malformed."""
    if len(body) < (3 if five else 2):
        raise Malformed(f"CONNACK of {len(body)} bytes: expected at least {3 if five else 2}")
    properties = read_properties(body, 2)[0] if five and body[1] != 1 and len(body) > 2 else {}
    said = properties.get(REASON)
    return Accepted(
        body[1], str(said) if said else reason_text(body[1], five=five, connack=True), bool(body[0] & 1), properties
    )


def read_answer(kind: int, body: bytes, *, five: bool) -> Answer:
    """Read PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK or UNSUBACK. Raises Malformed."""
    if len(body) < 2:
        raise Malformed(f"An answer of {len(body)} bytes: expected a packet number")
    ident = body[0] << 8 | body[1]
    if kind not in {SUBACK, UNSUBACK}:
        return Answer(ident, (body[2] if five and len(body) > 2 else 0,))
    return Answer(ident, tuple(body[read_properties(body, 2)[1] if five else 2 :]))


def farewell(body: bytes) -> str:
    """Why the broker disconnects (3.14, version 5)."""
    code = body[0] if body else 0
    said = read_properties(body, 1)[0].get(REASON) if len(body) > 1 else None
    return str(said or reason_text(code, five=True))


def _packet(first: int, body: bytes) -> bytes:
    return bytes((first,)) + varint(len(body)) + body
