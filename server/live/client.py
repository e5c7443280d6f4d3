"""One live connection: reads the client's wishes, sends what its feeds and the events give."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

import anyio
import orjson
from anyio.abc import TaskGroup
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.http.respond import json_bytes
from server.live.events import Events
from twin.clock import Clock
from twin.errors import Denied, Invalid, ParkError, Unavailable
from twin.state.binary_frame import BINARY
from twin.state.frame import JSON, Encoding, Ident
from twin.state.scope import LISTS
from twin.state.stream import Feed, FeedClosed, LiveStream

ENCODINGS: Final = {"parktwin.json": JSON, "parktwin.binary": BINARY}
"""Subprotocols, and how each writes frames; all other messages are JSON texts in both."""
SUBSCRIPTIONS: Final = 64
MESSAGES: Final = 200
"""Messages that a client may send in one window; more end the connection."""
WINDOW_S: Final = 10.0
POLICY: Final = 1008
SIGNED_OUT: Final = 4401
SCOPE: Final = frozenset({*LISTS, "box"})


class LiveClient:
    """Serves one accepted socket until it closes.

    Nothing queues for a slow client: a feed is asked for its next message only when the last one has
    left, and then gives the latest values. `still_allowed` is asked every `check_s` seconds, so that a
    session that ended closes the connection. layers: the only ones it hears of, None for all; alarms: whether it
    hears of alarms; encoding: how its frames are written.
    """

    def __init__(
        self,
        socket: WebSocket,
        stream: LiveStream | None,
        events: Events,
        clock: Clock,
        *,
        still_allowed: Callable[[], bool],
        check_s: float,
        layers: frozenset[str] | None = None,
        alarms: bool = True,
        encoding: Encoding = JSON,
    ) -> None:
        self._socket = socket
        self._encoding = encoding
        self._stream = stream
        self._events = events
        self._clock = clock
        self._still_allowed = still_allowed
        self._check_s = check_s
        self._layers = layers
        self._alarms = alarms
        self._sending = anyio.Lock()
        self._tasks: TaskGroup
        self._feeds: dict[Ident, tuple[Feed, anyio.CancelScope]] = {}
        self._heard: list[float] = []

    async def serve(self, revision: int) -> None:
        """Greet, then serve until the client leaves or is asked to."""
        follower = self._events.follow(alarms=self._alarms)
        tick_ms = self._stream.tick_ms if self._stream else 0
        hello = {"type": "hello", "revision": revision, "time": self._clock.now_ms(), "tick_ms": tick_ms}
        try:
            await self._send(json_bytes(hello))
            async with anyio.create_task_group() as self._tasks:
                for part in (self._read, self._watch, lambda: self._pump(follower.next, self._send)):
                    self._tasks.start_soon(self._until_left, part)
        except WebSocketDisconnect:
            return
        finally:
            self._events.leave(follower)
            for feed, _scope in self._feeds.values():
                feed.close()

    async def _until_left(self, part: Callable[[], Awaitable[None]]) -> None:
        """Run one of the parts; when it ends, or the client has gone, all end."""
        with contextlib.suppress(WebSocketDisconnect):
            await part()
        self._tasks.cancel_scope.cancel()

    async def _send(self, text: bytes) -> None:
        async with self._sending:
            await self._socket.send_text(text.decode())

    async def _send_frame(self, frame: bytes) -> None:
        if self._encoding is JSON:
            await self._send(frame)
            return
        async with self._sending:
            await self._socket.send_bytes(frame)

    async def _pump(self, following: Callable[[], Awaitable[bytes]], send: Callable[[bytes], Awaitable[None]]) -> None:
        while True:
            await send(await following())

    async def _follow(self, feed: Feed, scope: anyio.CancelScope) -> None:
        with scope, contextlib.suppress(FeedClosed):
            try:
                await self._pump(feed.next, self._send_frame)
            except WebSocketDisconnect:
                self._tasks.cancel_scope.cancel()

    async def _watch(self) -> None:
        while True:
            await anyio.sleep(self._check_s)
            if not self._still_allowed():
                await self._socket.close(SIGNED_OUT, "The session has ended: sign in again")
                return

    async def _read(self) -> None:
        while True:
            text = await self._socket.receive_text()
            if self._too_many():
                await self._socket.close(POLICY, f"More than {MESSAGES} messages in {WINDOW_S:.0f} s")
                return
            try:
                await self._handle(_parse(text))
            except ParkError as error:
                await self._send(json_bytes({"type": "error", "code": error.code, "message": error.message}))

    def _too_many(self) -> bool:
        now = self._clock.monotonic()
        self._heard = [moment for moment in self._heard if now - moment < WINDOW_S]
        self._heard.append(now)
        return len(self._heard) > MESSAGES

    async def _handle(self, message: dict[str, Any]) -> None:
        kind, ident = message.get("type"), message.get("id")
        if kind == "ping":
            await self._send(json_bytes({"type": "pong", "id": ident, "time": self._clock.now_ms()}))
        elif kind == "subscribe":
            self._subscribe(self._ident(ident), message)
        elif kind == "unsubscribe":
            self._unsubscribe(self._ident(ident))
        else:
            raise Invalid(
                f"Message type {kind!r} is unknown: expected subscribe, unsubscribe or ping", code="live-message"
            )

    def _subscribe(self, ident: Ident, message: dict[str, Any]) -> None:
        if self._stream is None:
            raise Unavailable("This park runs without live state: there is nothing to follow", code="no-live")
        if ident in self._feeds:
            self._unsubscribe(ident)
        if len(self._feeds) >= SUBSCRIPTIONS:
            raise Unavailable(
                f"{SUBSCRIPTIONS} subscriptions are open on this connection: end one first", code="live-subscriptions"
            )
        scope = message.get("scope") or {}
        if not isinstance(scope, dict) or not SCOPE.issuperset(scope):
            raise Invalid(
                f"The scope of subscription {ident} is not usable: expected {', '.join(sorted(SCOPE))}",
                code="live-scope",
            )
        feed = self._stream.subscribe(
            self._within(scope), message.get("max_rate_hz", 5.0), ident=ident, encoding=self._encoding
        )
        scope_of_feed = anyio.CancelScope()
        self._feeds[ident] = feed, scope_of_feed
        self._tasks.start_soon(self._follow, feed, scope_of_feed)

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

    def _unsubscribe(self, ident: Ident) -> None:
        found = self._feeds.pop(ident, None)
        if found is None:
            raise Invalid(f"Subscription {ident!r} is not open", code="live-subscription")
        feed, scope = found
        feed.close()
        scope.cancel()


def _parse(text: str) -> dict[str, Any]:
    try:
        message = orjson.loads(text)
    except ValueError as error:
        raise Invalid(f"The message is no JSON: {error}", code="live-message") from error
    if not isinstance(message, dict):
        raise Invalid("The message is no JSON object", code="live-message")
    return message
