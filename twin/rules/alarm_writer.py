"""Writes alarms and their events behind: what could not be written is written again later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from twin.clock import Clock
from twin.errors import Unavailable
from twin.rules import alarm_table
from twin.rules.alarm import Alarm, AlarmEvent
from twin.state.history import History

log = logging.getLogger(__name__)

RETRY_MS = 5000
MAX_EVENTS = 200_000
"""Events that may wait for a disk that is full; then the oldest go. The alarms' own rows are never given up."""
CHUNK = 4000
"""Rows of one write: DuckDB takes some 60 MB to read that much text."""


class AlarmWriter:
    """Alarms and events that are not committed yet, written in the order of what happened."""

    def __init__(self, history: History, clock: Clock) -> None:
        self._history, self._clock = history, clock
        self.alarms: dict[str, Alarm] = {}
        self._events: list[AlarmEvent] = []
        self._saving: asyncio.Task[None] | None = None
        self._retry_at = 0

    def keep(self, events: Sequence[AlarmEvent]) -> None:
        """Queue events and the alarms that they leave behind; write them where nothing is being written."""
        for event in events:
            self.alarms[event.alarm.id] = event.alarm
        self._events += events
        if self._saving is None:  # else the running write's count would no longer fit
            del self._events[:-MAX_EVENTS]
        self._begin()

    def settled(self, alarms: Sequence[Alarm]) -> None:
        """These were committed otherwise: an older state of theirs must not be written over it."""
        for alarm in alarms:
            self.alarms.pop(alarm.id, None)

    async def flush(self) -> None:
        """Wait until all that happened is committed, or once more refused."""
        while self._saving is not None or self._due():
            self._begin()
            if self._saving is not None:
                await self._saving

    def _due(self) -> bool:
        return bool(self.alarms or self._events) and self._clock.now_ms() >= self._retry_at

    def _begin(self) -> None:
        if self._saving is not None or not self._due():
            return
        # Submitted at once, so that the order of writes is the order of what happened.
        alarms = dict(list(self.alarms.items())[:CHUNK]) if len(self.alarms) > CHUNK else dict(self.alarms)
        events = self._events[:CHUNK]
        try:
            done = self._history.write(alarm_table.save(list(alarms.values()), events))
        except Unavailable as error:
            self._refused(error)
        else:
            self._saving = asyncio.get_running_loop().create_task(self._written(done, alarms, len(events)))

    async def _written(self, done: asyncio.Future[None], alarms: dict[str, Alarm], events: int) -> None:
        try:
            await done
        except Unavailable as error:
            self._refused(error)
        else:
            self._retry_at = 0
            for name, alarm in alarms.items():
                if self.alarms.get(name) is alarm:
                    del self.alarms[name]
            del self._events[:events]
        finally:
            self._saving = None
        self._begin()

    def _refused(self, error: Unavailable) -> None:
        log.warning("%d alarms were not written and will be again: %s", len(self.alarms), error)
        self._retry_at = self._clock.now_ms() + RETRY_MS
