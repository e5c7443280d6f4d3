"""Counter readings at the start of the park's day."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import numpy as np

from twin.state.history import History
from twin.state.history_queries import HOUR_MS, Latest
from twin.state.hub import Hub
from twin.state.samples import Floats, Ints

COUNTERS = ("energy", "water")


def day_start(now: int, timezone: tzinfo) -> int:
    """Epoch ms of the last midnight in a time zone."""
    local = datetime.fromtimestamp(now / 1000, UTC).astimezone(timezone)
    return round(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


async def counter_baseline(hub: Hub, history: History, keys: Ints, start: int, now: int) -> Floats:
    """Reading of each counter at `start`, (n,); NaN for other points and where there is none.

    It is the last one of the hour before; a counter that was silent then counts from its first reading
    of the day. Older readings would put the energy of past days into this one.
    """
    baseline = np.full(len(hub), np.nan)
    counters = np.flatnonzero(np.isin(hub.kind, COUNTERS))
    if len(counters) == 0:
        return baseline
    _put(baseline, counters, keys, await history.first_after(start, now + 1, keys[counters]))
    before = await history.latest_before(start, keys[counters])
    recent = before.times > start - HOUR_MS
    _put(baseline, counters, keys, Latest(before.keys[recent], before.times[recent], before.values[recent]))
    return baseline


def _put(baseline: Floats, counters: Ints, keys: Ints, found: Latest) -> None:
    baseline[counters[positions(keys[counters], found.keys)]] = found.values


def positions(keys: Ints, wanted: Ints) -> Ints:
    """Where each of `wanted` stands in `keys`; all are there, each once."""
    order = np.argsort(keys)
    return np.asarray(order[np.searchsorted(keys, wanted, sorter=order)], dtype=np.int64)
