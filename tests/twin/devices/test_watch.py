from __future__ import annotations

import pytest

from tests.twin.devices.test_presence import hear, park
from twin.devices.watch import DeviceWatch, availability, events, note_watch, watched
from twin.state.history import History

TREE = [("g", "", 0), ("s1", "g", 1), ("s2", "g", 1), ("t", "", 1)]


@pytest.fixture
async def history(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=1)
    yield history
    await history.close()


async def written(history):
    await history.write([])


async def test_comings_and_goings_are_events_and_a_gateway_is_told_once(history, clock):
    hub, presence = park(clock, TREE)
    watch = await DeviceWatch.open(presence, history, clock)
    told = []
    watch.listeners.append(told.append)
    assert watch.tick() == []
    hear(hub, "ps10", "ps20", "pt0")
    assert {change.device for change in watch.tick()} == {"g", "s1", "s2", "t"}
    assert watch.tick() == []
    clock.advance(50)
    hear(hub, "pt0")
    clock.advance(50)
    told.clear()
    (change,) = watch.tick()
    assert told == [change]
    assert (change.device, change.state, change.children) == ("g", "offline", ("s1", "s2"))
    assert watch.tick() == []
    hear(hub, "ps10")
    assert {(one.device, one.state) for one in watch.tick()} == {("g", "online"), ("s1", "online"), ("s2", "offline")}
    await written(history)
    found = await events(history, limit=100)
    assert len(found) == 10
    gone = next(row for row in found if row["device"] == "g" and row["state"] == "offline")
    assert gone["detail"] == {"heard_at": gone["at"] - 100_000, "children": 2, "first": ["s1", "s2"]}
    assert [row["state"] for row in await events(history, "s2")] == ["offline", "unreachable", "online"]


async def test_a_restart_tells_nothing_anew_and_gives_time_to_be_heard(history, clock):
    hub, presence = park(clock, TREE)
    watch = await DeviceWatch.open(presence, history, clock)
    hear(hub, "ps10", "ps20", "pt0")
    watch.tick()
    clock.advance(60)
    hear(hub, "ps10", "ps20")
    clock.advance(31)
    assert [change.device for change in watch.tick()] == ["t"]
    await written(history)

    clock.advance(3600)  # the park was off for an hour; the hub takes its last values from the history
    hub2, presence2 = park(clock, TREE)
    hub2.heard_at[:] = hub.heard_at
    again = await DeviceWatch.open(presence2, history, clock)
    assert again.tick() == []
    hear(hub2, "ps10", "ps20")
    clock.advance(80)
    hear(hub2, "ps10")
    assert again.tick() == []
    clock.advance(11)
    hear(hub2, "ps10")
    assert [(one.device, one.state) for one in again.tick()] == [("s2", "offline")]


async def test_states_are_carried_over_when_devices_change(history, clock):
    hub, presence = park(clock, TREE)
    watch = await DeviceWatch.open(presence, history, clock)
    hear(hub, "ps10", "ps20", "pt0")
    watch.tick()
    hub2, presence2 = park(clock, [*TREE, ("new", "", 1)])
    hub2.adopt(hub)
    watch.bind(presence2)
    assert watch.tick() == []
    hear(hub2, "pnew0")
    assert [change.device for change in watch.tick()] == ["new"]


async def test_availability_is_time_online_of_time_watched(history, clock, register):
    start = clock.now_ms()
    hub, presence = park(clock, [("s", "", 1)])
    watch = await DeviceWatch.open(presence, history, clock)
    clock.advance(100)  # never heard: nothing known yet
    hear(hub, "ps0")
    watch.tick()
    clock.advance(300)
    hear(hub, "ps0")
    clock.advance(90.001)
    watch.tick()  # offline after 390.001 s online
    clock.advance(209.999)
    hear(hub, "ps0")
    watch.tick()
    clock.advance(1000)
    note_watch(register, start, clock.now_ms())
    clock.advance(5000)  # the park is off
    await written(history)
    end = clock.now_ms()
    spans = watched(register, start, end)
    assert spans == [(start, start + 1_700_000)]
    found = await availability(history, "s", start, end, spans)
    assert found == {
        "share": pytest.approx(1_390_001 / 1_600_000),
        "online_ms": 1_390_001,
        "watched_ms": 1_600_000,
        "outages": 1,
    }
    part = await availability(
        history, "s", start + 500_000, start + 800_000, watched(register, start + 500_000, start + 800_000)
    )
    assert (part["online_ms"], part["watched_ms"], part["outages"]) == (100_000, 300_000, 0)
    nothing = await availability(history, "nobody", start, end, spans)
    assert nothing == {"share": None, "online_ms": 0, "watched_ms": 0, "outages": 0}
