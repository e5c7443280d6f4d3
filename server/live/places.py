"""How many live connections may be open: in all, and by one user or anonymous address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from twin.errors import Unavailable


class Places:
    """Counts open connections; used on the event loop only."""

    def __init__(self, total: int, each: int) -> None:
        self._total = total
        self._each = each
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """Connections that are open."""
        return self._taken.total()

    @contextmanager
    def take(self, who: str) -> Iterator[None]:
        """Hold a place. Raises Unavailable where none is left."""
        if self.taken >= self._total:
            raise Unavailable(
                f"{self._total} live connections are open: close one or raise the limit", code="live-full"
            )
        if self._taken[who] >= self._each:
            raise Unavailable(
                f"{who} has {self._each} live connections open: close one of them", code="live-full-for-user"
            )
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]
