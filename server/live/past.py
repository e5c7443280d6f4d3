"""A live connection's way into the past and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from anyio.abc import TaskGroup

from server.live.subscriptions import Subscriptions
from twin.errors import Conflict, Invalid, Unavailable
from twin.runtime.replay import Replay, Tell
from twin.state.stream import LiveStream

PAST_TYPES: Final = ("replay", "pause", "seek", "live")


class Past:
    """Turns a connection's subscriptions to a replay, and back to the present `stream`."""

    def __init__(
        self,
        stream: LiveStream | None,
        followed: Subscriptions,
        make: Callable[[Tell], Replay] | None,
        tell: Tell,
    ) -> None:
        self._stream, self._followed, self._make, self._tell = stream, followed, make, tell
        self._replay: Replay | None = None

    @property
    def open(self) -> bool:
        """Whether the connection shows the past."""
        return self._replay is not None

    async def handle(self, tasks: TaskGroup, message: Mapping[str, Any]) -> None:
        """Do what a message of `PAST_TYPES` asks for. Raises Invalid, Conflict, Unavailable; then all stays as it was."""
        kind = message["type"]
        if kind == "replay":
            await self._play(tasks, message)
        elif self._replay is None:
            raise Conflict(f"{kind}: this connection shows the present; send replay first", code="replay-none")
        elif kind == "pause":
            await self._replay.pause()
        elif kind == "seek":
            await self._replay.seek(_instant(message, "at"))
        else:
            await self._live(tasks)

    async def close(self) -> None:
        """End the replay where there is one."""
        replay, self._replay = self._replay, None
        if replay is not None:
            await replay.close()

    async def _play(self, tasks: TaskGroup, message: Mapping[str, Any]) -> None:
        start = None if message.get("from") is None else _instant(message, "from")
        end = None if message.get("to") is None else _instant(message, "to")
        speed = message.get("speed")
        if speed is not None and (not isinstance(speed, int | float) or isinstance(speed, bool)):
            raise Invalid(f"speed is {speed!r}: expected a number", code="replay-speed")
        if self._replay is not None:
            await self._replay.play(start, end, speed)
            return
        if start is None:
            raise Invalid("replay: from is missing; expected epoch milliseconds", code="replay-span")
        if self._make is None:
            raise Unavailable("This park runs without live state: it keeps no history", code="no-live")
        replay = self._make(self._tell)
        self._followed.halt()  # so that no frame of now comes after the message that the past begins
        try:
            await replay.play(start, end, speed)
        except BaseException:
            await replay.close()
            if self._stream is not None:
                self._followed.turn(tasks, self._stream)
            raise
        self._replay = replay
        self._followed.turn(tasks, replay.stream)

    async def _live(self, tasks: TaskGroup) -> None:
        replay, self._replay = self._replay, None
        if replay is None or self._stream is None:
            return
        self._followed.halt()
        await replay.close()
        await self._tell({"type": "replay", "state": "live", "at": replay.at, "to": replay.at, "speed": replay.speed})
        self._followed.turn(tasks, self._stream)


def _instant(message: Mapping[str, Any], name: str) -> int:
    value = message.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Invalid(f"{message['type']}: {name} is {value!r}; expected epoch milliseconds", code="replay-span")
