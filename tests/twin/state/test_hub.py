import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.clock import ManualClock
from twin.errors import Invalid
from twin.state import quality as q
from twin.state.hub import SKEW_MS, Hub
from twin.state.point import PointSpec


def make(count=4, low=0.0, high=100.0):
    clock = ManualClock()
    points = [PointSpec(f"p{n}", f"a1/{n}", kind="temperature", min=low, max=high) for n in range(count)]
    return Hub(points, clock), clock


def test_a_point_never_heard_has_no_value():
    hub, _ = make()
    assert np.isnan(hub.values).all()
    assert (hub.quality == q.NEVER).all()
    assert hub.tick() == 1
    assert len(hub.changed_since(0)) == 0


def test_the_newest_reading_of_a_batch_wins_and_of_equal_times_the_last():
    hub, clock = make()
    now = clock.now_ms()
    samples = hub.update([0, 1, 0, 1, 0], [1, 2, 3, 4, 5], [now - 10, now, now - 5, now, now - 7])
    assert hub.values[:2].tolist() == [3, 4]
    assert hub.sampled_at[:2].tolist() == [now - 5, now]
    assert len(samples) == 5
    assert samples.values.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("reading", [np.nan, np.inf, -np.inf, -0.1, 100.1])
def test_an_unusable_reading_is_bad_and_keeps_the_last_good_value(reading):
    hub, _ = make()
    hub.update([0], [20.0])
    changed_at = hub.changed_at[0]
    samples = hub.update([0], [reading])
    assert hub.values[0] == 20.0
    assert hub.quality[0] == q.BAD
    assert hub.changed_at[0] == changed_at
    assert samples.quality.tolist() == [q.BAD]
    hub.update([0], [21.0])
    assert (hub.values[0], hub.quality[0]) == (21.0, q.GOOD)


def test_the_senders_quality_is_kept_and_unknown_codes_are_bad():
    hub, _ = make()
    hub.update([0, 1, 2, 3], [1, 1, 1, 1], None, [0, 1, 2, 900])
    assert hub.quality.tolist() == [q.GOOD, q.STALE, q.BAD, q.BAD]
    assert hub.values[:2].tolist() == [1, 1]
    assert np.isnan(hub.values[2:]).all()


def test_a_clock_that_runs_ahead_is_bounded():
    hub, clock = make()
    now = clock.now_ms()
    hub.update([0, 1], [1, 1], [now + SKEW_MS, now + SKEW_MS + 1])
    assert hub.sampled_at[:2].tolist() == [now + SKEW_MS, now]
    assert hub.counters["skewed"] == 1
    hub.update([1], [2], [now + 1])
    assert hub.values[1] == 2


def test_a_late_reading_changes_nothing_but_is_kept_for_the_history():
    hub, clock = make()
    now = clock.now_ms()
    hub.update([0], [5.0], [now])
    clock.advance(5)
    samples = hub.update([0], [4.0], [now - 1])
    assert hub.values[0] == 5.0
    assert hub.heard_at[0] == now
    assert hub.counters["late"] == 1
    assert len(samples) == 1


def test_silence_turns_stale_after_three_periods_and_is_announced():
    hub, clock = make()
    hub.update([0], [5.0])
    seq = hub.tick()
    clock.advance(hub.stale_after[0] / 1000)
    hub.tick()
    assert hub.quality[0] == q.GOOD
    clock.advance(0.001)
    hub.tick()
    assert hub.quality[0] == q.STALE
    assert hub.values[0] == 5.0
    assert hub.changed_since(seq).tolist() == [0]
    hub.update([0], [5.0])
    assert hub.quality[0] == q.GOOD


def test_sequence_numbers_tell_changes_and_seldom_repetitions():
    hub, clock = make()
    hub.update([0, 1], [1.0, 1.0])
    first = hub.tick()
    hub.update([0], [2.0])
    second = hub.tick()
    assert hub.changed_since(0).tolist() == [0, 1]
    assert hub.changed_since(first).tolist() == [0]
    clock.advance(1)
    hub.update([0], [2.0])
    hub.tick()
    assert hub.changed_since(second).tolist() == []
    clock.advance(hub.echo_ms / 1000)
    hub.update([0], [2.0])
    hub.tick()
    assert hub.changed_since(second).tolist() == [0]


def test_wrong_batches_are_refused():
    hub, _ = make()
    with pytest.raises(Invalid, match="out of range"):
        hub.update([4], [1.0])
    with pytest.raises(Invalid, match="out of range"):
        hub.update([-1], [1.0])
    with pytest.raises(Invalid, match="equal lengths"):
        hub.update([0, 1], [1.0])
    with pytest.raises(Invalid, match="stand twice"):
        Hub([PointSpec("a", "g"), PointSpec("a", "g")], ManualClock())


def test_restored_values_are_stale_and_do_not_hide_heard_ones():
    hub, _clock = make()
    hub.update([0], [9.0])
    hub.restore(np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([5.0, 6.0, np.nan]))
    assert hub.values[:2].tolist() == [9.0, 6.0]
    assert hub.quality[:3].tolist() == [q.GOOD, q.STALE, q.NEVER]
    assert hub.heard_at[1] == 2


def test_state_is_carried_over_to_other_points():
    hub, clock = make()
    hub.update([2], [7.0])
    seq = hub.tick()
    other = Hub([PointSpec("new", "g"), hub.points[2]], clock)
    other.adopt(hub)
    assert other.values[1] == 7.0
    assert other.quality.tolist() == [q.NEVER, q.GOOD]
    assert other.seq == seq
    assert other.changed_since(seq).tolist() == [0, 1]


readings = st.tuples(
    st.integers(0, 3), st.one_of(st.floats(-20, 120), st.just(np.nan)), st.integers(-50, 50), st.integers(0, 3)
)


@given(st.lists(st.lists(readings, max_size=8), max_size=6))
def test_a_batch_equals_its_readings_one_by_one_in_order_of_time(batches):
    hub, clock = make()
    model = {}
    for batch in batches:
        now = clock.now_ms()
        if batch:
            index, value, offset, code = zip(*batch, strict=True)
            hub.update(index, value, [now + o for o in offset], code)
        newest = {}
        for index, value, offset, code in batch:
            if index not in newest or now + offset >= newest[index][0]:
                newest[index] = (now + offset, value, code)
        for index, (time, value, code) in newest.items():
            old_time, old_value, _ = model.get(index, (0, np.nan, q.NEVER))
            if time >= old_time:
                good = 0 <= value <= 100 and code in {q.GOOD, q.STALE}
                model[index] = (time, value if good else old_value, code if good else q.BAD)
        clock.advance(0.02)
    for index, (time, value, code) in model.items():
        assert hub.sampled_at[index] == time
        assert hub.quality[index] == code
        np.testing.assert_equal(hub.values[index], value)
