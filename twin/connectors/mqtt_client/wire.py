"""What packets and properties are made of: variable byte integers, texts; and what is said where bytes are no MQTT."""

from __future__ import annotations

import struct


class Malformed(Exception):
    """The counterpart sent what is no MQTT; the text says what, and what was expected."""


def read_varint(data: bytes, at: int) -> tuple[int, int] | None:
    """(number, where it ends): a variable byte integer (1.5.5); None where bytes of it are missing. Raises Malformed."""
    value = 0
    for shift in (0, 7, 14, 21):
        if at >= len(data):
            return None
        digit = data[at]
        at += 1
        value |= (digit & 0x7F) << shift
        if digit < 0x80:
            return value, at
    raise Malformed("A length has more than four bytes")


def varint(value: int) -> bytes:
    """A variable byte integer."""
    data = bytearray()
    while True:
        value, digit = value >> 7, value & 0x7F
        data.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(data)


def binary(data: bytes) -> bytes:
    """Binary data (1.5.6), its length before it."""
    return struct.pack(">H", len(data)) + data


def text(given: str) -> bytes:
    """A text in UTF-8 (1.5.4)."""
    return binary(given.encode())
