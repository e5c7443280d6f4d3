"""Guessing passwords is made slow: pauses that double, by user and address, by user, and by address."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from server.errors import Throttled
from twin.clock import Clock

FORGET_S = 3600.0
MAX_KEYS = 10_000
WIDE = 6
"""A user from all addresses, or an address for all users, may fail so many times more often: nobody can lock
another one out from one address, and guessing from many addresses is still slow."""


@dataclass
class _Record:
    failures: int = 0
    last: float = 0.0
    until: float = 0.0


class Throttle:
    """Counts failures in memory; a restart forgets them. Safe from several threads."""

    def __init__(self, clock: Clock, *, attempts: int, pause_s: float, pause_max_s: float) -> None:
        self._clock = clock
        self._attempts = attempts
        self._pause_s = pause_s
        self._pause_max_s = pause_max_s
        self._records: dict[tuple[str, str], _Record] = {}
        self._lock = threading.Lock()

    def check(self, user: str, address: str) -> None:
        """Raises Throttled while a pause lasts."""
        now = self._clock.monotonic()
        with self._lock:
            until = max(
                (self._records[key].until for key, _ in self._keys(user, address) if key in self._records), default=0.0
            )
        if until > now:
            wait = until - now
            raise Throttled(f"Too many wrong passwords: try again in {wait:.0f} seconds", retry_after_s=round(wait, 1))

    def failed(self, user: str, address: str) -> None:
        """Remember a wrong password."""
        now = self._clock.monotonic()
        with self._lock:
            if len(self._records) >= MAX_KEYS:
                self._forget(now)
            for key, allowed in self._keys(user, address):
                record = self._records.setdefault(key, _Record())
                if now - record.last > FORGET_S:
                    record.failures = 0
                record.failures += 1
                record.last = now
                over = record.failures - allowed
                if over >= 0:
                    record.until = now + min(self._pause_max_s, self._pause_s * 2.0 ** min(over, 20))

    def succeeded(self, user: str, address: str) -> None:
        """A right password ends the count of this user at this address."""
        with self._lock:
            self._records.pop((user, address), None)

    def _keys(self, user: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
        wide = self._attempts * WIDE
        return ((user, address), self._attempts), ((user, ""), wide), (("", address), wide)

    def _forget(self, now: float) -> None:
        self._records = {key: record for key, record in self._records.items() if now - record.last <= FORGET_S}
        if len(self._records) >= MAX_KEYS:  # an attack from very many addresses: keep the newest half
            newest = sorted(self._records.items(), key=lambda entry: entry[1].last)[MAX_KEYS // 2 :]
            self._records = dict(newest)
