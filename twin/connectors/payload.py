"""One message's payload → value, time, quality, simulated."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import orjson

from twin.errors import Invalid

MAX_TIME_MS = 1 << 52
MAX_PAYLOAD = 64 * 1024


class Reading(NamedTuple):
    """What a payload says. value: NaN where it was null; time: epoch ms, 0 where none was given."""

    value: float
    time: int = 0
    quality: int = 0
    simulated: bool = False


def decode(payload: bytes) -> Reading:
    """Read `{"v": 21.5, "t": epoch_ms, "q": 0, "sim": true}`, a plain number, or true and false.

    `t`, `q` and `sim` may be missing; a null value is NaN. Raises Invalid for anything else.
    """
    if len(payload) > MAX_PAYLOAD:
        raise Invalid(f"A payload has {len(payload)} bytes: expected at most {MAX_PAYLOAD}", code="payload")
    try:
        data = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"Payload {payload[:40]!r} is no JSON: expected a number or an object", code="payload") from error
    return reading_of(data)


def reading_of(data: Any) -> Reading:
    """As `decode`, of the payload's JSON. Raises Invalid."""
    if isinstance(data, int | float):  # bool is an int: true is 1
        return Reading(_number(data))
    if not isinstance(data, dict) or "v" not in data:
        raise Invalid(
            f"Payload {str(data)[:40]!r} has no value: expected a number, or an object with v", code="payload"
        )
    value, time, quality = data["v"], data.get("t", 0), data.get("q", 0)
    if not (value is None or isinstance(value, int | float)):
        raise Invalid(f"Value {str(value)[:40]!r} is no number: expected v to be a number or null", code="payload")
    if not isinstance(time, int | float) or not math.isfinite(time) or abs(time) > MAX_TIME_MS:
        raise Invalid(f"Time {str(time)[:40]!r} is not usable: expected epoch milliseconds", code="payload")
    if not isinstance(quality, int) or not 0 <= quality <= 255:
        raise Invalid(f"Quality {str(quality)[:40]!r} is not usable: expected 0, 1 or 2", code="payload")
    return Reading(math.nan if value is None else _number(value), int(time), quality, data.get("sim") is True)


def _number(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
