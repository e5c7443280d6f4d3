"""A connector that keeps a session with its counterpart: it connects, serves, and comes back by itself."""

from __future__ import annotations

import asyncio
import logging
import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from twin.clock import Clock, SystemClock
from twin.connectors.connector import Counters, Sink, State
from twin.connectors.intake import Arrived, Intake
from twin.connectors.mapping import Mapped
from twin.errors import ParkError, Unavailable
from twin.state.point import PointSpec

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
PATIENCE_S = 300.0
"""How long a session may go without getting any further before it is given up and begun anew."""


class Lost(Exception):
    """The session is over; the text says why, and is shown to people."""


class SessionConnector(ABC):
    """Base of connectors that run on the event loop.

    A kind writes `session`: connect, call `connected`, serve, and raise `Lost` (or any OSError, ParkError,
    TimeoutError) where the counterpart is gone. This class starts it again after a pause that doubles from
    first_pause_s to longest_pause_s, with a random tenth so that many do not come back at once. An error of our
    own is logged with its traceback, told in `detail`, and ends nothing else. A session that has not connected
    within patience_s is given up like one that is lost; so is one of a kind that `polls` and got no further since
    `alive` was called last. A kind that waits to be sent something may wait for ever.
    """

    kind: ClassVar[str]
    polls: ClassVar[bool] = False

    def __init__(
        self,
        name: str,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        clock: Clock | None = None,
        first_pause_s: float = FIRST_PAUSE_S,
        longest_pause_s: float = LONGEST_PAUSE_S,
    ) -> None:
        self.name, self.clock = name, clock or SystemClock()
        self.state, self.detail = State.STOPPED, ""
        self.counters = Counters()
        self.intake = Intake(self.kind, points, sink, self.clock, self.counters)
        self._first_pause_s, self._longest_pause_s = first_pause_s, longest_pause_s
        self.patience_s = PATIENCE_S
        self._failures = 0
        self._limit: asyncio.Timeout | None = None  # of the session that runs
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    @abstractmethod
    async def session(self) -> None:
        """One session, from connecting to its loss. Cleans up after itself, also when it is cancelled."""

    def rebound(self) -> None:  # noqa: B027  a hook: most kinds look addresses up as they go
        """The points changed; `intake.addresses` has the new ones. A kind that asked for addresses asks anew."""

    def connected(self, detail: str) -> None:
        """Say that the counterpart answers."""
        self._failures = 0
        self.counters.connections += 1
        self.set_state(State.CONNECTED, detail)

    def set_state(self, state: State, detail: str) -> None:
        """Tell where the connector stands."""
        if state is not self.state:
            log.info("Connector %s is %s: %s", self.name, state, detail)
        self.state, self.detail = state, detail
        self._changed.set()
        if state is State.CONNECTED:
            self._limit_to(self.patience_s if self.polls else None)

    def alive(self) -> None:
        """Say that the session gets further; one that polls does so at every answer, or the like."""
        if self.polls or self.state is not State.CONNECTED:
            self._limit_to(self.patience_s)

    def not_connected(self) -> Unavailable:
        """The error of a command that finds no session."""
        return Unavailable(f"Connector {self.name!r} is not connected: {self.detail}", code="not-connected")

    async def wait_for(self, state: State) -> None:
        """Wait until the connector is in a state."""
        while self.state is not state:
            self._changed.clear()
            await self._changed.wait()

    async def start(self) -> None:
        """Begin to connect, and return."""
        if self._task is None:
            self.set_state(State.CONNECTING, "")
            self._task = asyncio.create_task(self._run(), name=f"connector-{self.name}")

    async def stop(self) -> None:
        """Let go: no reading is handed over after this."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self.set_state(State.STOPPED, "")

    def bind(self, points: Sequence[PointSpec]) -> None:
        """Serve other points from now on."""
        self.intake.bind(points)
        self.rebound()

    def map(self, mapped: Mapping[str, Mapped]) -> None:
        """Take the mapping's entries for this connector, by address; after `bind`, which forgets those before."""
        self.intake.map(mapped)
        self.rebound()

    def last(self, address: str) -> Arrived | None:
        """What came last from an address; None where nothing did."""
        return self.intake.last(address)

    def candidates(self) -> list[dict[str, object]]:
        """Addresses that send values but belong to no point."""
        return self.intake.candidates()

    async def _run(self) -> None:
        while True:
            limit = self._limit = asyncio.timeout(self.patience_s)
            try:
                async with limit:
                    await self.session()
                why = "the counterpart ended the session"
            except (Lost, ParkError, OSError, TimeoutError) as error:
                stuck = limit.expired() and isinstance(error, TimeoutError)
                why = f"stuck for {self.patience_s:g} s" if stuck else str(error) or type(error).__name__
            except Exception as error:
                log.exception("Connector %s failed", self.name)
                why = f"a defect of parktwin ({type(error).__name__}: {error}); the traceback is in the log"
            finally:
                self._limit = None
            self.set_state(State.FAILED, f"{why}; trying again")
            await asyncio.sleep(self._pause_s())

    def _limit_to(self, seconds: float | None) -> None:
        limit = self._limit
        if limit is not None and not limit.expired():
            limit.reschedule(None if seconds is None else asyncio.get_running_loop().time() + seconds)

    def _pause_s(self) -> float:
        pause = min(self._longest_pause_s, self._first_pause_s * 2.0 ** min(self._failures, 30))
        self._failures += 1
        return pause * (1 + 0.1 * random.random())  # noqa: S311  not for secrets
