"""Events for all live clients: an alarm changed, the scene was published anew."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Final

from server.http.respond import json_bytes

WAITING: Final = 256
LOST: Final = json_bytes(
    {"type": "error", "code": "events-lost", "message": "Events were lost on the way: read /api/v1/alarms again"}
)


class Follower:
    """One client's waiting events. When too many wait, the oldest go, and the client is told to read again."""

    def __init__(self, *, alarms: bool = True) -> None:
        self.alarms = alarms
        self.present = True  # a client that looks at the past hears of no alarm of now
        self._waiting: deque[bytes] = deque()
        self._filled = asyncio.Event()
        self._lost = False

    def push(self, text: bytes) -> None:
        """Add an event."""
        if len(self._waiting) >= WAITING:
            self._waiting.popleft()
            self._lost = True
        self._waiting.append(text)
        self._filled.set()

    async def next(self) -> bytes:
        """The next event; waits for one."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        if self._lost:
            self._lost = False
            return LOST
        return self._waiting.popleft()


class Events:
    """The board on which events are put up; encoded once for all clients."""

    def __init__(self) -> None:
        self._followers: set[Follower] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the loop that the clients run on."""
        self._loop = loop

    def follow(self, *, alarms: bool = True) -> Follower:
        """Follow from now on, without `alarms` (and commands) the scene only; on the event loop."""
        follower = Follower(alarms=alarms)
        self._followers.add(follower)
        return follower

    def leave(self, follower: Follower) -> None:
        """Follow no more."""
        self._followers.discard(follower)

    def publish(self, event: Mapping[str, object]) -> None:
        """Tell all clients; from any thread."""
        if self._loop is None or self._loop.is_closed():
            return
        text, kind = json_bytes(event), str(event.get("type"))
        try:
            self._loop.call_soon_threadsafe(self._push, text, kind)
        except RuntimeError:  # the loop closed in this instant: nobody is left to tell
            return

    def scene(self, revision: int) -> None:
        """Something was published or withdrawn."""
        self.publish({"type": "scene", "revision": revision})

    def alarm(self, event: str, alarm: Mapping[str, object], count: int = 1) -> None:
        """Something happened to an alarm, or (`many`) to `count` of them."""
        self.publish({"type": "alarm", "event": event, "alarm": alarm, "count": count})

    def command(self, command: Mapping[str, object]) -> None:
        """A command was asked for, sent, or has its outcome."""
        self.publish({"type": "command", "command": command})

    def _push(self, text: bytes, kind: str) -> None:
        for follower in self._followers:
            if kind == "scene" or (follower.alarms and (kind != "alarm" or follower.present)):
                follower.push(text)
