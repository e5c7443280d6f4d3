"""Questions to the history about single points and instants; each takes a cursor of its own."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from twin.state.history_asof import as_of
from twin.state.history_source import USABLE, parts, readings, wanted
from twin.state.history_tables import HOUR_MS
from twin.state.samples import Codes, Floats, Ints

__all__ = ["HOUR_MS", "Buckets", "Gaps", "Latest", "Page", "buckets", "first_after", "gaps", "latest_before", "page"]
MAX_GAPS = 1_000


@dataclass(frozen=True, slots=True)
class Buckets:
    """Time buckets that hold samples, ascending. t: start of the bucket, epoch ms.

    min, mean, max, count: of usable samples; bad: samples that are not; corrected: samples a person changed.
    """

    t: Ints
    min: Floats
    mean: Floats
    max: Floats
    count: Ints
    bad: Ints
    corrected: Ints


@dataclass(frozen=True, slots=True)
class Latest:
    """One sample for each key that has one. keys: (n,), times: epoch ms, values."""

    keys: Ints
    times: Ints
    values: Floats


@dataclass(frozen=True, slots=True)
class Page:
    """Samples of a point, ascending. original: the values as they came; next: where the next page begins, or None."""

    t: Ints
    value: Floats
    quality: Codes
    corrected: np.ndarray[tuple[int], np.dtype[np.bool_]]
    original: Floats
    next: int | None


@dataclass(frozen=True, slots=True)
class Gaps:
    """Spans without a usable sample that are longer than `limit_ms`, ascending; total: how many there are in all."""

    start: Ints
    stop: Ints
    total: int
    limit_ms: int


def buckets(cursor: duckdb.DuckDBPyConnection, key: int, start: int, end: int, count: int) -> Buckets:
    """Minimum, mean and maximum of a point's usable samples in `count` equal buckets of [start, end) epoch ms."""
    width = max(1, -(-(end - start) // count))
    source = parts(cursor, "point = $key AND t >= $start AND t < $end")
    found = cursor.execute(
        f"SELECT CAST((t - $start) // $width AS BIGINT) AS bucket, min(low) AS low,"
        " sum(total) / nullif(sum(n), 0) AS mean, max(high) AS high, CAST(sum(n) AS BIGINT) AS n,"
        f" CAST(sum(bad) AS BIGINT) AS bad, CAST(sum(corrected) AS BIGINT) AS corrected FROM {source}"
        " GROUP BY bucket ORDER BY bucket",
        {"key": key, "start": start, "end": end, "width": width},
    ).fetchnumpy()
    return Buckets(
        t=found["bucket"].astype(np.int64) * width + start,
        min=_floats(found["low"]),
        mean=_floats(found["mean"]),
        max=_floats(found["high"]),
        count=found["n"].astype(np.int64),
        bad=found["bad"].astype(np.int64),
        corrected=found["corrected"].astype(np.int64),
    )


def page(cursor: duckdb.DuckDBPyConnection, key: int, start: int, end: int, limit: int) -> Page:
    """At most about `limit` samples of a point in [start, end), epoch ms, by time; samples of one instant stay together."""
    span = {"key": key, "start": start, "end": end}
    where = "point = $key AND t >= $start AND t < $end"
    # Which rows: by the original samples, so that what a correction did can be shown beside them.
    found = cursor.execute(
        f"WITH o AS (SELECT t, value, min(quality) AS quality FROM sample WHERE {where} GROUP BY t, value"
        " ORDER BY t, value LIMIT $limit),"
        f" r AS (SELECT * FROM {readings(cursor, f'{where} AND t <= (SELECT max(t) FROM o)')} WHERE corrected)"
        " SELECT o.t, o.value AS original, coalesce(r.value, o.value) AS value, coalesce(r.quality, o.quality) AS quality,"
        " r.t IS NOT NULL AS corrected FROM o LEFT JOIN (SELECT t, any_value(value) AS value, any_value(quality) AS quality"
        " FROM r GROUP BY t) r ON r.t = o.t ORDER BY o.t, o.value",
        {**span, "limit": limit + 1},
    ).fetchnumpy()
    t = found["t"].astype(np.int64)
    kept, following = len(t), None
    if kept > limit:
        whole = int(np.searchsorted(t, t[limit]))  # an instant is not cut in two, unless it fills the page
        kept = whole or limit
        following = int(t[limit]) if whole else int(t[limit]) + 1
    return Page(
        t=t[:kept],
        value=_floats(found["value"])[:kept],
        quality=found["quality"].astype(np.uint8)[:kept],
        corrected=found["corrected"].astype(np.bool_)[:kept],
        original=_floats(found["original"])[:kept],
        next=following,
    )


def raw_from(cursor: duckdb.DuckDBPyConnection, key: int) -> int:
    """Before this instant, epoch ms, only summaries of a point's samples are left; 0 where all samples are there."""
    row = cursor.execute("SELECT max(t + width) FROM rollup WHERE point = ?", [key]).fetchone()
    return int(row[0] or 0) if row else 0


def gaps(cursor: duckdb.DuckDBPyConnection, key: int, start: int, end: int, limit_ms: int) -> Gaps:
    """Spans of [start, end) longer than `limit_ms` without a usable sample, the ends of the span included; the first MAX_GAPS."""
    source = parts(cursor, "point = $key AND t >= $start AND t < $end", once=False)
    found = cursor.execute(
        "WITH seen AS (SELECT first_t, last_t FROM"
        f" {source} WHERE n > 0 UNION ALL SELECT $start, $start UNION ALL SELECT $end, $end),"
        " pair AS (SELECT last_t AS a, lead(first_t) OVER (ORDER BY first_t, last_t) AS b FROM seen)"
        " SELECT a, b, count(*) OVER () AS total FROM pair WHERE b - a > $limit ORDER BY a LIMIT $most",
        {"key": key, "start": start, "end": end, "limit": limit_ms, "most": MAX_GAPS},
    ).fetchnumpy()
    start_at = found["a"].astype(np.int64)
    return Gaps(start_at, found["b"].astype(np.int64), int(found["total"][0]) if len(start_at) else 0, limit_ms)


def latest_before(cursor: duckdb.DuckDBPyConnection, before: int, keys: Ints) -> Latest:
    """The last usable sample of each key at or before an instant (epoch ms), however long ago."""
    found = as_of(cursor, before, keys)
    usable = found.times > 0
    return Latest(found.keys[usable], found.times[usable], found.values[usable])


def first_after(cursor: duckdb.DuckDBPyConnection, start: int, end: int, keys: Ints) -> Latest:
    """The first usable sample of each key in [start, end), epoch ms."""
    with wanted(cursor, keys):
        found = cursor.execute(
            f"SELECT point, min(t) AS t, arg_min(value, t) AS value FROM {readings(cursor, 't >= $start AND t < $end')}"
            f" SEMI JOIN wanted ON key = point WHERE quality < {USABLE} GROUP BY point",
            {"start": start, "end": end},
        ).fetchnumpy()
    return Latest(found["point"].astype(np.int64), found["t"].astype(np.int64), _floats(found["value"]))


def _floats(column: object) -> Floats:
    return np.ma.filled(np.ma.asarray(column, dtype=np.float64), np.nan)
