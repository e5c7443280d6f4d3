"""The past as frames: the picture of an instant, then what changed, at any speed, in bounded memory."""

import asyncio
import json

import numpy as np
import pytest

from twin.clock import ManualClock
from twin.errors import Invalid, Unavailable
from twin.park import Park
from twin.runtime import park_runtime
from twin.runtime.park_runtime import ParkRuntime
from twin.state import quality as q
from twin.state.point import PointSpec
from twin.state.samples import Samples

T = 1_700_000_000_000
NOW = T + 3_600_000
POINTS = [PointSpec(f"p{n}", f"a1/r{n}", kind="temperature") for n in range(4)]


async def put(runtime, *rows):
    point, time, value, code = zip(*rows, strict=True)
    samples = Samples(np.array(point), np.array(time), np.array(value, float), np.array(code, np.uint8))
    await runtime.store.append(samples, runtime.keys)


@pytest.fixture
async def running(tmp_path):
    park = Park.create(tmp_path / "park")
    with (park.folder / "park.toml").open("a") as file:
        file.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    runtime = ParkRuntime(Park.load(park.folder), POINTS, clock=ManualClock(NOW), tick_ms=20)
    await runtime.start()
    await put(
        runtime,
        (0, T - 1000, 1.0, 0), (1, T - 600_000, 5.0, 0), (2, T - 10, np.nan, 2),
        (0, T + 1000, 2.0, 0), (0, T + 2000, 3.0, 0), (1, T + 2500, 6.0, 0), (0, T + 5000, 4.0, 0),
    )  # fmt: skip
    yield runtime
    await runtime.stop()


class Past:
    """A replay with what it told, and the picture of one feed."""

    def __init__(self, runtime):
        self.told = []
        self.heard = asyncio.Event()
        self.replay = runtime.replay(self.tell)
        self.feed, self.picture, self.times = None, {}, []

    async def tell(self, message):
        self.told.append(message)
        self.heard.set()

    async def frame(self):
        self.feed = self.feed or self.replay.stream.subscribe({}, 1000)
        async with asyncio.timeout(20):
            found = json.loads(await self.feed.next())
        assert found["past"] is True
        self.times.append(found["time"])
        self.picture.update(zip(found["points"], zip(found["values"], found["quality"], strict=True), strict=True))
        return found

    async def until(self, condition):
        async with asyncio.timeout(20):
            while not condition():
                self.heard.clear()
                await self.heard.wait()


async def test_the_picture_of_an_instant_then_changes_up_to_the_end(running):
    past = Past(running)
    await past.replay.play(T, T + 10_000, 100)
    await past.replay.pause()
    found = await past.frame()
    assert found["type"] == "snapshot"
    first = dict(past.picture)
    assert first[1] == (5.0, q.STALE), "silent for ten minutes then"
    assert first[2] == (None, q.BAD)
    assert first[3] == (None, q.NEVER)
    await past.replay.play(T, T + 10_000, 100)
    while past.picture[0][0] != 4.0:
        await past.frame()
    await past.until(lambda: past.replay.state == "ended")
    assert past.picture[1] == (6.0, q.GOOD)
    assert past.times == sorted(past.times)
    assert (past.told[-1]["state"], past.told[-1]["at"]) == ("ended", T + 10_000)
    assert running.hub.values[0] != 4.0 or running.hub.quality[0] == q.STALE, "the present is left alone"


async def test_seeking_back_and_forth_shows_what_was_then(running):
    past = Past(running)
    await past.replay.play(T, None, 1)
    await past.replay.pause()
    for at, value in ((T + 2000, 3.0), (T + 999, 1.0), (T + 60_000, 4.0), (T - 5000, None)):
        await past.replay.seek(at)
        assert past.replay.state == "paused"
        while (await past.frame())["time"] != at:
            pass
        assert past.picture[0][0] == value


async def test_what_is_fast_is_conflated_and_keeps_up(running):
    past = Past(running)
    await past.replay.play(T - 1000, NOW, 86_400)
    await past.until(lambda: past.replay.state == "ended")
    await past.frame()
    assert past.picture[0] == (4.0, q.STALE)


async def test_alarms_of_the_time_come_too(running):
    def event(t, kind, state, ident="x"):
        return running.store.event(t, kind, ident, data={"id": ident, "state": state, "raised_at": t, "gid": "a1/r0"})

    await event(T - 50, "alarm-raised", "active")
    await event(T - 60, "alarm-raised", "active", "old")
    await event(T - 40, "alarm-cleared", "normal", "old")
    await event(T + 1500, "alarm-acknowledged", "acknowledged")
    await event(T + 1600, "command-asked", "asked")
    past = Past(running)
    await past.replay.play(T, T + 3000, 50)
    await past.until(lambda: past.replay.state == "ended")
    listed = next(m for m in past.told if m["type"] == "past-alarms")
    assert [(row["id"], row["state"]) for row in listed["items"]] == [("x", "active")]
    events = [(m["event"], m["alarm"]["state"], m["past"]) for m in past.told if m["type"] == "alarm"]
    assert events == [("acknowledged", "acknowledged", True)]


async def test_other_points_meanwhile_the_same_moment(running):
    past = Past(running)
    await past.replay.play(T, None, 1)
    await past.frame()
    await running.rebind([PointSpec("new", "b/1", kind="co2"), POINTS[0]])
    while (found := await past.frame())["type"] != "snapshot" or len(found["points"]) != 2:
        pass
    assert dict(zip(found["points"], found["values"], strict=True)) == {0: None, 1: 1.0}


@pytest.mark.parametrize(
    ("start", "end", "speed"),
    [
        (NOW + 1, None, 1),
        (T, T - 1, 1),
        (T, NOW + 1, 1),
        (0, None, 1),
        (T, None, 0),
        (T, None, float("nan")),
        (T, None, 1e9),
    ],
)
async def test_what_cannot_be_replayed(running, start, end, speed):
    with pytest.raises(Invalid, match=r"replay|speed"):
        await Past(running).replay.play(start, end, speed)


async def test_only_so_many_at_once(running, monkeypatch):
    monkeypatch.setattr(park_runtime, "MAX_REPLAYS", 1)
    first = Past(running)
    with pytest.raises(Unavailable, match="replays are open"):
        Past(running)
    await first.replay.close()
    Past(running)
