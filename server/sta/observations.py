"""Pages of Observations out of the history.

In order of time a page is looked for in windows that grow from the end it begins at, so that a point's latest thousand
of a hundred million samples cost what they are, not what the history is: the blocks of the table know their times.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np
from numpy.typing import NDArray

from server.sta.observation_filter import Bounds, Sql
from twin.errors import Unavailable
from twin.state.samples import Codes, Floats, Ints

HOUR_MS = 3_600_000
GROWTH = 6.0
MARGIN = 1.3
TIME_LIMIT_S = 20.0
COLUMNS = "point, t, value, quality"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which samples. keys: of the points; where: the filter; after: the last (t, point) of the page before, in that order.

    order: expressions with `descending`, empty for the order of time; descending: the direction of time.
    """

    keys: Ints
    where: Sql | None = None
    bounds: Bounds = field(default_factory=Bounds)
    descending: bool = False
    order: tuple[tuple[Sql, bool], ...] = ()
    after: tuple[int, int] | None = None
    limit: int = 100
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Samples as columns: keys of their points, epoch ms, values, quality codes."""

    keys: Ints
    times: Ints
    values: Floats
    quality: Codes

    def __len__(self) -> int:
        return len(self.keys)

    def cut(self, start: int, end: int) -> Found:
        """Some of them."""
        return Found(self.keys[start:end], self.times[start:end], self.values[start:end], self.quality[start:end])

    def at(self, rows: NDArray[np.int64]) -> Found:
        """Those of these rows, in their order."""
        return Found(self.keys[rows], self.times[rows], self.values[rows], self.quality[rows])


EMPTY = Found(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8))


def page(cursor: duckdb.DuckDBPyConnection, wanted: Wanted) -> Found:
    """Samples in order. Raises Unavailable where that takes too long."""
    if not len(wanted.keys) or not wanted.limit:
        return EMPTY
    with _Points(cursor, wanted.keys), _Limited(cursor):
        if wanted.order:
            order = ", ".join(f"{sql.text} {'DESC' if down else 'ASC'} NULLS FIRST" for sql, down in wanted.order)
            values = [value for sql, _ in wanted.order for value in sql.values]
            text, given = _condition(wanted)
            return _fetch(
                cursor,
                f"SELECT {COLUMNS} FROM sample WHERE {text} ORDER BY {order}, t, point LIMIT ? OFFSET ?",
                [*given, *values, wanted.limit, wanted.skip],
            )
        return _by_time(cursor, wanted)


def latest_each(cursor: duckdb.DuckDBPyConnection, wanted: Wanted) -> Found:
    """The first `skip + limit` of each point in the order of time, all points together; for expansions."""
    remaining = np.unique(wanted.keys)
    count = wanted.limit + wanted.skip
    parts: list[Found] = []
    if not len(remaining) or not count:
        return EMPTY
    chooser = "arg_max" if wanted.descending else "arg_min"
    have = np.zeros(int(remaining.max()) + 1, np.int64)
    with _Limited(cursor):
        for low, high in _Windows(cursor, wanted):
            with _Points(cursor, remaining):
                text, given = _condition(replace(wanted, keys=remaining))
                found = _fetch(
                    cursor,
                    f"SELECT point, unnest({chooser}({{'t': t, 'value': value, 'quality': quality}}, t, {int(count)}),"
                    f" recursive := true) FROM sample WHERE t >= ? AND t <= ? AND {text} GROUP BY point",
                    [low, high, *given],
                )
            parts.append(found)
            have += np.bincount(found.keys, minlength=len(have))
            remaining = remaining[have[remaining] < count]
            if not len(remaining):
                break
    joined = _joined(parts)
    order = np.lexsort((-joined.times if wanted.descending else joined.times, joined.keys))
    joined = joined.at(order)
    starts = np.flatnonzero(np.append(True, joined.keys[1:] != joined.keys[:-1])) if len(joined) else np.empty(0, int)
    rank = np.arange(len(joined)) - np.repeat(starts, np.diff(np.append(starts, len(joined))))
    return joined.at(np.flatnonzero((rank >= wanted.skip) & (rank < count)))


def count(cursor: duckdb.DuckDBPyConnection, wanted: Wanted) -> int:
    """How many samples there are in all, whatever page is wanted."""
    if not len(wanted.keys):
        return 0
    with _Points(cursor, wanted.keys), _Limited(cursor):
        text, given = _condition(wanted, paged=False)
        row = cursor.execute(f"SELECT count(*) FROM sample WHERE {text}", given).fetchone()
    return int(row[0]) if row else 0


def one(cursor: duckdb.DuckDBPyConnection, key: int, at: int) -> Found:
    """The sample of a point at an instant; the last where it was sent twice."""
    found = _fetch(cursor, f"SELECT {COLUMNS} FROM sample WHERE t = ? AND point = ?", [at, key])
    return found.cut(len(found) - 1, len(found)) if len(found) else found


def _by_time(cursor: duckdb.DuckDBPyConnection, wanted: Wanted) -> Found:
    text, given = _condition(wanted)
    way = "DESC" if wanted.descending else "ASC"
    need, parts = wanted.skip + wanted.limit, list[Found]()
    windows = _Windows(cursor, wanted)
    for low, high in windows:
        found = _fetch(
            cursor,
            f"SELECT {COLUMNS} FROM sample WHERE t >= ? AND t <= ? AND {text} ORDER BY t {way}, point {way} LIMIT ?",
            [low, high, *given, need],
        )
        parts.append(found)
        need -= len(found)
        if need <= 0:
            break
        windows.widen(len(found), need)
    return _joined(parts).cut(wanted.skip, wanted.skip + wanted.limit)


class _Windows:
    """Spans of time, both ends inclusive, from the end where the page begins, each some times as long as the one before."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
        self._backwards = wanted.descending
        row = cursor.execute("SELECT min(t), max(t) FROM sample").fetchone()
        low, high = (0, -1) if row is None or row[0] is None else (int(row[0]), int(row[1]))
        low = low if wanted.bounds.low is None else max(low, wanted.bounds.low)
        high = high if wanted.bounds.high is None else min(high, wanted.bounds.high)
        if wanted.after is not None:
            low, high = (low, min(high, wanted.after[0])) if wanted.descending else (max(low, wanted.after[0]), high)
        self._low, self._high, self._step, self._growth = low, high, float(HOUR_MS), GROWTH

    def widen(self, found: int, need: int) -> None:
        """Say what the last window held and how much is wanted still, so that the next is as long as that takes."""
        self._growth = min(GROWTH, max(1.0, MARGIN * need / found)) if found else GROWTH

    def __iter__(self) -> Iterator[tuple[int, int]]:
        low, high = self._low, self._high
        while low <= high:
            length = round(self._step)
            if self._backwards:
                begin = max(low, high - length)
                yield begin, high
                high = begin - 1
            else:
                end = min(high, low + length)
                yield low, end
                low = end + 1
            self._step *= self._growth


def _condition(wanted: Wanted, *, paged: bool = True) -> tuple[str, list[object]]:
    parts, values = [], list[object]()
    if len(wanted.keys) == 1:
        parts.append("point = ?")
        values.append(int(wanted.keys[0]))
    else:
        parts.append("point IN (SELECT key FROM wanted_points)")
    if paged and wanted.after is not None and not wanted.order:
        sign = "<" if wanted.descending else ">"
        parts.append(f"(t {sign} ? OR (t = ? AND point {sign} ?))")
        values += [wanted.after[0], wanted.after[0], wanted.after[1]]
    if wanted.where is not None:
        parts.append(f"({wanted.where.text})")
        values += wanted.where.values
    return " AND ".join(parts), values


class _Points:
    """The keys as a table that the questions join, while they are asked."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, keys: Ints) -> None:
        self._cursor, self._keys = cursor, keys

    def __enter__(self) -> None:
        if len(self._keys) > 1:  # one stands in the question itself
            self._cursor.register("wanted_points", {"key": self._keys.astype(np.int32)})

    def __exit__(self, *_: object) -> None:
        if len(self._keys) > 1:
            self._cursor.unregister("wanted_points")


class _Limited:
    """Ends a question that takes too long."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._timer = threading.Timer(TIME_LIMIT_S, cursor.interrupt)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._timer.cancel()
        if kind is not None and issubclass(kind, duckdb.InterruptException):
            raise Unavailable(
                f"The Observations were not found within {TIME_LIMIT_S:.0f} s: ask for a shorter time or one Datastream",
                code="sta-slow",
            )


def _fetch(cursor: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object]) -> Found:
    columns = cursor.execute(sql, list(values)).fetchnumpy()
    return Found(
        columns["point"].astype(np.int64),
        columns["t"].astype(np.int64),
        np.ma.filled(np.ma.asarray(columns["value"], dtype=np.float64), np.nan),
        columns["quality"].astype(np.uint8),
    )


def _joined(parts: Sequence[Found]) -> Found:
    if not parts:
        return EMPTY
    return Found(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.times for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.quality for part in parts]),
    )
