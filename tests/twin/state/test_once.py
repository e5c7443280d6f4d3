"""Samples that a broker sends again are kept once."""

import duckdb
import numpy as np

from twin.clock import ManualClock
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.point import PointSpec

POINTS = [PointSpec(name, f"a1/{name}", kind="co2") for name in "abc"]


async def kept(tmp_path, *batches):
    """Rows (key, t, value) after batches of (point, t, value) went through hub and history, and the rows left out."""
    hub, history = Hub(POINTS, ManualClock(10_000)), await History.open(tmp_path / "h.duckdb", group_ms=1)
    keys = await history.register([point.point_id for point in POINTS])
    for batch in batches:
        index, time, value = zip(*batch, strict=True)
        await history.append(hub.update(index, value, time), keys)
    left_out = history.status()["repeated_rows"]
    await history.close()
    with duckdb.connect(str(tmp_path / "h.duckdb"), read_only=True) as db:
        return sorted(db.execute("SELECT point, t, value FROM sample").fetchall()), left_out


async def test_the_same_point_time_and_value_is_kept_once(tmp_path):
    rows, left_out = await kept(
        tmp_path,
        [(0, 100, 1.0), (1, 100, 1.0), (0, 200, 2.0)],
        [(0, 100, 1.0), (0, 200, 2.0), (2, 100, 1.0)],
        [(0, 300, 3.0), (0, 300, 3.0), (0, 300, 3.0)],
    )
    assert rows == [(0, 100, 1.0), (0, 200, 2.0), (0, 300, 3.0), (1, 100, 1.0), (2, 100, 1.0)]
    assert left_out == 4


async def test_another_value_at_the_same_time_and_a_late_sample_are_no_repetition(tmp_path):
    rows, left_out = await kept(tmp_path, [(0, 100, 1.0), (0, 100, 2.0)], [(0, 100, 3.0), (0, 50, 1.0)])
    assert rows == [(0, 50, 1.0), (0, 100, 1.0), (0, 100, 2.0), (0, 100, 3.0)]
    assert left_out == 0


async def test_readings_that_are_no_number_are_kept_once_too(tmp_path):
    rows, left_out = await kept(tmp_path, [(0, 100, np.nan)], [(0, 100, np.nan)])
    assert (len(rows), left_out) == (1, 1)


async def test_a_constant_value_at_new_times_is_all_kept(tmp_path):
    rows, left_out = await kept(tmp_path, *[[(0, 100 + n, 7.0)] for n in range(5)])
    assert (len(rows), left_out) == (5, 0)
