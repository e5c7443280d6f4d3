"""Which connector brings which point, for the alarms that a lost connection hides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from twin.rules.wiring import Links
from twin.state.point import PointSpec

DEFAULT = "mqtt"


def with_connectors(links: Links | None, points: Sequence[PointSpec], entries: Sequence[Mapping[str, object]]) -> Links:
    """Links that also tell the connector of each point: the one that its source names, else the only one of its kind."""
    names: dict[str, str] = {}
    kinds: dict[str, list[str]] = {}
    for entry in entries or ({"kind": DEFAULT, "name": DEFAULT},):
        kind = str(entry.get("kind"))
        name = str(entry.get("name", kind))
        names[name] = name
        kinds.setdefault(kind, []).append(name)
    names |= {kind: found[0] for kind, found in kinds.items() if len(found) == 1 and kind not in names}
    heads = {point.point_id: point.source.partition(":")[0] for point in points}
    return replace(links or Links(), connectors={point: names[head] for point, head in heads.items() if head in names})
