"""Hours, days, weeks and months of a time zone as instants; a day has 23 or 25 hours where the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from twin.errors import Invalid
from twin.state.history_tables import HOUR_MS
from twin.state.samples import Ints

STEPS = ("hour", "day", "week", "month", "all")
MAX_BINS = 10_000
SLOT_MS = 900_000
"""Offsets of time zones are whole quarters of an hour: so are the edges between bins."""
LAST_MS = 4_102_444_800_000  # 2100


def edges(start: int, end: int, step: str, zone: tzinfo) -> Ints:
    """Instants, epoch ms, that cut [start, end) by the calendar: first `start`, last `end`. Raises Invalid."""
    if step not in STEPS:
        raise Invalid(f"Step {step!r} is unknown: expected {', '.join(STEPS)}", code="history-step")
    if not 0 <= start < end <= LAST_MS:
        raise Invalid(f"History of {start} … {end}: expected from < to, epoch ms up to 2100", code="history-span")
    found = [start]
    at = _floor(start, step, zone)
    while step != "all":
        at = _next(at, step, zone)
        if at >= end:
            break
        if len(found) >= MAX_BINS:
            raise Invalid(
                f"History of {start} … {end} by {step} has more than {MAX_BINS} parts: expected a shorter span or longer parts",
                code="history-span",
            )
        found.append(at)
    return np.array([*found, end], dtype=np.int64)


def slots(cuts: Ints) -> tuple[Ints, Ints]:
    """Every quarter of an hour (t // SLOT_MS) between the first and the last edge, and the bin it lies in."""
    number = np.arange(cuts[0] // SLOT_MS, (cuts[-1] - 1) // SLOT_MS + 1)
    return number, np.clip(np.searchsorted(cuts, number * SLOT_MS, side="right") - 1, 0, len(cuts) - 2)


def _local(at: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)


def _floor(at: int, step: str, zone: tzinfo) -> int:
    local = _local(at, zone)
    if step == "hour":
        return at - (local.minute * 60_000 + local.second * 1000 + at % 1000)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if step == "week":
        day -= timedelta(days=day.weekday())
    if step == "month":
        day = day.replace(day=1)
    return _instant(day)


def _next(at: int, step: str, zone: tzinfo) -> int:
    if step == "hour":
        return at + HOUR_MS
    day = _local(at, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if step == "month":
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        day += timedelta(days=7 if step == "week" else 1)
    return _instant(day.replace(tzinfo=zone))


def _instant(local: datetime) -> int:
    return round(local.timestamp() * 1000)
