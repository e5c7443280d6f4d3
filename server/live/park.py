"""The park's live state for the server, made from `twin.runtime`."""

from __future__ import annotations

from server.live.events import Events
from server.runtime import Runtime
from twin.clock import Clock
from twin.graph import GraphStore


def park_runtime(graph: GraphStore, events: Events, clock: Clock) -> Runtime | None:
    """The runtime of a park."""
    del graph, events, clock
    return None
