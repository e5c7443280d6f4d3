"""Where a tile may be taken apart so that what belongs together stays together."""

from __future__ import annotations

from typing import Any

from scenes.tiles.glb.buffers import MESHOPT
from scenes.tiles.glb.container import described
from scenes.tiles.glb.table import METADATA


def seams(data: bytes) -> list[int]:
    """Places in a GLB of ours, ascending: where its binary data begins, its objects' names, and what follows these."""
    document, begin = described(data)
    tables = document.get("extensions", {}).get(METADATA, {}).get("propertyTables")
    name = tables[0]["properties"].get("name") if tables else None
    if name is None:
        return [begin]
    views = document["bufferViews"]
    last = name["stringOffsets"]
    behind = [begin + _offset(views[last + 1])] if last + 1 < len(views) else []
    return [begin, begin + _offset(views[name["values"]]), *behind]


def _offset(view: dict[str, Any]) -> int:
    return int(view.get("extensions", {}).get(MESHOPT, view)["byteOffset"])
