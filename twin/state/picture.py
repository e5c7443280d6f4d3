"""The whole park as of an instant, and what changed after it: questions to the history for restarts and replays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from twin.state.history_asof import as_of
from twin.state.quality import BAD
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
    """The state of keys at an instant (epoch ms, inclusive), as corrected, however long ago they were heard."""
    last = as_of(cursor, at, keys)
    code = np.where(last.heard > last.times, BAD, last.quality).astype(np.uint8)
    return Picture(last.keys, last.heard, code, last.times, last.values)


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
