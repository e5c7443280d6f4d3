import asyncio
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.clock import ManualClock
from twin.errors import Invalid
from twin.state import frame
from twin.state.binary_frame import BINARY, BinaryFrame
from twin.state.frame import Encoding
from twin.state.hub import Hub
from twin.state.point import PointSpec
from twin.state.stream import FeedClosed, LiveStream

COUNT = 6


def resolve(scope):
    return np.array(sorted(int(p) for p in scope.get("points", range(COUNT))), dtype=np.int64)


def make(tick_ms=200):
    clock = ManualClock()
    hub = Hub([PointSpec(f"p{n}", f"a1/{n}", kind="temperature") for n in range(COUNT)], clock)
    return hub, clock, LiveStream(hub, resolve, tick_ms)


async def read(feed):
    return json.loads(await feed.next())


async def silent(feed):
    """Whether nothing is to be told: `next` still waits after the loop has run everything that is ready."""
    task = asyncio.ensure_future(feed.next())
    for _ in range(5):
        await asyncio.sleep(0)
    done = task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return not done


async def test_a_snapshot_then_deltas():
    hub, clock, stream = make()
    hub.update([1], [21.5])
    seq = stream.tick()
    feed = stream.subscribe({}, ident=7)
    snapshot = await read(feed)
    assert (snapshot["type"], snapshot["id"], snapshot["seq"], snapshot["time"]) == ("snapshot", 7, seq, clock.now_ms())
    assert snapshot["points"] == list(range(COUNT))
    assert snapshot["values"] == [None, 21.5, None, None, None, None]
    assert snapshot["quality"] == [3, 0, 3, 3, 3, 3]
    assert snapshot["changed_at"][1] == snapshot["heard_at"][1] == clock.now_ms()
    clock.advance(1)
    hub.update([2, 3], [1.0, 2.0])
    seq = stream.tick()
    delta = await read(feed)
    assert (delta["type"], delta["seq"], delta["time"]) == ("delta", seq, clock.now_ms())
    assert (delta["points"], delta["values"]) == ([2, 3], [1.0, 2.0])
    assert await silent(feed)


async def test_binary_frames_tell_the_same_and_equal_ones_are_one_object():
    hub, clock, stream = make()
    hub.update([1], [21.5])
    stream.tick()
    text, one, two = (stream.subscribe({}, ident=7, encoding=e) for e in (frame.JSON, BINARY, BINARY))
    for _ in range(2):
        told, raw = await read(text), await one.next()
        assert await two.next() is raw, "encoded and framed once"
        found = BinaryFrame(raw)
        assert (found.kind, found.ident, found.seq, found.time) == (told["type"], 7, told["seq"], told["time"])
        assert found.points.tolist() == told["points"]
        assert [None if np.isnan(v) else v for v in found.values] == told["values"]
        for name in ("quality", "changed_at", "heard_at"):
            assert getattr(found, name).tolist() == told[name]
        clock.advance(1)
        hub.update([4, 2], [1.0, 2.0])
        stream.tick()


async def test_only_the_scope_is_told():
    hub, _, stream = make()
    feed = stream.subscribe({"points": [4, 2]})
    assert (await read(feed))["points"] == [2, 4]
    hub.update([1], [1.0])
    stream.tick()
    assert await silent(feed)
    hub.update([1, 4], [2.0, 3.0])
    stream.tick()
    assert (await read(feed))["points"] == [4]


async def test_a_client_is_never_told_faster_than_it_asked():
    hub, _, stream = make(tick_ms=200)
    feed = stream.subscribe({}, 1.0)
    await feed.next()
    for number in range(5):
        assert await silent(feed)
        hub.update([0], [number])
        stream.tick()
    delta = await read(feed)
    assert (delta["points"], delta["values"]) == ([0], [4.0])


async def test_a_slow_client_hears_at_once_what_comes_after_a_quiet_while_and_never_sooner_than_it_asked():
    hub, _, stream = make(tick_ms=200)
    feed = stream.subscribe({}, 1.0)
    await feed.next()
    for _ in range(6):
        stream.tick()
    hub.update([0], [1.0])
    stream.tick()
    assert (await read(feed))["values"] == [1.0]
    for number, passed in enumerate((200, 250, 200, 200)):  # ticks that come when there is news are no steady beat
        hub.update([0], [2.0 + number])
        hub.tick()
        stream.publish(passed)
        assert await silent(feed)
    hub.tick()
    stream.publish(200)
    assert (await read(feed))["values"] == [5.0]


async def test_each_tick_is_encoded_once_for_all_equal_subscriptions():
    hub, _, stream = make()
    calls = []
    counted = Encoding("json", lambda *a: calls.append(a) or frame.body(*a), frame.bodies, frame.message)
    feeds = [stream.subscribe({"points": [1, 2]}, ident=n, encoding=counted) for n in range(50)]
    feeds += [stream.subscribe({"points": [2, 1]}, ident=50, encoding=counted)]
    assert stream.channels == 1
    for feed in feeds:
        await feed.next()
    assert len(calls) == 1
    hub.update([1], [1.0])
    stream.tick()
    messages = [json.loads(await feed.next()) for feed in feeds]
    assert len(calls) == 2
    assert [m.pop("id") for m in messages] == list(range(51))
    assert all(m == messages[0] for m in messages)


async def test_a_waiting_client_is_woken_and_a_cancelled_one_harms_nobody():
    hub, _, stream = make()
    one, two = stream.subscribe({}, ident=1), stream.subscribe({}, ident=2)
    await one.next()
    await two.next()
    first, second = asyncio.ensure_future(one.next()), asyncio.ensure_future(two.next())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    hub.update([0], [1.0])
    stream.tick()
    assert json.loads(await second)["values"] == [1.0]
    assert (await read(one))["values"] == [1.0]


async def test_closing_ends_a_pending_next_and_forgets_the_channel():
    _, _, stream = make()
    feed = stream.subscribe({})
    await feed.next()
    task = asyncio.ensure_future(feed.next())
    await asyncio.sleep(0)
    feed.close()
    with pytest.raises(FeedClosed):
        await task
    assert (stream.feeds, stream.channels) == (0, 0)
    other = stream.subscribe({})
    stream.close()
    with pytest.raises(FeedClosed):
        await other.next()


async def test_a_snapshot_tells_the_present_time_even_when_nothing_changes():
    _, clock, stream = make()
    early = await read(stream.subscribe({}))
    clock.advance(3600)
    stream.tick()
    late = await read(stream.subscribe({}))
    assert late["time"] - early["time"] == 3_600_000


async def test_rebinding_gives_new_snapshots():
    hub, clock, stream = make()
    hub.update([1], [4.0])
    stream.tick()
    feed = stream.subscribe({}, ident=3)
    await feed.next()
    task = asyncio.ensure_future(feed.next())
    await asyncio.sleep(0)
    other = Hub([hub.points[1]], clock)
    other.adopt(hub)
    stream.rebind(other, lambda _scope: np.array([0]))
    snapshot = json.loads(await task)
    assert (snapshot["type"], snapshot["values"]) == ("snapshot", [4.0])


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf")])
def test_a_wrong_rate_is_refused(rate):
    _, _, stream = make()
    with pytest.raises(Invalid, match="max_rate_hz"):
        stream.subscribe({}, rate)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("update"), st.integers(0, COUNT - 1), st.integers(0, 100)),
        st.tuples(st.just("tick"), st.just(0), st.just(0)),
        st.tuples(st.just("read"), st.integers(0, 2), st.just(0)),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_whatever_a_client_misses_its_picture_is_right_in_the_end(script):
    """Any interleaving of updates, ticks and reads by fast and slow clients: sequence numbers rise, no
    message holds a point twice, no client ever holds more than one pending message, and when all have
    read on, each client's picture is the hub's."""

    async def run():
        hub, _, stream = make()
        feeds = [stream.subscribe({}), stream.subscribe({"points": [0, 3]}), stream.subscribe({}, 2.5)]
        pictures, told = [{}, {}, {}], [-1, -1, -1]

        async def take(number):
            message = await read(feeds[number])
            assert message["seq"] >= told[number]
            assert message["type"] == ("snapshot" if told[number] < 0 else "delta")
            assert len(set(message["points"])) == len(message["points"]) > 0
            told[number] = message["seq"]
            pictures[number].update(zip(message["points"], message["values"], strict=True))

        for action, number, value in script:
            if action == "update":
                hub.update([number], [value])
            elif action == "tick":
                stream.tick()
            elif not await silent_peek(feeds[number]):
                await take(number)
        stream.tick()
        stream.tick()
        for number in range(3):
            reads = 0
            while not await silent_peek(feeds[number]):
                await take(number)
                reads += 1
            assert reads <= 2
        for feed_number, scope in enumerate([range(COUNT), [0, 3], range(COUNT)]):
            expected = {p: None if np.isnan(hub.values[p]) else hub.values[p] for p in scope}
            assert pictures[feed_number] == expected

    async def silent_peek(feed):
        return feed._told is not None and feed._channel.head <= feed._told

    asyncio.run(run())
