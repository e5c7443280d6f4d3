"""What the tile builder gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from scenes.tiles.arrays import F64, I64
from scenes.tiles.soup import Soup
from scenes.tiles.voxels import Voxels


@dataclass(frozen=True)
class TileStatistics:
    """One written tile. draw_calls: primitives, each instanced mesh counted once; error in metres."""

    uri: str
    depth: int
    features: int
    triangles: int
    lines: int
    instances: int
    draw_calls: int
    bytes: int
    error: float


@dataclass(frozen=True)
class DrawnTile:
    """What is known of a planned tile once it is written: enough to use its file again in another build.

    box: (6,) of what it holds, None where it draws nothing; instanced: object rows.
    """

    statistics: TileStatistics
    box: tuple[float, ...] | None
    instanced: tuple[int, ...]


@dataclass(frozen=True)
class Coarse:
    """What a tile's objects look like from afar: at most `share` triangles on cells of a level."""

    share: int
    level: int
    soup: Soup


@dataclass(frozen=True)
class FarPiece:
    """What one piece of a far view comes to.

    box (6,): of its corners; cost (3,): what tells how many samples it takes (`samples.Triangles.cost`); voxels: that it
    fills, None where it has no triangle; triangles: how many each level leaves of it; soup: that are drawn.
    """

    box: F64
    cost: F64
    voxels: Voxels | None
    triangles: tuple[int, ...]
    soup: Soup


@dataclass(frozen=True)
class Far:
    """What a far view was made of, and what it came to (`far_part`).

    keys: of the pieces; base, voxel, level: the levels (`levels.cell_of`) of what they are made of, of the voxels, and of what
    is drawn; levels: of which the triangles were counted; near: voxels that are seen from outside; around: those that are
    filled by what stands around; pieces; centre (3,), tile: of the file, once it is written.
    """

    keys: tuple[int, ...]
    base: int
    voxel: int
    level: int
    levels: tuple[int, ...]
    near: Voxels | None
    around: tuple[Voxels, ...]
    pieces: tuple[FarPiece, ...]
    centre: tuple[float, ...] = ()
    tile: DrawnTile | None = None


class Reuse(Protocol):
    """What an earlier build of the same objects leaves to another one."""

    @property
    def boxes(self) -> F64:
        """(n, 6) by object row, NaN where one must be measured."""

    @property
    def coarse(self) -> Mapping[int, Coarse]:
        """Of tiles that hold what they held, by their first object row."""

    @property
    def far(self) -> Mapping[int, Far]:
        """Far views by the number of their file; objects may look otherwise now."""

    def alike(self, rows: I64) -> bool:
        """Whether objects of these rows stand and look as they did."""

    def stand_in(self, far: Far) -> DrawnTile | None:
        """A far view that is what it was, where its file stands already; else it is written."""

    def tile(self, number: int, rows: I64) -> DrawnTile | None:
        """The planned tile of this number and these object rows, where its file stands already; else it is written."""


@dataclass(frozen=True)
class TilesResult:
    """ordinal: (n,) by object row; boxes: (n, 6) min and max in the park frame, NaN without mesh.

    statistics: plain numbers over the whole layer: tiles, levels, triangles, lines, draw_calls,
    instanced_objects, objects_with_mesh, dropped_placements, tile_bytes. drawn: the planned tiles by number; those
    that stand for others from afar are not among them. coarse: of building tiles that have fewer triangles from afar, by
    their first object row; far: what stands for others, by the number of its file.
    """

    ordinal: I64
    boxes: F64
    statistics: dict[str, int]
    per_tile: list[TileStatistics] = field(default_factory=list)
    drawn: tuple[DrawnTile, ...] = ()
    coarse: Mapping[int, Coarse] = field(default_factory=dict)
    far: Mapping[int, Far] = field(default_factory=dict)
