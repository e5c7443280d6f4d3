from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np

from twin.clock import ManualClock
from twin.runtime.day_start import counter_baseline, day_start, positions
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.point import PointSpec
from twin.state.samples import Samples

HOUR = 3_600_000
MIDNIGHT = 1_700_409_600_000  # 2023-11-20 00:00 in Shanghai


def test_the_day_begins_at_local_midnight():
    shanghai = ZoneInfo("Asia/Shanghai")
    assert day_start(MIDNIGHT, shanghai) == MIDNIGHT
    assert day_start(MIDNIGHT + 23 * HOUR, shanghai) == MIDNIGHT
    assert day_start(MIDNIGHT - 1, shanghai) == MIDNIGHT - 24 * HOUR
    assert day_start(MIDNIGHT, UTC) == MIDNIGHT - 16 * HOUR


def test_positions_find_keys_in_any_order():
    assert positions(np.array([5, 2, 9]), np.array([9, 5])).tolist() == [2, 0]
    assert positions(np.array([], np.int64), np.array([], np.int64)).tolist() == []


async def test_a_counter_begins_the_day_with_its_last_reading_before_or_its_first_after(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=1)
    points = [PointSpec(f"m{n}", "g", kind="energy") for n in range(4)] + [PointSpec("t", "g", kind="temperature")]
    hub = Hub(points, ManualClock())
    await history.register(["elsewhere"])  # keys are no indices
    keys = await history.register([point.point_id for point in points])
    rows = [
        (0, MIDNIGHT - 60_000, 100), (0, MIDNIGHT - 30_000, 101), (0, MIDNIGHT + 1000, 102),
        (1, MIDNIGHT - 48 * HOUR, 500), (1, MIDNIGHT + 2000, 530), (1, MIDNIGHT + 3000, 531),
        (2, MIDNIGHT - 48 * HOUR, 7),
        (4, MIDNIGHT - 1, 20),
    ]  # fmt: skip
    index, time, value = map(np.array, zip(*rows, strict=True))
    await history.append(Samples(index, time, value.astype(float), np.zeros(len(index), np.uint8)), keys)
    baseline = await counter_baseline(hub, history, keys, MIDNIGHT, MIDNIGHT + HOUR)
    np.testing.assert_array_equal(baseline, [101, 530, np.nan, np.nan, np.nan])
    await history.close()
