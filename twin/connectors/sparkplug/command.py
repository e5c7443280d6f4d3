"""A command to a Sparkplug metric."""

from __future__ import annotations

import time

from twin.connectors.sparkplug import HEAD
from twin.connectors.sparkplug.metric import BITS, BOOLEAN, DOUBLE, FLOAT, INT64, UINT8, UINT16, UINT32, UINT64
from twin.connectors.sparkplug.schema import Payload
from twin.errors import Invalid

UNSIGNED = {UINT8: 8, UINT16: 16, UINT32: 32, UINT64: 64}
LONG = frozenset({INT64, UINT64})


def command(group: str, node: str, device: str, name: str, kind: int, value: float) -> tuple[str, bytes]:
    """(topic, payload) that asks for a value of a metric of a data type. Raises Invalid where the type does not hold it."""
    message = Payload(timestamp=time.time_ns() // 1_000_000)
    metric = message.metrics.add(name=name, datatype=kind, timestamp=message.timestamp)
    if kind == FLOAT:
        metric.float_value = value
    elif kind == DOUBLE:
        metric.double_value = value
    elif kind == BOOLEAN and value in (0, 1):
        metric.boolean_value = bool(value)
    elif (bits := BITS.get(kind) or UNSIGNED.get(kind)) and value == int(value):
        low, high = (-(1 << (bits - 1)), 1 << (bits - 1)) if kind in BITS else (0, 1 << bits)
        if not low <= value < high:
            raise Invalid(
                f"Value {value:g} does not fit metric {name!r}: expected {low} to {high - 1}", code="command-value"
            )
        unsigned = int(value) & ((1 << (64 if kind in LONG else 32)) - 1)
        if kind in LONG:
            metric.long_value = unsigned
        else:
            metric.int_value = unsigned
    else:
        raise Invalid(f"Value {value:g} cannot be written to metric {name!r} of data type {kind}", code="command-value")
    topic = f"{HEAD}{group}/DCMD/{node}/{device}" if device else f"{HEAD}{group}/NCMD/{node}"
    return topic, message.SerializeToString()
