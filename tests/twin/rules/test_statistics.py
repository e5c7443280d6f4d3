"""Figures of a span are those that a person counts by hand; groups add up."""

import pytest

from tests.support.alarms import rule
from twin.errors import Invalid
from twin.rules.statistics import FLOOD_COUNT
from twin.state.facts import PointFacts

FACTS = [{"layer": "a1", "storey": f"a1/s{n % 2}", "building": "a1/b"} for n in range(4)]


async def test_times_to_acknowledge_and_to_recover(make):
    park = make(rule())
    start = park.clock.now_ms()
    park.say(r0_co2=1100, r1_co2=1100)
    first, second = park.alarms.open()
    park.clock.advance(30)
    await park.alarms.acknowledge(first.id, "li")
    park.clock.advance(60)
    await park.alarms.acknowledge(second.id, "li")
    park.clock.advance(10)
    park.say(r0_co2=500)
    park.clock.advance(100)
    park.say(r1_co2=500)
    await park.alarms.flush()
    found = await park.alarms.figures(start, start + 3_600_000, operators=2)
    assert (found.raised, found.acknowledged, found.cleared) == (2, 2, 2)
    assert (found.mtta_s, found.mttr_s) == (60, 150)
    assert (found.per_operator_hour, found.per_operator_day) == (1, 24)
    assert found.benchmarks["mark"] == "GK"
    later = await park.alarms.figures(start + 95_000, start + 3_600_000)
    assert (later.raised, later.mtta_s, later.mttr_s) == (0, None, 150)  # raised before the span, over in it


async def test_floods_chattering_and_the_most_frequent(make):
    park = make(rule())
    start = park.clock.now_ms()
    for n in range(FLOOD_COUNT + 1):
        park.say(r0_co2=1100)
        park.say(r0_co2=500)
        park.clock.advance(10 if n else 1)
    park.say(r1_co2=1100)
    await park.alarms.flush()
    found = await park.alarms.figures(start, start + 3_600_000)
    assert (found.raised, found.peak, found.floods, found.flood_share) == (12, 12, 1, pytest.approx(1 / 6))
    assert [(row["point_id"], row["count"]) for row in found.top] == [("r0.co2", 11), ("r1.co2", 1)]
    assert [row["point_id"] for row in found.chattering] == ["r0.co2"]
    assert found.severities == {"major": 12}
    two = await park.alarms.figures(start, start + 3_600_000, operators=2)
    assert two.floods == 0


async def test_standing_and_stale_alarms(make):
    park = make(rule())
    park.say(r0_co2=1100)
    park.clock.advance(25 * 3600)
    park.say(r0_co2=1100, r1_co2=1100, r2_co2=1100)
    await park.alarms.shelve([a.id for a in park.alarms.open() if a.point_id == "r2.co2"], "li", 60, "x")
    now = park.clock.now_ms()
    await park.alarms.flush()
    found = await park.alarms.figures(now - 3_600_000, now + 1)
    assert (found.standing, found.stale, found.held) == (3, 1, 1)


async def test_a_park_without_alarms_has_figures_too(make):
    park = make(rule())
    found = await park.alarms.figures(0, 1000)
    assert (found.raised, found.mtta_s, found.peak, found.top) == (0, None, 0, [])
    with pytest.raises(Invalid, match="expected from < to"):
        await park.alarms.figures(5, 5)


async def test_groups_add_up(make):
    park = make(
        rule(cause="ventilation"), rule(id="two", limit=1200, severity="critical"), facts=PointFacts.from_rows(FACTS)
    )
    park.say(r0_co2=1100, r1_co2=1300, r2_co2=1100)
    by = {
        name: [(g.key, g.count) for g in park.alarms.groups(name)] for name in ("storey", "object", "cause", "building")
    }
    assert by["storey"] == [("a1/s1", 2), ("a1/s0", 2)]
    assert by["object"][0] == ("a1/1", 2)
    assert dict(by["cause"]) == {"ventilation": 3, "two": 1}
    assert by["building"] == [("a1/b", 4)]
    worst = park.alarms.groups("storey")[0]
    assert (worst.severities["critical"], worst.unacknowledged, worst.first.rule) == (1, 2, "two")
    with pytest.raises(Invalid, match="'colour'"):
        park.alarms.groups("colour")
