"""Frames of many scopes at once: each must be what encoding that scope alone gives."""

import asyncio

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.clock import ManualClock
from twin.state.binary_frame import BINARY
from twin.state.choices import Choices, Scopes
from twin.state.frame import JSON, Encoding
from twin.state.hub import Hub
from twin.state.point import PointSpec
from twin.state.stream import LiveStream

COUNT = 12
numbers = st.one_of(st.just(float("nan")), st.sampled_from([0.0, -1.5, 21.5]), st.floats(allow_infinity=False))
times = st.one_of(st.just(0), st.just(1_760_000_000_000), st.integers(-5, 2**53 - 1))
scopes = st.lists(st.sets(st.integers(0, COUNT - 1), min_size=1), min_size=1, max_size=9)


def hub_of(count=COUNT):
    return Hub([PointSpec(f"p{n}", f"a1/{n}", kind="temperature") for n in range(count)], ManualClock())


def columns(element):
    """Columns of different numbers, and of one number throughout."""
    return st.one_of(st.lists(element, min_size=COUNT, max_size=COUNT), element.map(lambda one: [one] * COUNT))


@settings(max_examples=200, deadline=None)
@given(scopes, columns(numbers), columns(times), columns(times), columns(st.integers(0, 3)), st.booleans())
def test_many_scopes_get_what_each_gets_alone(chosen, values, changed, heard, quality, past):
    hub = hub_of()
    hub.values[:], hub.changed_at[:], hub.heard_at[:], hub.quality[:] = values, changed, heard, quality
    hub.past = past
    parts = [np.array(sorted(one), dtype=np.int64) for one in chosen]
    choices = Choices(np.concatenate(parts), np.array([len(part) for part in parts]))
    for encoding in (JSON, BINARY):
        found = encoding.bodies(hub, choices, 7, 1_760_000_000_200)
        alone = [encoding.body(hub, part, 7, 1_760_000_000_200) for part in parts]
        assert [b"".join(one) for one in found] == [b"".join(one) for one in alone]


def test_scopes_are_given_their_changed_points_only():
    asked = Scopes([np.array([0, 2, 3]), np.array([1]), np.array([], dtype=np.int64), np.array([1, 3])])
    found = asked.choose(np.array([1, 0, 0, 1], dtype=bool))
    assert (found.points.tolist(), found.counts.tolist()) == ([0, 3, 3], [2, 0, 0, 1])
    assert found.told.counts.tolist() == [2, 1]
    second = found.told.only([False, True])
    assert (second.points.tolist(), second.counts.tolist()) == ([3], [1])


@pytest.mark.parametrize("encoding", [JSON, BINARY], ids=lambda encoding: encoding.name)
def test_different_scopes_are_encoded_together_and_only_for_feeds_that_keep_up(encoding):
    asyncio.run(asyncio.wait_for(encoded_together(encoding), 20))


async def encoded_together(encoding):
    hub, calls = hub_of(), []

    def bodies(*given):
        calls.append(len(given[1].counts))
        return encoding.bodies(*given)

    counted = Encoding(encoding.name, encoding.body, bodies, encoding.message)
    stream = LiveStream(hub, lambda scope: np.array(scope["points"], dtype=np.int64))
    feeds = [stream.subscribe({"points": [n, 11]}, encoding=counted) for n in range(4)]
    quiet = stream.subscribe({"points": [10]}, encoding=counted)
    for feed in (*feeds, quiet):
        await feed.next()
    for value in (1.0, 2.0, 3.0):
        hub.update([11], [value])
        stream.tick()
        for feed in feeds[:3]:
            await feed.next()
    assert calls == [4, 3, 3], "the last feed reads no more, and the quiet one has nothing to tell"
    late = await feeds[3].next()
    assert late == encoding.message("delta", 1, encoding.body(hub, np.array([11]), hub.seq, hub.clock.now_ms()))
