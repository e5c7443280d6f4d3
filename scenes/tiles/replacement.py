"""Terrain: replacement refinement, each tile a simplified picture of its children."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import F64, I64
from scenes.tiles.inventory import Inventory
from scenes.tiles.ordinals import number
from scenes.tiles.palette import Palette
from scenes.tiles.plan import MAX_FEATURES, MAX_TRIANGLES, Tile
from scenes.tiles.relief import deviation
from scenes.tiles.soup import Soup
from scenes.tiles.soup_mesh import soup_mesh
from scenes.tiles.split import TARGET, split_space
from scenes.tiles.terrain import gather, joined, normals, simplify, skirt
from scenes.tiles.tileset import Node
from scenes.tiles.write import TileWriter
from twin.geometry.spool import SpoolReader
from twin.layer import Progress

LEAST_ERROR_M = 0.01
LEAF = 30_000
"""Triangles a leaf should have: chunks are large, and two of them are often too much for a tile."""


@dataclass(frozen=True)
class _Made:
    """A tile's mesh, waiting for its parent's error, which its skirt must cover."""

    tile: Tile
    soup: Soup
    depth: int
    children: list[Node]


def plan_replacement(rows: I64, triangles: I64, boxes: F64) -> Tile:
    """A tree whose leaves hold the objects; above them tiles that show the same objects simplified."""
    if len(rows) <= 1 or (int(triangles[rows].sum()) <= MAX_TRIANGLES and len(rows) <= MAX_FEATURES):
        return Tile(np.sort(rows))
    parts = split_space(rows, triangles, boxes, LEAF)
    return Tile(np.sort(rows), [plan_replacement(part, triangles, boxes) for part in parts])


def build_replacement(
    spool: SpoolReader, inventory: Inventory, palette: Palette, writer: TileWriter, progress: Progress
) -> Node:
    """Plan and write the tiles; fills the writer's ordinals; returns the tileset's root."""
    root = plan_replacement(inventory.meshed, inventory.object_triangles, inventory.boxes)
    tiles = list(root.walk())
    number(writer.ordinal, (tile.rows for _, tile in tiles if not tile.children))
    if not len(root.rows):
        return Node(0.0, None, None)
    uri = {id(tile): f"{count}.glb" for count, (_, tile) in enumerate(tiles)}
    done = 0

    def make(tile: Tile, depth: int) -> _Made:
        nonlocal done
        if not tile.children:
            done += int(inventory.object_triangles[tile.rows].sum())
            progress(0.05 + 0.9 * done / int(inventory.object_triangles.sum()), "tiles")
            return _Made(tile, gather(spool, inventory, tile.rows), depth, [])
        made = [make(child, depth + 1) for child in tile.children]
        detailed, places = joined([child.soup for child in made])
        soup = simplify(detailed, TARGET)
        below = max(child.tile.error for child in made)
        tile.error = round(max(below * 1.01, below + deviation(detailed, soup), LEAST_ERROR_M), 4)
        fine = normals(detailed)
        nodes = [
            write(child, tile.error, _seamless(child.soup, fine, place))
            for child, place in zip(made, places, strict=True)
        ]
        return _Made(tile, soup, depth, nodes)

    def write(made: _Made, depth_m: float, normal: F64) -> Node:
        soup, normal = skirt(made.soup, normal, depth_m)
        mesh = soup_mesh(soup, made.tile.rows, inventory.boxes, palette, normal)
        box = writer.write(mesh, uri[id(made.tile)], made.depth, made.tile.error)
        return Node(made.tile.error, uri[id(made.tile)], box, made.children)

    top = make(root, 0)
    node = write(top, top.tile.error, normals(top.soup))
    writer.per_tile.sort(key=lambda tile: int(tile.uri.partition(".")[0]))
    return node


def _seamless(part: Soup, whole_normals: F64, place: I64) -> F64:
    """Normals of `part` taken from the whole it was joined into, so that its borders show no seam."""
    if (place >= 0).all():
        return whole_normals[place]
    return np.where((place >= 0)[:, None], whole_normals[place], normals(part))
