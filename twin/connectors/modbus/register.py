"""The address of a Modbus point: `<unit>/<table>/<address>?type=…&order=…&bit=…&scale=…&offset=…`."""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from urllib.parse import parse_qsl

from twin.errors import Invalid

BIT_TABLES = ("coil", "discrete")
TABLES = (*BIT_TABLES, "input", "holding")
WRITABLE = ("coil", "holding")
FORMATS = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float32": ">f",
    "float64": ">d",
}
ORDERS = ("abcd", "cdab", "badc", "dcba")
GRAMMAR = "<unit 0-255>/<coil|discrete|input|holding>/<address 0-65535>, as 1/holding/40?type=float32&scale=0.1"
_PATH = re.compile(r"(\d{1,3})/(coil|discrete|input|holding)/(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Register:
    """Where a value stands and how it is read.

    source: the address as text; first: of the wire, counted from 0; count: registers (bits in bit tables);
    type: key of FORMATS, empty in bit tables; order: of the bytes a b c d as the device sends them, where abcd is
    the most significant first; bit: of a single register, None for the whole; value = raw * scale + offset.
    """

    source: str
    unit: int
    table: str
    first: int
    count: int = 1
    type: str = ""
    order: str = "abcd"
    bit: int | None = None
    scale: float = 1.0
    offset: float = 0.0

    @property
    def end(self) -> int:
        """The address behind the last one."""
        return self.first + self.count

    @property
    def mask(self) -> int:
        """The bit in the register as it is sent; the whole register where no bit is meant."""
        if self.bit is None:
            return 0xFFFF
        return int.from_bytes(_ordered((1 << self.bit).to_bytes(2, "big"), self.order), "big")

    def decode(self, raw: bytes) -> float:
        """The value of the registers' bytes, most significant byte of each register first."""
        number = struct.unpack(FORMATS[self.type], _ordered(raw, self.order))[0]
        if self.bit is not None:
            return float(number >> self.bit & 1)
        return float(number * self.scale + self.offset)

    def encode(self, value: float) -> list[int]:
        """The registers that stand for a value. Raises Invalid where it does not fit the type."""
        if not math.isfinite(value):
            raise Invalid(f"Modbus {self.source}: {value!r} cannot be written; expected a finite number", code="write")
        raw: float = (value - self.offset) / self.scale
        try:
            packed = struct.pack(FORMATS[self.type], raw if self.type.startswith("float") else round(raw))
        except (struct.error, OverflowError) as error:
            raise Invalid(
                f"Modbus {self.source}: {value:g} does not fit {self.type} (raw value {raw:g})", code="write"
            ) from error
        return list(struct.unpack(f">{len(packed) // 2}H", _ordered(packed, self.order)))


def parse_register(source: str) -> Register:
    """A register from its address. Raises Invalid naming what is wrong."""
    path, _, query = source.partition("?")
    match = _PATH.fullmatch(path)
    if match is None or int(match[1]) > 255 or int(match[3]) > 65535:
        raise _wrong(source, f"expected {GRAMMAR}")
    unit, table, first = int(match[1]), match[2], int(match[3])
    options = dict(parse_qsl(query, keep_blank_values=True))
    if table in BIT_TABLES:
        if options:
            raise _wrong(source, f"a {table} is a bit and takes no {min(options)}")
        return Register(source, unit, table, first)
    unknown = set(options) - {"type", "order", "bit", "scale", "offset"}
    if unknown:
        raise _wrong(source, f"{min(unknown)} is unknown; expected type, order, bit, scale, offset")
    kind, order = options.get("type", "uint16"), options.get("order", "abcd")
    if kind not in FORMATS:
        raise _wrong(source, f"type {kind!r} is unknown; expected one of {', '.join(FORMATS)}")
    if order not in ORDERS:
        raise _wrong(source, f"order {order!r} is unknown; expected one of {', '.join(ORDERS)}")
    count = struct.calcsize(FORMATS[kind]) // 2
    if first + count > 65536:
        raise _wrong(source, f"a {kind} at {first} ends beyond 65535")
    bit = _bit(source, options.get("bit"))
    if bit is not None and (kind != "uint16" or "scale" in options or "offset" in options):
        raise _wrong(source, "a bit is read from a uint16 without scale and offset")
    scale, offset = _number(source, options, "scale", 1.0), _number(source, options, "offset", 0.0)
    if scale == 0:
        raise _wrong(source, "scale is 0; expected any other number")
    return Register(source, unit, table, first, count, kind, order, bit, scale, offset)


def _bit(source: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,2}", text) or int(text) > 15:
        raise _wrong(source, f"bit is {text!r}; expected 0 (least significant) to 15")
    return int(text)


def _number(source: str, options: dict[str, str], name: str, default: float) -> float:
    try:
        value = float(options.get(name, default))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _wrong(source, f"{name} is {options[name]!r}; expected a number")
    return value


def _wrong(source: str, why: str) -> Invalid:
    return Invalid(f"Modbus address {source!r}: {why}", code="address")


def _ordered(raw: bytes, order: str) -> bytes:
    """To the order abcd, and back: each of the four is its own inverse."""
    if order == "abcd":
        return raw
    if order == "dcba":
        return raw[::-1]
    words = [raw[n : n + 2] for n in range(0, len(raw), 2)]
    return b"".join(words[::-1] if order == "cdab" else (word[::-1] for word in words))
