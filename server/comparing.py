"""The scheme comparison, computed once per scene revision, and the choices made on it."""

from __future__ import annotations

import threading
from typing import Any

from scenes.schemes import Decision, DecisionStore, comparison
from twin.clock import Clock
from twin.graph import GraphStore


class Schemes:
    """Schemes of the park with their figures. Safe from several threads."""

    def __init__(self, graph: GraphStore, clock: Clock) -> None:
        self._graph = graph
        self._decisions = DecisionStore(graph.db, clock)
        self._lock = threading.Lock()
        self._kept: tuple[int, dict[str, Any]] | None = None

    def list(self) -> list[dict[str, Any]]:
        """Schemes as in `scene.json`."""
        return list(self._graph.scene()["schemes"])

    def comparison(self) -> dict[str, Any]:
        """The table with the latest choice."""
        with self._lock:  # one computes, the others wait for its result
            revision = self._graph.revision()
            if self._kept is None or self._kept[0] != revision:
                self._kept = revision, comparison(self._graph)
            table = self._kept[1]
        made = self._decisions.all()
        return {**table, "decision": shown(made[-1]) if made else None}

    def decide(self, scheme: str, reason: str, user: str) -> dict[str, Any]:
        """Keep a choice. Raises NotFound, Invalid."""
        return shown(self._decisions.decide(self._graph.park, scheme, reason, user))


def shown(decision: Decision) -> dict[str, Any]:
    """A choice as it is answered."""
    return {
        "scheme": decision.scheme,
        "reason": decision.reason,
        "by": decision.decided_by,
        "at": decision.decided_at,
    }
