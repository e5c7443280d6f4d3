"""The stream: what clients follow, one shared message per tick and subscription.

Memory per client is one number. A feed remembers only the tick up to which its client is told; what
to send next is a question to the hub: *which points of the scope were announced after that tick?*
So a client that lags ten ticks gets one message with the last value of each point, and nothing ever
queues. Feeds of one scope and rate that are equally far share one encoded message.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from typing import Final

import orjson

from twin.errors import Conflict, Invalid
from twin.state.choices import Choices, Scopes
from twin.state.frame import JSON, Body, Encoding, Ident
from twin.state.hub import Hub
from twin.state.samples import Ints
from twin.state.scope import LISTS

Scope = Mapping[str, object]
Resolve = Callable[[Scope], Ints]
"""Point indices of a scope, ascending. Raises Invalid where the scope is not usable."""

TICK_MS: Final = 200
EARLY: Final = 0.1
"""Share of a tick by which a beat may come before its time without being missed."""
LAGGARDS: Final = 8
"""Encoded messages kept per channel and tick for feeds that lag; more are encoded again."""


NOTHING: Final[tuple[object, bytes]] = (None, b"")


class FeedClosed(Conflict):
    """The feed was closed: nothing more will come."""

    code = "feed-closed"


class Feed:
    """One subscription of one client. `next` gives its messages; `close` ends it."""

    __slots__ = ("_channel", "_closed", "_encoding", "_ident", "_stream", "_told")

    def __init__(self, stream: LiveStream, channel: _Channel, ident: Ident, encoding: Encoding) -> None:
        self._stream, self._channel, self._ident, self._encoding = stream, channel, ident, encoding
        self._told: int | None = None  # None: owes the snapshot
        self._closed = False

    async def next(self) -> bytes:
        """The next message, in the feed's encoding: a snapshot first, then deltas. Waits while nothing changed.

        Raises FeedClosed once the feed or the stream is closed.
        """
        while True:
            if self._closed:
                raise FeedClosed(f"Subscription {self._ident} is closed")
            channel = self._channel
            if self._told is None or channel.head > self._told:
                since, self._told = self._told, channel.head
                whole = channel.message_since(since, self._encoding, self._ident)
                if whole is not None:
                    return whole
                continue
            await channel.wait()

    def close(self) -> None:
        """End the subscription; a pending `next` raises FeedClosed."""
        if not self._closed:
            self._closed = True
            self._stream._drop(self._channel, self)  # noqa: SLF001  one unit of two classes
            self._channel.wake()

    def _move(self, channel: _Channel) -> None:
        old, self._channel, self._told = self._channel, channel, None
        old.wake()


class _Channel:
    """Shared state of all feeds with one scope and one rate."""

    __slots__ = (
        "_bodies", "_delta", "_last", "_waiting", "asked", "checked", "feeds", "head", "indices", "pause_ms", "scope",
        "stream", "told_at",
    )  # fmt: skip

    def __init__(self, stream: LiveStream, indices: Ints, scope: Scope, pause_ms: float, told_at: float) -> None:
        self.stream, self.indices, self.scope, self.pause_ms = stream, indices, scope, pause_ms
        self.told_at = told_at  # ms by the stream's own time
        self.feeds: set[Feed] = set()
        self.head = self.checked = stream.hub.seq  # the last tick with news, and the last one that was looked at
        self.asked: Encoding | None = None  # of the last message that was asked for since the head moved
        self._delta: tuple[int, Encoding | None, Body | None] = (-1, None, None)  # since, and encoded ahead
        self._bodies: dict[tuple[int | None, str], Body | None] = {}
        self._last = NOTHING
        self._waiting: list[asyncio.Future[None]] = []

    def rest(self, seq: int) -> None:
        """Take a closed tick that tells nothing about the scope."""
        self.checked, self._last = seq, NOTHING
        for key in [key for key in self._bodies if key[0] is None]:
            del self._bodies[key]  # a snapshot tells the clock: it must not be as old as the last change

    def advance(self, seq: int, told_at: float, prepared: Body | None) -> None:
        """Take a closed tick as the new head, and wake the feeds that wait. prepared: the body in the encoding `asked`."""
        self._delta = self.head, self.asked, prepared
        self.head = self.checked = seq
        self.asked, self.told_at = None, told_at
        if self._bodies:
            self._bodies = {}
        if self._waiting:
            self.wake()

    def message_since(self, since: int | None, encoding: Encoding, ident: Ident) -> bytes | None:
        """The whole message from tick `since` to the head (None: the snapshot); None where nothing changed.

        Most clients number their subscription alike, so the last message is kept and shared as it is.
        """
        self.asked = encoding
        key = since, self.head, encoding, ident
        if self._last[0] == key:
            return self._last[1]
        told, known, shared = self._delta
        if told != since or known is not encoding:
            shared = self._body_since(since, encoding)
        if shared is None:
            return None
        whole = encoding.message("snapshot" if since is None else "delta", ident, shared)
        self._last = key, whole
        return whole

    def _body_since(self, since: int | None, encoding: Encoding) -> Body | None:
        key = since, encoding.name
        if key in self._bodies:
            return self._bodies[key]
        chosen = self.indices
        if since is not None:
            chosen = chosen[self.stream.hub.point_seq[chosen] > since]
        nothing = since is not None and len(chosen) == 0
        shared = None if nothing else encoding.body(self.stream.hub, chosen, self.head, self.stream.time)
        self._bodies[key] = shared
        if len(self._bodies) > LAGGARDS:
            del self._bodies[next(iter(self._bodies))]
        return shared

    async def wait(self) -> None:
        """Wait for the next wake."""
        woken = asyncio.get_running_loop().create_future()
        self._waiting.append(woken)
        await woken

    def wake(self) -> None:
        """Let all that wait look again."""
        waiting, self._waiting = self._waiting, []
        for woken in waiting:
            if not woken.done():
                woken.set_result(None)


class LiveStream:
    """Feeds over a hub. `publish` after each closed tick; `rebind` when the points changed."""

    def __init__(self, hub: Hub, resolve: Resolve, tick_ms: int = TICK_MS) -> None:
        self.hub, self.tick_ms = hub, tick_ms
        self.time = hub.clock.now_ms()  # of the last closed tick, epoch ms
        self._resolve = resolve
        self._channels: dict[tuple[bytes, float], _Channel] = {}
        self._passed = 0.0
        self._cohort: tuple[list[_Channel], Scopes] | None = None

    def subscribe(self, scope: Scope, max_rate_hz: float = 5.0, *, ident: Ident = 1, encoding: Encoding = JSON) -> Feed:
        """Follow the points of a scope, at most `max_rate_hz` messages a second. Raises Invalid."""
        if not (isinstance(max_rate_hz, int | float) and math.isfinite(max_rate_hz) and max_rate_hz > 0):
            raise Invalid(f"max_rate_hz is {max_rate_hz!r}: expected a number above 0", code="live-rate")
        pause_ms = self.tick_ms * max(1, math.ceil(1000 / (max_rate_hz * self.tick_ms) - 1e-9))
        key = (_key(scope), pause_ms)
        channel = self._channels.get(key)
        if channel is None:
            channel = self._channels[key] = _Channel(self, self._resolve(scope), scope, pause_ms, self._passed)
        feed = Feed(self, channel, ident, encoding)
        channel.feeds.add(feed)
        return feed

    @property
    def resolve(self) -> Resolve:
        """Point indices of a scope."""
        return self._resolve

    @property
    def feeds(self) -> int:
        """Open feeds."""
        return sum(len(channel.feeds) for channel in self._channels.values())

    @property
    def channels(self) -> int:
        """Distinct subscriptions, each encoded once per tick."""
        return len(self._channels)

    def publish(self, passed_ms: float | None = None) -> None:
        """Offer the hub's last closed tick to all channels that were told nothing for as long as they asked.

        passed_ms: since the call before; None where that was a tick's length.
        """
        self._passed += self.tick_ms if passed_ms is None else passed_ms
        self.time, late = self.hub.clock.now_ms(), self._passed + EARLY * self.tick_ms
        due = [channel for channel in self._channels.values() if late - channel.told_at >= channel.pause_ms]
        for checked in {channel.checked for channel in due}:
            self._offer([channel for channel in due if channel.checked == checked], checked)

    def _offer(self, cohort: list[_Channel], checked: int) -> None:
        """Tell channels that were all looked at in tick `checked` what came after it.

        The bodies of all whose last message was asked for are encoded here and together. The others', of feeds that
        lag, are encoded when they ask.
        """
        seq = self.hub.seq
        found = self._scopes(cohort).choose(self.hub.point_seq > checked)
        counts = found.counts.tolist()
        if 0 in counts:
            for channel, count in zip(cohort, counts, strict=True):
                if not count:
                    channel.rest(seq)
            cohort = [channel for channel, count in zip(cohort, counts, strict=True) if count]
            found = found.told
        for encoding in {channel.asked for channel in cohort}:
            those = [channel.asked is encoding for channel in cohort]
            bodies = _bodies(encoding, self.hub, found.only(those), seq, self.time)
            for channel, body in zip(compress(cohort, those), bodies, strict=True):
                channel.advance(seq, self._passed, body)

    def _scopes(self, cohort: list[_Channel]) -> Scopes:
        """The scopes of some channels; the last ones are kept, since most ticks are for the same."""
        if self._cohort is None or self._cohort[0] != cohort:
            self._cohort = cohort, Scopes([channel.indices for channel in cohort])
        return self._cohort[1]

    def tick(self) -> int:
        """Close the hub's tick and publish it; returns its sequence number."""
        seq = self.hub.tick()
        self.publish()
        return seq

    def rebind(self, hub: Hub, resolve: Resolve) -> None:
        """Go over to a hub with other points: every feed gets a new snapshot."""
        self.hub, self._resolve, self.time = hub, resolve, hub.clock.now_ms()
        for key, old in list(self._channels.items()):
            fresh = _Channel(self, resolve(old.scope), old.scope, old.pause_ms, self._passed)
            fresh.feeds = old.feeds
            self._channels[key] = fresh
            for feed in fresh.feeds:
                feed._move(fresh)  # noqa: SLF001  one unit of two classes

    def close(self) -> None:
        """Close all feeds."""
        for channel in list(self._channels.values()):
            for feed in list(channel.feeds):
                feed.close()

    def _drop(self, channel: _Channel, feed: Feed) -> None:
        channel.feeds.discard(feed)
        if not channel.feeds:
            for key, value in list(self._channels.items()):
                if value is channel:
                    del self._channels[key]


def _bodies(encoding: Encoding | None, hub: Hub, chosen: Choices, seq: int, time: int) -> Sequence[Body | None]:
    if encoding is None:
        return [None] * len(chosen.counts)
    if len(chosen.counts) == 1:
        return [encoding.body(hub, chosen.points, seq, time)]
    return encoding.bodies(hub, chosen, seq, time)


def _key(scope: Scope) -> bytes:
    plain = {
        name: sorted(map(str, value)) if name in LISTS and isinstance(value, list | tuple) else value
        for name, value in scope.items()
    }
    return orjson.dumps({name: value for name, value in plain.items() if value}, option=orjson.OPT_SORT_KEYS)
