"""Frames of HJ 212-2017: `##`, length, data segment, CRC, and what the data segment says.

The standard allows 1024 bytes of data; what four digits can say, 9999, bounds what is kept of a frame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from twin.connectors.listener import Fault

ANSWER, VERSION_2017 = 1, 4
"""Bits of Flag: an answer is wanted; the lowest version bit."""


def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        rows.append(value)
    return tuple(rows)


_TABLE = _table()


def crc16(data: bytes) -> int:
    """The checksum of HJ 212-2017 annex A: polynomial 0xA001, start 0xFFFF.

    The register is shifted right by a byte before the data byte comes in, and the lower byte falls away: it is not
    the CRC of Modbus, whose lower byte is mixed with the data.
    """
    value = 0xFFFF
    for byte in data:
        value = _TABLE[value >> 8 ^ byte]
    return value


@dataclass(frozen=True, slots=True)
class Message:
    """A data segment. Texts are empty where the field is missing; cp: between the `&&`."""

    qn: str
    st: str
    cn: str
    pw: str
    mn: str
    flag: int
    cp: str

    @property
    def wants_answer(self) -> bool:
        """Whether the sender asks for one."""
        return bool(self.flag & ANSWER)


def cut(buffer: bytearray) -> tuple[int, Message | Fault | None]:
    """The frame at the beginning of a buffer, as `twin.connectors.listener.Cut`. Never raises."""
    start = buffer.find(b"##")
    if start < 0:
        return _noise(buffer, len(buffer) - (1 if buffer.endswith(b"#") else 0))
    if start > 0:
        return _noise(buffer, start)
    if len(buffer) < 6:
        return 0, None
    digits = bytes(buffer[2:6])
    if not digits.isdigit():
        return _next(buffer, len(buffer)), Fault(f"length {_text(digits)!r}; expected four digits")
    end = 6 + int(digits)
    if len(buffer) < end + 4:
        return 0, None
    data, sum_ = bytes(buffer[6:end]), bytes(buffer[end : end + 4])
    found = crc16(data)
    if _text(sum_).upper() != f"{found:04X}":
        why = f"CRC {_text(sum_)!r}; expected {found:04X} for {_text(data[:60])!r}"
        return _next(buffer, end + 4), Fault(why)
    return end + 4, parse(data)


def _next(buffer: bytearray, end: int) -> int:
    """Where the next frame may begin: inside of a broken one, too, as its length may be what is wrong."""
    found = buffer.find(b"##", 2, end)
    return found if found > 0 else end


def _noise(buffer: bytearray, count: int) -> tuple[int, Fault | None]:
    """Bytes between frames; line ends are no fault."""
    noise = bytes(buffer[:count])
    return count, Fault(f"bytes that are no frame: {_text(noise[:40])!r}") if noise.strip() else None


def parse(data: bytes) -> Message | Fault:
    """What a data segment says. Never raises."""
    text = _text(data)
    head, mark, rest = text.partition("CP=&&")
    if not mark:
        return Fault(f"{text[:60]!r} has no CP=&&…&&")
    fields = dict(part.split("=", 1) for part in head.split(";") if "=" in part)
    flag = fields.get("Flag", "0")
    if not re.fullmatch(r"[0-9]{1,3}", flag):
        return Fault(f"Flag {flag[:20]!r}; expected a number to 255")
    mn, cn = fields.get("MN", ""), fields.get("CN", "")
    if not re.fullmatch(r"[0-9A-Za-z]{1,32}", mn):
        return Fault(f"MN {mn[:40]!r}; expected letters and digits")
    if not re.fullmatch(r"[0-9]{4}", cn):
        return Fault(f"CN {cn[:20]!r}; expected four digits")
    return Message(
        qn=fields.get("QN", ""),
        st=fields.get("ST", ""),
        cn=cn,
        pw=fields.get("PW", ""),
        mn=mn,
        flag=int(flag),
        cp=rest.partition("&&")[0],
    )


def frame(segment: str) -> bytes:
    """A data segment (ASCII) as it is sent."""
    data = segment.encode("latin-1", "replace")
    return b"##%04d%b%04X\r\n" % (len(data), data, crc16(data))


def _text(data: bytes) -> str:
    return data.decode("latin-1")
