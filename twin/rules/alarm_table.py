"""Alarms in `history.duckdb`: written as whole rows, read back as alarms; holds and delays beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import duckdb
import orjson

from twin.finding import Severity
from twin.rules.alarm import FIELDS, Alarm, AlarmEvent
from twin.rules.hold import Hold, HoldKind
from twin.rules.states import AlarmState
from twin.state.history_writer import Statement

COLUMNS = tuple(name for name in FIELDS if name != "name")
_TYPES = {
    "value": "DOUBLE", "limit": "DOUBLE", "count": "INTEGER", "escalated": "INTEGER", "hidden": "INTEGER",
    "raised_at": "BIGINT", "cleared_at": "BIGINT", "acknowledged_at": "BIGINT", "shelved_until": "BIGINT",
    "latching": "BOOLEAN", "suppressed": "BOOLEAN", "out_of_service": "BOOLEAN",
}  # fmt: skip
_LIST = ", ".join(f'"{name}"' for name in COLUMNS)


def _rows(shape: dict[str, str]) -> str:
    """A table out of one JSON text: DuckDB reads it without holding Python up, four times faster than lists."""
    return f"SELECT unnest(from_json(?, '{orjson.dumps([shape]).decode()}'), max_depth := 2)"


_INSERT = f"INSERT INTO alarm({_LIST}) {_rows({name: _TYPES.get(name, 'VARCHAR') for name in COLUMNS})}"
_DELETE = """DELETE FROM alarm WHERE id IN (SELECT unnest(from_json(?, '["VARCHAR"]')))"""
_EVENTS = "INSERT INTO event " + _rows(
    {"t": "BIGINT", "kind": "VARCHAR", "subject": "VARCHAR", "user": "VARCHAR", "data": "JSON"}
)
_HOLD_COLUMNS = 'id, kind, rule, point_id, gid, author, reason, since, "until"'


def save(alarms: Sequence[Alarm], events: Sequence[AlarmEvent]) -> list[Statement]:
    """Statements that make these the alarms' rows and add the events; two or three however many they are."""
    statements: list[Statement] = []
    if alarms:
        statements.append((_DELETE, [_json([alarm.id for alarm in alarms])]))
        statements.append((_INSERT, [_json([alarm.as_dict() for alarm in alarms])]))
    if events:
        statements.append((_EVENTS, [_json([_event(event) for event in events])]))
    return statements


def add_hold(hold: Hold) -> list[Statement]:
    """Statements that keep a hold."""
    row = [hold.id, hold.kind.value, *list(asdict(hold).values())[2:]]
    return [
        (f"INSERT INTO alarm_hold({_HOLD_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row),
        _told(hold, "began", hold.since, hold.author),
    ]


def end_hold(hold: Hold, at: int, user: str) -> list[Statement]:
    """Statements that end a hold; that it was, and until when, stays in the events."""
    return [("DELETE FROM alarm_hold WHERE id = ?", [hold.id]), _told(hold, "ended", at, user)]


def _told(hold: Hold, what: str, at: int, user: str) -> Statement:
    data = _json(hold.as_dict())
    return "INSERT INTO event VALUES (?, ?, ?, ?, ?)", [at, f"alarm-hold-{what}", hold.id, user, data]


def keep_memory(name: str, text: str) -> list[Statement]:
    """Statements that keep a text under a name."""
    return [
        ("DELETE FROM alarm_memory WHERE name = ?", [name]),
        ("INSERT INTO alarm_memory VALUES (?, ?)", [name, text]),
    ]


def read_memory(cursor: duckdb.DuckDBPyConnection, name: str) -> str:
    """The text under a name; empty where there is none."""
    row = cursor.execute("SELECT data FROM alarm_memory WHERE name = ?", [name]).fetchone()
    return str(row[0]) if row else ""


def read_holds(cursor: duckdb.DuckDBPyConnection) -> list[Hold]:
    """Holds that were not ended."""
    rows = cursor.execute(f"SELECT {_HOLD_COLUMNS} FROM alarm_hold ORDER BY since, id").fetchall()
    return [Hold(row[0], HoldKind(row[1]), *row[2:]) for row in rows]


def read_open(cursor: duckdb.DuckDBPyConnection) -> list[Alarm]:
    """Alarms that are not closed."""
    return _alarms(cursor.execute(f"SELECT {_LIST} FROM alarm WHERE state <> 'normal'"))


def read_some(cursor: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, Alarm]:
    """Alarms by id, as they are now, closed ones too."""
    chosen = """SELECT unnest(from_json(?, '["VARCHAR"]'))"""
    found = cursor.execute(f"SELECT {_LIST} FROM alarm WHERE id IN ({chosen})", [_json(list(ids))])
    return {alarm.id: alarm for alarm in _alarms(found)}


def read_page(cursor: duckdb.DuckDBPyConnection, limit: int, offset: int) -> tuple[list[Alarm], int]:
    """A page of all alarms, the latest first, and how many there are."""
    total = cursor.execute("SELECT count(*) FROM alarm").fetchone()
    found = cursor.execute(f"SELECT {_LIST} FROM alarm ORDER BY raised_at DESC, id LIMIT ? OFFSET ?", [limit, offset])
    return _alarms(found), int(total[0]) if total else 0


def _alarms(found: duckdb.DuckDBPyConnection) -> list[Alarm]:
    alarms = []
    for row in found.fetchall():
        # A row of a version that knew fewer columns has null there: the alarm's own default holds.
        data: dict[str, Any] = {
            name: value
            for name, value in zip(COLUMNS, row, strict=True)
            if value is not None or name in {"value", "limit"}
        }
        data["state"], data["severity"] = AlarmState(data["state"]), Severity(data["severity"])
        data["process"] = AlarmState(data.get("process", data["state"]))
        alarms.append(Alarm(**data))
    return alarms


def _event(event: AlarmEvent) -> dict[str, object]:
    alarm = event.alarm
    data = {
        "rule": alarm.rule, "point_id": alarm.point_id, "state": alarm.state.value, "severity": alarm.severity.value,
        "value": alarm.value, "count": alarm.count, "comment": alarm.comment,
    }  # fmt: skip
    if event.event in {"shelved", "removed", "suppressed"}:
        data |= {"until": alarm.shelved_until, "by": alarm.held_by, "reason": alarm.held_reason}
    if event.event == "escalated":
        data |= {"role": alarm.role, "step": alarm.escalated}
    return {
        "t": event.at,
        "kind": f"alarm-{event.event}",
        "subject": alarm.id,
        "user": event.user,
        "data": orjson.Fragment(orjson.dumps(data)),
    }


def _json(rows: Iterable[object]) -> str:
    return orjson.dumps(rows).decode()
