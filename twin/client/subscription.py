"""One subscription of a client: an iterator of frames that holds at most one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from twin.client.frame import Frame, merged


class Subscription(AsyncIterator[Frame]):
    """Frames of a scope. What arrives while nobody asks is merged into one frame, so a slow reader never lags behind.

    The first frame is a snapshot; another one comes after each reconnection and when the points changed. Iteration
    ends when the subscription or the client is closed.
    """

    def __init__(
        self, ident: int, scope: Mapping[str, object], rate_hz: float, taken: Callable[[int, int], Awaitable[None]]
    ) -> None:
        self.ident, self.scope, self.rate_hz = ident, scope, rate_hz
        self._taken = taken
        self._waiting: Frame | None = None
        self._count = 0  # messages merged into the one that waits
        self._changed = asyncio.Event()
        self._error: BaseException | None = None
        self._closed = False

    def put(self, frame: Frame) -> None:
        """Take a frame from the connection."""
        self._waiting = frame if self._waiting is None else merged(self._waiting, frame)
        self._count += 1
        self._changed.set()

    def close(self, error: BaseException | None = None) -> None:
        """End the iteration, with an error where there is one; `ParkClient.unsubscribe` tells the server too."""
        self._closed, self._error = True, error
        self._changed.set()

    async def __anext__(self) -> Frame:
        while self._waiting is None:
            if self._closed:
                if self._error is not None:
                    raise self._error
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        frame, self._waiting = self._waiting, None
        count, self._count = self._count, 0
        await self._taken(self.ident, count)
        return frame
