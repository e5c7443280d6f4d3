"""Alarms in `history.duckdb`: written as whole rows, read back as alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import duckdb
import orjson

from twin.finding import Severity
from twin.rules.alarm import Alarm, AlarmEvent, AlarmState
from twin.state.history_writer import Statement

COLUMNS = tuple(field.name for field in fields(Alarm) if field.name != "name")
_TYPES = {
    "value": "DOUBLE", "limit": "DOUBLE", "count": "INTEGER",
    "raised_at": "BIGINT", "cleared_at": "BIGINT", "acknowledged_at": "BIGINT",
}  # fmt: skip
_LIST = ", ".join(f'"{name}"' for name in COLUMNS)
_INSERT = f"INSERT INTO alarm({_LIST}) SELECT " + ", ".join(
    f"unnest(?::{_TYPES.get(name, 'VARCHAR')}[])" for name in COLUMNS
)


def save(alarms: Sequence[Alarm], events: Sequence[AlarmEvent]) -> list[Statement]:
    """Statements that make these the alarms' rows and add the events; two or three however many they are."""
    statements: list[Statement] = []
    if alarms:
        statements.append(("DELETE FROM alarm WHERE id IN (SELECT unnest(?::VARCHAR[]))", [[a.id for a in alarms]]))
        rows = [alarm.as_dict() for alarm in alarms]
        statements.append((_INSERT, [[row[name] for row in rows] for name in COLUMNS]))
    if events:
        statements.append(
            (
                (
                    "INSERT INTO event SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]),"
                    " unnest(?::VARCHAR[]), unnest(?::JSON[])"
                ),
                [
                    [event.at for event in events],
                    [f"alarm-{event.event}" for event in events],
                    [event.alarm.id for event in events],
                    [event.user for event in events],
                    [orjson.dumps(event.alarm.as_dict()).decode() for event in events],
                ],
            )
        )
    return statements


def read_open(cursor: duckdb.DuckDBPyConnection) -> list[Alarm]:
    """Alarms that are not closed."""
    return _alarms(cursor.execute(f"SELECT {_LIST} FROM alarm WHERE state <> 'normal'"))


def read_page(cursor: duckdb.DuckDBPyConnection, limit: int, offset: int) -> tuple[list[Alarm], int]:
    """A page of all alarms, the latest first, and how many there are."""
    total = cursor.execute("SELECT count(*) FROM alarm").fetchone()
    found = cursor.execute(f"SELECT {_LIST} FROM alarm ORDER BY raised_at DESC, id LIMIT ? OFFSET ?", [limit, offset])
    return _alarms(found), int(total[0]) if total else 0


def _alarms(found: duckdb.DuckDBPyConnection) -> list[Alarm]:
    alarms = []
    for row in found.fetchall():
        data = dict(zip(COLUMNS, row, strict=True))
        data["state"], data["severity"] = AlarmState(data["state"]), Severity(data["severity"])
        alarms.append(Alarm(**data))
    return alarms
