"""Data units of GB/T 26875.3: what uploads say of systems, components and the device itself. [GK]

Every unit is a type, a count, and that many objects, each followed by its time (second, minute, hour, day, month,
year of the century).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from twin.connectors.listener import Fault

PART_BITS = ("normal", "fire", "fault", "shielded", "supervisory", "started", "feedback", "delayed", "power-fault")
SYSTEM_BITS = (
    "normal",
    "fire",
    "fault",
    "shielded",
    "supervisory",
    "started",
    "feedback",
    "delayed",
    "main-power-fault",
    "backup-power-fault",
    "bus-fault",
    "manual",
    "reconfigured",
    "reset",
)
DEVICE_BITS = (
    "normal",
    "fire",
    "fault",
    "main-power-fault",
    "backup-power-fault",
    "uplink-fault",
    "line-fault",
)
OPERATION_BITS = ("reset", "silence", "manual-alarm", "alarm-cleared", "self-test", "confirm", "test")
RESOLUTION: Mapping[int, float] = MappingProxyType(
    {1: 1, 2: 0.01, 3: 0.1, 4: 0.1, 5: 0.1, 6: 0.1, 7: 1, 8: 0.1, 9: 0.1, 10: 0.1, 11: 0.1, 12: 1}
)
"""Kind of analog value → what one step is: 1 events, 2 height m, 3 temperature °C, 4 pressure MPa, 5 pressure kPa,
6 gas %LEL, 7 seconds, 8 V, 9 A, 10 flow L/s, 11 air flow m³/min, 12 wind m/s."""
TIME = 6


@dataclass(frozen=True, slots=True)
class Observed:
    """One object of a data unit. place: its address below the device; values: by the last part of the address.

    fallback: the part under which it becomes a candidate where no point has any; text: for people.
    """

    place: str
    values: Mapping[str, float]
    time: bytes
    fallback: str
    text: str = ""


def observed(data: bytes) -> list[Observed] | Fault | None:
    """The objects of a data unit; None where it carries no values that we know. Never raises."""
    if len(data) < 2:
        return None
    kind, count = data[0], data[1]
    known = _KINDS.get(kind)
    if known is None:
        return None
    size, read = known
    wanted = 2 + count * (size + TIME)
    if len(data) != wanted:
        return Fault(f"type {kind} with {count} objects has {len(data)} bytes; expected {wanted}")
    objects = []
    for start in range(2, wanted, size + TIME):
        middle = start + size
        objects.append(read(data[start:middle], data[middle : middle + TIME]))
    return objects


def epoch_ms(time: bytes, zone: dt.tzinfo) -> int:
    """Epoch milliseconds of six bytes; 0 where they are no time."""
    second, minute, hour, day, month, year = time
    try:
        return round(dt.datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0


def six_bytes(epoch: int, zone: dt.tzinfo) -> bytes:
    """Epoch milliseconds as six bytes."""
    time = dt.datetime.fromtimestamp(epoch / 1000, zone)
    return bytes((time.second, time.minute, time.hour, time.day, time.month, time.year % 100))


def _bits(word: int, names: tuple[str, ...]) -> dict[str, float]:
    return {"state": float(word)} | {name: float(word >> bit & 1) for bit, name in enumerate(names)}


def _system(body: bytes, time: bytes) -> Observed:
    word = int.from_bytes(body[2:4], "little")
    return Observed(f"{body[0]}/{body[1]}/system", _bits(word, SYSTEM_BITS), time, "state")


def _part(body: bytes, time: bytes) -> Observed:
    word = int.from_bytes(body[7:9], "little")
    text = body[9:40].rstrip(b"\0").decode("gb18030", "replace").strip()
    return Observed(_part_place(body), _bits(word, PART_BITS), time, "state", f"type {body[2]} {text}".strip())


def _analog(body: bytes, time: bytes) -> Observed:
    value = int.from_bytes(body[8:10], "little", signed=True) * RESOLUTION.get(body[7], 1.0)
    return Observed(_part_place(body), {"value": value, f"value-{body[7]}": value}, time, "value")


def _operation(body: bytes, time: bytes) -> Observed:
    return Observed(f"{body[0]}/{body[1]}/operation", _bits(body[2], OPERATION_BITS), time, "state")


def _device(body: bytes, time: bytes) -> Observed:
    return Observed("device", _bits(body[0], DEVICE_BITS), time, "state")


def _device_operation(body: bytes, time: bytes) -> Observed:
    return Observed("device/operation", _bits(body[0], OPERATION_BITS), time, "state")


def _part_place(body: bytes) -> str:
    return f"{body[0]}/{body[1]}/{int.from_bytes(body[3:7], 'little')}"


_KINDS: Mapping[int, tuple[int, Callable[[bytes, bytes], Observed]]] = MappingProxyType(
    {
        1: (4, _system),
        2: (40, _part),
        3: (10, _analog),
        4: (4, _operation),
        21: (1, _device),
        24: (2, _device_operation),
    }
)
"""Type → bytes of an object without its time, and how it is read."""
