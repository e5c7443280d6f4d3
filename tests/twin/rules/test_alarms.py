import asyncio
import json

import numpy as np
import pytest

from tests.support.alarms import rule
from twin.errors import Conflict, Invalid, NotFound, Unavailable
from twin.rules.book import TOLD_A_TICK
from twin.state.point import PointSpec


async def test_raised_acknowledged_cleared(make):
    park = make(rule())
    assert park.say(r0_co2=1000) == []
    assert park.say(r0_co2=1001) == [("raised", "r0.co2", "active")]
    assert park.say(r0_co2=1100) == []
    (alarm,) = park.alarms.open()
    assert (alarm.value, alarm.limit, alarm.unit, alarm.gid, alarm.name) == (1001, 1000, "ppm", "a1/0", "房间 0")
    assert park.alarms.counts()["major"] == 1
    known = await park.alarms.acknowledge(alarm.id, "li", "开窗")
    assert (known.state.value, known.acknowledged_by, known.comment) == ("acknowledged", "li", "开窗")
    assert park.seen == [("acknowledged", "r0.co2", "acknowledged")]
    assert park.say(r0_co2=900) == [("cleared", "r0.co2", "normal")]
    assert park.alarms.open() == []


async def test_cleared_before_anybody_knew_stays_open_until_acknowledged(make):
    park = make(rule())
    park.say(r0_co2=1001)
    assert park.say(r0_co2=900) == [("cleared", "r0.co2", "cleared")]
    (alarm,) = park.alarms.open()
    assert alarm.cleared_at == park.clock.now_ms()
    assert park.say(r0_co2=1200) == [("raised", "r0.co2", "active")]
    (again,) = park.alarms.open()
    assert (again.id, again.count, again.value, again.cleared_at) == (alarm.id, 2, 1200, None)
    park.say(r0_co2=900)
    known = await park.alarms.acknowledge(alarm.id, "li")
    assert known.state.value == "normal"
    assert park.alarms.open() == []


async def test_the_condition_must_hold_for_the_delay(make):
    park = make(rule(delay_s=10))
    assert park.say(r0_co2=1500) == []
    park.clock.advance(9.9)
    assert park.tick() == []
    assert park.say(r0_co2=500) == []
    assert park.say(r0_co2=1500) == []
    park.clock.advance(9.9)
    assert park.tick() == []
    park.clock.advance(0.1)
    assert park.tick() == [("raised", "r0.co2", "active")]


@pytest.mark.parametrize(
    ("op", "limit", "enters", "stays", "leaves"),
    [(">", 1000, 1001, 951, 950), ("<", 400, 399, 449, 450), (">=", 1000, 1000, 950, 949), ("<=", 400, 400, 450, 451)],
)
async def test_the_dead_band_keeps_an_alarm_until_the_value_came_back(make, op, limit, enters, stays, leaves):
    park = make(rule(op=op, limit=limit, dead_band=50))
    assert park.say(r0_co2=700) == []
    assert park.say(r0_co2=stays) == []
    assert len(park.say(r0_co2=enters)) == 1
    assert park.say(r0_co2=stays) == []
    assert park.say(r0_co2=leaves) == [("cleared", "r0.co2", "cleared")]


async def test_states_are_compared_for_equality(make):
    park = make(rule(id="smoke", kind="smoke", op="==", limit=1, severity="critical"))
    assert park.say(r0_smoke=0) == []
    assert park.say(r0_smoke=1) == [("raised", "r0.smoke", "active")]
    assert park.say(r0_smoke=0) == [("cleared", "r0.smoke", "cleared")]


async def test_values_that_are_not_good_decide_nothing(make):
    park = make(rule(delay_s=5))
    park.say(r0_co2=1500)
    park.clock.advance(4)
    assert park.say(r0_co2=np.nan) == []
    assert park.say(r0_co2=1500) == []
    park.clock.advance(4)
    assert park.tick() == []  # the time before the bad reading does not count
    park.clock.advance(1)
    assert len(park.tick()) == 1
    assert park.say(r0_co2=np.nan) == []
    park.clock.advance(1000)
    assert park.tick() == []
    assert park.hub.quality[0] != 0
    assert len(park.alarms.open()) == 1
    assert park.say(r0_co2=500) == [("cleared", "r0.co2", "cleared")]


async def test_silence_and_bad_readings_are_alarms_of_their_own(make):
    park = make(rule(id="lost", op="missing", limit=None), rule(id="fault", op="bad", limit=None))
    assert park.tick() == []  # never heard is no loss
    park.say(r0_co2=500, r1_co2=500)
    park.clock.advance(park.hub.stale_after[0] / 1000 + 1)
    assert park.say(r1_co2=-3) == [("raised", "r0.co2", "active"), ("raised", "r1.co2", "active")]
    assert {(a.rule, a.point_id, a.value, a.limit) for a in park.alarms.open()} == {
        ("lost", "r0.co2", None, None),
        ("fault", "r1.co2", None, None),
    }
    assert len(park.say(r0_co2=500, r1_co2=500)) == 2


async def test_all_points_of_a_kind_and_single_points_are_watched(make):
    park = make(rule(), rule(id="one", kind=None, point_id="r2.co2", limit=800), rule(id="none", kind="lift"))
    assert park.alarms.unbound == ("none",)
    events = park.say(r0_co2=900, r1_co2=1100, r2_co2=1100)
    assert sorted(point for _event, point, _state in events) == ["r1.co2", "r2.co2", "r2.co2"]


async def test_the_worst_come_first_and_pages_add_up(make):
    park = make(rule(), rule(id="smoke", kind="smoke", op="==", limit=1, severity="critical"))
    park.say(r0_co2=1100)
    park.clock.advance(1)
    park.say(r1_co2=1100, r0_smoke=1)
    assert [a.point_id for a in park.alarms.open()] == ["r0.smoke", "r1.co2", "r0.co2"]
    items, total = await park.alarms.page("open", 2, 1)
    assert ([a.point_id for a in items], total) == (["r1.co2", "r0.co2"], 3)
    await park.alarms.acknowledge(park.alarms.open()[0].id, "li")
    assert (await park.alarms.page("active"))[1] == 2
    assert (await park.alarms.page("acknowledged"))[1] == 1
    park.say(r0_smoke=0)
    await park.alarms.flush()
    assert (await park.alarms.page("open"))[1] == 2
    everything, total = await park.alarms.page(None)
    assert (total, {a.state.value for a in everything}) == (3, {"active", "normal"})
    with pytest.raises(Invalid, match="'x' is unknown"):
        await park.alarms.page("x")


async def test_wrong_acknowledgements_are_refused(make):
    park = make(rule())
    park.say(r0_co2=1100)
    (alarm,) = park.alarms.open()
    with pytest.raises(NotFound):
        await park.alarms.acknowledge("x", "li")
    with pytest.raises(Invalid, match="comment"):
        await park.alarms.acknowledge(alarm.id, "li", "x" * 3000)
    await park.alarms.acknowledge(alarm.id, "li")
    with pytest.raises(Conflict, match="by li already"):
        await park.alarms.acknowledge(alarm.id, "wang")


async def test_state_survives_a_restart(make, tmp_path):
    park = make(rule())
    park.say(r0_co2=1100, r1_co2=1100, r2_co2=1100)
    by_point = {a.point_id: a for a in park.alarms.open()}
    await park.alarms.acknowledge(by_point["r1.co2"].id, "li", "ok")
    park.say(r2_co2=500)
    await park.alarms.flush()
    again = make(rule())
    await again.alarms.load()
    assert {a.point_id: a for a in again.alarms.open()} == {a.point_id: a for a in park.alarms.open()}
    assert again.say(r0_co2=1100, r1_co2=500) == [("cleared", "r1.co2", "normal")]  # r0 is not raised twice
    await again.alarms.flush()
    events = await again.history.read(
        lambda c: c.execute('SELECT kind, "user", data FROM event ORDER BY t, kind').fetchall()
    )
    assert sorted(e[0] for e in events) == ["alarm-acknowledged"] + ["alarm-cleared"] * 2 + ["alarm-raised"] * 3
    (acknowledged,) = (e for e in events if e[0] == "alarm-acknowledged")
    assert (acknowledged[1], json.loads(acknowledged[2])["comment"]) == ("li", "ok")


async def test_alarms_of_removed_rules_are_closed(make):
    park = make(rule())
    park.say(r0_co2=1100)
    await park.alarms.flush()
    again = make(rule(id="other"))
    await again.alarms.load()
    assert again.alarms.open() == []
    assert again.seen == [("cleared", "r0.co2", "normal")]
    await again.alarms.flush()
    third = make(rule())
    await third.alarms.load()
    assert third.alarms.open() == []


class Failing:
    """A history whose disk is full for a while."""

    def __init__(self, history):
        self.history, self.full = history, True

    def write(self, statements):
        if self.full:
            done = asyncio.get_running_loop().create_future()
            done.set_exception(Unavailable("full"))
            return done
        return self.history.write(statements)

    async def read(self, question):
        return await self.history.read(question)


async def test_a_change_that_could_not_be_written_is_written_later(make, history):
    failing = Failing(history)
    park = make(rule(), history=failing)
    assert len(park.say(r0_co2=1100)) == 1
    await park.alarms.flush()
    (alarm,) = park.alarms.open()
    with pytest.raises(Unavailable):
        await park.alarms.acknowledge(alarm.id, "li")
    assert park.alarms.open()[0].state.value == "active"
    failing.full = False
    park.clock.advance(6)
    park.tick()
    await park.alarms.flush()
    again = make(rule())
    await again.alarms.load()
    assert [a.point_id for a in again.alarms.open()] == ["r0.co2"]


async def test_a_listener_that_fails_harms_nobody(make):
    park = make(rule())
    park.alarms._listeners.insert(0, lambda _event: 1 / 0)
    assert len(park.say(r0_co2=1100)) == 1


async def test_a_flood_is_written_in_few_statements(make):
    points = [PointSpec(f"p{n}", f"a1/{n}", kind="co2") for n in range(2000)]
    park = make(rule(), points=points)
    park.hub.update(np.arange(2000), np.full(2000, 2000.0))
    told = park.tick()
    assert len(told) == TOLD_A_TICK + 1
    assert told[-1][0] == "many"
    assert len(park.alarms.open()) == 2000
    await park.alarms.flush()
    assert (await park.alarms.page(None, 1, 0))[1] == 2000
