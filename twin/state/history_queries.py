"""Questions to the history; each takes a cursor of its own."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from twin.state.samples import Floats, Ints

HOUR_MS = 3_600_000
WINDOWS_MS = (HOUR_MS, 24 * HOUR_MS, 30 * 24 * HOUR_MS)
"""How far the latest value before an instant is looked for, step by step: scanning all days for one
silent point would cost seconds at a hundred million rows."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """Time buckets that hold good samples, ascending. t: start of the bucket, epoch ms; count: samples in it."""

    t: Ints
    min: Floats
    mean: Floats
    max: Floats
    count: Ints


@dataclass(frozen=True, slots=True)
class Latest:
    """One sample for each key that has one. keys: (n,), times: epoch ms, values."""

    keys: Ints
    times: Ints
    values: Floats


def buckets(cursor: duckdb.DuckDBPyConnection, key: int, start: int, end: int, count: int) -> Buckets:
    """Minimum, mean and maximum of a point's usable samples in `count` equal buckets of [start, end) epoch ms."""
    width = max(1, -(-(end - start) // count))
    found = cursor.execute(
        "SELECT CAST((t - ?) // ? AS BIGINT) AS bucket, min(value) AS low, avg(value) AS mean, max(value) AS high,"
        " count(*) AS n FROM sample WHERE point = ? AND t >= ? AND t < ? AND quality < 2"
        " GROUP BY bucket ORDER BY bucket",
        [start, width, key, start, end],
    ).fetchnumpy()
    return Buckets(
        t=found["bucket"].astype(np.int64) * width + start,
        min=_floats(found["low"]),
        mean=_floats(found["mean"]),
        max=_floats(found["high"]),
        count=found["n"].astype(np.int64),
    )


def latest_before(cursor: duckdb.DuckDBPyConnection, before: int, keys: Ints) -> Latest:
    """The last usable sample of each key at or before an instant (epoch ms), looked for at most 30 days back."""
    parts: list[Latest] = []
    wanted = np.unique(keys.astype(np.int64))
    upper = before
    for window in WINDOWS_MS:
        if len(wanted) == 0:
            break
        lower = before - window
        cursor.register("wanted", {"key": wanted})
        found = cursor.execute(
            "SELECT point, max(t) AS t, arg_max(value, t) AS value FROM sample SEMI JOIN wanted ON key = point"
            " WHERE t > ? AND t <= ? AND quality < 2 GROUP BY point",
            [lower, upper],
        ).fetchnumpy()
        cursor.unregister("wanted")
        part = Latest(found["point"].astype(np.int64), found["t"].astype(np.int64), _floats(found["value"]))
        parts.append(part)
        wanted = np.setdiff1d(wanted, part.keys)
        upper = lower
    return _joined(parts)


def first_after(cursor: duckdb.DuckDBPyConnection, start: int, end: int, keys: Ints) -> Latest:
    """The first usable sample of each key in [start, end), epoch ms."""
    cursor.register("wanted", {"key": np.unique(keys.astype(np.int64))})
    found = cursor.execute(
        "SELECT point, min(t) AS t, arg_min(value, t) AS value FROM sample SEMI JOIN wanted ON key = point"
        " WHERE t >= ? AND t < ? AND quality < 2 GROUP BY point",
        [start, end],
    ).fetchnumpy()
    cursor.unregister("wanted")
    return Latest(found["point"].astype(np.int64), found["t"].astype(np.int64), _floats(found["value"]))


def _joined(parts: list[Latest]) -> Latest:
    if not parts:
        return Latest(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return Latest(
        keys=np.concatenate([part.keys for part in parts]),
        times=np.concatenate([part.times for part in parts]),
        values=np.concatenate([part.values for part in parts]),
    )


def _floats(column: object) -> Floats:
    return np.ma.filled(np.ma.asarray(column, dtype=np.float64), np.nan)
