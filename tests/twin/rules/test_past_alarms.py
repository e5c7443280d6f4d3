"""Alarms of a past moment: what they were then, out of compact events and the rows of now."""

from __future__ import annotations

import pytest

from twin.finding import Severity
from twin.rules.alarm import Alarm, AlarmEvent, AlarmState
from twin.rules.alarm_table import save
from twin.rules.past_alarms import DAY_MS, LOOK_BACK_DAYS, events_between, open_at
from twin.state.history_schema import open_history

T = 1_700_000_000_000


def alarm(state, value, **more):
    return Alarm("a", "hot", "p", "a1/r1", state, Severity.MAJOR, value, 30.0, "°C", raised_at=T + 500, **more)


@pytest.fixture
def cursor(tmp_path):
    with open_history(tmp_path / "h.duckdb") as connection:
        now = alarm(AlarmState.NORMAL, 35.0, cleared_at=T + 900, count=2)
        told = [
            ("raised", AlarmState.ACTIVE, 31.0, T),
            ("acknowledged", AlarmState.ACKNOWLEDGED, 31.0, T + 100),
            ("cleared", AlarmState.NORMAL, 31.0, T + 200),
            ("raised", AlarmState.ACTIVE, 35.0, T + 500),
            ("cleared", AlarmState.NORMAL, 35.0, T + 900),
        ]
        events = [AlarmEvent(what, alarm(state, value), at) for what, state, value, at in told]
        for sql, values in save([now], events):
            connection.execute(sql, values)
        yield connection


def times(found):
    return [found["raised_at"], found["acknowledged_at"], found["cleared_at"]]


@pytest.mark.parametrize(
    ("at", "state", "value", "when"),
    [
        (T, "active", 31.0, [T, None, None]),
        (T + 150, "acknowledged", 31.0, [T, T + 100, None]),
        (T + 600, "active", 35.0, [T + 500, None, None]),
    ],
)
def test_it_is_open_as_it_was_then(cursor, at, state, value, when):
    (found,) = open_at(cursor, at)
    assert (found["id"], found["rule"], found["state"], found["value"]) == ("a", "hot", state, value)
    assert times(found) == when


@pytest.mark.parametrize("at", [T - 1, T + 200, T + 900, T + (LOOK_BACK_DAYS + 1) * DAY_MS])
def test_it_is_not_open_before_after_and_long_after(cursor, at):
    assert open_at(cursor, at) == []


def test_events_come_in_order_with_the_alarm_then(cursor):
    found = events_between(cursor, T, T + 500)
    assert [(t - T, what, one["state"], one["value"]) for t, what, one in found] == [
        (100, "acknowledged", "acknowledged", 31.0),
        (200, "cleared", "normal", 31.0),
        (500, "raised", "active", 35.0),
    ]
    assert times(found[1][2]) == [T, T + 100, T + 200]
