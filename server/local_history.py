"""The history of a park that no server has open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.histories import History
from server.live.park import read_points
from twin.clock import SystemClock
from twin.graph import GraphStore
from twin.park import Park
from twin.runtime.settings import LiveSettings
from twin.state.history import History as Store
from twin.state.hub import Hub
from twin.state.kinds import periods_ms


@asynccontextmanager
async def local_history(park: Park) -> AsyncIterator[History]:
    """Graph and history, open for the block. Raises Conflict where another process has them."""
    graph = await asyncio.to_thread(GraphStore, park)
    try:
        points, _, _ = read_points(graph)
        settings, clock = LiveSettings.of(park), SystemClock()
        store = await Store.open(park.history)
        try:
            hub = Hub(points, clock, periods=periods_ms(points, settings.period_s))
            yield History(graph, clock, hub, store, settings.timezone)
        finally:
            await store.close()
    finally:
        await asyncio.to_thread(graph.close)
