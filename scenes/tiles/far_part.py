"""What a part of a layer looks like from afar, of pieces: what an earlier build found of those that nothing changed is used again.

A piece is a tile's objects, or the stand-in of a part below. Each is gathered alone, on cells that all have in common. Which of
its triangles are seen from outside is told by the voxels of all, so a piece is looked at again where these are others now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scenes.tiles.arrays import F64
from scenes.tiles.levels import cell_of, finest
from scenes.tiles.result import Far, FarPiece
from scenes.tiles.samples import SAMPLES_PER_VOXEL, Samples, Triangles
from scenes.tiles.shell import Grid, seen
from scenes.tiles.soup import Soup, heaped
from scenes.tiles.stand_in import Gathered, clustered
from scenes.tiles.voxels import Room, Voxels

VOXEL_M = 0.8
"""Of the flood that finds what is seen from outside: narrower gaps, of doors that stand open, are closed."""
VOXELS = 2_000_000
"""Of a grid, about, at most: 2 MB, and some hundredths of a second."""
MOST_SAMPLES = 4_000_000
AROUND_M = 10.0
"""How far from a part the walls around it are looked for."""


@dataclass
class Piece:
    """key: of which objects it is made; level: of its cells, -1 where it has none; same: these are as in the earlier build.

    make: its triangles.
    """

    key: int
    level: int
    same: bool
    make: Callable[[], Soup]

    @cached_property
    def soup(self) -> Soup:
        """Its triangles."""
        return self.make()


def far_part(pieces: Sequence[Piece], shell: Sequence[Piece], target: int, known: Far | None) -> tuple[Far, bool]:
    """What is seen of the pieces from outside in at most `target` triangles, and whether that is what is known.

    shell: what stands around; known: what an earlier build found, of pieces of which some are the same.
    """
    keys, base = tuple(piece.key for piece in pieces), max(0, *(piece.level for piece in pieces))
    if known is not None and known.base != base:
        known = None
    held = {} if known is None else dict(zip(known.keys, known.pieces, strict=True))
    parts = [_Part(piece, base, known, held.get(piece.key) if piece.same else None) for piece in pieces]
    filled = [part for part in parts if not part.empty]
    if not filled:
        return Far(keys, base, base, base, (), None, (), tuple(part.found(base, ()) for part in parts)), False
    voxel = _voxel(filled, base)
    if known is not None and known.voxel != voxel:
        known = None
    for part in filled:
        part.fill(cell_of(voxel), known=known is not None)
    plan = Room.of([part.voxels for part in filled], int(np.ceil(AROUND_M / cell_of(voxel))) if shell else 0)
    if known is not None and (known.near is None or not plan.same_plan(known.near)):
        known = None
    around = (
        known.around if known is not None and all(one.same for one in shell) else _around(shell, plan, cell_of(voxel))
    )
    room = plan.higher(around)
    if known is not None and known.near is not None and room != known.near[:2]:
        known = None
    near, others = _near(room, [*(part.voxels for part in filled), *around], known)
    for part in filled:
        part.look(room, near, others)
    tried: list[int] = []

    def triangles(level: int) -> int:
        tried.append(level)
        return sum(part.triangles(level) for part in filled)

    level, given = base, triangles(base)
    if given > target:
        level = finest(triangles, given, target, base)
    levels = tuple(sorted(set(tried)))
    same = known is not None and known.keys == keys and known.level == level and all(part.stays for part in parts)
    found = tuple(part.found(level, levels) for part in parts)
    return Far(keys, base, voxel, level, levels, Voxels.of(np.array(room.low), near), around, found), same


def soup_of(far: Far) -> Soup:
    """All that is seen of a part."""
    return heaped([one.soup for one in far.pieces])


def _voxel(parts: Sequence[_Part], base: int) -> int:
    """The level of voxels that are fine enough, and not too many; nor are the samples that they ask for."""
    boxes = np.array([part.box for part in parts])
    extent = boxes[:, 3:].max(axis=0) - boxes[:, :3].min(axis=0)
    area, length, count = np.sum([part.cost for part in parts], axis=0).tolist()
    level = base
    while True:
        metres = cell_of(level)
        step = metres / SAMPLES_PER_VOXEL
        samples = area / step**2 + 2 * length / step + 4 * count
        voxels = np.prod(np.maximum(extent / metres, 1))
        if metres >= max(VOXEL_M, 2 * cell_of(base)) and voxels <= VOXELS and samples <= 2 * MOST_SAMPLES:
            return level
        level += 1


def _around(shell: Sequence[Piece], plan: Room, voxel: float) -> tuple[Voxels, ...]:
    """The voxels that what stands around fills within a room's place in plan; none or one."""
    low, high = (np.array(end[:2]) * voxel for end in (plan.low, np.add(plan.low, plan.size)))
    near = [soup for soup in (piece.soup.within(low, high) for piece in shell) if len(soup.faces)]
    if not near:
        return ()
    samples = [Samples.of(soup, Triangles.of(soup), voxel) for soup in near]
    bottom = min(int(one.low[2]) for one in samples)
    top = max(int(one.low[2] + one.size[2]) for one in samples)
    room = Room((*plan.low[:2], bottom - 1), (*plan.size[:2], top - bottom + 2))
    filled = np.zeros(room.size, np.bool_)
    for one in samples:
        room.add(filled, one.low, one.filled())
    return (Voxels.of(np.array(room.low), filled),)


def _near(room: Room, filled: Sequence[Voxels], known: Far | None) -> tuple[Grid, Grid | None]:
    """The voxels that are seen from outside, and those of which that was not so in the earlier build; None: all may be."""
    if known is None or known.near is None:
        return seen(room.filled(filled)), None
    before = known.near.grid()
    was = [*(one.voxels for one in known.pieces if one.voxels is not None), *known.around]
    if filled == was:
        return before, np.zeros_like(before)
    whole = room.filled(filled)
    # What comes or goes where nobody sees it opens and closes nothing.
    if not ((whole ^ room.filled(was)) & before).any():
        return before, np.zeros_like(before)
    near = seen(whole)
    return near, near ^ before


class _Part:
    """A piece on its way into the stand-in.

    box (6,), cost (3,): see FarPiece; voxels: those that it fills; stays: what an earlier build found of it is what it comes to.
    """

    def __init__(self, piece: Piece, base: int, earlier: Far | None, known: FarPiece | None) -> None:
        self._piece, self._base, self._known = piece, base, known
        self._levels = () if earlier is None else earlier.levels
        self._level = -1 if earlier is None else earlier.level
        self._gathered: dict[int, Gathered] = {}
        self.stays = known is not None
        self.box, self.cost = (known.box, known.cost) if known is not None else self._measured()

    @cached_property
    def _soup(self) -> Soup:
        """Its triangles on the cells that all pieces have in common."""
        return clustered(self._piece.soup, cell_of(self._base))

    @cached_property
    def _triangles(self) -> Triangles:
        return Triangles.of(self._soup)

    @cached_property
    def _samples(self) -> Samples:
        return Samples.of(self._soup, self._triangles, self._voxel)

    def _measured(self) -> tuple[F64, F64]:
        corners = self._soup.position
        if not len(self._soup.faces):
            return np.full(6, np.nan), np.zeros(3)
        return np.concatenate((corners.min(axis=0), corners.max(axis=0))), self._triangles.cost()

    @property
    def empty(self) -> bool:
        """Whether nothing is left of it on the cells that all have in common."""
        return bool(np.isnan(self.box[0]))

    def fill(self, voxel: float, *, known: bool) -> None:
        """Find the voxels that it fills. known: they are of the size that they had in the earlier build."""
        self._voxel = voxel
        self.stays = self.stays and known
        if self.stays and self._known is not None and self._known.voxels is not None:
            self.voxels = self._known.voxels
        else:
            self.voxels = Voxels.of(self._samples.low, self._samples.filled())

    def look(self, room: Room, near: Grid, others: Grid | None) -> None:
        """Take the voxels that are seen from outside; others: of which that was not so in the earlier build, None for all."""
        self._near = room.part(near, self.voxels)
        self.stays = (
            self.stays and others is not None and not (room.part(others, self.voxels) & self.voxels.grid()).any()
        )

    @cached_property
    def _seen(self) -> Soup:
        return self._soup.part(self._samples.at(self._near)).compact()

    def _at(self, level: int) -> Gathered:
        if level not in self._gathered:
            self._gathered[level] = Gathered.of(self._seen, cell_of(level))
        return self._gathered[level]

    def triangles(self, level: int) -> int:
        """How many of its triangles a level leaves; of the base all that are seen."""
        if self.stays and self._known is not None and level in self._levels:
            return self._known.triangles[self._levels.index(level)]
        if level == self._base or not len(self._seen.faces):
            return len(self._seen.faces)
        return self._at(level).triangles

    def found(self, level: int, levels: tuple[int, ...]) -> FarPiece:
        """What it comes to at a level. levels: those of which the count is told."""
        if self.empty:
            return FarPiece(self.box, self.cost, None, (0,) * len(levels), self._soup)
        if self.stays and self._known is not None and level == self._level:
            soup = self._known.soup
        else:
            few = level == self._base or not len(self._seen.faces)
            soup = self._seen if few else self._at(level).soup(self._seen)
        return FarPiece(self.box, self.cost, self.voxels, tuple(self.triangles(one) for one in levels), soup)
