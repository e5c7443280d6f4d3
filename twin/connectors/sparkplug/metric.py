"""Metrics of a payload as plain values, by the data types of Sparkplug 3.0, section 6.4.16."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from google.protobuf.message import DecodeError

from twin.connectors.conversion import number_of
from twin.connectors.sparkplug.schema import Payload
from twin.errors import Invalid
from twin.state import quality as q

INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT, DOUBLE, BOOLEAN, STRING, DATETIME, TEXT = range(1, 15)
BITS = {INT8: 8, INT16: 16, INT32: 32, INT64: 64}
QUALITY = {0: q.BAD, 192: q.GOOD, 500: q.STALE}
"""Of the property `Quality`."""


class Metric(NamedTuple):
    """name: empty where only an alias stands; alias: None where there is none; kind: its data type, 0 where it does not tell.

    value: NaN where it is null or no number; text: what a text says; time: epoch ms, 0 where it has none.
    """

    name: str
    alias: int | None
    kind: int
    value: float
    text: str
    time: int
    quality: int
    historical: bool


class Message(NamedTuple):
    """A payload. seq: None where it has none."""

    time: int
    seq: int | None
    metrics: list[Any]


def parse(payload: bytes) -> Message:
    """Read a payload; its metrics are read by `metric`, once their types are known. Raises Invalid."""
    try:
        found = Payload.FromString(payload)
    except DecodeError as error:
        raise Invalid(f"Payload {payload[:20]!r} is no Sparkplug B message", code="payload") from error
    return Message(int(found.timestamp), int(found.seq) if found.HasField("seq") else None, list(found.metrics))


def metric(raw: Any, kind: int, default_time: int) -> Metric:
    """A metric. kind: its data type from the birth, where it does not tell it itself."""
    kind = raw.datatype or kind
    value, text = (math.nan, "") if raw.is_null else _value(raw, kind)
    return Metric(
        raw.name,
        int(raw.alias) if raw.HasField("alias") else None,
        kind,
        value,
        text,
        int(raw.timestamp) or default_time,
        _quality(raw) if raw.HasField("properties") else q.GOOD,
        bool(raw.is_historical),
    )


def _value(raw: Any, kind: int) -> tuple[float, str]:
    field = raw.WhichOneof("value")
    if field is None:  # a data set, a template, bytes: no single value
        return math.nan, ""
    value = getattr(raw, field)
    bits = BITS.get(kind)
    if bits is not None and field in {"int_value", "long_value"}:
        # Two's complement in an unsigned field; senders differ in whether they fill it beyond the type's width.
        value &= (1 << bits) - 1
        value -= (value >> (bits - 1)) << bits
    return number_of(value)


def _quality(raw: Any) -> int:
    for key, item in zip(raw.properties.keys, raw.properties.values, strict=False):
        if key == "Quality":
            return QUALITY.get(int(item.int_value or item.long_value), q.BAD)
    return q.GOOD
