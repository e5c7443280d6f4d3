"""Devices of a park that no server has open."""

from __future__ import annotations

from typing import Any

from server.access import COMMAND_LINE
from server.accounts import AuditLog
from server.accounts.schema import MIGRATIONS, MODULE
from server.devices import Devices
from server.devices.desk import DeviceDesk, command
from twin.clock import SystemClock
from twin.graph import GraphStore

CLOCK = SystemClock()


class _Trail:
    who = COMMAND_LINE

    def __init__(self, graph: GraphStore) -> None:
        graph.db.migrate(MODULE, MIGRATIONS)
        self._audit = AuditLog(graph.db, CLOCK)

    def record(self, action: str, target: str, **detail: object) -> None:
        """One change that was made."""
        self._audit.write(self.who, action, target, detail, "")


def run(graph: GraphStore, name: str, wish: dict[str, Any]) -> Any:
    """Carry out a command; leaves its audit rows."""
    return command(DeviceDesk(graph, Devices(graph, CLOCK), _Trail(graph)), name, wish)
