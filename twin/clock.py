"""Time as an argument: code asks a `Clock`, tests pass their own."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the kernel needs of time."""

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for durations and delays."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch, UTC."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()


class ManualClock:
    """A clock that only moves when told to; for tests and replays."""

    def __init__(self, now_ms: int = 1_700_000_000_000) -> None:
        self._now_ms = now_ms
        self._start = now_ms

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch, UTC."""
        return self._now_ms

    def monotonic(self) -> float:
        """Seconds since this clock was made."""
        return (self._now_ms - self._start) / 1000.0

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._now_ms += round(seconds * 1000)


def iso(epoch_ms: int) -> str:
    """Epoch milliseconds as RFC 3339 text in UTC."""
    return datetime.fromtimestamp(epoch_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
