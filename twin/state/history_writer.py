"""The history's writer: one thread that commits what was appended, in groups.

A group is what arrives within `group_ms` of its first item; it becomes one transaction, so that a
thousand small batches cost one commit, and everyone waits at most `group_ms` and one commit. Where rows come faster
than that, a group is a whole number of DuckDB's row groups, and the rest of its last item belongs to the next one.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from twin.errors import ParkError, Unavailable
from twin.state import once
from twin.state.history_schema import open_history
from twin.state.samples import Samples, join

log = logging.getLogger(__name__)

QUEUE_ROWS = 500_000
"""Rows that may wait for a commit; about 12 MB, and some seconds of a stalled disk."""
ROW_GROUP = 122_880
"""Rows that DuckDB keeps together. That many and more are written into the file and not into its log first, at half the
cost a row; row groups that are not full are written anew at the next checkpoint."""
GROUP_ROWS = 2 * ROW_GROUP

Statement = tuple[str, Sequence[object]]


@dataclass(slots=True)
class _Item:
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]
    samples: Samples | None = None
    statements: Sequence[Statement] = ()
    ends: bool = True  # False: the rest of its samples is in another item, which settles `done`

    @property
    def rows(self) -> int:
        return (len(self.samples) if self.samples is not None else 0) + len(self.statements)


class HistoryWriter:
    """Owns the writing connection of a history file. `status` fields are plain numbers, read from any thread."""

    def __init__(
        self,
        path: Path,
        *,
        group_ms: int = 100,
        queue_rows: int = QUEUE_ROWS,
        opener: Callable[[Path], duckdb.DuckDBPyConnection] = open_history,
    ) -> None:
        self.path, self.group_s, self.queue_rows = path, group_ms / 1000, queue_rows
        self._open = opener
        self.connection = opener(path)
        self.committed_rows = self.commits = self.refused_rows = self.failed_rows = self.repeated_rows = 0
        self.last_commit_ms = 0.0
        self.error = ""
        self.closed = False
        self._waiting = 0
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="history-writer", daemon=True)
        self._thread.start()

    @property
    def waiting_rows(self) -> int:
        """Rows appended and not committed yet."""
        return self._waiting

    def submit(self, samples: Samples | None = None, statements: Sequence[Statement] = ()) -> asyncio.Future[None]:
        """Queue rows; the future is done when they are committed. Raises Unavailable where the queue is full or closed."""
        loop = asyncio.get_running_loop()
        item = _Item(loop, loop.create_future(), samples, statements)
        with self._lock:
            if self.closed:
                raise Unavailable(f"History {self.path} is closed: nothing can be written", code="history-closed")
            if self._waiting + item.rows > self.queue_rows:
                self.refused_rows += item.rows
                raise Unavailable(
                    f"History {self.path} has {self._waiting} rows waiting for the disk: expected fewer than "
                    f"{self.queue_rows}; slow the senders down or look at the disk",
                    code="history-full",
                )
            self._waiting += item.rows
            self._queue.put(item)
        return item.done

    def close(self) -> None:
        """Commit what waits, then close the file. Blocks; call it off the event loop."""
        with self._lock:
            if self.closed:
                return
            self.closed = True
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        last, rest = False, None
        while not last or rest is not None:
            item = rest if rest is not None else self._queue.get()
            if item is None:
                break
            group, rest = [item], None
            rows, deadline = item.rows, time.monotonic() + self.group_s
            while rows < GROUP_ROWS and not last:
                try:
                    more = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    break
                if more is None:
                    last = True
                    break
                group.append(more)
                rows += more.rows
            if rows > GROUP_ROWS:
                rest = _cut(group)
            self._commit(group)
        try:
            self.connection.close()
        except duckdb.Error as error:
            log.warning("History %s did not close well: %s", self.path, error)

    def _commit(self, group: list[_Item]) -> None:
        started = time.monotonic()
        error = self._write(group)
        if error is not None and len(group) > 1 and not isinstance(error, duckdb.FatalException):
            for item in group:  # one bad item must not take the others with it
                self._finish([item], self._write([item]))
        else:
            self._finish(group, error)
        self.last_commit_ms = (time.monotonic() - started) * 1000

    def _write(self, group: list[_Item]) -> Exception | None:
        samples = [item.samples for item in group if item.samples is not None and len(item.samples)]
        repeated = 0
        try:
            self.connection.execute("BEGIN")
            if samples:
                repeated = once.insert(self.connection, join(samples))
            for item in group:
                for sql, values in item.statements:
                    self.connection.execute(sql, values)
            self.connection.execute("COMMIT")
            self.repeated_rows += repeated
        except (duckdb.Error, OSError) as error:
            self._recover()
            return error
        return None

    def _recover(self) -> None:
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.Error:
            log.debug("no transaction to roll back", exc_info=True)
        try:
            self.connection.execute("SELECT 1")
        except duckdb.Error:  # a fatal error invalidates the database object: only a new one helps
            try:
                self.connection.close()
                self.connection = self._open(self.path)
            except (duckdb.Error, ParkError):
                log.warning("History %s cannot be reopened yet", self.path, exc_info=True)

    def _finish(self, group: list[_Item], error: Exception | None) -> None:
        rows = sum(item.rows for item in group)
        with self._lock:
            self._waiting -= rows
        failure: Unavailable | None = None
        if error is None:
            self.committed_rows += rows
            self.commits += 1
            self.error = ""
        else:
            self.failed_rows += rows
            self.error = str(error).split("\n", 1)[0]
            log.error("History %s: %d rows were not committed: %s", self.path, rows, self.error)
            failure = Unavailable(
                f"History {self.path} cannot be written: {self.error}; free space on its disk", code="history-write"
            )
        for loop in {item.loop for item in group}:
            futures = [item.done for item in group if item.loop is loop and (item.ends or failure is not None)]
            try:
                loop.call_soon_threadsafe(_resolve, futures, failure)
            except RuntimeError:  # that loop is gone, and nobody waits there any more
                log.debug("a loop closed before its rows were committed")


def _cut(group: list[_Item]) -> _Item | None:
    """Leave a whole number of row groups in a group: what its last item has beyond them is returned as another one."""
    last = group[-1]
    beyond = sum(len(item.samples) for item in group if item.samples is not None) % ROW_GROUP
    if last.samples is None or last.statements or not 0 < beyond < len(last.samples):
        return None
    at = len(last.samples) - beyond
    group[-1] = _Item(last.loop, last.done, last.samples.part(0, at), ends=False)
    return _Item(last.loop, last.done, last.samples.part(at, at + beyond))


def _resolve(futures: list[asyncio.Future[None]], failure: Unavailable | None) -> None:
    for future in futures:
        if future.done():
            continue
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(failure)
