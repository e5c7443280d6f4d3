"""Sums by the calendar, against the plainest reckoning."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.twin.state.history_support import DAY, HOUR, T0, opened, put
from twin.errors import Invalid
from twin.state.history_calendar import edges, slots
from twin.state.history_seal import seal
from twin.state.history_totals import Asked, counter_totals, gauge_totals

BERLIN = ZoneInfo("Europe/Berlin")


def ms(*parts: int, zone=UTC) -> int:
    return round(datetime(*parts, tzinfo=zone).timestamp() * 1000)


def asked(count: int = 1, hold: int = 90_000, top: float = np.inf) -> Asked:
    return Asked(np.arange(count), np.full(count, hold), np.full(count, top))


def table(totals, name: str, points: int, bins: int) -> np.ndarray:
    made = np.full((points, bins), np.nan)
    made[totals.point, totals.bin] = totals.columns[name]
    return made


def test_days_follow_the_clocks():
    cuts = edges(ms(2026, 3, 28, zone=BERLIN), ms(2026, 3, 31, zone=BERLIN), "day", BERLIN)
    assert (np.diff(cuts) // HOUR).tolist() == [24, 23, 24]
    cuts = edges(ms(2026, 10, 24, zone=BERLIN), ms(2026, 10, 27, zone=BERLIN), "day", BERLIN)
    assert (np.diff(cuts) // HOUR).tolist() == [24, 25, 24]
    hours = edges(ms(2026, 10, 25, zone=BERLIN), ms(2026, 10, 26, zone=BERLIN), "hour", BERLIN)
    assert len(hours) - 1 == 25
    months = edges(ms(2026, 1, 15, zone=BERLIN), ms(2026, 5, 1, zone=BERLIN), "month", BERLIN)
    assert months.tolist() == [ms(2026, 1, 15, zone=BERLIN)] + [ms(2026, m, 1, zone=BERLIN) for m in (2, 3, 4, 5)]
    weeks = edges(ms(2026, 11, 25), ms(2026, 12, 9), "week", UTC)
    assert [datetime.fromtimestamp(at / 1000, UTC).weekday() for at in weeks[1:-1].tolist()] == [0, 0]
    india = edges(ms(2026, 1, 1), ms(2026, 1, 1, 3), "hour", ZoneInfo("Asia/Kolkata"))
    assert (np.diff(india) // 60_000).tolist() == [30, 60, 60, 30]
    with pytest.raises(Invalid, match="more than"):
        edges(0, ms(2026, 1, 1), "hour", UTC)
    with pytest.raises(Invalid, match="'year' is unknown"):
        edges(0, 10, "year", UTC)


def test_slots_lie_in_their_bins():
    cuts = edges(ms(2026, 3, 28, 13, 7, zone=BERLIN), ms(2026, 4, 2, zone=BERLIN), "day", BERLIN)
    number, place = slots(cuts)
    middle = number * 900_000 + 1
    inside = middle >= cuts[0]
    assert (np.searchsorted(cuts, middle[inside], side="right") - 1 == place[inside]).all()


@pytest.mark.parametrize("sealed", [False, True])
def test_a_meters_days_are_differences_of_its_readings(tmp_path, sealed):
    """Hourly readings on the hour: each hour's increase belongs to the hour that it ends."""
    hourly = np.random.default_rng(4).random(96)
    reading = 1000 + np.concatenate([[0], np.cumsum(hourly)])
    t = T0 + np.arange(97) * HOUR
    with opened(tmp_path) as connection:
        order = np.random.default_rng(5).permutation(97)
        put(connection, 0, t[order], reading[order])
        if sealed:
            seal(connection.cursor(), T0 + 3 * DAY)
        cuts = edges(T0, T0 + 4 * DAY, "hour", UTC)
        got = counter_totals(connection.cursor(), asked(hold=3 * HOUR), cuts)
        assert table(got, "rise", 1, 96)[0] == pytest.approx(hourly)
        days = counter_totals(connection.cursor(), asked(hold=3 * HOUR), edges(T0, T0 + 4 * DAY, "day", UTC))
        assert table(days, "rise", 1, 4)[0] == pytest.approx(hourly.reshape(4, 24).sum(1))
        assert table(days, "covered", 1, 4)[0].tolist() == [DAY] * 4
        part = counter_totals(connection.cursor(), asked(hold=3 * HOUR), np.array([T0 + HOUR // 2, T0 + HOUR]))
        assert part.columns["rise"][0] == pytest.approx(hourly[0] / 2), "between readings it rises evenly"


def test_resets_rollovers_and_silences_are_told(tmp_path):
    with opened(tmp_path) as connection:
        minute = 60_000
        put(connection, 0, T0 + np.arange(6) * minute, [100, 110, 3, 5, 4.9, 6])  # a new meter, and a small step back
        put(connection, 1, T0 + np.arange(4) * minute, [990, 998, 4, 10])  # a counter of three digits
        put(connection, 2, [T0, T0 + 4 * HOUR], [50, 58])  # silent for four hours
        put(connection, 4, T0 - 30 * DAY, 7)  # its last reading is old
        cuts = edges(T0, T0 + 4 * HOUR, "hour", UTC)
        got = counter_totals(connection.cursor(), asked(5, top=1000.0), cuts)
    rise = table(got, "rise", 5, 4)
    assert rise[0, 0] == pytest.approx(10 + 3 + 2 - 0.1 + 1.1)
    assert (table(got, "resets", 5, 4)[0, 0], table(got, "backward", 5, 4)[0, 0]) == (1, 1)
    assert rise[1, 0] == pytest.approx(8 + 6 + 6)
    assert table(got, "rollovers", 5, 4)[1, 0] == 1
    assert rise[2].tolist() == [2, 2, 2, 2]
    assert table(got, "estimated", 5, 4)[2].tolist() == [2, 2, 2, 2]
    assert table(got, "covered", 5, 4)[2].tolist() == [0, 0, 0, 0]
    assert np.isnan(rise[3:]).all(), "a meter without two readings has no increase"


@pytest.mark.parametrize("sealed", [False, True])
def test_means_by_time_and_time_on(tmp_path, sealed):
    random = np.random.default_rng(8)
    t = np.sort(random.choice(np.arange(1, 6 * 3600), 400, replace=False)) * 1000
    value = random.integers(0, 2, 400).astype(float)
    hold = 120_000
    grid = np.full(6 * 3600, np.nan)  # one second each
    for n, at in enumerate(t // 1000):
        until = min(t[n + 1] // 1000 if n + 1 < 400 else 6 * 3600, at + hold // 1000)
        grid[at:until] = value[n]
    with opened(tmp_path) as connection:
        put(connection, 0, T0 + t, value)
        put(connection, 0, T0 + 5, np.nan, 2)
        if sealed:
            seal(connection.cursor(), T0 + 3 * HOUR)
        got = gauge_totals(connection.cursor(), asked(hold=hold), edges(T0, T0 + 6 * HOUR, "hour", UTC))
        inner = gauge_totals(connection.cursor(), asked(hold=hold), np.array([T0 + 1_800_000, T0 + 3_600_000]))
    hours = grid.reshape(6, 3600)
    assert table(got, "held", 1, 6)[0].tolist() == (np.isfinite(hours).sum(1) * 1000).tolist()
    assert table(got, "on_ms", 1, 6)[0].tolist() == (np.nansum(hours, 1) * 1000).tolist()
    assert table(got, "area", 1, 6)[0].tolist() == (np.nansum(hours, 1) * 1000).tolist()
    by_hour = [value[t // 3_600_000 == hour] for hour in range(6)]
    assert table(got, "n", 1, 6)[0].tolist() == [len(one) for one in by_hour]
    assert table(got, "total", 1, 6)[0].tolist() == [one.sum() for one in by_hour]
    assert table(got, "bad", 1, 6)[0].tolist() == [1, 0, 0, 0, 0, 0]
    assert inner.columns["held"][0] == np.isfinite(grid[1800:3600]).sum() * 1000, (
        "what held before the span counts in it"
    )
