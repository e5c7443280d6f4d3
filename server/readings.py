"""Present values of points, for answers that show a few of them."""

from __future__ import annotations

import math
from typing import Any

from server.runtime import Runtime
from twin.state import quality


def with_readings(points: list[dict[str, Any]], runtime: Runtime | None) -> list[dict[str, Any]]:
    """Point rows with index, value, quality, changed_at and heard_at (epoch ms, 0 where never)."""
    return [{**row, **_reading(row["point_id"], runtime)} for row in points]


def _reading(point_id: str, runtime: Runtime | None) -> dict[str, Any]:
    index = None if runtime is None else runtime.hub.index.get(point_id)
    if runtime is None or index is None:
        return {"index": None, "value": None, "quality": quality.NEVER, "changed_at": 0, "heard_at": 0}
    hub = runtime.hub
    value = float(hub.values[index])
    return {
        "index": index,
        "value": None if math.isnan(value) else value,
        "quality": int(hub.quality[index]),
        "changed_at": int(hub.changed_at[index]),
        "heard_at": int(hub.heard_at[index]),
    }
