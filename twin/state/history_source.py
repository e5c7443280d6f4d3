"""Samples as every question reads them: fresh and archived ones, corrected, and summaries where samples are gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb
import numpy as np

from twin.state.samples import Ints

USABLE = 2
"""Samples of this quality and above (bad) have no value to reckon with."""

ACTIVE = "(SELECT * FROM correction WHERE undone_at IS NULL)"


@contextmanager
def wanted(cursor: duckdb.DuckDBPyConnection, keys: Ints) -> Iterator[None]:
    """Within the block `wanted(key)` holds these keys, each once."""
    cursor.register("wanted", {"key": np.unique(keys.astype(np.int64))})
    try:
        yield
    finally:
        cursor.unregister("wanted")


@contextmanager
def transaction(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing."""
    cursor.execute("BEGIN")
    try:
        yield
        cursor.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # it may be gone already, as after a full disk
            cursor.execute("ROLLBACK")
        raise


def readings(cursor: duckdb.DuckDBPyConnection, where: str, table: str = "sample") -> str:
    """A subquery of (point, t, value, quality, corrected) of the samples where `where` holds (on point and t).

    Corrections in force are applied; their join is left out where there are none.
    """
    if not _any(cursor, ACTIVE):
        return f"(SELECT point, t, value, quality, false AS corrected FROM {table} WHERE {where})"
    return (
        "(SELECT s.point, s.t,"
        " CASE c.action WHEN 'value' THEN c.value WHEN 'scale' THEN s.value * c.factor + c.\"offset\" ELSE s.value END"
        " AS value,"
        " CAST(CASE c.action WHEN 'value' THEN 0 WHEN 'exclude' THEN 2 ELSE s.quality END AS UTINYINT) AS quality,"
        f" c.id IS NOT NULL AS corrected FROM (SELECT * FROM {table} WHERE {where}) s"
        f" LEFT JOIN {ACTIVE} c ON c.point = s.point AND s.t >= c.start AND s.t < c.stop)"
    )


def parts(cursor: duckdb.DuckDBPyConnection, where: str, *, once: bool = True) -> str:
    """A subquery of (point, t, n, bad, corrected, low, high, total, first_t, first, last_t, last) of samples and rollups.

    A sample is a part of one: n or bad is 1. once: a sample that came twice is read once, which costs a
    hash of every row; leave it out where repeats change nothing.
    """
    source = readings(cursor, where)
    if once:
        source = (
            "(SELECT point, t, value, min(quality) AS quality, bool_or(corrected) AS corrected"
            f" FROM {source} GROUP BY point, t, value)"
        )
    usable = f"quality < {USABLE}"
    value = f"CASE WHEN {usable} THEN value END"
    time = f"CASE WHEN {usable} THEN t END"
    query = (
        f"SELECT point, t, CAST({usable} AS BIGINT) AS n, CAST(NOT {usable} AS BIGINT) AS bad,"
        f" CAST(corrected AS BIGINT) AS corrected, {value} AS low, {value} AS high, {value} AS total,"
        f" {time} AS first_t, {value} AS first, {time} AS last_t, {value} AS last FROM {source}"
    )
    if _any(cursor, "rollup"):
        query += (
            " UNION ALL SELECT point, t, n, bad, corrected, low, high, total, first_t, first, last_t, last"
            f" FROM rollup WHERE n + bad > 0 AND {where}"
        )
    return f"({query})"


def _any(cursor: duckdb.DuckDBPyConnection, relation: str) -> bool:
    return cursor.execute(f"SELECT 1 FROM {relation} LIMIT 1").fetchone() is not None
