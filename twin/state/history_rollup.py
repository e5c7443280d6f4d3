"""Retention: samples become buckets, buckets become hours. One block a step, one transaction a step.

A bucket keeps what every question needs: count, extremes and sum; first and last sample with their times; the
increase of a counter within; value · ms held, ms held and ms on. Corrections are applied for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from twin.state.history_settings import Keep, buckets_before, raw_before
from twin.state.history_source import USABLE, readings, transaction
from twin.state.history_tables import HOUR_MS
from twin.state.history_totals import ON, STEP, Asked, rise


@dataclass(frozen=True, slots=True)
class Group:
    """Points that are kept alike."""

    keep: Keep
    points: Asked


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a step did. taken: samples or buckets that were summarised; more: whether to ask again."""

    taken: int = 0
    more: bool = False


def roll(cursor: duckdb.DuckDBPyConnection, groups: Sequence[Group], now: int) -> Rolled:
    """Summarise one block of the first group that has something old enough; `more` is False where none has."""
    for group in groups:
        tables = {
            "wanted": {"key": group.points.keys, "hold": group.points.hold_ms, "top": group.points.top},
        }
        for name, columns in tables.items():
            cursor.register(name, columns)
        try:
            for table, limit, summarise in (
                ("archive", raw_before(group.keep, now), _samples),
                (_NARROW, buckets_before(group.keep, now), _hours),
            ):
                block = _next(cursor, table, limit)
                if block is not None:
                    with transaction(cursor):
                        return Rolled(summarise(cursor, *block, group.keep), True)
        finally:
            for name in tables:
                cursor.unregister(name)
    return Rolled()


_NARROW = f"(SELECT * FROM rollup WHERE width < {HOUR_MS})"


def _next(cursor: duckdb.DuckDBPyConnection, table: str, limit: int) -> tuple[int, int] | None:
    """The oldest block before `limit` in which a wanted point has a row."""
    if limit <= 0:
        return None
    first = cursor.execute(
        f"SELECT min(t) FROM {table} SEMI JOIN wanted ON key = point WHERE t < ?", [limit]
    ).fetchone()
    if not first or first[0] is None:
        return None
    block = cursor.execute(
        "SELECT start, stop FROM block WHERE start <= ? AND stop > ?", [first[0], first[0]]
    ).fetchone()
    return (int(block[0]), int(block[1])) if block and block[1] <= limit else None


def _samples(cursor: duckdb.DuckDBPyConnection, start: int, stop: int, keep: Keep) -> int:
    width = keep.bucket_s * 1000
    inside = f"t >= {start} AND t < {stop}"
    source = readings(cursor, inside, "archive")
    # The last samples of a block hold on into the hours without any that may follow it.
    following = cursor.execute("SELECT min(start) FROM block WHERE start >= ?", [stop]).fetchone()
    reach = int(following[0]) if following and following[0] is not None else 1 << 52
    cursor.execute(
        f"INSERT INTO rollup WITH raw AS (SELECT r.*, w.hold, w.top FROM {source} r JOIN wanted w ON w.key = r.point),"
        f" pair AS (SELECT *, lag(value) OVER (PARTITION BY point, t // {width} ORDER BY t, value) AS v0, value AS v1"
        f" FROM raw WHERE quality < {USABLE}),"
        f" risen AS (SELECT point, t // {width} AS b, sum(CASE WHEN v0 IS NOT NULL THEN {rise(STEP)} END) AS rise"
        " FROM pair GROUP BY ALL),"
        f" stat AS (SELECT point, t // {width} AS b, count(*) FILTER (quality < {USABLE}) AS n,"
        f" count(*) FILTER (quality >= {USABLE}) AS bad, count(*) FILTER (corrected) AS corrected,"
        " min(good) AS low, max(good) AS high, sum(good) AS total, min(gt) AS first_t, arg_min(good, gt) AS first,"
        " max(gt) AS last_t, arg_max(good, gt) AS last FROM (SELECT *,"
        f" CASE WHEN quality < {USABLE} THEN value END AS good, CASE WHEN quality < {USABLE} THEN t END AS gt FROM raw)"
        " GROUP BY ALL),"
        # What held when the block began: the last sample before it.
        f" known AS (SELECT point, t, value, hold FROM raw WHERE quality < {USABLE} UNION ALL"
        " SELECT m.point, max(m.t), arg_max(m.value, m.t), any_value(w.hold) FROM mark m JOIN wanted w ON w.key = m.point"
        f" WHERE m.stop <= {start} AND m.t > {start} - w.hold GROUP BY m.point),"
        " span AS (SELECT point, greatest(t, $start) AS a, value AS x, least(coalesce(lead(t) OVER (PARTITION BY point"
        " ORDER BY t), $reach), t + hold, $reach) AS until FROM known),"
        f" cut AS (SELECT point, a, until, x, unnest(range(a // {width}, (until - 1) // {width} + 1)) AS b FROM span"
        " WHERE until > a),"
        f" piece AS (SELECT point, b, x, least(until, (b + 1) * {width}) - greatest(a, b * {width}) AS ms FROM cut),"
        f" held AS (SELECT point, b, sum(x * ms) AS area, sum(ms) AS held, sum(CASE WHEN x >= {ON} THEN ms ELSE 0 END) AS on_ms"
        " FROM piece GROUP BY ALL)"
        f" SELECT coalesce(s.point, h.point), coalesce(s.b, h.b) * {width}, {width}, coalesce(n, 0), coalesce(bad, 0),"
        " coalesce(corrected, 0), low, high, total, first_t, first, last_t, last, rise, area, held, on_ms"
        " FROM stat s FULL JOIN held h ON s.point = h.point AND s.b = h.b"
        " LEFT JOIN risen r ON r.point = s.point AND r.b = s.b ORDER BY 1, 2",
        {"start": start, "reach": reach},
    )
    gone = cursor.execute(f"DELETE FROM archive WHERE {inside} AND point IN (SELECT key FROM wanted)").fetchone()
    taken = int(gone[0]) if gone else 0
    cursor.execute('UPDATE block SET "rows" = "rows" - ? WHERE start = ?', [taken, start])
    return taken


def _hours(cursor: duckdb.DuckDBPyConnection, start: int, stop: int, _keep: Keep) -> int:
    inside = f"width < {HOUR_MS} AND t >= {start} AND t < {stop} AND point IN (SELECT key FROM wanted)"
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE hourly AS WITH part AS (SELECT r.*, w.top, t // {HOUR_MS} AS b,"
        f" lag(last) OVER (PARTITION BY point, t // {HOUR_MS} ORDER BY t, first_t) AS v0, first AS v1"
        f" FROM (SELECT * FROM rollup WHERE {inside}) r JOIN wanted w ON w.key = r.point)"
        f" SELECT point, b * {HOUR_MS} AS t, {HOUR_MS} AS width, sum(n), sum(bad), sum(corrected), min(low), max(high),"
        " sum(total), min(first_t), arg_min(first, first_t), max(last_t), arg_max(last, last_t),"
        f" sum(coalesce(rise, 0) + CASE WHEN v0 IS NOT NULL AND v1 IS NOT NULL THEN {rise(STEP)} ELSE 0 END),"
        " sum(area), sum(held), sum(on_ms) FROM part GROUP BY point, b ORDER BY point, b"
    )
    gone = cursor.execute(f"DELETE FROM rollup WHERE {inside}").fetchone()
    cursor.execute("INSERT INTO rollup SELECT * FROM hourly")
    cursor.execute("DROP TABLE hourly")
    return int(gone[0]) if gone else 0


def groups_of(kinds: Sequence[str], asked: Asked, keep_of: dict[str, Keep]) -> list[Group]:
    """Points by how they are kept, without those that are kept as they are. keep_of: by kind."""
    keeps = {keep for keep in keep_of.values() if keep.raw_days}
    found = []
    for keep in sorted(keeps, key=lambda one: (one.raw_days, one.bucket_s, one.bucket_months)):
        chosen = np.array([keep_of[kind] == keep for kind in kinds], dtype=np.bool_)
        found.append(Group(keep, Asked(asked.keys[chosen], asked.hold_ms[chosen], asked.top[chosen])))
    return [group for group in found if len(group.points.keys)]
