"""Far views: above a large part of an additive tree a tile that stands for all of it until one comes near.

What an additive tree leaves out of a far picture is small, but it may be everything: a city of chairs. So a part of many
triangles gets a tile of few that is replaced by the part as soon as its cells become visible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from scenes.tiles.arrays import I64
from scenes.tiles.at_once import in_order
from scenes.tiles.inventory import Inventory
from scenes.tiles.palette import Palette
from scenes.tiles.plan import Tile
from scenes.tiles.result import Coarse
from scenes.tiles.shell import outside
from scenes.tiles.soup import Soup, heap, heaped
from scenes.tiles.soup_mesh import soup_mesh
from scenes.tiles.split import TARGET
from scenes.tiles.stand_in import FINEST_M, clustered, stand_in, step
from scenes.tiles.tileset import Node
from scenes.tiles.write import TileWriter, Written
from twin.geometry.spool import SpoolReader

LEAST = 6 * TARGET
"""Triangles that a part must have: fewer are soon loaded."""
PART, LEAST_SHARE = TARGET, 4_000
"""Triangles of a part without stand-in, and of one of its tiles at least, on their way into the stand-in above."""
VOLUMES = "^(Ifc)?(Space|Zone|SpatialZone|Room)$"
"""Classes that are drawn only where they carry something, as the viewer knows them: they stand for nothing from afar."""
VOXEL_M = 0.8
"""Of the flood that finds what is seen from outside: narrower gaps, of doors that stand open, are closed."""
LEAST_ERROR_M = 2.0
"""However fine the cells are: nearer by, edge lines, images and what stands behind glass are missed."""
AROUND_M = 10.0
"""How far from a part the walls around it are looked for."""
ERROR_PER_CELL = 3.0
"""A corner moves half a cell in the mean, and what is thinner than a cell is gone: a third of the error makes it unseen."""


@dataclass(frozen=True)
class _Seen:
    """A node with its far views, what it looks like from afar, and the size of the cells of that (metres)."""

    node: Node
    soups: list[Soup]
    cell: float


class FarViews:
    """Writes the stand-ins of a planned additive tree.

    first: the number of the first file that is free; workers: threads; known: how tiles look from afar, as an earlier build
    found it; None where nobody will ask for it again.
    """

    def __init__(
        self,
        spool: SpoolReader,
        inventory: Inventory,
        palette: Palette,
        writer: TileWriter,
        first: int,
        workers: int,
        known: Mapping[int, Coarse] | None = None,
    ) -> None:
        self._spool, self._inventory, self._palette = spool, inventory, palette
        self._writer, self._first, self._workers = writer, first, workers
        self._known = known
        self._number: dict[int, int] = {}
        self._written: dict[int, Written] = {}
        volume = pc.match_substring_regex(writer.columns.column("class"), VOLUMES).to_numpy(zero_copy_only=False)
        self._solid = ~np.asarray(volume, np.bool_)

    def above(self, tile: Tile, node: Node) -> Node:
        """The node, or the stand-in that it refines."""
        self._enumerate(tile)
        if not self._number:
            return node
        far = self._above(tile, node, 0, []).node
        for number in sorted(self._written):
            self._writer.count(self._written[number])
        return far

    def _enumerate(self, tile: Tile) -> None:
        """Number the parts that may have a stand-in, those below first, whichever is made first."""
        if tile.children and self._weight(_below(tile)) >= LEAST:
            for child in tile.children:
                self._enumerate(child)
            self._number[id(tile)] = self._first + len(self._number)

    def _above(self, tile: Tile, node: Node, depth: int, shell: list[Soup]) -> _Seen:
        """The node with its far views. shell: what stands around it, higher in the tree: one does not look through that."""
        if id(tile) not in self._number:
            return _Seen(node, *self._coarse(tile))
        soups, coarsest = self._coarse(Tile(tile.rows))
        around, error = [*shell, *soups], 0.0
        children = zip(tile.children, node.children, strict=True)
        parts = in_order(
            lambda part: self._above(*part, depth + 1, around), children, self._workers if depth == 0 else 1
        )
        for place, below in enumerate(parts):
            node.children[place] = below.node
            soups += below.soups
            coarsest = max(coarsest, below.cell)
            error = max(error, below.node.error if below.node.refine == "REPLACE" else 0.0)
        soup, cell = self._stand_in(soups, shell, coarsest)
        if not len(soup.faces):
            return _Seen(node, [], coarsest)
        number = self._number[id(tile)]
        error = round(max(cell * ERROR_PER_CELL, error * 1.01, LEAST_ERROR_M), 4)
        far = Node(error, f"{number}.glb", None, [node], "REPLACE")
        soup = soup.part(np.lexsort((soup.row, soup.material)))  # so that colours and ids repeat: a fifth fewer bytes
        mesh = soup_mesh(soup, np.unique(soup.row), self._inventory.boxes, self._palette, step=step(cell))
        self._written[number] = self._writer.put(mesh, f"{number}.glb", depth, error, apart=True)
        far.box = self._written[number].box
        _bound(node, far.error)
        # Where the stand-in is too coarse, so are the part's largest objects alone: what adds to them comes with them.
        node.refine, node.error = "ADD", far.error
        return _Seen(far, [soup], cell)

    def _stand_in(self, soups: list[Soup], shell: list[Soup], coarsest: float) -> tuple[Soup, float]:
        """What is seen of a part from outside, in few triangles, and the size of its cells."""
        part = clustered(heaped(soups), coarsest)
        if not len(part.faces):
            return part, coarsest
        whole = heaped([part, *(one.near(part, AROUND_M) for one in shell)])
        seen = outside(whole, max(VOXEL_M, 2 * coarsest))
        return stand_in(part.part(seen[: len(part.faces)]), TARGET, coarsest)

    def _coarse(self, tile: Tile) -> tuple[list[Soup], float]:
        """The objects of a part that has no stand-in, each tile of it on a grid of its own; the coarsest grid's cells."""
        total = max(self._weight(_below(tile)), 1)
        soups, coarsest = [], FINEST_M
        for rows in (one.rows[self._solid[one.rows]] for _, one in tile.walk()):
            if not len(rows):
                continue
            coarse = self._from_afar(rows, max(LEAST_SHARE, PART * self._weight(rows) // total))
            soups.append(coarse.soup)
            coarsest = max(coarsest, coarse.cell)
        return soups, coarsest

    def _from_afar(self, rows: I64, share: int) -> Coarse:
        """The objects of one tile in at most so many triangles."""
        first = int(rows[0])
        known = (self._known or {}).get(first)
        if known is None or known.share != share:
            soup = heap(self._spool, self._inventory, rows)
            soup, cell = stand_in(soup, share)
            known = Coarse(share, cell, soup)
        if self._known is not None and self._weight(rows) > share:  # else it is quickly made
            self._writer.coarse[first] = known
        return known

    def _weight(self, rows: I64) -> int:
        return int(self._inventory.object_triangles[rows].sum())


def _below(tile: Tile) -> I64:
    """Rows of the tile and of all below."""
    return np.concatenate([one.rows for _, one in tile.walk()])


def _bound(node: Node, error: float) -> None:
    """No error below a stand-in may be greater than its own: what refines it is finer."""
    node.error = min(node.error, error)
    for child in node.children:
        _bound(child, error)
