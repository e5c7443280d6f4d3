"""One live connection: reads the client's wishes, sends what its feeds and the events give."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

import anyio
import orjson
from anyio.abc import TaskGroup
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.http.respond import json_bytes
from server.live.events import Events
from server.live.past import PAST_TYPES, Past
from server.live.subscriptions import Subscriptions
from twin.clock import Clock
from twin.errors import Invalid, ParkError
from twin.runtime.replay import Replay, Tell
from twin.state.binary_frame import BINARY
from twin.state.frame import JSON, Encoding
from twin.state.stream import LiveStream

ENCODINGS: Final = {"parktwin.json": JSON, "parktwin.binary": BINARY}
"""Subprotocols, and how each writes frames; all other messages are JSON texts in both."""
MESSAGES: Final = 200
"""Messages that a client may send in one window; more end the connection."""
WINDOW_S: Final = 10.0
POLICY: Final = 1008
SIGNED_OUT: Final = 4401
TYPES: Final = ("subscribe", "unsubscribe", "ack", "ping", *PAST_TYPES)


class LiveClient:
    """Serves one accepted socket until it closes.

    Nothing queues for a slow client: a feed is asked for its next message only when the last one has
    left, and then gives the latest values. `still_allowed` is asked every `check_s` seconds, so that a
    session that ended closes the connection. layers: the only ones it hears of, None for all; alarms: whether it
    hears of alarms; encoding: how its frames are written; replay: opens a past, None where there is none.
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
        replay: Callable[[Tell], Replay] | None = None,
    ) -> None:
        self._socket = socket
        self._encoding = encoding
        self._tick_ms = stream.tick_ms if stream else 0
        self._events = events
        self._clock = clock
        self._still_allowed = still_allowed
        self._check_s = check_s
        self._alarms = alarms
        self._sending = asyncio.Lock()  # unlike anyio's it does not yield where nobody holds it
        self._tasks: TaskGroup
        self._followed = Subscriptions(stream, encoding, self._send_frame, layers)
        self._past = Past(stream, self._followed, replay, self._tell)
        self._heard: deque[float] = deque()

    async def serve(self, revision: int) -> None:
        """Greet, then serve until the client leaves or is asked to."""
        follower = self._events.follow(alarms=self._alarms)
        self._follower = follower
        hello = {"type": "hello", "revision": revision, "time": self._clock.now_ms(), "tick_ms": self._tick_ms}
        try:
            await self._send(json_bytes(hello))
            async with anyio.create_task_group() as self._tasks:
                for part in (self._read, self._watch, lambda: self._pump(follower.next)):
                    self._tasks.start_soon(self._until_left, part)
        except WebSocketDisconnect:
            return
        finally:
            self._events.leave(follower)
            self._followed.close()
            with anyio.CancelScope(shield=True):
                await self._past.close()

    async def _until_left(self, part: Callable[[], Awaitable[None]]) -> None:
        """Run one of the parts; when it ends, or the client has gone, all end."""
        with contextlib.suppress(WebSocketDisconnect):
            await part()
        self._tasks.cancel_scope.cancel()

    async def _send(self, text: bytes) -> None:
        async with self._sending:
            await self._socket.send_text(text.decode())

    async def _send_frame(self, frame: bytes) -> None:
        try:
            if self._encoding is JSON:
                await self._send(frame)
                return
            async with self._sending:
                await self._socket.send_bytes(frame)
        except WebSocketDisconnect:
            self._tasks.cancel_scope.cancel()

    async def _tell(self, message: dict[str, Any]) -> None:
        if message["type"] in {"alarm", "past-alarms"} and not self._alarms:
            return
        with contextlib.suppress(WebSocketDisconnect):  # the parts that read and send end everything
            await self._send(json_bytes(message))

    async def _pump(self, following: Callable[[], Awaitable[bytes]]) -> None:
        while True:
            await self._send(await following())

    async def _watch(self) -> None:
        while True:
            await anyio.sleep(self._check_s)
            if not self._still_allowed():
                await self._socket.close(SIGNED_OUT, "The session has ended: sign in again")
                return

    async def _read(self) -> None:
        while True:
            text = await self._socket.receive_text()
            too_many = self._too_many()
            try:
                message = _parse(text)
                if message.get("type") == "ack" and self._followed.acknowledge(message):
                    self._heard.pop()  # as many as the frames that were sent: not the client's own wish
                    continue
                if too_many:
                    break
                await self._handle(message)
            except ParkError as error:
                if too_many:
                    break
                await self._send(json_bytes({"type": "error", "code": error.code, "message": error.message}))
        await self._socket.close(POLICY, f"More than {MESSAGES} messages in {WINDOW_S:.0f} s")

    def _too_many(self) -> bool:
        now = self._clock.monotonic()
        while self._heard and now - self._heard[0] >= WINDOW_S:
            self._heard.popleft()
        self._heard.append(now)
        return len(self._heard) > MESSAGES

    async def _handle(self, message: dict[str, Any]) -> None:
        kind, ident = message.get("type"), message.get("id")
        if kind == "ping":
            await self._send(json_bytes({"type": "pong", "id": ident, "time": self._clock.now_ms()}))
        elif kind == "subscribe":
            self._followed.subscribe(self._tasks, message)
        elif kind == "unsubscribe":
            self._followed.unsubscribe(message)
        elif kind in PAST_TYPES:
            await self._past.handle(self._tasks, message)
            self._follower.present = not self._past.open
        elif kind != "ack":  # of a frame that is not owed, or of a subscription that ended meanwhile: nothing to do
            raise Invalid(f"Message type {kind!r} is unknown: expected {', '.join(TYPES)}", code="live-message")


def _parse(text: str) -> dict[str, Any]:
    try:
        message = orjson.loads(text)
    except ValueError as error:
        raise Invalid(f"The message is no JSON: {error}", code="live-message") from error
    if not isinstance(message, dict):
        raise Invalid("The message is no JSON object", code="live-message")
    return message
