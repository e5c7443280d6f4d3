"""Alarms of a past moment, from the events that the history keeps."""

from __future__ import annotations

from typing import Any

import duckdb
import orjson

DAY_MS = 86_400_000
LOOK_BACK_DAYS = 90
MAX_EVENTS = 256


def open_at(cursor: duckdb.DuckDBPyConnection, at: int) -> list[dict[str, Any]]:
    """Alarms that were open at an instant (epoch ms) and changed within 90 days before, as they were then."""
    found = cursor.execute(
        "SELECT data FROM (SELECT last(CAST(data AS VARCHAR) ORDER BY t, rowid) AS data FROM event"
        " WHERE starts_with(kind, 'alarm-') AND t > ? AND t <= ? GROUP BY subject)",
        [at - LOOK_BACK_DAYS * DAY_MS, at],
    ).fetchall()
    alarms = [orjson.loads(data) for (data,) in found]
    return sorted(
        (alarm for alarm in alarms if alarm.get("state") != "normal"),
        key=lambda alarm: (-alarm["raised_at"], alarm["id"]),
    )


def events_between(cursor: duckdb.DuckDBPyConnection, after: int, until: int) -> list[tuple[int, str, dict[str, Any]]]:
    """(time, what happened, the alarm then) in (after, until], epoch ms, in order; the last 256 where there are more."""
    found = cursor.execute(
        "SELECT t, kind, CAST(data AS VARCHAR) FROM event WHERE starts_with(kind, 'alarm-') AND t > ? AND t <= ?"
        " ORDER BY t DESC, rowid DESC LIMIT ?",
        [after, until, MAX_EVENTS],
    ).fetchall()
    return [(int(t), kind.removeprefix("alarm-"), orjson.loads(data)) for t, kind, data in reversed(found)]
