"""Samples are kept once: what a broker sends again is recognised by point, time and value.

Only samples that may have come before are looked for, those that the hub marks `repeated`: not newer than what
it knows of their point. All others cost nothing.
"""

from __future__ import annotations

import duckdb

from twin.state.samples import Samples

_COLUMNS = "point, t, value, quality"


def insert(connection: duckdb.DuckDBPyConnection, batch: Samples) -> int:
    """Insert samples in the open transaction, their points being keys; returns how many were there already."""
    repeated = batch.repeated
    if repeated is None or not repeated.any():
        _insert(connection, batch)
        return 0
    _insert(connection, batch.where(~repeated))
    asked = batch.where(repeated)
    connection.register("asked", _columns(asked))
    try:
        kept = connection.execute(
            f"INSERT INTO fresh SELECT {_COLUMNS} FROM"
            " (SELECT *, row_number() OVER (PARTITION BY point, t, value) AS n FROM asked) AS one"
            " WHERE n = 1 AND NOT EXISTS (SELECT 1 FROM sample AS s WHERE s.point = one.point AND s.t = one.t"
            " AND s.t BETWEEN ? AND ? AND s.value IS NOT DISTINCT FROM one.value)",
            [int(asked.times.min()), int(asked.times.max())],  # so that the scan skips all other times
        ).fetchone()
    finally:
        connection.unregister("asked")
    return len(asked) - (int(kept[0]) if kept else 0)


def _insert(connection: duckdb.DuckDBPyConnection, batch: Samples) -> None:
    if len(batch) == 0:
        return
    connection.register("incoming", _columns(batch))
    try:
        connection.execute(f"INSERT INTO fresh SELECT {_COLUMNS} FROM incoming")
    finally:
        connection.unregister("incoming")


def _columns(batch: Samples) -> dict[str, object]:
    return {"point": batch.points, "t": batch.times, "value": batch.values, "quality": batch.quality}
