"""From a spool of meshes to a 3D Tiles tileset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from scenes.tiles.additive import build_additive
from scenes.tiles.at_once import threads
from scenes.tiles.inventory import take_inventory
from scenes.tiles.palette import Palette
from scenes.tiles.properties import tile_columns
from scenes.tiles.replacement import build_replacement
from scenes.tiles.result import Reuse, TilesResult
from scenes.tiles.tileset import tileset_json
from scenes.tiles.write import TileWriter
from twin.geometry.frame import Frame
from twin.geometry.spool import SpoolReader
from twin.layer import LayerKind, Progress

TILESET = "tileset.json"


def build(
    spool: SpoolReader,
    objects: pa.Table,
    frame: Frame,
    kind: LayerKind,
    layer: str,
    out: Path,
    progress: Progress = lambda _done, _phase: None,
    *,
    compress: bool = True,
    workers: int | None = None,
    reuse: Reuse | None = None,
) -> TilesResult:
    """Write `out/tileset.json` and `out/*.glb`: the tiles of one layer version.

    objects: `twin.layer.OBJECTS`; every object with triangles stands in exactly one tile with one
    feature id (terrain also in the simplified tiles above it); one with more triangles than a tile should
    have is several primitives there. Equal input gives equal bytes.
    compress: off writes plain quantised glTF without EXT_meshopt_compression. workers: threads, None for as many as the
    layer is worth and the machine has; the bytes are the same. reuse: what is known of a building, some of whose tiles stand in `out` already. Raises Invalid where the
    spool names an object that the table lacks.
    """
    progress(0.0, "tiles")
    out.mkdir(parents=True, exist_ok=True)
    inventory = take_inventory(spool, objects, None if reuse is None else reuse.boxes)
    writer = TileWriter(out, np.full(len(objects), -1, np.int64), tile_columns(objects, layer), compress=compress)
    palette = Palette.of(spool)
    progress(0.05, "tiles")
    if kind is LayerKind.TERRAIN:
        root, refine = build_replacement(spool, inventory, palette, writer, progress), "REPLACE"
    else:
        workers = threads(int(inventory.object_triangles.sum())) if workers is None else workers
        workers = 1 if any(palette.textures) else workers  # open images are shared, and not by threads
        root, refine = build_additive(spool, inventory, objects, kind, palette, writer, progress, workers, reuse), "ADD"
    (out / TILESET).write_text(tileset_json(root, frame.globe_transform(), refine), encoding="utf-8")
    progress(1.0, "tiles")
    tiles = writer.per_tile
    statistics = {
        "tiles": len(tiles),
        "levels": 1 + max((tile.depth for tile in tiles), default=0),
        "triangles": int(inventory.object_triangles.sum()),
        "triangles_drawn": sum(tile.triangles for tile in tiles),
        "lines": sum(tile.lines for tile in tiles),
        "draw_calls": sum(tile.draw_calls for tile in tiles),
        "tile_bytes": sum(tile.bytes for tile in tiles),
        "objects_with_mesh": len(inventory.meshed),
        "instanced_objects": len(writer.instanced),
        "dropped_placements": inventory.dropped,
    }
    return TilesResult(
        writer.ordinal, inventory.boxes, statistics, tiles, tuple(writer.drawn), writer.coarse, writer.far
    )
