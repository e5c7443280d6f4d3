"""The simulator inside the server: only its points, each reading declared as simulated."""

from __future__ import annotations

import pytest

from scenes.simulator.connector import simulator_from_settings
from tests.support.sinks import KeptRows
from twin.errors import Invalid
from twin.state.point import PointSpec

POINTS = [
    PointSpec("real", "g", kind="co2", unit="ppm", min=0, max=5000, source="mqtt:x"),
    PointSpec("made", "g", kind="co2", unit="ppm", min=0, max=5000, source="simulator:co2"),
]


async def test_readings_are_simulated_and_of_its_own_points_only():
    connector = simulator_from_settings("sim", {"rate": 50}, POINTS, sink := KeptRows())
    await connector.start()
    rows = await sink.until(3)
    connector.bind(POINTS[::-1])
    before = len(sink.rows)
    await sink.until(before + 2)
    await connector.stop()
    assert {row[0] for row in rows[:before]} == {1}
    assert sink.rows[-1][0] == 0
    assert all(row[4] for row in sink.rows)
    assert connector.counters.simulated == len(sink.rows)


def test_wrong_settings_are_named():
    with pytest.raises(Invalid, match="'speed' is unknown"):
        simulator_from_settings("sim", {"speed": 1}, POINTS, None)
