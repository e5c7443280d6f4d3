"""What the tile builder gives back."""

from __future__ import annotations

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
class TilesResult:
    """ordinal: (n,) by object row; boxes: (n, 6) min and max in the park frame, NaN without mesh.

    statistics: plain numbers over the whole layer: tiles, levels, triangles, lines, draw_calls,
    instanced_objects, objects_with_mesh, dropped_placements, tile_bytes.
    """

    ordinal: I64
    boxes: F64
    statistics: dict[str, int]
    per_tile: list[TileStatistics] = field(default_factory=list)
