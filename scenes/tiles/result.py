"""What the tile builder gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from scenes.tiles.arrays import F64, I64
from scenes.tiles.soup import Soup


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
    """What a tile's objects look like from afar: at most `share` triangles on a grid whose cells are of `cell` metres."""

    share: int
    cell: float
    soup: Soup


class Reuse(Protocol):
    """What an earlier build of the same objects leaves to another one."""

    @property
    def boxes(self) -> F64:
        """(n, 6) by object row, NaN where one must be measured."""

    @property
    def coarse(self) -> Mapping[int, Coarse]:
        """Of tiles that hold what they held, by their first object row."""

    def tile(self, number: int, rows: I64) -> DrawnTile | None:
        """The planned tile of this number and these object rows, where its file stands already; else it is written."""


@dataclass(frozen=True)
class TilesResult:
    """ordinal: (n,) by object row; boxes: (n, 6) min and max in the park frame, NaN without mesh.

    statistics: plain numbers over the whole layer: tiles, levels, triangles, lines, draw_calls,
    instanced_objects, objects_with_mesh, dropped_placements, tile_bytes. drawn: the planned tiles by number; those
    that stand for others from afar are not among them. coarse: of building tiles that have few triangles from afar, by
    their first object row.
    """

    ordinal: I64
    boxes: F64
    statistics: dict[str, int]
    per_tile: list[TileStatistics] = field(default_factory=list)
    drawn: tuple[DrawnTile, ...] = ()
    coarse: Mapping[int, Coarse] = field(default_factory=dict)
