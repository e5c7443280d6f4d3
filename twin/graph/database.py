"""One DuckDB file, owned by one process: connection, migrations, transactions, read-only SQL."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from twin.errors import Conflict, Invalid, Unavailable

MEMORY_LIMIT = "1GB"


class Database:
    """A DuckDB file with a migration ladder per module.

    Readers take `cursor()` from any thread; writers go through `transaction()`, one at a time.
    Queries cannot reach files or settings: external access is off and the configuration locked.
    """

    def __init__(self, path: Path | str, *, read_only: bool = False) -> None:
        self.path = str(path)
        settings = {
            "memory_limit": MEMORY_LIMIT,
            "enable_external_access": "false",
            "lock_configuration": "true",
        }
        try:
            self._connection = duckdb.connect(self.path, read_only=read_only, config=settings)
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise Conflict(
                    f"{path} is in use by another process: stop the server of this park, or use its address",
                    code="park-locked",
                ) from error
            raise Unavailable(f"{path} cannot be opened: {error}", code="database") from error
        self._write = threading.RLock()

    def cursor(self) -> Any:
        """A connection of its own for the calling thread; close it or let it go."""
        return self._connection.cursor()

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """All or nothing: commits at the end, rolls back on any exception. Serialises writers."""
        with self._write:
            cursor = self._connection.cursor()
            try:
                cursor.execute("BEGIN")
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(duckdb.Error):  # the transaction may be gone already, as after a full disk
                    cursor.execute("ROLLBACK")
                raise
            finally:
                cursor.close()

    def migrate(self, module: str, steps: Sequence[str]) -> None:
        """Bring a module's tables up to date: each step runs once, in order, in its own transaction."""
        with self.transaction() as cursor:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS schema_migration (module VARCHAR, step INTEGER, applied_at TIMESTAMP)"
            )
            done = cursor.execute("SELECT count(*) FROM schema_migration WHERE module = ?", [module]).fetchone()[0]
        if done > len(steps):
            raise Conflict(
                f"{self.path} was written by a newer parktwin: {module} stands at step {done},"
                f" this one knows {len(steps)}; update parktwin",
                code="newer-database",
            )
        for number, step in enumerate(steps[done:], done + 1):
            with self.transaction() as cursor:
                cursor.execute(step)
                cursor.execute("INSERT INTO schema_migration VALUES (?, ?, current_localtimestamp())", [module, number])

    def rows(self, query: str, parameters: Sequence[object] | dict[str, object] = ()) -> list[dict[str, Any]]:
        """Run a query and give its rows as dictionaries."""
        cursor = self.cursor()
        try:
            cursor.execute(query, parameters or None)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def select(self, query: str, limit: int = 100_000) -> tuple[list[str], list[tuple[Any, ...]]]:
        """One SELECT by a user: names and at most `limit` rows. Raises Invalid on anything that is no SELECT."""
        cursor = self.cursor()
        try:
            statements = cursor.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise Invalid("Only one SELECT statement is allowed here: nothing was run", code="sql-select-only")
            cursor.execute(statements[0])
            names = [column[0] for column in cursor.description]
            return names, cursor.fetchmany(limit)
        except duckdb.Error as error:
            raise Invalid(f"The query failed: {error}", code="sql") from error
        finally:
            cursor.close()

    def close(self) -> None:
        """Write everything out and release the file."""
        self._connection.close()
