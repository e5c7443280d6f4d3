"""Shelving, suppression by design, out of service, latching: by people and by rules, also over a restart."""

import pytest

from tests.support.alarms import rule
from twin.errors import Conflict, Invalid, NotFound, Unavailable
from twin.rules.alarms import MAX_SHELF_S
from twin.state.point import PointSpec

MACHINE = [
    PointSpec("flow", "a1/pump", kind="water_flow"),
    PointSpec("run", "a1/pump", kind="status"),
    PointSpec("other", "a1/x", kind="water_flow"),
]


def states(park, which=None):
    return {alarm.point_id: alarm.state.value for alarm in park.alarms.open(which)}


async def raised(make, *rules, **settings):
    park = make(*(rules or (rule(),)), **settings)
    park.say(r0_co2=1100, r1_co2=1100)
    return park, {alarm.point_id: alarm.id for alarm in park.alarms.open()}


async def test_shelving_ends_by_itself(make):
    park, ids = await raised(make)
    done = await park.alarms.shelve([ids["r0.co2"]], "li", 60, "传感器更换中")
    (alarm,) = done.alarms
    assert (alarm.state.value, alarm.process.value, alarm.held_by, alarm.held_reason) == (
        "shelved",
        "active",
        "li",
        "传感器更换中",
    )
    assert (states(park), states(park, "shelved")) == ({"r1.co2": "active"}, {"r0.co2": "shelved"})
    assert park.alarms.counts()["major"] == 1
    park.clock.advance(59.9)
    assert park.tick() == []
    park.clock.advance(0.1)
    assert park.tick() == [("unshelved", "r0.co2", "active")]
    assert park.alarms.holds() == []


async def test_a_shelved_alarm_that_was_over_meanwhile_comes_back_as_what_it_is(make):
    park, ids = await raised(make)
    await park.alarms.shelve([ids["r0.co2"]], "li", 60, "x")
    assert park.say(r0_co2=500) == [("cleared", "r0.co2", "shelved")]
    with pytest.raises(Conflict, match="return it first"):
        await park.alarms.acknowledge(ids["r0.co2"], "li")
    assert (await park.alarms.unshelve([ids["r0.co2"]], "wang")).alarms[0].state.value == "cleared"
    assert park.seen[-1] == ("unshelved", "r0.co2", "cleared")
    # Known before it was shelved, and over: it closes, and comes again only when the shelf is gone.
    await park.alarms.acknowledge(ids["r1.co2"], "li")
    await park.alarms.shelve([ids["r1.co2"]], "li", 60, "x")
    assert park.say(r1_co2=500) == [("cleared", "r1.co2", "normal")]
    assert park.say(r1_co2=1500) == []
    park.clock.advance(60)
    assert park.tick() == [("raised", "r1.co2", "active")]


async def test_what_cannot_be_shelved_is_told_and_holds_nothing_up(make):
    park, ids = await raised(make)
    done = await park.alarms.shelve([ids["r0.co2"], "x", ids["r1.co2"]], "li", 60, "x")
    assert (len(done.alarms), [row["code"] for row in done.refused]) == (2, ["no-alarm"])
    again = await park.alarms.shelve([ids["r0.co2"]], "li", 60, "x")
    assert [row["code"] for row in again.refused] == ["alarm-shelved"]
    for seconds, reason, says in ((60, " ", "reason is empty"), (0, "x", "0 s"), (MAX_SHELF_S + 1, "x", "604801 s")):
        with pytest.raises(Invalid, match=says):
            await park.alarms.shelve([ids["r0.co2"]], "li", seconds, reason)
    with pytest.raises(Invalid, match="0 alarms at once"):
        await park.alarms.unshelve([], "li")
    await park.alarms.unshelve([ids["r0.co2"]], "li")
    refused = (await park.alarms.unshelve([ids["r0.co2"]], "li")).refused
    assert [row["code"] for row in refused] == ["alarm-not-shelved"]


@pytest.mark.parametrize("target", [{"rule": "co2-high"}, {"point_id": "r0.co2"}, {"gid": "a1/0"}])
async def test_out_of_service_by_rule_point_or_object(make, target):
    park, _ids = await raised(make)
    hold = await park.alarms.remove_from_service("wang", "检修", **target)
    assert states(park, "held")["r0.co2"] == "out-of-service"
    assert ("r1.co2" in states(park)) is ("rule" not in target)
    with pytest.raises(Conflict, match="by wang"):
        await park.alarms.remove_from_service("li", "y", **target)
    assert park.say(r0_co2=500) == [("cleared", "r0.co2", "out-of-service")]
    await park.alarms.end_hold(hold.id, "wang")
    assert states(park)["r0.co2"] == "cleared"
    with pytest.raises(NotFound):
        await park.alarms.end_hold(hold.id, "wang")


async def test_nothing_is_raised_while_out_of_service_and_all_that_holds_is_on_return(make):
    park = make(rule())
    hold = await park.alarms.remove_from_service("wang", "检修", rule="co2-high")
    assert park.say(r0_co2=1500, r1_co2=1500) == []
    assert park.say(r1_co2=500) == []
    await park.alarms.end_hold(hold.id, "wang")
    assert park.tick() == [("raised", "r0.co2", "active")]


@pytest.mark.parametrize(
    ("target", "error"), [({}, Invalid), ({"rule": "none"}, NotFound), ({"gid": "a1/none"}, NotFound)]
)
async def test_a_target_that_is_none_is_refused(make, target, error):
    park = make(rule())
    with pytest.raises(error):
        await park.alarms.remove_from_service("li", "x", **target)


async def test_out_of_service_goes_before_shelved(make):
    park, ids = await raised(make)
    await park.alarms.shelve([ids["r0.co2"]], "li", 60, "a")
    hold = await park.alarms.remove_from_service("wang", "b", point_id="r0.co2")
    alarm = park.alarms.open("held")[0]
    assert (alarm.state.value, alarm.held_by, alarm.shelved_until is None) == ("out-of-service", "wang", False)
    park.clock.advance(60)
    assert park.tick() == [("unshelved", "r0.co2", "out-of-service")]
    await park.alarms.end_hold(hold.id, "wang")
    assert states(park)["r0.co2"] == "active"


async def test_suppressed_by_design_while_the_machine_is_off(make):
    low = rule(
        id="flow-low", kind="water_flow", op="<", limit=5, suppress_when=[{"kind": "status", "op": "==", "limit": 0}]
    )
    park = make(low, points=MACHINE)
    assert park.say(flow=1, run=0) == []
    assert park.say(other=1) == [("raised", "other", "active")]  # no machine beside it: nothing suppresses
    assert park.say(run=1) == [("raised", "flow", "active")]
    assert park.say(run=0) == [("suppressed", "flow", "suppressed")]
    assert park.say(flow=9) == [("cleared", "flow", "suppressed")]
    assert park.say(run=1) == [("unsuppressed", "flow", "cleared")]
    # A state that nobody knows suppresses nothing.
    park.say(flow=1, run=0)
    park.clock.advance(1000)
    assert ("unsuppressed", "flow", "active") in park.say(flow=1)


async def test_a_latched_alarm_waits_for_acknowledgement_and_reset(make):
    park, ids = await raised(make, rule(latching=True))
    name = ids["r0.co2"]
    assert [row["code"] for row in (await park.alarms.reset([name], "li")).refused] == ["alarm-reset"]
    assert park.say(r0_co2=500) == [("cleared", "r0.co2", "latched")]
    assert [row["code"] for row in (await park.alarms.reset([name], "li")).refused] == ["alarm-reset"]
    assert (await park.alarms.acknowledge(name, "li")).state.value == "latched-acknowledged"
    assert park.say(r0_co2=1200) == [("raised", "r0.co2", "active")]
    assert park.alarms.open()[0].acknowledged_by == ""
    await park.alarms.acknowledge(name, "li")
    park.say(r0_co2=500)
    done = await park.alarms.reset([name], "wang", "复位")
    assert [(alarm.state.value, alarm.comment) for alarm in done.alarms] == [("normal", "复位")]
    assert park.seen[-1] == ("reset", "r0.co2", "normal")
    assert name not in {alarm.id for alarm in park.alarms.open()}


async def test_many_are_acknowledged_in_one_write(make):
    park, ids = await raised(make)
    await park.alarms.flush()
    commits = park.history.status()["commits"]
    done = await park.alarms.acknowledge_many([*ids.values(), "x"], "li", "都看过了")
    assert {alarm.state.value for alarm in done.alarms} == {"acknowledged"}
    assert [row["id"] for row in done.refused] == ["x"]
    assert park.history.status()["commits"] == commits + 1


async def test_holds_and_delays_go_on_after_a_restart(make):
    park, ids = await raised(
        make, rule(), rule(id="slow", limit=1050, delay_s=600), rule(id="lost", op="missing", limit=None)
    )
    await park.alarms.shelve([ids["r0.co2"]], "li", 300, "x")
    await park.alarms.remove_from_service("wang", "检修", point_id="r1.co2", rule="co2-high")
    park.clock.advance(200)
    park.say(r0_co2=1100, r1_co2=1100)
    await park.alarms.flush()

    again = make(rule(), rule(id="slow", limit=1050, delay_s=600), rule(id="lost", op="missing", limit=None))
    await again.alarms.load()
    assert states(again, "held") == {"r0.co2": "shelved", "r1.co2": "out-of-service"}
    again.clock.advance(99)
    assert again.say(r0_co2=1100, r1_co2=1100) == []
    again.clock.advance(1)
    assert again.tick() == [("unshelved", "r0.co2", "active")]
    again.clock.advance(299)
    assert again.say(r0_co2=1100, r1_co2=1100) == []
    again.clock.advance(1)  # 600 s after the first reading, half of them before the restart
    assert {(event, point) for event, point, _state in again.tick()} == {("raised", "r0.co2"), ("raised", "r1.co2")}
    assert [hold.author for hold in again.alarms.holds()] == ["wang"]


async def test_a_shelf_that_ended_while_nothing_ran_is_over_at_the_first_tick(make):
    park, ids = await raised(make)
    await park.alarms.shelve([ids["r0.co2"]], "li", 60, "x")
    await park.alarms.flush()
    park.clock.advance(3600)
    again = make(rule())
    await again.alarms.load()
    assert ("unshelved", "r0.co2", "active") in again.say(r0_co2=1100)


async def test_a_value_that_stands_still_is_remembered_over_a_restart(make):
    park = make(rule(op="stuck", limit=None, window_s=1000))
    for _ in range(9):
        park.say(r0_co2=500)
        park.clock.advance(100)
    await park.alarms.flush()
    again = make(rule(op="stuck", limit=None, window_s=1000))
    again.hub.restore(
        again.hub.index["r0.co2"] + 0 * again.hub.sampled_at[:1], park.hub.sampled_at[:1], park.hub.values[:1]
    )
    await again.alarms.load()
    assert again.say(r0_co2=500) == []
    again.clock.advance(100)
    assert again.say(r0_co2=500) == [("raised", "r0.co2", "active")]


async def test_a_shelf_that_could_not_be_written_is_none(make):
    park, ids = await raised(make)

    class Full:
        def write(self, _statements):
            raise Unavailable("full")

        read = park.history.read

    park.alarms._history = Full()
    with pytest.raises(Unavailable):
        await park.alarms.shelve([ids["r0.co2"]], "li", 60, "x")
    assert states(park)["r0.co2"] == "active"
    assert park.alarms.holds() == []
