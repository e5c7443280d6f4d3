"""Indicators of a past moment are those that a park would have told then."""

from datetime import UTC, datetime

import numpy as np
import pytest

from twin.clock import ManualClock
from twin.errors import Invalid
from twin.park import Park
from twin.runtime.day_start import day_start
from twin.runtime.park_runtime import ParkRuntime
from twin.runtime.past_indicators import SPAN_MS, STEPS
from twin.state.point import PointSpec
from twin.state.samples import Samples

MINUTE = 60_000
HOUR = 60 * MINUTE
NOON = round(datetime(2024, 3, 5, 4, tzinfo=UTC).timestamp() * 1000)  # 12:00 in the park's zone
MIDNIGHT = NOON - 12 * HOUR
NOW = NOON + HOUR
POINTS = [
    PointSpec("power", "a1", kind="power", unit="kW"),
    PointSpec("meter", "a1", kind="energy", unit="kWh"),
    PointSpec("warm", "a1/r0", kind="temperature", unit="°C"),
]


@pytest.fixture
async def running(tmp_path):
    park = Park.create(tmp_path / "park")
    with (park.folder / "park.toml").open("a") as file:
        file.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    runtime = ParkRuntime(Park.load(park.folder), POINTS, clock=ManualClock(NOW))
    await runtime.start()
    yield runtime
    await runtime.stop()


async def put(runtime, point, times, values):
    count = len(times)
    samples = Samples(np.full(count, point), np.array(times), np.array(values, float), np.zeros(count, np.uint8))
    await runtime.store.append(samples, runtime.keys)


async def at(runtime, instant):
    return {row["name"]: row for row in await runtime.indicators(instant)}


async def test_value_trend_and_the_days_energy_end_at_the_instant(running):
    assert day_start(NOON, running.settings.timezone) == MIDNIGHT
    minutes = [NOON - MINUTE * n for n in range(40, -41, -1)]
    await put(running, 0, minutes, range(81))
    await put(running, 1, [MIDNIGHT, NOON, NOON + 10 * MINUTE], [1000, 1120, 1200])
    found = await at(running, NOON)
    power = found["power"]
    assert (power["value"], power["at"]) == (40, NOON)
    assert power["trend_at"] == [NOON - SPAN_MS + SPAN_MS // STEPS * n for n in range(STEPS + 1)]
    assert power["trend"] == [10 + 2 * n for n in range(STEPS + 1)]
    assert found["energy_today"]["value"] == 120
    assert found["temperature"]["value"] is None
    assert "1" in found["temperature"]["reason_en"]
    later = await at(running, NOON + 10 * MINUTE)
    assert (later["power"]["value"], later["energy_today"]["value"]) == (50, 200)
    assert running.hub.quality[0] == 3, "the present is left alone"


async def test_a_span_over_midnight_has_two_days(running):
    await put(
        running, 1, [MIDNIGHT - 24 * HOUR, MIDNIGHT - 10 * MINUTE, MIDNIGHT, MIDNIGHT + MINUTE], [0, 90, 100, 101]
    )
    energy = (await at(running, MIDNIGHT + 2 * MINUTE))["energy_today"]
    assert energy["value"] == 1
    told = dict(zip(energy["trend_at"], energy["trend"], strict=True))
    assert told[MIDNIGHT - 10 * MINUTE] == 90, "the day before"
    assert told[MIDNIGHT] == 0


async def test_what_was_silent_then_has_no_value(running):
    await put(running, 0, [NOON - HOUR], [7])
    power = (await at(running, NOON))["power"]
    assert (power["value"], set(power["trend"])) == (None, {None})


async def test_alarms_are_counted_as_they_stood(running):
    async def event(t, kind, state, ident, severity="major"):
        await running.store.event(t, kind, ident, data={"id": ident, "state": state, "severity": severity})

    await event(NOON - 20 * MINUTE, "alarm-raised", "active", "x")
    await event(NOON - 10 * MINUTE, "alarm-raised", "active", "y", "critical")
    await event(NOON - 6 * MINUTE, "alarm-shelved", "shelved", "y", "critical")
    await event(NOON - 5 * MINUTE, "alarm-raised", "active", "z")
    await event(NOON - 1 * MINUTE, "alarm-cleared", "normal", "x")
    await event(NOON + 1 * MINUTE, "alarm-raised", "active", "later")
    alarms = (await at(running, NOON))["alarms"]
    assert alarms["value"] == 1
    assert {part["key"]: part["value"] for part in alarms["breakdown"]} == {
        "critical": 0, "major": 1, "minor": 0, "notice": 0
    }  # fmt: skip
    assert alarms["trend"] == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 1, 2, 2, 1]


@pytest.mark.parametrize("instant", [0, 5, NOW + 1])
async def test_what_is_no_past_instant(running, instant):
    with pytest.raises(Invalid, match=f"at is {instant}: expected an instant up to now"):
        await running.indicators(instant)
