"""What the tile builder gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scenes.tiles.arrays import F64, I64


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


Reuse = Callable[[int, I64], DrawnTile | None]
"""Asked for each planned tile by number and object rows: the tile, where its file stands already; else it is written."""


@dataclass(frozen=True)
class TilesResult:
    """ordinal: (n,) by object row; boxes: (n, 6) min and max in the park frame, NaN without mesh.

    statistics: plain numbers over the whole layer: tiles, levels, triangles, lines, draw_calls,
    instanced_objects, objects_with_mesh, dropped_placements, tile_bytes. drawn: the planned tiles by number; those
    that stand for others from afar are not among them.
    """

    ordinal: I64
    boxes: F64
    statistics: dict[str, int]
    per_tile: list[TileStatistics] = field(default_factory=list)
    drawn: tuple[DrawnTile, ...] = ()
