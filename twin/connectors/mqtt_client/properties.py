"""Properties of MQTT 5 (2.2.2): number → value."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from twin.connectors.mqtt_client.wire import Malformed, read_varint, varint

SESSION_EXPIRY, SERVER_KEEPALIVE, REASON, RECEIVE_MAXIMUM, ALIAS_MAXIMUM, TOPIC_ALIAS = (
    0x11, 0x13, 0x1F, 0x21, 0x22, 0x23,
)  # fmt: skip
_BYTE, _TWO, _FOUR = 1, 2, 4
_VARINT, _BINARY, _TEXT, _PAIR = "varint", "binary", "text", "pair"
KINDS: dict[int, int | str] = {
    0x01: _BYTE, 0x02: _FOUR, 0x03: _TEXT, 0x08: _TEXT, 0x09: _BINARY, 0x0B: _VARINT, 0x11: _FOUR, 0x12: _TEXT,
    0x13: _TWO, 0x15: _TEXT, 0x16: _BINARY, 0x17: _BYTE, 0x18: _FOUR, 0x19: _BYTE, 0x1A: _TEXT, 0x1C: _TEXT,
    0x1F: _TEXT, 0x21: _TWO, 0x22: _TWO, 0x23: _TWO, 0x24: _BYTE, 0x25: _BYTE, 0x26: _PAIR, 0x27: _FOUR,
    0x28: _BYTE, 0x29: _BYTE, 0x2A: _BYTE,
}  # fmt: skip
Value = int | str | bytes


def read_properties(body: bytes, at: int) -> tuple[dict[int, Value], int]:
    """(properties, where they end). at: where their length stands. Raises Malformed.

    Of a property that stands more than once (user properties do) the last is kept.
    """
    length, at = _varint(body, at)
    end = at + length
    if end > len(body):
        raise Malformed(f"Properties of {length} bytes in a packet that has {len(body) - at}")
    found: dict[int, Value] = {}
    while at < end:
        number = body[at]
        at += 1
        kind = KINDS.get(number)
        if kind is None:
            raise Malformed(f"Property {number:#04x} is unknown to MQTT 5")
        if isinstance(kind, int):
            found[number] = int.from_bytes(body[at : at + kind], "big")
            at += kind
        elif kind == _VARINT:
            found[number], at = _varint(body, at)
        else:
            data, at = _block(body, at, end)
            if kind == _PAIR:
                data, at = _block(body, at, end)
            found[number] = data if kind == _BINARY else data.decode("utf-8", "replace")
    if at != end:
        raise Malformed(f"Properties end {at - end} bytes beyond their length")
    return found, end


def write_properties(properties: Iterable[tuple[int, int]]) -> bytes:
    """Properties that are numbers of one, two or four bytes, with their length before them."""
    formats = {_BYTE: ">BB", _TWO: ">BH", _FOUR: ">BI"}
    data = b"".join(struct.pack(formats[int(KINDS[number])], number, value) for number, value in properties)
    return varint(len(data)) + data


def _varint(body: bytes, at: int) -> tuple[int, int]:
    found = read_varint(body, at)
    if found is None:
        raise Malformed("A length is cut off")
    return found


def _block(body: bytes, at: int, end: int) -> tuple[bytes, int]:
    stop = at + 2 + int.from_bytes(body[at : at + 2], "big")
    if at + 2 > end or stop > end:
        raise Malformed("A text in the properties is cut off")
    return body[at + 2 : stop], stop
