"""The stream: what clients follow, one shared message per tick and subscription.

Memory per client is one number. A feed remembers only the tick up to which its client is told; what
to send next is a question to the hub: *which points of the scope were announced after that tick?*
So a client that lags ten ticks gets one message with the last value of each point, and nothing ever
queues. Feeds of one scope and rate that are equally far share one encoded message.
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final

import orjson

from twin.errors import Conflict, Invalid
from twin.state.frame import JSON, Encoding, Ident
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


class FeedClosed(Conflict):
    """The feed was closed: nothing more will come."""

    code = "feed-closed"


class Feed:
    """One subscription of one client. `next` gives its messages; `close` ends it."""

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

    def __init__(self, hub: Hub, indices: Ints, scope: Scope, pause_ms: float, told_at: float) -> None:
        self.hub, self.indices, self.scope, self.pause_ms = hub, indices, scope, pause_ms
        self.told_at = told_at  # ms by the stream's own time
        self.feeds: set[Feed] = set()
        self.head = hub.seq
        self._time = hub.clock.now_ms()
        self._bodies: OrderedDict[tuple[int | None, str], bytes | None] = OrderedDict()
        self._last: tuple[object, bytes] = (None, b"")
        self._waiting: list[asyncio.Future[None]] = []

    def advance(self, seq: int, time: int) -> bool:
        """Take a closed tick as the new head, and wake the feeds that wait, if any point of the scope changed."""
        self._time = time
        self._last = (None, b"")
        for key in [key for key in self._bodies if key[0] is None]:
            del self._bodies[key]  # a snapshot tells the clock: it must not be as old as the last change
        if (self.hub.point_seq[self.indices] > self.head).any():
            self.head = seq
            self._bodies.clear()
            self.wake()
            return True
        return False

    def message_since(self, since: int | None, encoding: Encoding, ident: Ident) -> bytes | None:
        """The whole message from tick `since` to the head (None: the snapshot); None where nothing changed.

        Most clients number their subscription alike, so the last message is kept and shared as it is.
        """
        shared = self._body_since(since, encoding)
        if shared is None:
            return None
        key = since, encoding.name, ident, self.head
        if self._last[0] != key:
            self._last = key, encoding.message("snapshot" if since is None else "delta", ident, shared)
        return self._last[1]

    def _body_since(self, since: int | None, encoding: Encoding) -> bytes | None:
        key = since, encoding.name
        if key in self._bodies:
            return self._bodies[key]
        chosen = self.indices
        if since is not None:
            chosen = chosen[self.hub.point_seq[chosen] > since]
        nothing = since is not None and len(chosen) == 0
        shared = None if nothing else encoding.body(self.hub, chosen, self.head, self._time)
        self._bodies[key] = shared
        if len(self._bodies) > LAGGARDS:
            self._bodies.popitem(last=False)
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
        self._resolve = resolve
        self._channels: dict[tuple[bytes, float], _Channel] = {}
        self._passed = 0.0

    def subscribe(self, scope: Scope, max_rate_hz: float = 5.0, *, ident: Ident = 1, encoding: Encoding = JSON) -> Feed:
        """Follow the points of a scope, at most `max_rate_hz` messages a second. Raises Invalid."""
        if not (isinstance(max_rate_hz, int | float) and math.isfinite(max_rate_hz) and max_rate_hz > 0):
            raise Invalid(f"max_rate_hz is {max_rate_hz!r}: expected a number above 0", code="live-rate")
        pause_ms = self.tick_ms * max(1, math.ceil(1000 / (max_rate_hz * self.tick_ms) - 1e-9))
        key = (_key(scope), pause_ms)
        channel = self._channels.get(key)
        if channel is None:
            channel = self._channels[key] = _Channel(self.hub, self._resolve(scope), scope, pause_ms, self._passed)
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
        time, late = self.hub.clock.now_ms(), self._passed + EARLY * self.tick_ms
        for channel in self._channels.values():
            if late - channel.told_at >= channel.pause_ms and channel.advance(self.hub.seq, time):
                channel.told_at = self._passed

    def tick(self) -> int:
        """Close the hub's tick and publish it; returns its sequence number."""
        seq = self.hub.tick()
        self.publish()
        return seq

    def rebind(self, hub: Hub, resolve: Resolve) -> None:
        """Go over to a hub with other points: every feed gets a new snapshot."""
        self.hub, self._resolve = hub, resolve
        for key, old in list(self._channels.items()):
            fresh = _Channel(hub, resolve(old.scope), old.scope, old.pause_ms, self._passed)
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


def _key(scope: Scope) -> bytes:
    plain = {
        name: sorted(map(str, value)) if name in LISTS and isinstance(value, list | tuple) else value
        for name, value in scope.items()
    }
    return orjson.dumps({name: value for name, value in plain.items() if value}, option=orjson.OPT_SORT_KEYS)
