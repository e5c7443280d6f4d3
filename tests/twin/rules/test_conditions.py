"""Each condition: when it begins, when it is over, and what decides nothing."""

import numpy as np
import pytest

from tests.support.alarms import rule
from twin.state import quality as q
from twin.state.point import PointSpec

PAIR = [
    PointSpec("t", "a1/0", kind="temperature", unit="°C"),
    PointSpec("sp", "a1/0", kind="setpoint", unit="°C"),
    PointSpec("f", "a1/1", kind="temperature", unit="°F"),
    PointSpec("word", "a1/0", kind="status"),
]


def deviation(**changes):
    return rule(id="dev", kind=None, point_id="t", op="deviation", limit=3, dead_band=1, **changes)


async def test_four_limits_are_four_alarms_and_the_worst_hides_the_lesser(make):
    limits = {"high_high": {"limit": 35, "severity": "critical"}, "high": 30, "low": 15, "low_low": 10}
    park = make(rule(id="temp", kind="temperature", op="limits", limit=None, limits=limits, dead_band=1), points=PAIR)

    def shown():
        return [(alarm.rule, alarm.severity.value, alarm.state.value) for alarm in park.alarms.open()]

    park.say(t=31)
    assert shown() == [("temp.high", "major", "active")]
    park.say(t=36)
    assert shown() == [("temp.high-high", "critical", "active")]
    assert [alarm.rule for alarm in park.alarms.open("suppressed")] == ["temp.high"]
    park.say(t=33)
    assert shown() == [("temp.high-high", "critical", "cleared"), ("temp.high", "major", "active")]
    park.say(t=9)
    assert ("temp.low-low", "major", "active") in shown()
    assert not any(name == "temp.low" for name, *_ in shown())


@pytest.mark.parametrize(
    ("direction", "rises", "falls"), [("both", True, True), ("up", True, False), ("down", False, True)]
)
async def test_a_change_within_the_window_is_a_rate(make, direction, rises, falls):
    park = make(rule(op="rate", limit=100, window_s=60, direction=direction))
    for value in (500, 540, 590):
        park.clock.advance(20)
        assert park.say(r0_co2=value) == []
    park.clock.advance(5)
    assert bool(park.say(r0_co2=650)) is rises
    park = make(rule(op="rate", limit=100, window_s=60, direction=direction))
    park.say(r0_co2=500)
    park.clock.advance(20)
    assert bool(park.say(r0_co2=390)) is falls


async def test_a_slow_change_is_no_rate_and_a_fast_one_is_over_after_the_window(make):
    park = make(rule(op="rate", limit=100, window_s=60))
    for value in range(400, 1400, 20):  # 20 in 15 s: 80 in a window
        park.clock.advance(15)
        assert park.say(r0_co2=value) == []
    park.clock.advance(1)
    assert park.say(r0_co2=1600) == [("raised", "r0.co2", "active")]
    over = []
    for _ in range(14):
        park.clock.advance(5)
        over.append([event for event, *_ in park.say(r0_co2=1600)])
    assert not any(over[:10])  # 50 s after the jump it still stands in the window
    assert over.count(["cleared"]) == 1


@pytest.mark.parametrize("value", [np.nan, -1])
async def test_rubbish_between_two_values_is_no_rate(make, value):
    park = make(rule(op="rate", limit=100, window_s=60))
    park.say(r0_co2=500)
    park.clock.advance(10)
    park.say(r0_co2=value)
    park.clock.advance(10)
    assert park.say(r0_co2=510) == []


async def test_a_deviation_is_from_a_number_or_from_another_point(make):
    park = make(deviation(set_value=21.0), points=PAIR)
    assert park.say(t=24) == []
    assert len(park.say(t=24.5)) == 1
    assert park.say(t=23.5) == []  # inside the dead band
    assert park.say(t=22.9) == [("cleared", "t", "cleared")]
    park = make(deviation(set_point="sp", direction="down"), points=PAIR)
    assert park.say(t=10) == []  # nothing is known of the set point yet
    assert len(park.say(sp=21)) == 1
    assert park.say(sp=np.nan) == []  # a bad set point decides nothing
    assert park.say(sp=11) == [("cleared", "t", "cleared")]
    assert park.say(t=30) == []  # upwards does not count
    park = make(rule(id="d", kind="temperature", op="deviation", limit=3, set_kind="setpoint"), points=PAIR)
    assert park.say(t=25, sp=21, f=90) == [("raised", "t", "active")]


async def test_a_set_point_in_another_unit_is_told_and_not_watched(make):
    park = make(rule(id="d", kind=None, point_id="f", op="deviation", limit=3, set_point="sp"), points=PAIR)
    assert park.say(f=90, sp=21) == []
    assert park.alarms.unbound == ("d",)
    (problem,) = park.alarms.problems
    assert "'f' is in '°F', its set point 'sp' in '°C'" in problem


async def test_a_value_that_does_not_move_while_readings_come_is_stuck(make):
    park = make(rule(op="stuck", limit=None, window_s=100, dead_band=2))
    for n in range(10):
        park.clock.advance(10)
        assert park.say(r0_co2=500 + n % 2, r1_co2=500 + 10 * n) == []
    park.clock.advance(10)
    assert park.say(r0_co2=500, r1_co2=700) == [("raised", "r0.co2", "active")]
    assert park.say(r0_co2=503) == [("cleared", "r0.co2", "cleared")]


async def test_a_silent_point_is_not_stuck(make):
    park = make(rule(op="stuck", limit=None, window_s=100))
    park.say(r0_co2=500)
    for _ in range(30):
        park.clock.advance(10)
        assert park.tick() == []
    assert park.hub.quality[0] == q.STALE


async def test_a_sensor_clock_that_is_hours_behind_makes_nothing_stuck(make):
    park = make(rule(op="stuck", limit=None, window_s=100), rule(id="high"))
    late = 3 * 3_600_000
    for n in range(12):
        park.clock.advance(10)
        park.hub.update([0], [500 + n], [park.clock.now_ms() - late])
        assert park.tick() == []
    for _ in range(10):
        park.clock.advance(10)
        park.hub.update([0], [511], [park.clock.now_ms() - late])
        events = park.tick()
    assert events == [("raised", "r0.co2", "active")]
    park.hub.update([0], [1500], [park.clock.now_ms() - late])
    assert ("raised", "r0.co2", "active") in park.tick()  # the limit is watched all the same


async def test_a_sensor_clock_that_falls_back_turns_missing(make):
    park = make(rule(id="lost", op="missing", limit=None))
    park.say(r0_co2=500)
    for _ in range(12):
        park.clock.advance(10)
        park.hub.update([0], [500], [park.clock.now_ms() - 86_400_000])
        events = park.tick()
        if events:
            break
    assert events == [("raised", "r0.co2", "active")]


async def test_one_bit_of_a_status_word(make):
    park = make(rule(id="bit", kind="status", op="bit", bit=2, limit=1), points=PAIR)
    assert park.say(word=3) == []
    assert park.say(word=7) == [("raised", "word", "active")]
    assert park.say(word=0.5) == []  # part of a number says nothing
    assert park.say(word=8) == [("cleared", "word", "cleared")]


async def test_qualities_of_choice(make):
    park = make(rule(id="q", op="quality", limit=None, quality=["never", "bad"]))
    assert {point for _e, point, _s in park.tick()} == {"r0.co2", "r1.co2", "r2.co2"}
    assert [event for event, *_ in park.say(r0_co2=500)] == ["cleared"]
    assert [event for event, *_ in park.say(r0_co2=-5)] == ["raised"]


async def test_the_off_delay_keeps_an_alarm_until_it_was_over_for_so_long(make):
    park = make(rule(off_delay_s=30))
    park.say(r0_co2=1100)
    park.clock.advance(1)
    assert park.say(r0_co2=900) == []
    park.clock.advance(29)
    assert park.say(r0_co2=1100) == []
    park.clock.advance(5)
    assert park.say(r0_co2=900) == []
    park.clock.advance(29.9)
    assert park.tick() == []
    park.clock.advance(0.1)
    assert park.tick() == [("cleared", "r0.co2", "cleared")]


async def test_the_servers_clock_set_back_does_not_delay_for_ever(make):
    park = make(rule(delay_s=10))
    park.say(r0_co2=1100)
    park.clock.advance(-3600)
    assert park.tick() == []
    park.clock.advance(10)
    assert len(park.tick()) == 1


async def test_flapping_values_keep_one_alarm_and_count(make):
    park = make(rule())
    for n in range(100):
        park.clock.advance(1)
        park.say(r0_co2=1100 if n % 2 == 0 else 900)
    (alarm,) = park.alarms.open()
    assert (alarm.count, alarm.state.value) == (50, "cleared")
    calm = make(rule(off_delay_s=5))
    for n in range(100):
        calm.clock.advance(1)
        calm.say(r0_co2=1100 if n % 2 == 0 else 900)
    assert calm.alarms.open()[0].count == 1
