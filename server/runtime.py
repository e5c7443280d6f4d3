"""What the server needs of a park's live state; `server/live/park.py` gives it from `twin.runtime`."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any, Protocol

from twin.commands.commands import Commands
from twin.rules.alarms import Alarms
from twin.runtime.connecting import Connecting
from twin.runtime.park_runtime import ParkRuntime
from twin.runtime.replay import Replay, Tell
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
    def connecting(self) -> Connecting:
        """The connectors and the mapping of their addresses."""
        ...

    @property
    def book(self) -> Alarms:
        """The alarms. Raises Unavailable while the park does not run."""
        ...

    @property
    def park(self) -> ParkRuntime:
        """The kernel's runtime itself: its history and its broker."""
        ...

    @property
    def commands(self) -> Commands:
        """What people ask devices to do. Raises Unavailable before the start."""
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
        """`{items, total}`; `state`: open, held, one of the states, or None for all."""
        ...

    def placed(self, row: dict[str, Any]) -> dict[str, Any]:
        """An alarm's row with the state index and box of its object."""
        ...

    def names(self, gids: list[str]) -> dict[str, str]:
        """Names of those gids that are objects."""
        ...

    def rules(self) -> dict[str, Any]:
        """`{items, rows, error, problems, without_points}` of the alarm rules in force."""
        ...

    async def reload_rules(self) -> None:
        """Put the rules of `alarms.yaml` in force. Raises Invalid where it is wrong: those before go on."""
        ...

    async def acknowledge(self, alarm_id: str, user: str, comment: str) -> dict[str, Any]:
        """Acknowledge an open alarm; returns it. Raises NotFound, Conflict."""
        ...

    async def indicators(self, at: int | None = None) -> list[dict[str, Any]]:
        """Indicators with value, trend and breakdown, of now or as of `at`, epoch ms. Raises Invalid, Unavailable."""
        ...

    def replay(self, tell: Tell) -> Replay:
        """A past for one client. Raises Unavailable where too many play."""
        ...

    def status(self) -> dict[str, Any]:
        """`{connections, broker, simulated, points, history, rules_without_points, rules_error, rules_problems}`."""
        ...

    def trouble(self) -> str:
        """Why the live state does not run; empty where it does."""
        ...
