"""What the server needs of a park's live state; `server/live/park.py` gives it from `twin.runtime`."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any, Protocol

from twin.state.history import History
from twin.state.hub import Hub
from twin.state.stream import LiveStream


class Runtime(Protocol):
    """Hub, stream, history, alarms and indicators of one park, running on the server's event loop."""

    @property
    def hub(self) -> Hub:
        """Latest values by point index."""
        ...

    @property
    def stream(self) -> LiveStream:
        """What live clients follow."""
        ...

    @property
    def store(self) -> History:
        """The history. Raises Unavailable before the start."""
        ...

    @property
    def timezone(self) -> tzinfo:
        """Where the park's day begins."""
        ...

    async def start(self) -> None:
        """Open the history, connect, begin to tick."""
        ...

    async def close(self) -> None:
        """Stop, with everything that was taken committed."""
        ...

    async def rebind(self) -> None:
        """Take points and state indices anew, after something was published."""
        ...

    async def history(self, point_id: str, start: int, end: int, count: int) -> dict[str, list[Any]]:
        """`{t, min, mean, max, count}` in equal buckets of [start, end), epoch ms. Raises NotFound, Invalid."""
        ...

    async def alarms(self, state: str | None, limit: int, offset: int) -> dict[str, Any]:
        """`{items, total}`; `state`: open, active, acknowledged, cleared or None for all."""
        ...

    async def acknowledge(self, alarm_id: str, user: str, comment: str) -> dict[str, Any]:
        """Acknowledge an open alarm; returns it. Raises NotFound, Conflict."""
        ...

    async def indicators(self) -> list[dict[str, Any]]:
        """Indicators with their present value, trend and breakdown."""
        ...

    def status(self) -> dict[str, Any]:
        """`{connections, broker, simulated, points, history, rules_without_points}` for the status page."""
        ...

    def trouble(self) -> str:
        """Why the live state does not run; empty where it does."""
        ...
