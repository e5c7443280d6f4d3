"""Move samples from where they arrived into the archive, block by block, with the marks that as-of reads.

A step is one transaction of a few million rows: whoever reads sees all of it or nothing, and so does a
server that was killed. Samples may be appended meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from twin.state.history_source import USABLE, readings, transaction
from twin.state.history_tables import DAY_MS, HOUR_MS
from twin.state.samples import Ints

BLOCK_ROWS = 1_000_000
"""A block ends at the full hour where it has so many samples, or after `BLOCK_DAYS`."""
BLOCK_DAYS = 32
STEP_ROWS = 4_000_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a step did. rows: taken from `source`; kept: written, the rest had come before; more: whether rows wait."""

    rows: int = 0
    kept: int = 0
    more: bool = False


def seal(
    cursor: duckdb.DuckDBPyConnection,
    cutoff: int,
    *,
    source: str = "fresh",
    step_rows: int = STEP_ROWS,
    block_rows: int = BLOCK_ROWS,
) -> Sealed:
    """Move samples older than `cutoff` (epoch ms), the oldest first, whole hours, about `step_rows` of them.

    source: a table like `fresh`; what was moved is deleted there. Late samples of hours that are archived
    already join their block.
    """
    with transaction(cursor):
        return _seal(cursor, cutoff // HOUR_MS * HOUR_MS, source, step_rows, block_rows)


def _seal(cursor: duckdb.DuckDBPyConnection, cutoff: int, source: str, step_rows: int, block_rows: int) -> Sealed:
    found = cursor.execute(
        f"SELECT t // {HOUR_MS} AS hour, count(*) AS n FROM {source} WHERE t < ? GROUP BY hour ORDER BY hour", [cutoff]
    ).fetchnumpy()
    hours, counts = found["hour"].astype(np.int64), found["n"].astype(np.int64)
    if len(hours) == 0:
        return Sealed()
    taken = max(1, int(np.searchsorted(np.cumsum(counts), step_rows, side="right")))
    more = taken < len(hours)
    hours, counts = hours[:taken], counts[:taken]
    start, stop = _blocks(cursor, hours, counts, block_rows)
    rows = kept = 0
    for first in np.unique(start).tolist():
        chosen = start == first
        moved, written = _move(cursor, source, hours[chosen], first, int(stop[chosen][0]))
        rows, kept = rows + moved, kept + written
    return Sealed(rows, kept, more)


def _move(cursor: duckdb.DuckDBPyConnection, source: str, hours: Ints, start: int, stop: int) -> tuple[int, int]:
    """Move the samples of some hours into one block; returns how many were taken and how many written."""
    low, high = int(hours[0]) * HOUR_MS, int(hours[-1] + 1) * HOUR_MS
    inside = f"t >= {low} AND t < {high}"
    whole = (high - low) // HOUR_MS == len(hours)
    chosen = inside if whole else f"{inside} AND t // {HOUR_MS} IN ({', '.join(map(str, hours.tolist()))})"
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE moving AS SELECT * FROM {source} WHERE {chosen} ORDER BY point, t, value"
    )
    rows = _count(cursor, f"DELETE FROM {source} WHERE {chosen}")
    # In this order what came twice stands side by side, which is cheaper to look for than to hash every row.
    # NaN is equal to itself here, as it is to GROUP BY.
    twice = cursor.execute(
        "SELECT 1 FROM moving a POSITIONAL JOIN (SELECT point AS p, t AS u, value AS v FROM moving OFFSET 1) b"
        " WHERE p = point AND u = t AND v IS NOT DISTINCT FROM value LIMIT 1"
    ).fetchone()
    if twice:
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE moving AS SELECT point, t, value, min(quality) AS quality FROM moving"
            " GROUP BY point, t, value ORDER BY point, t, value"
        )
    known = cursor.execute("SELECT 1 FROM block WHERE start = ?", [start]).fetchone()
    if known:  # late ones: what is archived already came twice, too
        cursor.execute(
            f"DELETE FROM moving m WHERE EXISTS (SELECT 1 FROM archive a WHERE a.{inside.replace('AND t', 'AND a.t')}"
            " AND a.point = m.point AND a.t = m.t AND a.value IS NOT DISTINCT FROM m.value)"
        )
    kept = _count(cursor, "INSERT INTO archive SELECT point, t, value, quality FROM moving")
    if known:
        cursor.execute('UPDATE block SET "rows" = "rows" + ? WHERE start = ?', [kept, start])
    else:
        cursor.execute("INSERT INTO block VALUES (?, ?, ?)", [start, stop, kept])
    put_marks(cursor, readings(cursor, "true", "moving"), stop)
    cursor.execute("DROP TABLE moving")
    return rows, kept


def put_marks(cursor: duckdb.DuckDBPyConnection, source: str, stop: int) -> None:
    """Add the marks of the block that ends at `stop`. It may have several marks of a point: the latest counts."""
    usable = f"FILTER (quality < {USABLE})"
    cursor.execute(
        f"INSERT INTO mark SELECT {stop}, point, max(t) {usable}, arg_max(value, t) {usable},"
        f" arg_max(quality, t) {usable}, max(t) FROM {source} GROUP BY point ORDER BY point"
    )


def _blocks(cursor: duckdb.DuckDBPyConnection, hours: Ints, counts: Ints, block_rows: int) -> tuple[Ints, Ints]:
    """Start and stop of the block of each hour, epoch ms: one that is there, or a new one of neighbouring hours."""
    there = cursor.execute("SELECT start, stop FROM block ORDER BY start").fetchnumpy()
    starts, stops = there["start"].astype(np.int64), there["stop"].astype(np.int64)
    times = hours * HOUR_MS
    place = np.searchsorted(starts, times, side="right") - 1
    old = (place >= 0) & (times < stops[place]) if len(starts) else np.zeros(len(hours), np.bool_)
    first, last = times.copy(), times + HOUR_MS
    if len(starts):
        first[old], last[old] = starts[place[old]], stops[place[old]]
    new = np.flatnonzero(~old)
    # New hours share a block while they lie between the same old blocks, and it is neither full nor too long.
    filled = (np.cumsum(counts[new]) - counts[new]) // block_rows
    group = np.stack([times[new] // (BLOCK_DAYS * DAY_MS), place[new], filled])
    _, number = np.unique(group, axis=1, return_inverse=True)
    number = number.reshape(-1)
    if len(new):
        low = np.full(number.max() + 1, np.iinfo(np.int64).max)
        high = np.zeros(number.max() + 1, np.int64)
        np.minimum.at(low, number, first[new])
        np.maximum.at(high, number, last[new])
        first[new], last[new] = low[number], high[number]
    return first, last


def _count(cursor: duckdb.DuckDBPyConnection, query: str) -> int:
    row = cursor.execute(query).fetchone()
    return int(row[0]) if row else 0
