"""The history of a park: samples, events and alarms in `history.duckdb`.

`await append(…)` returns once the rows are committed: what was acknowledged survives `kill -9`.
Nothing here blocks the event loop: one thread writes, one keeps order, two read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import orjson

from twin.errors import Invalid, NotFound, Unavailable
from twin.state import history_queries as queries
from twin.state.history_asof import AsOf, as_of
from twin.state.history_correct import Wish, correct, corrections, undo
from twin.state.history_export import export
from twin.state.history_import import Columns, Imported, Target, import_file
from twin.state.history_plot import Plot, plot
from twin.state.history_queries import Buckets, Gaps, Latest, Page
from twin.state.history_rollup import Group, Rolled, roll
from twin.state.history_schema import open_history
from twin.state.history_seal import Sealed, seal
from twin.state.history_writer import QUEUE_ROWS, HistoryWriter, Statement
from twin.state.samples import Ints, Samples

T = TypeVar("T")
MAX_BUCKETS = 10_000


class History:
    """An open history file. Make it with `History.open`; `close` it at the end.

    Points are kept under small keys that never change; `register` gives the keys of point ids.
    """

    def __init__(self, writer: HistoryWriter, keys: dict[str, int]) -> None:
        self._writer = writer
        self._keys = keys
        self._readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="history-read")
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history-keep")

    @classmethod
    async def open(
        cls, path: Path, *, group_ms: int = 100, queue_rows: int = QUEUE_ROWS, memory_limit: str = "512MB"
    ) -> History:
        """Open or make the file. Raises Conflict where another process has it, Unavailable where it cannot be used."""

        def opener(where: Path) -> duckdb.DuckDBPyConnection:
            return open_history(where, memory_limit=memory_limit)

        def start() -> tuple[HistoryWriter, dict[str, int]]:
            writer = HistoryWriter(path, group_ms=group_ms, queue_rows=queue_rows, opener=opener)
            rows = writer.connection.cursor().execute("SELECT point_id, key FROM point_key").fetchall()
            return writer, {str(name): int(key) for name, key in rows}

        return cls(*await asyncio.to_thread(start))

    async def register(self, point_ids: Sequence[str]) -> Ints:
        """Keys of point ids, (n,) int64; new ids get the next keys, committed before this returns."""
        fresh = [name for name in dict.fromkeys(point_ids) if name not in self._keys]
        if fresh:
            first = max(self._keys.values(), default=-1) + 1
            added = {name: first + number for number, name in enumerate(fresh)}
            await self._writer.submit(
                statements=[
                    (
                        "INSERT INTO point_key SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])",
                        [list(added.values()), list(added)],
                    )
                ]
            )
            self._keys.update(added)
        return np.array([self._keys[name] for name in point_ids], dtype=np.int64)

    def append(self, samples: Samples, keys: Ints) -> asyncio.Future[None]:
        """Queue samples; await the result to know them committed.

        keys: the key of each point index, from `register`. Raises Unavailable at once where the
        queue is full or the file closed, and from the future where the commit failed.
        """
        return self._writer.submit(replace(samples, points=keys[samples.points].astype(np.int32)))

    def write(self, statements: Sequence[Statement]) -> asyncio.Future[None]:
        """Queue statements on the history's tables, in order with the samples; one transaction."""
        return self._writer.submit(statements=statements)

    def event(self, t: int, kind: str, subject: str, *, user: str = "", data: object = None) -> asyncio.Future[None]:
        """Queue an event: t epoch ms, what happened (`alarm-raised`, …), to what, by whom, and details as JSON."""
        row = [t, kind, subject, user, orjson.dumps(data).decode()]
        return self.write([("INSERT INTO event VALUES (?, ?, ?, ?, ?)", row)])

    async def buckets(self, point_id: str, start: int, end: int, count: int = 300) -> Buckets:
        """Minimum, mean, maximum of usable samples in equal time buckets of [start, end), epoch ms.

        Raises Invalid where the span or the count is not usable, NotFound where the point has no history.
        """
        key = self._asked(point_id, start, end, count, "buckets")
        return await self.read(lambda cursor: queries.buckets(cursor, key, start, end, count))

    async def page(self, point_id: str, start: int, end: int, limit: int = 1000) -> Page:
        """Samples of [start, end), epoch ms, by time, at most `limit` and the rest of an instant. Raises Invalid, NotFound."""
        key = self._asked(point_id, start, end, limit, "samples")
        return await self.read(lambda cursor: queries.page(cursor, key, start, end, limit))

    async def plot(self, point_id: str, start: int, end: int, count: int, limit_ms: int) -> Plot:
        """At most `count` samples that keep the curve's shape; gaps are longer than `limit_ms`. Raises Invalid, NotFound."""
        key = self._asked(point_id, start, end, count, "samples")
        return await self.read(lambda cursor: plot(cursor, key, start, end, count, limit_ms))

    async def raw_from(self, point_id: str) -> int:
        """Before this instant, epoch ms, a point's samples have become summaries; 0 where all are there."""
        key = self._asked(point_id, 0, 1, 1, "points")
        return await self.read(lambda cursor: queries.raw_from(cursor, key))

    async def gaps(self, point_id: str, start: int, end: int, limit_ms: int) -> Gaps:
        """Spans longer than `limit_ms` without a usable sample. Raises Invalid, NotFound."""
        key = self._asked(point_id, start, end, 1, "spans")
        return await self.read(lambda cursor: queries.gaps(cursor, key, start, end, limit_ms))

    async def as_of(self, instant: int, keys: Ints) -> AsOf:
        """The last sample of each key at or before an instant, epoch ms, however long ago."""
        return await self.read(lambda cursor: as_of(cursor, instant, keys))

    async def correct(self, point_id: str, wish: Wish, now: int) -> dict[str, Any]:
        """Correct a span of a point's samples; the row as committed. Raises Invalid, NotFound, Conflict."""
        key = self._asked(point_id, wish.start, wish.stop, 1, "samples")
        return await self.keep(lambda cursor: correct(cursor, key, wish, now))

    async def undo(self, number: int, user: str, now: int) -> dict[str, Any]:
        """End a correction; the row as committed. Raises NotFound, Conflict."""
        return await self.keep(lambda cursor: undo(cursor, number, user, now))

    async def corrections(
        self, point_id: str, start: int, end: int, limit: int, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        """Corrections that touch [start, end), of a point or (empty) of all, newest first; and how many there are."""
        key = self._asked(point_id, start, end, 1, "spans") if point_id else None
        return await self.read(lambda cursor: corrections(cursor, key, start, end, limit, offset))

    async def roll(self, groups: Sequence[Group], now: int) -> Rolled:
        """Summarise what is older than its group keeps: one step."""
        return await self.keep(lambda cursor: roll(cursor, groups, now))

    def export(self, keys: Ints, start: int, end: int, about: dict[str, str]) -> Iterator[bytes]:
        """Pieces of a Parquet file of samples of [start, end), epoch ms, read while they are taken; blocks its thread."""
        cursor = self._writer.connection.cursor()
        try:
            yield from export(cursor, keys, start, end, about)
        finally:
            cursor.close()

    async def load(
        self,
        path: str,
        columns: Columns,
        targets: Mapping[str, Target],
        now: int,
        timezone: str,
        progress: Callable[[float], None] = lambda _share: None,
    ) -> Imported:
        """Take a file's samples (`history_import`). Raises Invalid, NotFound, Unavailable."""
        return await self.keep(
            lambda cursor: import_file(cursor, path, columns, targets, now, timezone=timezone, progress=progress)
        )

    async def waiting(self, cutoff: int) -> tuple[int, int]:
        """Time of the oldest sample that is not archived (0 where there is none), and how many are older than `cutoff`."""
        query = "SELECT coalesce(min(t), 0), count(*) FROM fresh WHERE t < ?"
        oldest, rows = await self.read(lambda cursor: cursor.execute(query, [cutoff]).fetchone() or (0, 0))
        return int(oldest), int(rows)

    async def seal(self, cutoff: int) -> Sealed:
        """Move samples older than `cutoff`, epoch ms, into the archive: one step. Appending goes on meanwhile."""
        return await self.keep(lambda cursor: seal(cursor, cutoff))

    async def latest_before(self, before: int, keys: Ints) -> Latest:
        """The last usable sample of each key at or before an instant, however long ago."""
        return await self.read(lambda cursor: queries.latest_before(cursor, before, keys))

    async def first_after(self, start: int, end: int, keys: Ints) -> Latest:
        """The first usable sample of each key in [start, end), epoch ms."""
        return await self.read(lambda cursor: queries.first_after(cursor, start, end, keys))

    def _asked(self, point_id: str, start: int, end: int, count: int, of: str) -> int:
        if not (start < end and 1 <= count <= MAX_BUCKETS):
            raise Invalid(
                f"History of {start} … {end} in {count} {of}: expected from < to and 1 … {MAX_BUCKETS} {of}",
                code="history-span",
            )
        key = self._keys.get(point_id)
        if key is None:
            raise NotFound(f"Point {point_id!r} has no history: no value of it ever arrived", code="no-history")
        return key

    async def keep(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Do a piece of upkeep in its own thread, on a cursor of its own; one at a time. Raises Unavailable where it fails."""
        return await asyncio.get_running_loop().run_in_executor(self._keeper, self._do, work)

    async def read(self, question: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Ask in a reading thread, on a cursor of its own. Raises Unavailable where the file cannot be read."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._ask, question)

    def _ask(self, question: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        try:
            return self._on_cursor(question)
        except duckdb.Error as error:
            raise Unavailable(
                f"History {self._writer.path} cannot be read: {_first(error)}", code="history-read"
            ) from error

    def _do(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        try:
            return self._on_cursor(work)
        except duckdb.Error as error:
            raise Unavailable(
                f"History {self._writer.path} cannot be put in order: {_first(error)}; free space on its disk",
                code="history-upkeep",
            ) from error

    def _on_cursor(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        cursor = self._writer.connection.cursor()
        try:
            return work(cursor)
        finally:
            cursor.close()

    def status(self) -> dict[str, object]:
        """State for the status page: `state` is ok, failing or closed."""
        writer = self._writer
        return {
            "state": "closed" if writer.closed else "failing" if writer.error else "ok",
            "detail": writer.error,
            "committed_rows": writer.committed_rows,
            "commits": writer.commits,
            "waiting_rows": writer.waiting_rows,
            "refused_rows": writer.refused_rows,
            "failed_rows": writer.failed_rows,
            "repeated_rows": writer.repeated_rows,
            "last_commit_ms": round(writer.last_commit_ms, 1),
        }

    async def close(self) -> None:
        """Commit what waits and close the file."""
        await asyncio.to_thread(self._keeper.shutdown, wait=True)
        await asyncio.to_thread(self._writer.close)
        self._readers.shutdown(wait=True)


def _first(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
