from __future__ import annotations

import numpy as np
import pytest

from twin.clock import ManualClock
from twin.devices.presence import FAR, NAMES, Presence, owners
from twin.state.hub import Hub
from twin.state.point import PointSpec


def park(clock, devices, heartbeats=None):
    """devices: (id, gateway, number of points); their points are p<id><n>, period 30 s, late after 90 s."""
    points = [PointSpec(f"p{name}{n}", f"a/{name}", kind="co2") for name, _, count in devices for n in range(count)]
    hub = Hub(points, clock)
    beats = np.array(heartbeats or [np.nan] * len(devices), dtype=np.float64)
    own = owners(points, {name: f"a/{name}" for name, _, _ in devices})
    return hub, Presence(hub, [d[0] for d in devices], [d[1] for d in devices], beats, own)


def states(presence, clock):
    return dict(zip(presence.ids, (NAMES[code] for code in presence.heard(clock.now_ms()).state), strict=True))


def hear(hub, *points):
    hub.update([hub.index[name] for name in points], [1.0] * len(points))


def test_heard_by_any_of_its_points():
    clock = ManualClock()
    hub, presence = park(clock, [("a", "", 3), ("b", "", 1), ("c", "", 0)])
    assert states(presence, clock) == {"a": "unknown", "b": "unknown", "c": "unknown"}
    hear(hub, "pa0", "pb0")
    clock.advance(80)
    hear(hub, "pa2")
    clock.advance(20)
    assert states(presence, clock) == {"a": "online", "b": "offline", "c": "unknown"}
    found = presence.heard(clock.now_ms())
    assert found.at.tolist() == [clock.now_ms() - 20_000, clock.now_ms() - 100_000, 0]


def test_its_own_heartbeat_goes_before_the_kinds():
    clock = ManualClock()
    hub, presence = park(clock, [("a", "", 1), ("b", "", 1)], [600, np.nan])
    hear(hub, "pa0", "pb0")
    clock.advance(1799)
    assert states(presence, clock) == {"a": "online", "b": "offline"}
    clock.advance(2)
    assert states(presence, clock)["a"] == "offline"


def test_a_lost_gateway_hides_what_is_behind_it():
    clock = ManualClock()
    hub, presence = park(clock, [("s1", "g", 1), ("g", "", 0), ("s2", "g", 1), ("deep", "s2", 1)])
    hear(hub, "ps10", "ps20", "pdeep0")
    clock.advance(60)
    hear(hub, "ps20")
    clock.advance(40)  # s1 is late; its gateway was heard (through s2), but not since: nobody knows yet
    assert states(presence, clock) == {"s1": "online", "g": "online", "s2": "online", "deep": "online"}
    clock.advance(60)  # all are late
    assert states(presence, clock) == {"s1": "unreachable", "g": "offline", "s2": "unreachable", "deep": "unreachable"}
    hear(hub, "ps20")
    assert states(presence, clock) == {"s1": "offline", "g": "online", "s2": "online", "deep": "offline"}


def test_one_silent_device_behind_a_gateway_that_is_heard_is_offline_itself():
    clock = ManualClock()
    hub, presence = park(clock, [("g", "", 1), ("s", "g", 1)])
    hear(hub, "pg0", "ps0")
    clock.advance(60)
    hear(hub, "pg0")
    clock.advance(31)
    assert states(presence, clock) == {"g": "online", "s": "online"}
    hear(hub, "pg0")
    assert states(presence, clock) == {"g": "online", "s": "offline"}
    clock.advance(300)  # the gateway goes later: the device was gone before
    assert states(presence, clock) == {"g": "offline", "s": "offline"}


def test_a_gateway_without_points_is_as_patient_as_the_slowest_behind_it():
    _, presence = park(
        ManualClock(), [("g", "", 0), ("s", "g", 1), ("t", "g", 1), ("u", "", 0)], [np.nan, np.nan, 100, np.nan]
    )
    assert presence.after_ms().tolist() == [300_000, 90_000, 300_000, int(FAR // 2)]


def test_whose_a_point_is():
    points = [
        PointSpec("p0", "room", "sensor"),
        PointSpec("p1", "sensor"),
        PointSpec("p2", "room", "d2"),
        PointSpec("p3", "shared"),
        PointSpec("p4", "elsewhere"),
    ]
    assert owners(points, {"d1": "sensor", "d2": "", "d3": "shared", "d4": "shared"}) == {"d1": [0, 1], "d2": [2]}


def test_agrees_with_a_slow_reading_of_the_rule():
    """Seeded random trees and times against the rule written out for one device at a time."""
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(200):
        clock = ManualClock()
        count = 12
        parents = ["" if n == 0 or rng.random() < 0.3 else f"d{rng.integers(n)}" for n in range(count)]
        order = rng.permutation(count)
        hub, presence = park(clock, [(f"d{n}", parents[n], int(rng.integers(0, 3))) for n in order])
        if len(hub):
            hub.heard_at[:] = np.where(
                rng.random(len(hub)) < 0.2, 0, clock.now_ms() - rng.integers(0, 200_000, len(hub))
            )
        got = states(presence, clock)
        expected = slow(
            presence, hub, dict(zip(presence.ids, [parents[n] for n in order], strict=True)), clock.now_ms()
        )
        assert got == expected
        seen |= set(got.values())
    assert seen == set(NAMES)


def slow(presence, hub, parents, now):
    after = dict(zip(presence.ids, presence.after_ms().tolist(), strict=True))

    def heard(name):
        own = [int(hub.heard_at[point]) for point in presence.points.get(name, ())]
        return max([0, *own, *(heard(child) for child, parent in parents.items() if parent == name)])

    def state(name):
        if heard(name) == 0:
            return "unknown"
        deadline = heard(name) + after[name]
        if now <= deadline:
            return "online"
        above = parents[name]
        if not above or heard(above) > deadline:
            return "offline"
        return "unreachable" if state(above) in {"offline", "unreachable"} else "online"

    return {name: state(name) for name in presence.ids}


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_park(count):
    clock = ManualClock()
    _, presence = park(clock, [("a", "", 0)][:count])
    assert list(states(presence, clock).values()) == ["unknown"] * count
