"""Histories for tests, filled and asked without an event loop of their own."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from twin.state.history_schema import open_history
from twin.state.samples import Samples

HOUR = 3_600_000
DAY = 24 * HOUR
T0 = 1_699_920_000_000
"""A midnight, UTC."""


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    return open_history(folder / "history.duckdb")


def put(connection: duckdb.DuckDBPyConnection, point, t, value, quality=0) -> None:
    """Append samples as the writer does; single numbers are repeated."""
    rows = np.broadcast_arrays(*(np.atleast_1d(column) for column in (point, t, value, quality)))
    connection.register("incoming", dict(zip(("p", "t", "v", "q"), map(np.ascontiguousarray, rows), strict=True)))
    connection.execute("INSERT INTO fresh SELECT p, t, v, q FROM incoming")
    connection.unregister("incoming")


def samples(points, times, values, quality=None) -> Samples:
    count = len(points)
    return Samples(
        np.array(points, np.int64),
        np.array(times, np.int64),
        np.array(values, np.float64),
        np.zeros(count, np.uint8) if quality is None else np.array(quality, np.uint8),
    )
