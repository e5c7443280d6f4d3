"""Buildings and vectors: additive refinement, each object once, under far views that stand for many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from scenes.tiles.arrays import F64
from scenes.tiles.at_once import in_order
from scenes.tiles.content import content
from scenes.tiles.far_views import FarViews
from scenes.tiles.groups import by_storey_and_discipline, ungrouped
from scenes.tiles.inventory import Inventory
from scenes.tiles.mesh import TileMesh
from scenes.tiles.ordinals import number
from scenes.tiles.palette import Palette
from scenes.tiles.plan import Tile, plan_additive
from scenes.tiles.result import DrawnTile, Reuse
from scenes.tiles.textures import TileTextures
from scenes.tiles.tileset import Node
from scenes.tiles.write import TileWriter, Written
from twin.geometry.spool import SpoolReader
from twin.layer import LayerKind, Progress

ROUNDING_M = 0.001
"""How far rounding may move an instance's vertex, at scale 1."""


def build_additive(
    spool: SpoolReader,
    inventory: Inventory,
    objects: pa.Table,
    kind: LayerKind,
    palette: Palette,
    writer: TileWriter,
    progress: Progress,
    workers: int,
    reuse: Reuse | None = None,
) -> Node:
    """Plan and write the tiles, in so many threads, but for those that can be used again.

    Fills the writer's ordinals and its list of drawn tiles; returns the tileset's root.
    """
    triangles = inventory.object_triangles
    bim = kind is LayerKind.BIM
    root = plan_additive(
        inventory.meshed,
        triangles,
        inventory.boxes,
        by_storey_and_discipline(objects, triangles) if bim else ungrouped,
    )
    tiles = list(root.walk())
    number(writer.ordinal, (tile.rows for _, tile in tiles))
    total, done = max(int(triangles.sum()), 1), 0
    tile_textures = TileTextures(spool, palette)
    nodes = {id(tile): Node(tile.error, None, None) for _, tile in tiles}
    filled = [(depth, tile) for depth, tile in tiles if len(tile.rows)]

    def make(item: tuple[int, tuple[int, Tile]]) -> tuple[Tile, Written, F64 | None]:
        number, (depth, tile) = item
        known = None if reuse is None else reuse.tile(number, tile.rows)
        if known is not None:
            statistics = replace(known.statistics, depth=depth, error=tile.error)
            box = None if known.box is None else np.array(known.box)
            return tile, Written(box, statistics, np.array(known.instanced, np.int64)), box
        mesh = content(spool, inventory, tile.rows, palette, tile_textures, sheets=bim)
        made = writer.put(mesh, f"{number}.glb", depth, tile.error)
        return tile, made, _around(made.box, mesh, inventory.boxes)

    for tile, made, box in in_order(make, enumerate(filled), workers):
        writer.count(made)
        around = None if box is None else tuple(box.tolist())
        writer.drawn.append(DrawnTile(made.statistics, around, tuple(made.instanced.tolist())))
        nodes[id(tile)].uri, nodes[id(tile)].box = made.statistics.uri, box
        done += int(triangles[tile.rows].sum())
        progress(0.05 + 0.95 * done / total, "tiles")
    for _, tile in tiles:
        nodes[id(tile)].children = [nodes[id(child)] for child in tile.children]
    return FarViews(spool, inventory, palette, writer, len(filled), workers, reuse, keep=bim).above(
        root, nodes[id(root)]
    )


def _around(box: F64 | None, mesh: TileMesh, boxes: F64) -> F64 | None:
    """The box of the merged content, widened over the instances; boxes: (n, 6) by row."""
    for instances in mesh.instances:
        slack = ROUNDING_M * max(1.0, float(instances.scale.max()))
        some = boxes[mesh.rows[np.unique(instances.feature)]]
        around = np.concatenate((some[:, :3].min(axis=0) - slack, some[:, 3:].max(axis=0) + slack))
        box = (
            around
            if box is None
            else np.concatenate((np.minimum(box[:3], around[:3]), np.maximum(box[3:], around[3:])))
        )
    return box
