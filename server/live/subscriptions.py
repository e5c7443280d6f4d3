"""What one live connection follows, and the stream that it is followed on: the park's, or a replay's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import anyio
from anyio.abc import TaskGroup

from twin.errors import Denied, Invalid, Unavailable
from twin.state.frame import JSON, Encoding, Ident
from twin.state.scope import LISTS
from twin.state.stream import Feed, FeedClosed, LiveStream

SUBSCRIPTIONS: Final = 64
MAX_WINDOW: Final = 100
SCOPE: Final = frozenset({*LISTS, "box"})


@dataclass(eq=False)
class _Followed:
    scope: Mapping[str, Any]
    rate: float
    window: int  # frames that may be owed; 0: no limit
    feed: Feed
    owed: int = 0  # frames that were sent and not acknowledged
    paid: asyncio.Event = field(default_factory=asyncio.Event)
    cancel: anyio.CancelScope = field(default_factory=anyio.CancelScope)


class Subscriptions:
    """Feeds of one connection; each is asked for its next frame only when the last one has left.

    send: sends a frame; layers: the only ones that may be followed, None for all.
    """

    def __init__(
        self,
        stream: LiveStream | None,
        encoding: Encoding,
        send: Callable[[bytes], Awaitable[None]],
        layers: frozenset[str] | None,
    ) -> None:
        self._stream, self._encoding, self._send, self._layers = stream, encoding, send, layers
        self._followed: dict[Ident, _Followed] = {}

    def subscribe(self, tasks: TaskGroup, message: Mapping[str, Any]) -> None:
        """Follow what a `subscribe` asks for. Raises Invalid, Denied, or Unavailable where it cannot be."""
        ident = self._ident(message.get("id"))
        if self._stream is None:
            raise Unavailable("This park runs without live state: there is nothing to follow", code="no-live")
        if ident in self._followed:
            self._end(ident)
        if len(self._followed) >= SUBSCRIPTIONS:
            raise Unavailable(
                f"{SUBSCRIPTIONS} subscriptions are open on this connection: end one first", code="live-subscriptions"
            )
        scope = message.get("scope") or {}
        if not isinstance(scope, dict) or not SCOPE.issuperset(scope):
            raise Invalid(
                f"The scope of subscription {ident} is not usable: expected {', '.join(sorted(SCOPE))}",
                code="live-scope",
            )
        scope, rate, window = self._within(scope), message.get("max_rate_hz", 5.0), _window(message.get("window"))
        feed = self._stream.subscribe(scope, rate, ident=ident, encoding=self._encoding)
        self._begin(tasks, ident, _Followed(scope, rate, window, feed))

    def unsubscribe(self, message: Mapping[str, Any]) -> None:
        """Follow it no more. Raises Invalid where it is not followed."""
        ident = self._ident(message.get("id"))
        if ident not in self._followed:
            raise Invalid(f"Subscription {ident!r} is not open", code="live-subscription")
        self._end(ident)

    def acknowledge(self, message: Mapping[str, Any]) -> bool:
        """The client has taken one frame. False where none is owed, as for a subscription that ended meanwhile."""
        found = self._followed.get(self._ident(message.get("id")))
        if found is None or not found.window or not found.owed:
            return False
        found.owed -= 1
        found.paid.set()
        return True

    def halt(self) -> None:
        """Send no frame until `turn`."""
        for followed in self._followed.values():
            followed.feed.close()
            followed.cancel.cancel()

    def turn(self, tasks: TaskGroup, stream: LiveStream) -> None:
        """Follow all of it on another stream from now on: each gets a new snapshot, and no frame of the old one."""
        self._stream = stream
        for ident, old in list(self._followed.items()):
            self._end(ident)
            feed = stream.subscribe(old.scope, old.rate, ident=ident, encoding=self._encoding)
            self._begin(tasks, ident, _Followed(old.scope, old.rate, old.window, feed, old.owed))

    def close(self) -> None:
        """End all."""
        for ident in list(self._followed):
            self._end(ident)

    def _begin(self, tasks: TaskGroup, ident: Ident, followed: _Followed) -> None:
        self._followed[ident] = followed
        tasks.start_soon(self._follow, followed)

    def _end(self, ident: Ident) -> None:
        found = self._followed.pop(ident)
        found.feed.close()
        found.cancel.cancel()

    async def _follow(self, followed: _Followed) -> None:
        with followed.cancel, contextlib.suppress(FeedClosed):
            while True:
                while followed.window and followed.owed >= followed.window:
                    followed.paid.clear()
                    await followed.paid.wait()
                frame = await followed.feed.next()
                followed.owed += 1
                await self._send(frame)

    def _ident(self, value: object) -> Ident:
        if isinstance(value, int) and not isinstance(value, bool) and (self._encoding is JSON or 0 <= value < 2**32):
            return value
        if self._encoding is JSON and isinstance(value, str) and 0 < len(value) <= 64:
            return value
        expected = "a number or a short text" if self._encoding is JSON else "a whole number from 0 to 2³² - 1"
        raise Invalid(f"Subscription id {value!r} is not usable: expected {expected}", code="live-id")

    def _within(self, scope: dict[str, Any]) -> dict[str, Any]:
        """The scope, kept to the layers that the client may hear of. Raises Denied where none of them is asked for."""
        if self._layers is None:
            return scope
        asked = scope.get("layers") or sorted(self._layers)
        kept = [layer for layer in asked if layer in self._layers] if isinstance(asked, list) else []
        if not kept:
            raise Denied(f"The embed token is for {', '.join(sorted(self._layers))} only", code="token-layers")
        return {**scope, "layers": kept}


def _window(value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_WINDOW:
        return value
    raise Invalid(f"window is {value!r}: expected a whole number from 1 to {MAX_WINDOW}", code="live-window")
