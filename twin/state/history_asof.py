"""As-of: the last sample of every point at or before an instant, however long ago."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from twin.state.history_source import ACTIVE, USABLE, readings, wanted
from twin.state.samples import Codes, Floats, Ints

NEAR_BLOCKS = 16
"""Most points have spoken within the last blocks; only those that have not are looked for in all of them."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """What was known of each key that ever sent anything, by key.

    times, values, quality: the last usable sample; time 0 and NaN where all were bad. heard: time of the last
    sample of any quality. corrected: whether the value is a person's.
    """

    keys: Ints
    times: Ints
    values: Floats
    quality: Codes
    heard: Ints
    corrected: np.ndarray[tuple[int], np.dtype[np.bool_]]


def as_of(cursor: duckdb.DuckDBPyConnection, instant: int, keys: Ints) -> AsOf:
    """The last sample of each key at or before `instant`, epoch ms.

    Read are the marks of the blocks before it, and samples only of the block it lies in and of those not
    yet archived: the cost does not grow with the history.
    """
    blocks = cursor.execute(
        f"SELECT start, stop FROM block WHERE start <= ? ORDER BY start DESC LIMIT {NEAR_BLOCKS + 1}", [instant]
    ).fetchall()
    inside = next(((int(start), int(stop)) for start, stop in blocks if instant < stop), None)
    near = int(blocks[-1][1]) if len(blocks) > NEAR_BLOCKS else 0
    sources = [
        "SELECT point, t, value, quality, heard FROM mark WHERE stop > $near AND stop <= $instant",
        _samples(cursor, "t <= $instant", "fresh"),
    ]
    if inside:
        sources.append(_samples(cursor, f"t >= {inside[0]} AND t <= $instant", "archive"))
        sources += [
            f"SELECT point, {end}_t, {end}, CAST(0 AS UTINYINT), {end}_t FROM rollup"
            f" WHERE t >= {inside[0]} AND t < {inside[1]} AND {end}_t <= $instant"
            for end in ("first", "last")
        ]
    with wanted(cursor, keys):
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE found AS {_last(' UNION ALL '.join(sources))}",
            {"near": near, "instant": instant},
        )
        if near:
            lacking = "(SELECT key FROM wanted WHERE key NOT IN (SELECT point FROM found WHERE t IS NOT NULL))"
            cursor.execute(
                f"INSERT INTO found {_last(f'SELECT point, t, value, quality, heard FROM mark WHERE stop <= {near}', lacking)}"
            )
    found = cursor.execute(
        "SELECT f.point, max(f.t) AS t, arg_max(f.value, f.t) AS value, arg_max(f.quality, f.t) AS quality,"
        f" max(f.heard) AS heard, bool_or(c.id IS NOT NULL) AS corrected FROM found f LEFT JOIN {ACTIVE} c"
        " ON c.point = f.point AND f.t >= c.start AND f.t < c.stop GROUP BY f.point ORDER BY f.point"
    ).fetchnumpy()
    cursor.execute("DROP TABLE found")
    return AsOf(
        keys=found["point"].astype(np.int64),
        times=np.ma.filled(np.ma.asarray(found["t"]), 0).astype(np.int64),
        values=np.ma.filled(np.ma.asarray(found["value"], dtype=np.float64), np.nan),
        quality=np.ma.filled(np.ma.asarray(found["quality"]), 2).astype(np.uint8),
        heard=found["heard"].astype(np.int64),
        corrected=np.ma.filled(np.ma.asarray(found["corrected"]), False).astype(np.bool_),
    )


def _samples(cursor: duckdb.DuckDBPyConnection, where: str, table: str) -> str:
    usable = f"quality < {USABLE}"
    return (
        f"SELECT point, CASE WHEN {usable} THEN t END AS t, CASE WHEN {usable} THEN value END AS value, quality,"
        f" t AS heard FROM {readings(cursor, where, table)}"
    )


def _last(source: str, keys: str = "wanted") -> str:
    return (
        "SELECT point, max(t) AS t, arg_max(value, t) AS value, arg_max(quality, t) AS quality, max(heard) AS heard"
        f" FROM ({source}) SEMI JOIN {keys} ON key = point GROUP BY point"
    )
