"""What stands for the tiles of a version that is built only to be compared."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from scenes.tiles.inventory import take_inventory
from scenes.tiles.result import TilesResult
from twin.geometry.spool import SpoolReader


def untiled(spool: SpoolReader, objects: pa.Table) -> TilesResult:
    """Objects in their own order, with their boxes; nothing is written."""
    inventory = take_inventory(spool, objects)
    statistics = {"tiles": 0, "triangles": int(inventory.object_triangles.sum())}
    return TilesResult(np.arange(len(objects)), inventory.boxes, statistics)
