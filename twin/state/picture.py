"""The whole park as of an instant, and what changed after it: questions to the history for restarts and replays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from twin.state.history_queries import WINDOWS_MS
from twin.state.samples import Codes, Floats, Ints

_FIELDS = (
    "max(t) AS heard, arg_max(quality, t) AS code,"
    " max(t) FILTER (quality < 2) AS good, arg_max(value, t) FILTER (quality < 2) AS value"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One row per key that has any sample. keys: (n,); heard: time of the last sample, epoch ms; quality: its code.

    good: time of the last usable sample, epoch ms, 0 where there is none; values: its value, NaN then.
    """

    keys: Ints
    heard: Ints
    quality: Codes
    good: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Steps:
    """Pictures of equal steps of time, one after the other. bounds: (steps + 1,) where each begins in `rows`."""

    rows: Picture
    bounds: Ints

    def step(self, number: int) -> Picture:
        """What happened in one step."""
        low, high = int(self.bounds[number]), int(self.bounds[number + 1])
        rows = self.rows
        return Picture(
            rows.keys[low:high],
            rows.heard[low:high],
            rows.quality[low:high],
            rows.good[low:high],
            rows.values[low:high],
        )


def picture_at(cursor: duckdb.DuckDBPyConnection, at: int, keys: Ints) -> Picture:
    """The state of keys at an instant (epoch ms, inclusive), looked for at most 30 days back.

    A key whose last sample is bad is looked for further back until a usable one is found.
    """
    wanted = np.unique(keys.astype(np.int64))
    heard = np.zeros(len(wanted), dtype=np.int64)
    code = np.zeros(len(wanted), dtype=np.uint8)
    good = np.zeros(len(wanted), dtype=np.int64)
    value = np.full(len(wanted), np.nan)
    upper = at
    for window in WINDOWS_MS:
        open_ = np.flatnonzero(good == 0)
        if len(open_) == 0:
            break
        cursor.register("wanted", {"key": wanted[open_]})
        part = _ask(
            cursor,
            f"SELECT point, {_FIELDS} FROM sample SEMI JOIN wanted ON key = point WHERE t > ? AND t <= ? GROUP BY point",
            [at - window, upper],
        )
        cursor.unregister("wanted")
        place = np.searchsorted(wanted, part.keys)
        first = heard[place] == 0
        heard[place[first]], code[place[first]] = part.heard[first], part.quality[first]
        good[place], value[place] = part.good, part.values
        upper = at - window
    there = heard > 0
    return Picture(wanted[there], heard[there], code[there], good[there], value[there])


def changes(cursor: duckdb.DuckDBPyConnection, after: int, step_ms: float, count: int, keys: Ints) -> Steps:
    """What keys did in `count` steps of `step_ms` after an instant: at most one row per key and step.

    Steps are (after + k·step, after + (k + 1)·step]; late samples count at their own time.
    """
    cursor.register("wanted", {"key": np.unique(keys.astype(np.int64))})
    try:
        found = cursor.execute(
            f"SELECT CAST(greatest(ceil((t - ?) / ?), 1) AS INTEGER) - 1 AS step, point, {_FIELDS} FROM sample"
            " SEMI JOIN wanted ON key = point WHERE t > ? AND t <= ? GROUP BY step, point ORDER BY step, point",
            [after, step_ms, after, after + int(step_ms * count)],
        ).fetchnumpy()
    finally:
        cursor.unregister("wanted")
    rows = _picture(found)
    bounds = np.searchsorted(found["step"].astype(np.int64), np.arange(count + 1))
    return Steps(rows, bounds.astype(np.int64))


def _ask(cursor: duckdb.DuckDBPyConnection, sql: str, values: list[int]) -> Picture:
    return _picture(cursor.execute(sql, values).fetchnumpy())


def _picture(found: Mapping[str, object]) -> Picture:
    def column(name: str, kind: type[np.generic], blank: float) -> NDArray[Any]:
        return np.asarray(np.ma.filled(np.ma.asarray(found[name]).astype(kind), blank))

    return Picture(
        column("point", np.int64, 0),
        column("heard", np.int64, 0),
        column("code", np.uint8, 0),
        column("good", np.int64, 0),
        column("value", np.float64, np.nan),
    )
