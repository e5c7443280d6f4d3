"""The Python client against a real server: frames, reconnection, replay, commands, and who is let in."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from tests.support.device import publish_all
from tests.support.live_park import many_points, serving
from twin.client import CommandRefused, Frame, LiveError, SignedOut, connect
from twin.client.frame import merged

COUNT = 20


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    # A device of one mind: what it is sent comes back as its reply, and that is always 20.
    settings = """
[[connectors]]
kind = "mqtt"
[connectors.command]
payload = '{"v": 20}'
reply = "{address}/set"
"""
    folder = tmp_path_factory.mktemp("client") / "park"
    park = many_points(folder, COUNT, settings=settings, min="0", max="100", role="setpoint")
    with serving(park.folder) as found:
        yield found


def topics(value):
    return {f"live/p{n:06d}": value + n for n in range(COUNT)}


async def picture(subscription, condition):
    """Read until the values by point meet a condition."""
    values: dict[int, float] = {}
    async with asyncio.timeout(30):
        async for frame in subscription:
            if frame.kind == "snapshot":
                values.clear()
            values.update(zip(frame.points.tolist(), frame.values.tolist(), strict=True))
            if condition(values, frame):
                return values
    raise AssertionError("the iteration ended")


def client(served, **more):
    return connect(served.url, user=served.user, password=served.password, **more)


@pytest.mark.parametrize("binary", [True, False])
async def test_frames_events_past_and_present(served, binary):
    async with client(served, binary=binary) as park:
        assert park.points["point_id"][3] == "p000003"
        all_of_it, one = park.subscribe(), park.subscribe({"points": ["p000007"]}, 10)
        await asyncio.to_thread(publish_all, served.folder, topics(10.0))
        found = await picture(all_of_it, lambda values, _: len(values) == COUNT and values[19] == 29.0)
        assert found == {n: 10.0 + n for n in range(COUNT)}
        heard = []
        assert await picture(one, lambda v, frame: heard.append(frame.time) or v.get(7) == 17.0) == {7: 17.0}
        await asyncio.sleep(1)  # the past needs some
        await asyncio.to_thread(publish_all, served.folder, topics(40.0))
        await picture(one, lambda values, _: values.get(7) == 47.0)
        await park.replay(heard[-1] + 500, speed=0.1)
        assert await picture(one, lambda _, frame: frame.past) == {7: 17.0}
        assert park.replay_state["state"] == "playing"
        await park.pause()
        await park.live()
        assert await picture(one, lambda _, frame: not frame.past) == {7: 47.0}
        await park.unsubscribe(one)
        assert [frame async for frame in one] == []


async def test_it_comes_back_with_a_snapshot_after_a_broken_connection(served):
    async with client(served) as park:
        values = park.subscribe({"points": ["p000001"]})
        await picture(values, lambda *_: True)
        await park._socket.close()
        assert await picture(values, lambda _, frame: frame.kind == "snapshot")
        await asyncio.to_thread(publish_all, served.folder, {"live/p000001": 77.0})
        await picture(values, lambda values, _: values[1] == 77.0)


async def test_commands_tell_how_they_ended(served):
    async with client(served) as park:
        assert (await park.command("p000001", 20))["state"] == "confirmed"
        with pytest.raises(CommandRefused, match="refused") as refused:
            await park.command("p000001", 21)
        assert refused.value.detail["command"]["state"] == "refused"
        with pytest.raises(LiveError, match=r"0\.0 … 100\.0") as wrong:
            await park.command("p000001", 101)
        assert wrong.value.code == "command-value"


async def test_nobody_is_let_in_without_a_password(served):
    with pytest.raises(SignedOut):
        async with connect(served.url, user="admin", password="guess"):
            pass
    with pytest.raises(SignedOut):
        async with connect(served.url, timeout_s=10):
            pass


def frame(kind, seq, points, values):
    numbers = np.array(values, dtype=float)
    return Frame(
        kind, seq, seq, False, np.array(points, np.uint32), numbers, numbers.astype(np.uint8), numbers, numbers
    )


def test_waiting_frames_are_merged_to_the_last_value_of_each_point():
    one = merged(frame("snapshot", 1, [0, 1, 2], [1, 2, 3]), frame("delta", 2, [2, 0], [9, 8]))
    assert (one.kind, one.seq, one.points.tolist(), one.values.tolist()) == ("snapshot", 2, [0, 1, 2], [8, 2, 9])
    two = merged(one, frame("snapshot", 3, [5], [5]))
    assert (two.kind, two.points.tolist()) == ("snapshot", [5])
