"""Frames of GB/T 26875.3: `@@`, control unit, data unit, checksum, `##`. [GK]: see docs/reference/connectors.md."""

from __future__ import annotations

from dataclasses import dataclass

from twin.connectors.listener import Fault

START, END = b"@@", b"##"
CONTROL = 25
"""Bytes of the control unit: serial number 2, version 2, time 6, source 6, destination 6, length 2, command 1."""
MAX_DATA = 1024
"""Of the data unit."""
SEND, CONFIRM, DENY = 2, 3, 6
"""Commands: what a device uploads, and our two answers."""


@dataclass(frozen=True, slots=True)
class Frame:
    """serial, version, time: as sent, to be given back; source, destination: 12 hexadecimal digits."""

    serial: bytes
    version: bytes
    time: bytes
    source: str
    destination: str
    command: int
    data: bytes

    def encode(self) -> bytes:
        """As it is sent."""
        body = b"".join(
            (
                self.serial,
                self.version,
                self.time,
                bytes.fromhex(self.source)[::-1],
                bytes.fromhex(self.destination)[::-1],
                len(self.data).to_bytes(2, "little"),
                bytes([self.command]),
                self.data,
            )
        )
        return START + body + bytes([sum(body) & 0xFF]) + END

    def answer(self, command: int, time: bytes) -> Frame:
        """Our answer to this frame: its serial number, with the addresses exchanged."""
        return Frame(self.serial, self.version, time, self.destination, self.source, command, b"")


def cut(buffer: bytearray) -> tuple[int, Frame | Fault | None]:
    """The frame at the beginning of a buffer, as `twin.connectors.listener.Cut`. Never raises."""
    start = buffer.find(START)
    if start != 0:
        count = start if start > 0 else len(buffer) - (1 if buffer.endswith(START[:1]) else 0)
        noise = bytes(buffer[:count])
        return count, Fault(f"bytes that are no frame: {noise[:20].hex(' ')}") if noise.strip() else None
    head = 2 + CONTROL
    if len(buffer) < head:
        return 0, None
    length = int.from_bytes(buffer[24:26], "little")
    if length > MAX_DATA:
        return _next(buffer, head), Fault(f"length {length}; expected at most {MAX_DATA}")
    end = head + length
    if len(buffer) < end + 3:
        return 0, None
    body = bytes(buffer[2:end])
    if buffer[end] != sum(body) & 0xFF or buffer[end + 1 : end + 3] != END:
        why = f"checksum {buffer[end]:02X} and end {bytes(buffer[end + 1 : end + 3]).hex()}"
        return _next(buffer, end + 3), Fault(f"{why}; expected {sum(body) & 0xFF:02X} and 2323")
    return end + 3, Frame(
        serial=body[0:2],
        version=body[2:4],
        time=body[4:10],
        source=body[10:16][::-1].hex(),
        destination=body[16:22][::-1].hex(),
        command=body[24],
        data=body[CONTROL:],
    )


def _next(buffer: bytearray, end: int) -> int:
    """Where the next frame may begin: inside of a broken one, too, as its length may be what is wrong."""
    found = buffer.find(START, 2, end)
    return found if found > 0 else end
