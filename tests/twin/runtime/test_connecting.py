"""Connectors of a running park: mapping at work, and faults that have a defined, visible result while others go on."""

from __future__ import annotations

import asyncio
import time

import orjson
import pytest

from tests.support.sinks import until
from twin.connectors.connector import State
from twin.connectors.intake import Arrived
from twin.connectors.mapping import FILE, MappingEntry
from twin.connectors.push import PushConnector
from twin.connectors.session import SessionConnector
from twin.errors import Conflict, Invalid, NotFound
from twin.park import Park
from twin.runtime import park_runtime
from twin.runtime.park_runtime import ParkRuntime
from twin.state import quality as q
from twin.state.point import PointSpec

POINTS = [
    PointSpec("t", "g", unit="°C", min=-50, max=100, source="http-push:t"),
    PointSpec("p", "g", unit="kW"),
]
HOUR = 3_600_000


class Stuck(SessionConnector):
    """Hangs where it can."""

    kind = "stuck"

    async def start(self) -> None:
        await asyncio.Event().wait()

    async def stop(self) -> None:
        await asyncio.Event().wait()

    async def session(self) -> None:
        raise AssertionError


class Hanging(SessionConnector):
    """Gets one value, and never an answer again."""

    kind = "hanging"
    polls = True

    async def session(self) -> None:
        self.connected("there")
        await self.intake.take([Arrived("p", 4.0)])
        await asyncio.Event().wait()


class Broken(SessionConnector):
    """Fails with a defect of ours, again and again."""

    kind = "broken"

    async def session(self) -> None:
        raise ZeroDivisionError("ours")


KINDS = {
    kind.kind: lambda name, _settings, points, sink, kind=kind: kind(name, points, sink)
    for kind in (Stuck, Hanging, Broken)
}


@pytest.fixture
def park(tmp_path):
    park = Park.create(tmp_path / "park")
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n[[connectors]]\nkind = "http-push"\nname = "gw"\n')
    return Park.load(park.folder)


async def begun(park, **more):
    runtime = ParkRuntime(park, POINTS, kinds=KINDS, **more)
    await runtime.start()
    return runtime


def send(runtime, *items):
    return runtime.connecting.push("gw", orjson.dumps(items))


async def history(runtime, point, start, end):
    found = await runtime.history(point, start, end, 1)
    return found["count"][0]


async def test_a_stuck_or_broken_connector_stops_no_other(park, monkeypatch):
    monkeypatch.setattr(park_runtime, "START_S", 0.05)
    monkeypatch.setattr(park_runtime, "STOP_S", 0.05)
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('[[connectors]]\nkind = "stuck"\n[[connectors]]\nkind = "broken"\n')
    runtime = await begun(Park.load(park.folder))
    answer = await send(runtime, {"address": "t", "v": 20})
    assert answer.accepted == 1
    assert runtime.hub.values[0] == 20
    states = {row["name"]: (row["state"], row["detail"]) for row in runtime.connecting.rows()}
    assert states["stuck"] == ("failed", "did not start: TimeoutError")
    assert states["gw"][0] == "connected"
    await until(lambda: runtime.connectors[2].state is State.FAILED)
    assert "a defect of parktwin (ZeroDivisionError: ours)" in runtime.connectors[2].detail
    began = time.monotonic()
    await runtime.stop()
    assert time.monotonic() - began < 5


async def test_a_poll_that_hangs_is_told_and_the_others_go_on(park):
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('[[connectors]]\nkind = "hanging"\n')
    (park.folder / FILE).write_text("- {connector: hanging, address: p, point: p}\n")
    runtime = await begun(Park.load(park.folder))
    hanging = runtime.connectors[1]
    await until(lambda: runtime.hub.values[1] == 4)
    hanging.patience_s = 0.02
    hanging.alive()
    await until(lambda: hanging.state is State.FAILED)
    assert (await send(runtime, {"address": "t", "v": 20})).accepted == 1
    shown = {row["name"]: (row["state"], row["detail"]) for row in runtime.status()["connections"]}
    assert shown == {
        "gw": ("connected", "waits for POST requests"),
        "hanging": ("failed", "stuck for 0.02 s; trying again"),
    }
    await runtime.stop()


async def test_late_repeated_and_reordered_samples_leave_the_latest_right(park):
    runtime = await begun(park)
    now = runtime.clock.now_ms()
    times = [now - 5000, now - 1000, now - 3000, now - 1000, now - 4000]
    for number, at in enumerate(times):
        await send(runtime, {"address": "t", "v": number, "t": at})
    assert (runtime.hub.values[0], runtime.hub.quality[0]) == (3, q.GOOD)
    assert runtime.hub.counters["late"] == 2
    assert await history(runtime, "t", now - HOUR, now + 1) >= 4  # late ones are in the history
    await runtime.stop()


async def test_a_clock_that_is_hours_wrong_does_not_hide_what_follows(park):
    runtime = await begun(park)
    now = runtime.clock.now_ms()
    await send(runtime, {"address": "t", "v": 1, "t": now + 3 * HOUR})
    await send(runtime, {"address": "t", "v": 2})
    assert runtime.hub.values[0] == 2
    assert runtime.hub.counters["skewed"] == 1
    await send(runtime, {"address": "t", "v": 3, "t": now - 3 * HOUR})
    assert runtime.hub.values[0] == 2
    assert await history(runtime, "t", now - 4 * HOUR, now - 2 * HOUR) == 1
    await runtime.stop()


async def test_what_is_no_number_or_out_of_range_is_bad_and_the_last_good_value_stays(park):
    runtime = await begun(park)
    await send(runtime, {"address": "t", "v": 20})
    for wrong in (None, "warm", 101):
        await send(runtime, {"address": "t", "v": 20})
        assert runtime.hub.quality[0] == q.GOOD
        await send(runtime, {"address": "t", "v": wrong})
        assert (runtime.hub.values[0], runtime.hub.quality[0]) == (20, q.BAD)
    await runtime.stop()


async def test_ten_times_the_load_is_taken_or_refused_whole(park):
    runtime = await begun(park)
    connector = runtime.connectors[0]
    assert isinstance(connector, PushConnector)
    began = runtime.clock.now_ms() - HOUR
    bodies = [[{"address": "t", "v": n % 90, "t": began + 1000 * k + n} for n in range(1000)] for k in range(40)]
    answers = await asyncio.gather(*(send(runtime, *body) for body in bodies), return_exceptions=True)
    taken = [answer for answer in answers if not isinstance(answer, Exception)]
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(taken) == 16
    assert {(error.code, error.detail["retry_after_s"] > 0) for error in refused} == {("connector-busy", True)}
    assert connector.counters.acknowledged == 1000 * len(taken) == sum(answer.accepted for answer in taken)
    assert await history(runtime, "t", began, began + HOUR) == 1000 * len(taken)
    assert runtime.hub.values[0] == 999 % 90
    assert runtime.hub.sampled_at[0] == max(
        body[-1]["t"] for body, answer in zip(bodies, answers, strict=True) if answer in taken
    )
    await runtime.stop()


async def test_an_entry_that_does_not_fit_is_told_and_the_others_work(park):
    (park.folder / FILE).write_text(
        "- {connector: gw, address: t, point: t, unit: °F}\n"
        "- {connector: gw, address: e, point: p, unit: kWh}\n"
        "- {connector: gone, address: x, point: p}\n",
        encoding="utf-8",
    )
    runtime = await begun(park)
    await send(runtime, {"address": "t", "v": 50})
    assert runtime.hub.values[0] == pytest.approx(10)
    problems = [row["problem"] for row in runtime.connecting.mapping()["entries"]]
    assert problems[0] == ""
    assert "'kWh' cannot be converted to 'kW'" in problems[1]
    assert "Connector 'gone' is unknown" in problems[2]
    await runtime.stop()


async def test_a_broken_file_is_named_and_the_old_mapping_stays(park):
    (park.folder / FILE).write_text("- {connector: gw, address: p, point: p, scale: 2}\n")
    runtime = await begun(park)
    (park.folder / FILE).write_text("- {connector: gw, adress: p, point: p}\n")
    with pytest.raises(Invalid, match=r"mappings\.yaml, line 1: address is missing"):
        await runtime.rebind(POINTS)
    await send(runtime, {"address": "p", "v": 4})
    assert runtime.hub.values[1] == 8
    (park.folder / FILE).write_text("- {connector: gw, address: p, point: p, scale: 3}\n")
    await runtime.rebind(POINTS[::-1])
    await send(runtime, {"point": "p", "v": 4})
    assert runtime.hub.values[0] == 12
    await runtime.stop()
    (park.folder / FILE).write_text("nothing: {}\n")
    with pytest.raises(Invalid, match="expected mappings"):
        await begun(park)


async def test_a_candidate_becomes_a_point(park):
    runtime = await begun(park)
    await send(runtime, {"address": "new", "v": 5})
    (row,) = runtime.connecting.candidates()
    assert (row["connector"], row["address"]) == ("gw", "new")
    entry = MappingEntry(connector="gw", address="new", point="p")
    assert runtime.connecting.preview(entry.model_dump()).converted == 5
    await runtime.connecting.put(entry, replaces=None, revision="")
    assert runtime.connecting.candidates() == []
    await send(runtime, {"address": "new", "v": 6})
    assert runtime.hub.values[1] == 6
    with pytest.raises(NotFound, match="Connector 'x' is unknown: expected one of gw"):
        runtime.connecting.push("x", b"{}")
    await runtime.stop()


async def test_two_connectors_of_one_name_are_refused(park):
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('[[connectors]]\nkind = "broken"\nname = "gw"\n')
    with pytest.raises(Invalid, match="Two connectors are called 'gw'"):
        await begun(Park.load(park.folder))


async def test_a_connector_that_takes_no_requests_says_so(park):
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('[[connectors]]\nkind = "broken"\n')
    runtime = await begun(Park.load(park.folder))
    with pytest.raises(Conflict, match="it is of kind broken"):
        runtime.connecting.push("broken", b"{}")
    await runtime.stop()
