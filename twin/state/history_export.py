"""Samples as a Parquet file, written while it is read: memory does not grow with the span."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from twin.state.history_source import readings, wanted
from twin.state.samples import Ints

SCHEMA = pa.schema(
    [
        ("point_id", pa.string()),
        ("t", pa.timestamp("ms", "UTC")),
        ("value", pa.float64()),
        ("quality", pa.uint8()),
        ("corrected", pa.bool_()),
    ]
)


class _Sink:
    """Keeps what a writer wrote until it is taken away."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing to close."""

    def take(self) -> bytes:
        """What was written since the last call."""
        data, self._parts = b"".join(self._parts), []
        return data


def export(
    cursor: duckdb.DuckDBPyConnection, keys: Ints, start: int, end: int, about: dict[str, str]
) -> Iterator[bytes]:
    """Pieces of a Parquet file of the keys' samples of [start, end), epoch ms, corrected; by spans of time, then point and time.

    about: metadata of the file. Summaries are not exported: they are no samples.
    """
    sink = _Sink()
    schema = SCHEMA.with_metadata({f"parktwin.{name}": value for name, value in about.items()})
    with pq.ParquetWriter(pa.PythonFile(sink, "w"), schema, compression="zstd") as writer:
        for low, high in _slices(cursor, start, end):
            with wanted(cursor, keys):
                table = cursor.execute(
                    "SELECT point_id, t, value, quality, corrected FROM (SELECT point, t, value, min(quality) AS quality,"
                    f" bool_or(corrected) AS corrected FROM {readings(cursor, 't >= $low AND t < $high')}"
                    " SEMI JOIN wanted ON wanted.key = point GROUP BY point, t, value) JOIN point_key k ON k.key = point"
                    " ORDER BY point, t, value",
                    {"low": low, "high": high},
                ).to_arrow_table()
            if len(table):
                writer.write_table(table.set_column(1, "t", table["t"].cast(pa.timestamp("ms", "UTC"))).cast(schema))
            if data := sink.take():
                yield data
    yield sink.take()


def _slices(cursor: duckdb.DuckDBPyConnection, start: int, end: int) -> Sequence[tuple[int, int]]:
    """[start, end) cut where blocks end."""
    rows = cursor.execute("SELECT stop FROM block WHERE stop > ? AND stop < ? ORDER BY stop", [start, end]).fetchall()
    cuts = [start, *(int(row[0]) for row in rows), end]
    return list(pairwise(cuts))
