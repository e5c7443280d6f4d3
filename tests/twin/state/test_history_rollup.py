"""Retention: sums stay what they were, and every question reads samples and summaries as one history."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.twin.state.history_support import DAY, HOUR, T0, opened, put
from twin.errors import Conflict, Invalid
from twin.park import Park
from twin.state.history_asof import as_of
from twin.state.history_correct import Wish, correct
from twin.state.history_plot import plot
from twin.state.history_queries import buckets, page, raw_from
from twin.state.history_rollup import Group, groups_of, roll
from twin.state.history_seal import seal
from twin.state.history_settings import HistorySettings, Keep
from twin.state.history_totals import Asked, counter_totals, gauge_totals

ROOT = Path(__file__).parents[3]
POINTS = 4
ASKED = Asked(np.arange(POINTS), np.full(POINTS, 90_000), np.full(POINTS, 1000.0))
NOW = T0 + 10 * DAY


def fill(connection) -> None:
    """Ten hours of four points at irregular times: a counter with a reset and a roll-over, a state, two gauges; some bad."""
    random = np.random.default_rng(6)
    connection.execute("INSERT INTO point_key VALUES (0, 'a'), (1, 'b'), (2, 'c'), (3, 'd')")
    for point in range(POINTS):
        t = np.sort(random.choice(10 * 3600, 1500, replace=False)) * 1000
        t = t[(t < 4 * HOUR) | (t > 5.2 * HOUR)]
        count = len(t)
        value = random.normal(20, 3, count)
        if point == 0:
            value = (np.cumsum(random.random(count)) + 600) % 1000
            value[count // 4 :] -= value[count // 4] - 1
            value %= 1000
        if point == 1:
            value = random.integers(0, 2, count).astype(float)
        quality = np.where((random.random(count) < 0.05) & (point > 1), 2, 0)
        put(connection, point, T0 + t, np.where(quality == 2, np.nan, value), quality)
    while seal(connection.cursor(), NOW, step_rows=1000, block_rows=1200).more:
        pass


def rolled(connection, keep: Keep) -> int:
    steps = 0
    while roll(connection.cursor(), [Group(keep, ASKED)], NOW).more:
        steps += 1
    return steps


def sums(connection) -> tuple:
    cuts = T0 + np.arange(0, 11) * HOUR
    gauge = gauge_totals(connection.cursor(), ASKED, cuts)
    counter = counter_totals(
        connection.cursor(), Asked(*(column[:1] for column in (ASKED.keys, ASKED.hold_ms, ASKED.top))), cuts
    )
    return gauge, counter


def close(before, after, names: dict[str, float]) -> None:
    assert (after.point.tolist(), after.bin.tolist()) == (before.point.tolist(), before.bin.tolist())
    for name, tolerance in names.items():
        np.testing.assert_allclose(after.columns[name], before.columns[name], rtol=1e-9, atol=tolerance, err_msg=name)


@pytest.mark.parametrize(
    "keep", [Keep(1, 300), Keep(1, 3600), Keep(1, 300, 0.1)], ids=["buckets", "hours", "two steps"]
)
def test_sums_stay_what_they_were(tmp_path, keep):
    with opened(tmp_path) as connection:
        fill(connection)
        gauge, counter = sums(connection)
        end = as_of(connection.cursor(), NOW, ASKED.keys)
        assert rolled(connection, keep) > 2
        assert connection.execute("SELECT count(*) FROM sample").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM rollup").fetchone()[0] > 30
        after, risen = sums(connection)
        close(gauge, after, dict.fromkeys(("n", "bad", "corrected", "low", "high", "held", "on_ms"), 0))
        close(gauge, after, {"total": 1e-6, "area": 1e-2})
        assert risen.columns["rise"].sum() == pytest.approx(counter.columns["rise"].sum())
        # An interval across the edge of two hours is shared out as before, from the last sample of a bucket on.
        np.testing.assert_allclose(
            risen.columns["rise"], counter.columns["rise"], atol=0.02 if keep.bucket_s < 3600 else 0.5
        )
        late = as_of(connection.cursor(), NOW, ASKED.keys)
        assert (late.values.tolist(), late.times.tolist()) == (end.values.tolist(), end.times.tolist())


def test_samples_and_summaries_read_as_one(tmp_path):
    with opened(tmp_path) as connection:
        fill(connection)
        whole = buckets(connection.cursor(), 2, T0, T0 + 10 * HOUR, 10)
        block = connection.execute("SELECT max(start) FROM block").fetchone()[0]
        keep = Keep((NOW - block) / DAY, 300)
        assert rolled(connection, keep) >= 2
        assert connection.execute("SELECT count(*) FROM archive").fetchone()[0] > 500
        mixed = buckets(connection.cursor(), 2, T0, T0 + 10 * HOUR, 10)
        for name in ("t", "min", "max", "count", "bad"):
            assert getattr(mixed, name).tolist() == getattr(whole, name).tolist(), name
        np.testing.assert_allclose(mixed.mean, whole.mean)
        curve = plot(connection.cursor(), 2, T0, T0 + 10 * HOUR, 200, 300_000)
        assert curve.samples == whole.count.sum()
        assert (curve.t[0] < block, curve.t[-1] > block) == (True, True)
        assert {whole.min.min(), whole.max.max()} <= set(curve.value.tolist())
        assert raw_from(connection.cursor(), 2) == block
        assert page(connection.cursor(), 2, T0, T0 + 10 * HOUR, 10).t[0] >= block
        inside = as_of(connection.cursor(), T0 + 2 * HOUR, ASKED.keys)
        assert (T0 + 2 * HOUR - inside.times < 400_000).all(), "inside summaries as-of is as exact as they are wide"
        assert (inside.times <= T0 + 2 * HOUR).all()


def test_what_was_corrected_is_summarised_corrected_and_then_stays(tmp_path):
    with opened(tmp_path) as connection:
        fill(connection)
        wish = Wish(T0, T0 + HOUR, "value", "li", "test", 50.0)
        correct(connection.cursor(), 2, wish, NOW)
        rolled(connection, Keep(1, 300))
        first = buckets(connection.cursor(), 2, T0, T0 + HOUR, 1)
        assert (first.max[0], first.corrected[0]) == (50.0, first.count[0])
        with pytest.raises(Conflict, match="summaries"):
            correct(connection.cursor(), 2, Wish(T0 + 2 * HOUR, T0 + 3 * HOUR, "exclude", "li", "test"), NOW)


def test_kinds_are_kept_differently(tmp_path):
    with opened(tmp_path) as connection:
        fill(connection)
        groups = groups_of(["co2", "door", "co2", "co2"], ASKED, {"co2": Keep(), "door": Keep(2, 600)})
        assert [group.points.keys.tolist() for group in groups] == [[1]]
        while roll(connection.cursor(), groups, NOW).more:
            pass
        left = connection.execute("SELECT DISTINCT point FROM archive ORDER BY 1").fetchall()
        assert left == [(0,), (2,), (3,)]
        assert connection.execute("SELECT DISTINCT point FROM rollup").fetchall() == [(1,)]


def test_settings_are_read_and_wrong_ones_named(tmp_path):
    def settings(text: str) -> HistorySettings:
        return HistorySettings.of(Park(tmp_path, "x", "x", "x", None, tables={"history": text}))

    read = settings({"raw_days": 30, "kinds": {"pm2.5": {"bucket_s": 60, "raw_days": 7}, "door": {"raw_days": 0}}})
    assert read.of_kind("co2") == Keep(30, 300, 0)
    assert read.of_kind("pm25") == Keep(7, 60, 0)
    assert (read.of_kind("door").raw_days, read.forgets) == (0, True)
    assert not settings({}).forgets
    for wrong in ({"raw_days": -1}, {"raw_days": "7"}, {"days": 7}, {"bucket_s": 7}, {"kinds": {"co2": 7}}, 7):
        with pytest.raises(Invalid, match="history"):
            settings(wrong)
    with pytest.raises(Invalid, match="more than raw_days, 100 days"):
        settings({"raw_days": 100, "bucket_months": 2})


def test_the_file_stays_bounded(tmp_path):
    """Samples come for weeks; what is dropped makes room for what comes."""
    sizes = []
    with opened(tmp_path) as connection:
        for day in range(12):
            count = 100_000
            t = T0 + day * DAY + np.arange(count) * (DAY // count)
            put(connection, np.arange(count) % POINTS, t, np.random.default_rng(day).random(count))
            now = T0 + (day + 1) * DAY
            seal(connection.cursor(), now)
            while roll(connection.cursor(), [Group(Keep(2, 3600), ASKED)], now).more:
                pass
            connection.execute("CHECKPOINT")
            sizes.append((tmp_path / "history.duckdb").stat().st_size)
    assert sizes[-1] < 1.2 * sizes[5], f"{[round(size / 1e6, 1) for size in sizes]} MB by day"


KILLED = """
import sys
from pathlib import Path
from tests.twin.state.test_history_rollup import ASKED, NOW
from twin.state.history_rollup import Group, roll
from twin.state.history_schema import open_history
from twin.state.history_settings import Keep

connection = open_history(Path(sys.argv[1]))
print("open", flush=True)
while roll(connection.cursor(), [Group(Keep(1, 300), ASKED)], NOW).more:
    print("step", flush=True)
"""


def test_a_kill_while_summarising_loses_and_doubles_nothing(tmp_path):
    with opened(tmp_path) as connection:
        fill(connection)
        total = connection.execute("SELECT count(*) FROM sample").fetchone()[0]
        whole = [buckets(connection.cursor(), key, T0, T0 + DAY, 1).mean[0] for key in range(POINTS)]
    for lines in (1, 2, 3):
        arguments = [sys.executable, "-c", KILLED, str(tmp_path / "history.duckdb")]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(lines):
                process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
        with opened(tmp_path) as connection:
            counted = connection.execute(
                "SELECT (SELECT count(*) FROM sample) + (SELECT coalesce(sum(n + bad), 0) FROM rollup)"
            ).fetchone()
            assert counted == (total,)
            means = [buckets(connection.cursor(), key, T0, T0 + DAY, 1).mean[0] for key in range(POINTS)]
            assert means == pytest.approx(whole)
    with opened(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM rollup").fetchone()[0] > 0
