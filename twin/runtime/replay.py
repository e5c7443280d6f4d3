"""A past that plays: the same frames as live ones, from the history, at any speed.

A replay holds one state of all points, as the hub does, and a few ticks read ahead with at most one row per point and
tick: its memory does not depend on how long or how fast it plays. Where reading is slower than it should play, it plays slower.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from twin.clock import Clock
from twin.errors import Invalid, ParkError
from twin.rules.past_alarms import events_between, open_at
from twin.runtime.day_start import positions
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.past_hub import PastHub
from twin.state.picture import Steps, changes, picture_at
from twin.state.samples import Ints
from twin.state.stream import LiveStream

log = logging.getLogger(__name__)

AHEAD: Final = 5
"""Ticks that are read at once."""
SPEEDS: Final = (0.1, 86_400.0)
TELL_S: Final = 1.0
"""How often a playing replay tells where it stands."""

Tell = Callable[[dict[str, Any]], Awaitable[None]]


class Source(Protocol):
    """Where a replay takes points and history from: the running park."""

    hub: Hub
    stream: LiveStream
    clock: Clock

    @property
    def store(self) -> History:
        """The history."""
        ...

    @property
    def keys(self) -> Ints:
        """Keys of the points in the history, in index order."""
        ...


class Replay:
    """One client's past. `stream` is what its feeds follow; tell: is given messages `replay`, `past-alarms`, `alarm`, `error`."""

    def __init__(self, source: Source, tell: Tell, closed: Callable[[Replay], None] = lambda _replay: None) -> None:
        self._source, self._tell, self._closed = source, tell, closed
        self.state, self.at, self.speed = "paused", 0, 1.0
        self._end = 0
        self._base = source.hub
        self._hub = PastHub(source.hub, 0)
        self.stream = LiveStream(self._hub, source.stream.resolve, source.stream.tick_ms)
        self._moves = 0  # counts seeks, so that what was read for an earlier one is left out
        self._start, self._step = 0, 0
        self._steps: Steps | None = None
        self._keys: Ints = source.keys
        self._events: list[tuple[int, str, dict[str, Any]]] = []
        self._playing = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="replay")

    async def play(self, start: int | None, end: int | None, speed: float | None) -> None:
        """Play from an instant (epoch ms; None: from where it stands) to another (None: now), `speed` seconds a second.

        Raises Invalid where a value is not usable, Unavailable where the history cannot be read.
        """
        now = self._source.clock.now_ms()
        rate = self.speed if speed is None else speed
        if not (math.isfinite(rate) and SPEEDS[0] <= rate <= SPEEDS[1]):
            raise Invalid(f"speed is {speed!r}: expected {SPEEDS[0]} … {SPEEDS[1]:.0f}", code="replay-speed")
        first = self.at if start is None else start
        last = end if end is not None else self._end if start is None and self._end > first else now
        if not 0 < first < last <= now:
            raise Invalid(f"A replay of {first} … {last}: expected from < to ≤ now, {now}", code="replay-span")
        self.speed, self._end = rate, last
        self._steps = None
        await self._go(first, "playing")

    async def seek(self, at: int) -> None:
        """Go to an instant, epoch ms; playing or standing as before. Raises Invalid, Unavailable."""
        now = self._source.clock.now_ms()
        if not 0 < at <= now:
            raise Invalid(f"seek to {at}: expected an instant up to now, {now}", code="replay-span")
        if at >= self._end:
            self._end = now
        await self._go(at, "playing" if self.state == "playing" and at < self._end else "paused")

    async def pause(self) -> None:
        """Stand still."""
        self._set("paused")
        await self._tell(self._status())

    async def close(self) -> None:
        """End it; its feeds get nothing any more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self.stream.close()
        self._closed(self)

    async def _go(self, at: int, state: str) -> None:
        self._moves += 1
        move, source, keys = self._moves, self._source, self._source.keys
        self._playing.clear()
        base, resolve = source.hub, source.stream.resolve
        picture = await source.store.read(lambda cursor: picture_at(cursor, at, keys))
        alarms = await source.store.read(lambda cursor: open_at(cursor, at))
        if move != self._moves:
            return  # somebody went elsewhere meanwhile
        self._base, self._keys, self.at = base, keys, at
        self._hub = PastHub(base, at)
        self._hub.show(positions(keys, picture.keys), picture, at)
        self._hub.tick()
        self._steps = None
        self._set(state)
        await self._tell(self._status())
        await self._tell({"type": "past-alarms", "at": at, "items": alarms})
        self.stream.rebind(self._hub, resolve)

    async def _run(self) -> None:
        pause = self.stream.tick_ms / 1000
        loop = asyncio.get_running_loop()
        due = told = loop.time()
        while True:
            if not self._playing.is_set():
                await self._playing.wait()
                due = told = loop.time()
            due = max(due + pause, loop.time())  # what could not be read in time is played later, not faster
            await asyncio.sleep(due - loop.time())
            try:
                await self._advance()
                if self.state == "playing" and loop.time() - told >= TELL_S:
                    told = loop.time()
                    await self._tell(self._status())
            except ParkError as error:
                self._set("paused")
                await self._tell({"type": "error", "code": error.code, "message": error.message})
                await self._tell(self._status())

    async def _advance(self) -> None:
        source, move = self._source, self._moves
        if source.hub is not self._base:  # other points were published: the same moment, seen through them
            await self._go(self.at, self.state)
            return
        step = self.stream.tick_ms * self.speed
        if self._steps is None or self._step >= AHEAD:
            start, keys = self.at, self._keys
            found = await source.store.read(lambda cursor: changes(cursor, start, step, AHEAD, keys))
            events = await source.store.read(lambda cursor: events_between(cursor, start, start + int(step * AHEAD)))
            if move != self._moves or not self._playing.is_set():
                return
            self._start, self._steps, self._step, self._events = start, found, 0, events
        part = self._steps.step(self._step)
        self._step += 1
        self.at = min(self._end, self._start + int(step * self._step))
        self._hub.show(positions(self._keys, part.keys), part, self.at)
        self._hub.tick()
        self.stream.publish()
        while self._events and self._events[0][0] <= self.at:
            _, event, alarm = self._events.pop(0)
            await self._tell({"type": "alarm", "event": event, "alarm": alarm, "past": True})
        if self.at >= self._end:
            self._set("ended")
            await self._tell(self._status())

    def _set(self, state: str) -> None:
        self.state = state
        if state == "playing":
            self._playing.set()
        else:
            self._playing.clear()

    def _status(self) -> dict[str, Any]:
        return {"type": "replay", "state": self.state, "at": self.at, "to": self._end, "speed": self.speed}
