"""Alarms of a past moment, from the events that the history keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import orjson

from twin.finding import Severity
from twin.rules.alarm_table import read_some
from twin.rules.states import HOLDS, AlarmState

DAY_MS = 86_400_000
LOOK_BACK_DAYS = 90
MAX_EVENTS = 256
_TIMES = {"raised_at": "raised", "cleared_at": "cleared", "acknowledged_at": "acknowledged"}
_EVENTS = (
    "SELECT t, kind, subject, CAST(data AS VARCHAR) AS data, rowid AS n, "
    + ", ".join(f"max(t) FILTER (kind = 'alarm-{name}') OVER before AS {name}" for name in _TIMES.values())
    + " FROM event WHERE starts_with(kind, 'alarm-') AND NOT starts_with(kind, 'alarm-hold-') AND t > ? AND t <= ?"
    " WINDOW before AS (PARTITION BY subject ORDER BY t, rowid ROWS UNBOUNDED PRECEDING)"
)


def open_at(cursor: duckdb.DuckDBPyConnection, at: int) -> list[dict[str, Any]]:
    """Alarms that were open at an instant (epoch ms) and changed within 90 days before, as they were then."""
    found = cursor.execute(
        f"SELECT * FROM ({_EVENTS}) QUALIFY row_number() OVER (PARTITION BY subject ORDER BY t DESC, n DESC) = 1",
        [at - LOOK_BACK_DAYS * DAY_MS, at],
    ).fetchall()
    return sorted(
        (alarm for _, _, alarm in _then(cursor, found) if alarm["state"] != "normal"),
        key=lambda alarm: (-alarm["raised_at"], alarm["id"]),
    )


def events_between(cursor: duckdb.DuckDBPyConnection, after: int, until: int) -> list[tuple[int, str, dict[str, Any]]]:
    """(time, what happened, the alarm then) in (after, until], epoch ms, in order; the last 256 where there are more."""
    found = cursor.execute(
        f"SELECT * FROM ({_EVENTS}) WHERE t > ? ORDER BY t DESC, n DESC LIMIT ?",
        [after - LOOK_BACK_DAYS * DAY_MS, until, after, MAX_EVENTS],
    ).fetchall()
    return _then(cursor, found[::-1])


def counts_at(cursor: duckdb.DuckDBPyConnection, instants: Sequence[int]) -> list[dict[str, int]]:
    """Shown alarms by severity at each of some instants (epoch ms, ascending): held ones are left out, as now."""
    counts = [{severity.value: 0 for severity in Severity} for _ in instants]
    if not instants:
        return counts
    found = cursor.execute(
        "WITH told AS (SELECT t, lead(t) OVER (PARTITION BY subject ORDER BY t, rowid) AS until,"
        " data->>'state' AS state, data->>'severity' AS severity FROM event"
        " WHERE starts_with(kind, 'alarm-') AND NOT starts_with(kind, 'alarm-hold-') AND t > ? AND t <= ?)"
        " SELECT n, severity, count(*) FROM told JOIN (SELECT unnest(?) AS instant, unnest(range(?)) AS n)"
        " ON instant >= t AND (until IS NULL OR instant < until)"
        " WHERE state NOT IN (SELECT unnest(?)) GROUP BY n, severity",
        [
            instants[0] - LOOK_BACK_DAYS * DAY_MS, instants[-1], list(instants), len(instants),
            [AlarmState.NORMAL.value, *(hold.value for hold in HOLDS)],
        ],
    ).fetchall()  # fmt: skip
    for number, severity, count in found:
        if severity in counts[number]:
            counts[number][severity] = count
    return counts


def _then(cursor: duckdb.DuckDBPyConnection, found: Sequence[Any]) -> list[tuple[int, str, dict[str, Any]]]:
    """The events' alarms as they were after each: what never changes is that of now, the rest is the event's.

    An event keeps state, value and count; when it was raised, cleared and acknowledged is told by the events before.
    """
    now = read_some(cursor, list(dict.fromkeys(subject for _, _, subject, *_ in found)))
    told = []
    for t, kind, subject, data, _, *times in found:
        known = now[subject].as_dict() if subject in now else {"id": subject}  # older events told the whole alarm
        alarm = {**known, **orjson.loads(data)}
        raised = alarm["raised_at"] = times[0] or min(alarm.get("raised_at", t), t)
        for name, time in zip(list(_TIMES)[1:], times[1:], strict=True):
            alarm[name] = time if time is not None and time >= raised else None
        told.append((int(t), kind.removeprefix("alarm-"), alarm))
    return told
