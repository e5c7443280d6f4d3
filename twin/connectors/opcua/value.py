"""OPC UA data values → readings, and numbers → variants of a node's type."""

from __future__ import annotations

import datetime as dt
import math

from asyncua import ua

from twin.connectors.intake import Arrived
from twin.errors import Invalid
from twin.state.quality import BAD, GOOD, STALE

BOUNDS = {
    ua.VariantType.SByte: (-(1 << 7), (1 << 7) - 1),
    ua.VariantType.Byte: (0, (1 << 8) - 1),
    ua.VariantType.Int16: (-(1 << 15), (1 << 15) - 1),
    ua.VariantType.UInt16: (0, (1 << 16) - 1),
    ua.VariantType.Int32: (-(1 << 31), (1 << 31) - 1),
    ua.VariantType.UInt32: (0, (1 << 32) - 1),
    ua.VariantType.Int64: (-(1 << 63), (1 << 63) - 1),
    ua.VariantType.UInt64: (0, (1 << 64) - 1),
}


def quality(status: ua.StatusCode | None) -> int:
    """Good, uncertain and bad status codes (OPC UA Part 4, 7.39: the two highest bits) as 0, 1 and 2."""
    severity = 0 if status is None else int(status.value) >> 30 & 3
    return (GOOD, STALE, BAD, BAD)[severity]


def status_name(status: ua.StatusCode | None) -> str:
    """The name of a status code, as BadNodeIdUnknown."""
    return "Good" if status is None else str(status.name)


def epoch_ms(time: dt.datetime | None) -> int:
    """Epoch milliseconds of a time in UTC; 0 where there is none, or one before 1970 (OPC UA counts from 1601)."""
    if time is None:
        return 0
    aware = time if time.tzinfo is not None else time.replace(tzinfo=dt.UTC)
    return max(0, round(aware.timestamp() * 1000))


def arrived(address: str, data: ua.DataValue) -> tuple[Arrived, str]:
    """The reading of a data value, and why it is none, empty where it is one. Never raises."""
    code = quality(data.StatusCode)
    time = epoch_ms(data.SourceTimestamp) or epoch_ms(data.ServerTimestamp)
    value = None if data.Value is None else data.Value.Value
    if code == BAD:
        return Arrived(address, math.nan, time, BAD), f"the server says {status_name(data.StatusCode)}"
    if isinstance(value, bool | int | float):
        try:
            return Arrived(address, float(value), time, code), ""
        except OverflowError:
            pass
    what = "no value" if value is None else f"a {type(value).__name__}"
    return Arrived(address, math.nan, time, BAD), f"the node has {what}; expected a number or a boolean"


def variant(address: str, value: float, kind: ua.VariantType) -> ua.Variant:
    """A number as a node's type. Raises Invalid where it does not fit."""
    if kind is ua.VariantType.Boolean:
        if value not in {0, 1}:
            raise Invalid(f"OPC UA {address}: {value!r} is no boolean; expected 0 or 1", code="write")
        return ua.Variant(value == 1, kind)
    if kind in {ua.VariantType.Float, ua.VariantType.Double}:
        if not math.isfinite(value):
            raise Invalid(f"OPC UA {address}: {value!r} cannot be written; expected a finite number", code="write")
        return ua.Variant(float(value), kind)
    bounds = BOUNDS.get(kind)
    if bounds is None:
        raise Invalid(f"OPC UA {address}: it takes a {kind.name}; expected a node of numbers or booleans", code="write")
    if not math.isfinite(value) or not bounds[0] <= round(value) <= bounds[1]:
        raise Invalid(f"OPC UA {address}: {value!r} does not fit {kind.name}", code="write")
    return ua.Variant(round(value), kind)
