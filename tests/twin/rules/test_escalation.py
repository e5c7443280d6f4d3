"""What nobody acknowledges in time gets worse, and says so."""

import json

from tests.support.alarms import rule

STEPS = [{"after_s": 60, "severity": "critical"}, {"after_s": 300, "role": "administrator"}]


async def test_an_alarm_that_nobody_acknowledges_is_raised_and_calls_the_next_role(make):
    park = make(rule(escalate=STEPS))
    park.say(r0_co2=1100)
    park.clock.advance(59)
    assert park.tick() == []
    park.clock.advance(1)
    assert park.tick() == [("escalated", "r0.co2", "active")]
    (alarm,) = park.alarms.open()
    assert (alarm.severity.value, alarm.role, alarm.escalated) == ("critical", "", 1)
    park.clock.advance(240)
    park.tick()
    (alarm,) = park.alarms.open()
    assert (alarm.severity.value, alarm.role, alarm.escalated) == ("critical", "administrator", 2)
    park.clock.advance(10_000)
    assert ("escalated", "r0.co2", "active") not in park.tick()
    await park.alarms.flush()
    rows = await park.history.read(
        lambda c: c.execute("SELECT data FROM event WHERE kind = 'alarm-escalated' ORDER BY t").fetchall()
    )
    assert [(json.loads(row[0])["step"], json.loads(row[0])["role"]) for row in rows] == [(1, ""), (2, "administrator")]


async def test_an_acknowledged_alarm_is_left_alone(make):
    park = make(rule(escalate=STEPS))
    park.say(r0_co2=1100)
    await park.alarms.acknowledge(park.alarms.open()[0].id, "li")
    park.clock.advance(1000)
    assert park.say(r0_co2=1100) == []


async def test_raised_again_it_starts_anew(make):
    park = make(rule(escalate=STEPS))
    park.say(r0_co2=1100)
    park.clock.advance(60)
    park.tick()
    park.say(r0_co2=900)
    park.say(r0_co2=1100)
    assert park.alarms.open()[0].severity.value == "major"
    park.clock.advance(59)
    assert park.say(r0_co2=1100) == []
    park.clock.advance(1)
    assert park.tick() == [("escalated", "r0.co2", "active")]


async def test_a_shelved_alarm_escalates_when_it_is_back(make):
    park = make(rule(escalate=STEPS))
    park.say(r0_co2=1100)
    await park.alarms.shelve([park.alarms.open()[0].id], "li", 600, "x")
    for _ in range(20):
        park.clock.advance(29.5)
        assert park.say(r0_co2=1100) == []
    park.clock.advance(10)
    park.say(r0_co2=1100)
    for _ in range(3):
        park.clock.advance(30)
        park.say(r0_co2=1100)
    assert park.alarms.open()[0].escalated == 2


async def test_it_goes_on_after_a_restart(make):
    park = make(rule(escalate=STEPS))
    park.say(r0_co2=1100)
    await park.alarms.flush()
    again = make(rule(escalate=STEPS))
    await again.alarms.load()
    again.clock.advance(60)
    assert again.say(r0_co2=1100) == [("escalated", "r0.co2", "active")]
