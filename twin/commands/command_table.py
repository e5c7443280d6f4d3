"""Commands in `history.duckdb`: written as whole rows, read back as commands."""

from __future__ import annotations

from dataclasses import fields

import duckdb
import orjson

from twin.commands.command import OPEN, Command, CommandState
from twin.state.history_writer import Statement

TABLE = (
    "CREATE TABLE IF NOT EXISTS command(id VARCHAR, point_id VARCHAR, gid VARCHAR, value DOUBLE, unit VARCHAR,"
    ' state VARCHAR, "user" VARCHAR, comment VARCHAR, key VARCHAR, timeout_s DOUBLE, asked_at BIGINT, sent_at BIGINT,'
    " ended_at BIGINT, reason VARCHAR)"
)
COLUMNS = tuple(field.name for field in fields(Command))
_LIST = ", ".join(f'"{name}"' for name in COLUMNS)
_MARKS = ", ".join("?" * len(COLUMNS))


def save(command: Command, at: int) -> list[Statement]:
    """Statements that make this the command's row and add the event."""
    row = command.as_dict()
    return [
        ("DELETE FROM command WHERE id = ?", [command.id]),
        (f"INSERT INTO command({_LIST}) VALUES ({_MARKS})", [row[name] for name in COLUMNS]),
        (
            "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
            [at, f"command-{command.state.value}", command.id, command.user, orjson.dumps(row).decode()],
        ),
    ]


def read_open(cursor: duckdb.DuckDBPyConnection) -> list[Command]:
    """Commands without an outcome."""
    marks = ", ".join("?" * len(OPEN))
    states = [state.value for state in OPEN]
    return _commands(cursor.execute(f"SELECT {_LIST} FROM command WHERE state IN ({marks})", states))


def read_one(cursor: duckdb.DuckDBPyConnection, command_id: str) -> Command | None:
    """A command by id."""
    return next(iter(_commands(cursor.execute(f"SELECT {_LIST} FROM command WHERE id = ?", [command_id]))), None)


def read_key(cursor: duckdb.DuckDBPyConnection, user: str, key: str) -> Command | None:
    """The command that a user asked for under a key."""
    found = cursor.execute(f'SELECT {_LIST} FROM command WHERE key = ? AND "user" = ?', [key, user])
    return next(iter(_commands(found)), None)


def read_page(
    cursor: duckdb.DuckDBPyConnection, point_id: str | None, limit: int, offset: int
) -> tuple[list[Command], int]:
    """Commands of one point, or of all, the latest first, and how many there are."""
    where, values = ("WHERE point_id = ?", [point_id]) if point_id is not None else ("", [])
    total = cursor.execute(f"SELECT count(*) FROM command {where}", values).fetchone()
    found = cursor.execute(
        f"SELECT {_LIST} FROM command {where} ORDER BY asked_at DESC, id LIMIT ? OFFSET ?", [*values, limit, offset]
    )
    return _commands(found), int(total[0]) if total else 0


def _commands(found: duckdb.DuckDBPyConnection) -> list[Command]:
    commands = []
    for row in found.fetchall():
        data = dict(zip(COLUMNS, row, strict=True))
        data["state"] = CommandState(data["state"])
        commands.append(Command(**data))
    return commands
