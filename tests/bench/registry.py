"""All races, in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.race import Race
from tests.bench.races import (
    cityjson,
    diff,
    ingest,
    ingest_peers,
    live_fanout,
    live_history,
    live_hub,
    live_load,
    live_mqtt,
    live_stream,
    reingest,
    sample,
    store_publish,
    store_query,
    tiles,
    viewer,
    viewer_peers,
    viewer_scale,
)

RACES: tuple[Race, ...] = tuple(
    module.RACE
    for module in (
        ingest,
        ingest_peers,
        reingest,
        tiles,
        cityjson,
        diff,
        store_publish,
        store_query,
        live_hub,
        live_stream,
        live_history,
        live_mqtt,
        live_load,
        live_fanout,
        viewer,
        viewer_peers,
        viewer_scale,
        sample,
    )
)


def chosen(names: Sequence[str]) -> list[Race] | None:
    """The races of these names; `live` means all whose name begins with `live-`. None where a name means nothing."""
    if not names:
        return list(RACES)
    for name in names:
        if not any(_means(name, race) for race in RACES):
            return None
    return [race for race in RACES if any(_means(name, race) for name in names)]


def _means(name: str, race: Race) -> bool:
    return race.name == name or race.name.startswith(f"{name}-")
