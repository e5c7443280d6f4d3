"""Tables of `history.duckdb`, and how the file is opened."""

from __future__ import annotations

from pathlib import Path

import duckdb

from twin.errors import Conflict, Unavailable
from twin.state.history_tables import make_tables

TABLES = (
    # Ids are long and repeat a million times: samples hold a small key, `point_key` translates it.
    "CREATE TABLE IF NOT EXISTS point_key(key INTEGER, point_id VARCHAR)",
    'CREATE TABLE IF NOT EXISTS event(t BIGINT, kind VARCHAR, subject VARCHAR, "user" VARCHAR, data JSON)',
    # No primary key: a change of state is DELETE + INSERT in one transaction, which DuckDB's
    # eagerly checked unique index would refuse.
    (
        "CREATE TABLE IF NOT EXISTS alarm(id VARCHAR, rule VARCHAR, point_id VARCHAR, gid VARCHAR, state VARCHAR,"
        ' severity VARCHAR, value DOUBLE, "limit" DOUBLE, unit VARCHAR, raised_at BIGINT, cleared_at BIGINT,'
        " acknowledged_at BIGINT, acknowledged_by VARCHAR, comment VARCHAR, count INTEGER, message_zh VARCHAR,"
        " message_en VARCHAR, source VARCHAR, mark VARCHAR)"
    ),
    # Columns that came later: older files get them here, with null in their rows.
    *(
        f"ALTER TABLE alarm ADD COLUMN IF NOT EXISTS {column}"
        for column in (
            "process VARCHAR",
            "latching BOOLEAN",
            "shelved_until BIGINT",
            "suppressed BOOLEAN",
            "out_of_service BOOLEAN",
            "held_by VARCHAR",
            "held_reason VARCHAR",
            "escalated INTEGER",
            "role VARCHAR",
            "hidden INTEGER",
            "storey VARCHAR",
            "building VARCHAR",
            "system VARCHAR",
            "cause VARCHAR",
        )
    ),
    (
        "CREATE TABLE IF NOT EXISTS alarm_hold(id VARCHAR, kind VARCHAR, rule VARCHAR, point_id VARCHAR, gid VARCHAR,"
        ' author VARCHAR, reason VARCHAR, since BIGINT, "until" BIGINT)'
    ),
    "CREATE TABLE IF NOT EXISTS alarm_memory(name VARCHAR, data VARCHAR)",
)
"""Times are epoch milliseconds, UTC. The samples' own tables stand in `history_tables`."""


THREADS = 1
"""Of one statement. More of them halve the rows that a CPU-second commits, and what is asked runs in threads of its own."""


def open_history(path: Path, *, memory_limit: str = "512MB") -> duckdb.DuckDBPyConnection:
    """Open or make a history file. Raises Conflict where another process has it, Unavailable where it cannot be used."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(
            str(path),
            config={
                "memory_limit": memory_limit,
                "threads": THREADS,
                "temp_directory": str(path.with_name(f".{path.stem}.tmp")),
                "checkpoint_threshold": "64MB",
            },
        )
        try:
            for statement in TABLES:
                connection.execute(statement)
            make_tables(connection)
        except duckdb.Error:
            connection.close()
            raise
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise Conflict(
                f"History {path} is in use by another process: stop that server first", code="history-locked"
            ) from error
        raise Unavailable(f"History {path} cannot be opened: {_first_line(error)}", code="history") from error
    except (duckdb.Error, OSError) as error:
        raise Unavailable(f"History {path} cannot be opened: {_first_line(error)}", code="history") from error
    return connection


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
