"""Pages, curves and gaps: in order of time, whatever order samples came in."""

import numpy as np
import pytest

from tests.twin.state.history_support import DAY, HOUR, T0, opened, put
from twin.state.history_plot import plot
from twin.state.history_queries import buckets, gaps, page
from twin.state.history_seal import seal


def test_pages_join_to_all_samples_in_order(tmp_path):
    random = np.random.default_rng(2)
    t = T0 + random.permutation(np.repeat(np.arange(400), 2)) * 1000
    value = random.random(800)
    with opened(tmp_path) as connection:
        put(connection, 3, t, value)
        put(connection, 3, t[:50], value[:50])  # sent again
        seal(connection.cursor(), T0 + DAY)
        put(connection, 3, t[50:90], value[50:90])
        seen, start, pages = [], T0, 0
        while start is not None:
            one = page(connection.cursor(), 3, start, T0 + DAY, 75)
            assert len(one.t) <= 75
            seen += zip(one.t.tolist(), one.value.tolist(), strict=True)
            start, pages = one.next, pages + 1
    assert pages == 11
    assert sorted(seen) == sorted(zip(t.tolist(), value.tolist(), strict=True))
    assert [at for at, _ in seen] == sorted(at for at, _ in seen)


def test_an_instant_with_more_samples_than_a_page_does_not_hold_the_reader(tmp_path):
    with opened(tmp_path) as connection:
        put(connection, 0, T0, np.arange(20.0))
        put(connection, 0, T0 + 1, 7.0)
        one = page(connection.cursor(), 0, T0, T0 + 10, 5)
        assert one.next == T0 + 1
        assert page(connection.cursor(), 0, one.next, T0 + 10, 5).value.tolist() == [7.0]


def test_a_curve_keeps_ends_and_extremes(tmp_path):
    count = 50_000
    t = T0 + np.arange(count) * 1000
    value = np.sin(np.arange(count) / 3000) * 10
    value[12_345], value[40_001] = 99.0, -77.0
    with opened(tmp_path) as connection:
        put(connection, 0, t, value)
        seal(connection.cursor(), T0 + 8 * HOUR)
        got = plot(connection.cursor(), 0, T0, int(t[-1]) + 1, 300, 5000)
        assert len(got.t) == 300
        assert got.samples == count
        assert (got.t[0], got.t[-1]) == (t[0], t[-1])
        assert {99.0, -77.0} <= set(got.value.tolist())
        assert (np.diff(got.t) > 0).all()
        assert (value[(got.t - T0) // 1000] == got.value).all(), "each shown value was measured"
        assert len(got.gap_start) == 0
        few = plot(connection.cursor(), 0, T0, T0 + 100_000, 300, 5000)
        assert few.t.tolist() == t[:100].tolist()


def test_a_curve_tells_gaps_and_bad_samples(tmp_path):
    t = T0 + np.concatenate([np.arange(0, 100), np.arange(400, 500)]) * 1000
    value, quality = np.arange(200.0), np.zeros(200)
    value[10], quality[10] = np.nan, 2
    with opened(tmp_path) as connection:
        put(connection, 0, t, value, quality)
        got = plot(connection.cursor(), 0, T0, T0 + 600_000, 200, 30_000)
        assert (got.gap_start.tolist(), got.gap_stop.tolist()) == ([T0 + 99_000], [T0 + 400_000])
        assert got.bad.tolist() == [T0 + 10_000]
        assert np.isfinite(got.value).all()
        nothing = plot(connection.cursor(), 5, T0, T0 + 1000, 10, 100)
        assert (len(nothing.t), nothing.samples) == (0, 0)


def test_gaps_are_exact_and_hold_the_ends(tmp_path):
    with opened(tmp_path) as connection:
        put(connection, 0, T0 + np.array([100, 50, 60, 300, 310]) * 1000, [1, 2, 3, 4, np.nan], [0, 0, 0, 0, 2])
        got = gaps(connection.cursor(), 0, T0, T0 + 400_000, 45_000)
        assert [((a - T0) // 1000, (b - T0) // 1000) for a, b in zip(got.start.tolist(), got.stop.tolist(), strict=True)] == [
            (0, 50), (100, 300), (300, 400)
        ]  # fmt: skip
        assert got.total == 3
        assert gaps(connection.cursor(), 9, T0, T0 + 400_000, 45_000).total == 1


@pytest.mark.parametrize("sealed", [False, True])
def test_a_repeat_counts_once_in_buckets(tmp_path, sealed):
    with opened(tmp_path) as connection:
        put(connection, 0, [T0, T0 + 1, T0 + 1, T0 + 2], [0, 9, 9, np.nan], [0, 0, 0, 2])
        if sealed:
            seal(connection.cursor(), T0 + HOUR)
            put(connection, 0, T0 + 1, 9)
        got = buckets(connection.cursor(), 0, T0, T0 + 10, 1)
        assert (got.count.tolist(), got.mean.tolist(), got.bad.tolist()) == ([2], [4.5], [1])
