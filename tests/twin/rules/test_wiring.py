"""A lost gateway or connector hides the missing alarms of its children, and stands for them."""

import pytest

from tests.support.alarms import rule
from twin.rules.wiring import Links
from twin.state.point import PointSpec

POINTS = [PointSpec(f"p{n}", f"a1/room{n}", device=f"a1/s{n}", kind="co2") for n in range(4)]
POINTS += [PointSpec("gw", "a1/gw", device="a1/gw", kind="status")]
ABOVE = {f"a1/s{n}": "a1/gw" for n in range(3)}  # p3 hangs on nothing
LOST = rule(id="lost", op="missing", limit=None, severity="minor")
QUIET = 100


@pytest.fixture
def wired(make):
    def wired(*rules, points=POINTS, **links):
        links = {"above": ABOVE, "names": {"a1/gw": "网关 1"}, **links}
        return make(*(rules or (LOST,)), points=points, links=Links(**links))

    return wired


def opened(park):
    return {(alarm.rule, alarm.point_id): alarm for alarm in park.alarms.open()}


async def test_one_alarm_for_the_gateway_with_the_number_it_hides(wired):
    park = wired()
    park.say(p0=1, p1=1, p2=1, p3=1, gw=1)
    park.clock.advance(QUIET)
    park.tick()
    found = opened(park)
    assert set(found) == {("lost", "p3"), ("connection-lost", "device:a1/gw")}
    alarm = found["connection-lost", "device:a1/gw"]
    assert (alarm.gid, alarm.name, alarm.hidden, alarm.severity.value) == ("a1/gw", "网关 1", 3, "minor")
    assert alarm.message_en == "网关 1 is lost"
    # The gateway is back, one of its sensors is not: that one has an alarm of its own now.
    events = park.say(p0=1, p1=1, gw=1)
    assert ("cleared", "device:a1/gw", "cleared") in events
    assert ("raised", "p2", "active") in events or ("raised", "p2", "active") in park.tick()


async def test_a_gateway_that_speaks_hides_nothing(wired):
    park = wired()
    park.say(p0=1, p1=1, p2=1, gw=1)
    park.clock.advance(QUIET)
    park.say(gw=1)
    assert {point for _rule, point in opened(park)} == {"p0", "p1", "p2"}


async def test_children_that_were_told_before_are_suppressed_under_the_parent(wired):
    park = wired()
    park.say(p0=1, p1=1, p2=1, gw=1)
    park.clock.advance(60)
    park.say(gw=1, p1=1, p2=1)
    park.clock.advance(QUIET - 60)
    park.tick()
    assert set(opened(park)) == {("lost", "p0")}
    park.clock.advance(QUIET)
    park.tick()
    assert set(opened(park)) == {("connection-lost", "device:a1/gw")}
    assert [alarm.point_id for alarm in park.alarms.open("suppressed")] == ["p0"]


async def test_a_gateway_without_points_is_lost_when_all_below_it_are(wired):
    park = wired(points=POINTS[:4])
    park.say(p0=1, p1=1, p2=1)
    park.clock.advance(QUIET)
    park.say(p1=1)
    assert {point for _rule, point in opened(park)} == {"p0", "p2"}
    park.clock.advance(QUIET)
    park.tick()
    assert set(opened(park)) == {("connection-lost", "device:a1/gw")}
    single = wired(points=POINTS[:1])
    single.say(p0=1)
    single.clock.advance(QUIET)
    single.tick()
    assert set(opened(single)) == {("lost", "p0")}  # one silent sensor does not prove its gateway lost


async def test_the_topmost_lost_counts(wired):
    connectors = {point.point_id: "site" for point in POINTS}
    park = wired(connectors=connectors)
    park.alarms.connections_down(frozenset({"site"}))
    park.say(p0=1, p1=1, p2=1, p3=1, gw=1)
    park.clock.advance(QUIET)
    park.tick()
    found = opened(park)
    assert set(found) == {("connection-lost", "connector:site")}
    assert found["connection-lost", "connector:site"].hidden == 4
    park.alarms.connections_down(frozenset())
    park.tick()
    park.tick()
    assert {key for key, alarm in opened(park).items() if alarm.state.value == "active"} == {
        ("connection-lost", "device:a1/gw"),
        ("lost", "p3"),
    }


async def test_limits_are_not_hidden(wired):
    park = wired(LOST, rule())
    park.say(p0=1500, p1=1, p2=1, gw=1)
    park.clock.advance(QUIET)
    park.tick()
    assert set(opened(park)) == {("co2-high", "p0"), ("connection-lost", "device:a1/gw")}


async def test_the_count_follows_and_is_told(wired):
    park = wired(rule(id="lost", op="missing", limit=None, delay_s=10), points=POINTS)
    park.say(p0=1, p1=1, gw=1)
    park.clock.advance(30)
    park.say(p2=1)
    park.clock.advance(65)
    park.tick()
    park.clock.advance(10)
    park.tick()
    assert opened(park)["connection-lost", "device:a1/gw"].hidden == 2
    park.clock.advance(40)
    park.tick()
    park.clock.advance(10)
    assert ("counted", "device:a1/gw", "active") in park.tick()
    assert opened(park)["connection-lost", "device:a1/gw"].hidden == 3


async def test_the_parents_alarm_survives_a_restart_and_can_be_acknowledged(wired, make):
    park = wired()
    park.say(p0=1, p1=1, p2=1, gw=1)
    park.clock.advance(QUIET)
    park.tick()
    (alarm,) = park.alarms.open()
    await park.alarms.acknowledge(alarm.id, "li", "去看网关")
    await park.alarms.flush()
    again = wired()
    again.hub.restore(*_state(park))
    await again.alarms.load()
    again.tick()
    (same,) = again.alarms.open()
    assert (same.id, same.state.value, same.hidden) == (alarm.id, "acknowledged", 3)
    unwired = make(LOST, points=POINTS)
    await unwired.alarms.load()
    assert unwired.alarms.open() == []  # nothing hangs on it any more


def _state(park):
    heard = park.hub.sampled_at.nonzero()[0]
    return heard, park.hub.sampled_at[heard], park.hub.values[heard]


async def test_a_restart_is_no_loss_of_every_sensor(wired):
    park = wired()
    park.say(p0=1, p1=1, p2=1, p3=1, gw=1)
    again = wired()
    again.hub.restore(*_state(park))
    await again.alarms.load()
    assert again.tick() == []  # restored values are stale, but nobody had time to speak
    again.clock.advance(QUIET - 20)
    assert again.say(p0=1, p1=1, gw=1) == []
    again.clock.advance(30)
    assert {point for _e, point, _s in again.say(p0=1, p1=1, gw=1)} == {"p2", "p3"}


STEPS = [{"after_s": 60, "severity": "major"}, {"after_s": 600, "role": "administrator"}]
STEPPED = rule(id="lost", op="missing", limit=None, severity="minor", escalate=STEPS)


async def test_a_lost_gateways_alarm_escalates_as_those_it_hides_would(wired):
    park = wired(STEPPED)
    lose(park)
    (alarm,) = park.alarms.open()
    assert (alarm.rule, alarm.severity.value, alarm.escalated) == ("connection-lost", "minor", 0)
    park.clock.advance(59)
    assert park.tick() == []
    park.clock.advance(1)
    assert park.tick() == [("escalated", "device:a1/gw", "active")]
    park.clock.advance(540)
    park.tick()
    (alarm,) = park.alarms.open()
    assert (alarm.severity.value, alarm.role, alarm.escalated) == ("major", "administrator", 2)
    park.say(gw=1, p0=1, p1=1, p2=1)
    park.clock.advance(QUIET)
    park.tick()  # lost again before anybody acknowledged: from the first step on
    (alarm,) = park.alarms.open()
    assert (alarm.severity.value, alarm.role, alarm.escalated, alarm.count) == ("minor", "", 0, 2)


async def test_an_acknowledged_gateway_does_not_escalate(wired):
    park = wired(STEPPED)
    lose(park)
    await park.alarms.acknowledge(park.alarms.open()[0].id, "li")
    park.clock.advance(1000)
    assert park.tick() == []


async def test_its_escalation_goes_on_after_a_restart(wired):
    park = wired(STEPPED)
    lose(park)
    await park.alarms.flush()
    again = wired(STEPPED)
    again.hub.restore(*_state(park))
    await again.alarms.load()
    again.clock.advance(60)
    assert ("escalated", "device:a1/gw", "active") in again.tick()


async def test_the_steps_are_those_of_the_most_severe_rule_below_at_any_height(wired):
    mild = rule(id="mild", op="missing", limit=None, severity="notice", escalate=[{"after_s": 10, "severity": "minor"}])
    park = wired(mild, STEPPED, connectors={point.point_id: "site" for point in POINTS})
    park.alarms.connections_down(frozenset({"site"}))
    lose(park)
    park.clock.advance(10)
    assert park.tick() == []
    park.clock.advance(50)
    assert park.tick() == [("escalated", "connector:site", "active")]


async def test_a_step_never_makes_an_alarm_less_severe(wired):
    worst = rule(id="worst", op="missing", limit=None, severity="critical")
    park = wired(STEPPED, worst)
    lose(park)
    park.clock.advance(60)
    park.tick()
    (alarm,) = park.alarms.open()
    assert (alarm.severity.value, alarm.escalated) == ("critical", 1)


async def test_a_gateways_alarm_is_suppressed_while_its_connector_is_lost(wired):
    park = wired(STEPPED, connectors={point.point_id: "site" for point in POINTS})
    lose(park)
    assert set(opened(park)) == {("connection-lost", "device:a1/gw")}
    park.alarms.connections_down(frozenset({"site"}))
    assert ("suppressed", "device:a1/gw", "suppressed") in park.tick()
    assert set(opened(park)) == {("connection-lost", "connector:site")}
    park.clock.advance(60)
    assert [point for what, point, _state in park.tick() if what == "escalated"] == ["connector:site"]
    park.alarms.connections_down(frozenset())
    assert ("unsuppressed", "device:a1/gw", "active") in park.tick()
    park.alarms.connections_down(frozenset({"site"}))
    park.tick()
    assert ("cleared", "device:a1/gw", "suppressed") in park.say(gw=1)
    park.alarms.connections_down(frozenset())
    assert ("unsuppressed", "device:a1/gw", "cleared") in park.tick()


async def test_a_lost_gateway_can_be_shelved_and_comes_back(wired):
    park = wired(STEPPED)
    lose(park)
    await park.alarms.shelve([park.alarms.open()[0].id], "li", 300, "is being replaced")
    park.clock.advance(120)
    assert park.tick() == []
    assert park.alarms.open() == []
    park.clock.advance(180)
    back = park.tick()
    assert ("unshelved", "device:a1/gw", "active") in back
    assert ("escalated", "device:a1/gw", "active") in back  # a step fell due meanwhile


async def test_the_delay_of_what_it_hides_is_its_own(wired):
    park = wired(rule(id="lost", op="missing", limit=None, severity="minor", delay_s=30))
    lose(park)
    assert park.alarms.open() == []
    park.clock.advance(30)
    park.tick()
    assert set(opened(park)) == {("connection-lost", "device:a1/gw")}


async def test_it_gets_as_severe_as_what_falls_silent_later(wired):
    late = rule(id="late", op="missing", limit=None, severity="critical", delay_s=60)
    park = wired(STEPPED, late)
    lose(park)
    assert opened(park)["connection-lost", "device:a1/gw"].severity.value == "minor"
    park.clock.advance(59)
    park.tick()
    park.clock.advance(1)
    park.tick()
    alarm = opened(park)["connection-lost", "device:a1/gw"]
    assert (alarm.severity.value, alarm.hidden) == ("critical", 6)


async def test_a_latching_rule_latches_its_gateway(wired):
    park = wired(rule(id="lost", op="missing", limit=None, severity="minor", latching=True))
    lose(park)
    assert ("cleared", "device:a1/gw", "latched") in park.say(gw=1, p0=1, p1=1, p2=1)


def lose(park):
    """The gateway and its sensors were heard, and then none of them for more than three periods."""
    park.say(p0=1, p1=1, p2=1, gw=1)
    park.clock.advance(QUIET)
    park.tick()
