"""Far views: above a large part of an additive tree a tile that stands for all of it until one comes near.

What an additive tree leaves out of a far picture is small, but it may be everything: a city of chairs. So a part of many
triangles gets a tile of few that is replaced by the part as soon as its cells become visible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from math import floor, log2

import numpy as np
import pyarrow.compute as pc

from scenes.tiles.arrays import I64
from scenes.tiles.at_once import in_order
from scenes.tiles.far_part import Piece, far_part, soup_of
from scenes.tiles.inventory import Inventory
from scenes.tiles.levels import cell_of
from scenes.tiles.palette import Palette
from scenes.tiles.plan import Tile
from scenes.tiles.result import Coarse, DrawnTile, Far, Reuse
from scenes.tiles.soup import heap
from scenes.tiles.soup_mesh import soup_centre, soup_mesh
from scenes.tiles.split import TARGET
from scenes.tiles.stand_in import stand_in, step
from scenes.tiles.tileset import Node
from scenes.tiles.write import TileWriter, Written
from twin.geometry.spool import SpoolReader

LEAST = 6 * TARGET
"""Triangles that a part must have: fewer are soon loaded."""
SHARES, LEAST_SHARE = 4 * TARGET, 4_000
"""Triangles of all tiles below a part that come into its stand-in, and of one of them at least."""
BLOCK_M = 64.0
"""Of a block in plan."""
VOLUMES = "^(Ifc)?(Space|Zone|SpatialZone|Room)$"
"""Classes that are drawn only where they carry something, as the viewer knows them: they stand for nothing from afar."""
LEAST_ERROR_M = 2.0
"""However fine the cells are: nearer by, edge lines, images and what stands behind glass are missed."""
ERROR_PER_CELL = 3.0
"""A corner moves half a cell in the mean, and what is thinner than a cell is gone: a third of the error makes it unseen."""


@dataclass(frozen=True)
class _Seen:
    """A node with its far views, and what it looks like from afar."""

    node: Node
    pieces: list[Piece]


class FarViews:
    """Writes the stand-ins of a planned additive tree.

    first: the number of the first file that is free; workers: threads; reuse: what an earlier build found; keep: whether
    somebody will ask what this one finds.
    """

    def __init__(
        self,
        spool: SpoolReader,
        inventory: Inventory,
        palette: Palette,
        writer: TileWriter,
        first: int,
        workers: int,
        reuse: Reuse | None = None,
        *,
        keep: bool = True,
    ) -> None:
        self._spool, self._inventory, self._palette = spool, inventory, palette
        self._writer, self._first, self._workers = writer, first, workers
        self._reuse, self._keep = reuse, keep
        self._number: dict[int, int] = {}
        self._written: dict[int, Written] = {}
        volume = pc.match_substring_regex(writer.columns.column("class"), VOLUMES).to_numpy(zero_copy_only=False)
        self._solid = ~np.asarray(volume, np.bool_)

    def above(self, tile: Tile, node: Node) -> Node:
        """The node, or the stand-in that it refines."""
        self._enumerate(tile)
        if not self._number:
            return node
        far = self._above(tile, node, 0, [], 0).node
        for number in sorted(self._written):
            self._writer.count(self._written[number])
        return far

    def _enumerate(self, tile: Tile) -> None:
        """Number the parts that may have a stand-in, those below first, whichever is made first."""
        if tile.children and self._weight(_below(tile)) >= LEAST:
            for child in tile.children:
                self._enumerate(child)
            self._number[id(tile)] = self._first + len(self._number)

    def _above(self, tile: Tile, node: Node, depth: int, shell: list[Piece], total: int) -> _Seen:
        """The node with its far views. shell: what stands around it, higher in the tree: one does not look through that.

        total: triangles of all tiles below that come into the stand-in above.
        """
        number = self._number.get(id(tile))
        if number is None:
            return _Seen(node, self._pieces(tile, total))
        total = sum(map(self._whole, tile.children))
        pieces, error = self._pieces(Tile(tile.rows), 0), 0.0
        around = [*shell, *pieces]
        children = zip(tile.children, node.children, strict=True)
        parts = in_order(
            lambda part: self._above(*part, depth + 1, around, total), children, self._workers if depth == 0 else 1
        )
        for place, below in enumerate(parts):
            node.children[place] = below.node
            pieces += below.pieces
            error = max(error, below.node.error if below.node.refine == "REPLACE" else 0.0)
        known = None if self._reuse is None else self._reuse.far.get(number)
        far, same = far_part(pieces, shell, TARGET, known)
        piece = Piece(~number, far.level, same, lambda: soup_of(far))
        if self._keep:
            self._writer.far[number] = far
        if not any(len(one.soup.faces) for one in far.pieces):
            return _Seen(node, [])
        error = round(max(cell_of(far.level) * ERROR_PER_CELL, error * 1.01, LEAST_ERROR_M), 4)
        above = Node(error, f"{number}.glb", None, [node], "REPLACE")
        written = self._written[number] = self._put(number, far, known if same else None, depth, error)
        above.box = written.box
        _bound(node, error)
        # Where the stand-in is too coarse, so are the part's largest objects alone: what adds to them comes with them.
        node.refine, node.error = "ADD", error
        return _Seen(above, [piece])

    def _put(self, number: int, far: Far, known: Far | None, depth: int, error: float) -> Written:
        """Write a stand-in, or put the file of an equal one in its place. known: the equal one."""
        rows = np.unique(np.concatenate([one.soup.row for one in far.pieces]))
        grid = step(cell_of(far.level))
        centre = soup_centre(self._inventory.boxes, rows, grid)
        far = replace(far, centre=tuple(centre.tolist()))
        held = None
        if self._reuse is not None and known is not None and known.centre == far.centre:
            held = self._reuse.stand_in(known)
        if held is None:
            soup = soup_of(far)
            soup = soup.part(
                np.lexsort((soup.row, soup.material))
            )  # so that colours and ids repeat: a fifth fewer bytes
            mesh = soup_mesh(soup, rows, self._inventory.boxes, self._palette, step=grid)
            written = self._writer.put(mesh, f"{number}.glb", depth, error, apart=True)
        else:
            box = None if held.box is None else np.array(held.box)
            written = Written(box, replace(held.statistics, depth=depth, error=error), rows[:0])
        if self._keep:
            around = None if written.box is None else tuple(written.box.tolist())
            self._writer.far[number] = replace(far, tile=DrawnTile(written.statistics, around, ()))
        return written

    def _whole(self, tile: Tile) -> int:
        """Triangles of a tile and of all below, but for those that have a stand-in."""
        return 0 if id(tile) in self._number else self._weight(tile.rows) + sum(map(self._whole, tile.children))

    def _pieces(self, tile: Tile, total: int) -> list[Piece]:
        """The objects of a part that has no stand-in, a piece for each tile; of a part's own tile one for each block.

        total: see `_above`, 0 for a part's own tile.
        """
        some = [one.rows[self._solid[one.rows]] for _, one in tile.walk()]
        blocks = some if total else [block for rows in some for block in self._blocks(rows)]
        return [self._piece(rows, total) for rows in blocks if len(rows)]

    def _blocks(self, rows: I64) -> list[I64]:
        """Objects by where they stand in plan: those of a part's own tile reach all over it, and little of it changes."""
        boxes = self._inventory.boxes[rows]
        column = np.floor((boxes[:, :2] + boxes[:, 3:5]) / 2 / BLOCK_M).astype(np.int64)
        _, block = np.unique(column, axis=0, return_inverse=True)
        return [rows[block.ravel() == one] for one in range(int(block.max(initial=-1)) + 1)]

    def _piece(self, rows: I64, total: int) -> Piece:
        """Some objects in few triangles."""
        weight, key = self._weight(rows), _key(rows)
        same = self._reuse is not None and self._reuse.alike(rows)
        share = _share(weight / total) if total else TARGET
        if weight <= share:
            return Piece(key, -1, same, lambda: heap(self._spool, self._inventory, rows))
        first = int(rows[0])
        known = self._reuse.coarse.get(first) if self._reuse is not None and same else None
        if known is None or known.share != share:
            soup, level = stand_in(heap(self._spool, self._inventory, rows), share)
            known = Coarse(share, level, soup)
        if self._keep:
            self._writer.coarse[first] = known
        coarse = known
        return Piece(key, coarse.level, same, lambda: coarse.soup)

    def _weight(self, rows: I64) -> int:
        return int(self._inventory.object_triangles[rows].sum())


def _key(rows: I64) -> int:
    """Of these objects and no others."""
    return int.from_bytes(blake2b(rows.astype("<i8").tobytes(), digest_size=8).digest(), "little")


def _share(part: float) -> int:
    """How many triangles a piece has that is such a part of all: one of few numbers, so that it seldom changes."""
    most = min(SHARES * part, TARGET)
    doubled = floor(2 * log2(max(most / LEAST_SHARE, 1.0)))
    return int(LEAST_SHARE * 2 ** (doubled / 2))


def _below(tile: Tile) -> I64:
    """Rows of the tile and of all below."""
    return np.concatenate([one.rows for _, one in tile.walk()])


def _bound(node: Node, error: float) -> None:
    """No error below a stand-in may be greater than its own: what refines it is finer."""
    node.error = min(node.error, error)
    for child in node.children:
        _bound(child, error)
