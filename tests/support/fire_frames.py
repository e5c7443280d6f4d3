"""Frames as a fire protection device sends them."""

from __future__ import annotations

from twin.connectors.gbt26875.frame import SEND, Frame

TIME = bytes((5, 4, 3, 2, 1, 26))
"""2026-01-02 03:04:05."""


def made(data: bytes, command: int = SEND, serial: int = 1) -> Frame:
    """A frame of device a1."""
    return Frame(serial.to_bytes(2, "little"), b"\x01\x01", TIME, "0000000000a1", "0000000000ff", command, data)
