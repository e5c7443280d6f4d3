"""Write planned tiles, one after another: gather, shade, encode, drop."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from scenes.tiles.arrays import F64, I64
from scenes.tiles.glb.names_apart import encode, names_file
from scenes.tiles.glb.write import write_glb
from scenes.tiles.mesh import TileMesh
from scenes.tiles.pieces import bounded
from scenes.tiles.result import Coarse, DrawnTile, Far, TileStatistics


@dataclass(frozen=True)
class Written:
    """A tile that stands on disk. box: (6,) of what it holds, in the park frame; None where it draws nothing."""

    box: F64 | None
    statistics: TileStatistics
    instanced: I64


@dataclass
class TileWriter:
    """Writes GLBs into `out` and keeps count.

    ordinal: (n,) by object row; columns: by object row; drawn: planned tiles; coarse: of them, by their first object row;
    far: what stands for others, by number.
    """

    out: Path
    ordinal: I64
    columns: pa.Table
    compress: bool = True
    per_tile: list[TileStatistics] = field(default_factory=list)
    instanced: set[int] = field(default_factory=set)
    drawn: list[DrawnTile] = field(default_factory=list)
    coarse: dict[int, Coarse] = field(default_factory=dict)
    far: dict[int, Far] = field(default_factory=dict)

    def write(self, mesh: TileMesh, uri: str, depth: int, error: float) -> F64 | None:
        """Write one tile and count it; the box of what it holds."""
        return self.count(self.put(mesh, uri, depth, error))

    def put(self, mesh: TileMesh, uri: str, depth: int, error: float, *, apart: bool = False) -> Written:
        """Write one tile without counting it: several threads may. apart: its objects' names in a file beside it."""
        mesh = bounded(mesh)
        ordinal = self.ordinal[mesh.rows].astype(np.uint32)
        columns = self.columns.take(pa.array(mesh.rows))
        names = names_file(uri) if apart else None
        data, box = write_glb(mesh, ordinal, columns, compress=self.compress, names=names)
        (self.out / uri).write_bytes(data)
        beside = b"" if names is None else encode(columns)
        if names is not None:
            (self.out / names).write_bytes(beside)
        statistics = TileStatistics(
            uri=uri,
            depth=depth,
            features=len(mesh.rows),
            triangles=mesh.triangles,
            lines=mesh.lines,
            instances=sum(len(instances.feature) for instances in mesh.instances),
            draw_calls=mesh.draw_calls,
            bytes=len(data) + len(beside),
            error=error,
        )
        features = [np.unique(instances.feature) for instances in mesh.instances]
        return Written(box, statistics, mesh.rows[np.concatenate(features)] if features else mesh.rows[:0])

    def count(self, tile: Written) -> F64 | None:
        """Count a tile; the box of what it holds."""
        self.instanced.update(tile.instanced.tolist())
        self.per_tile.append(tile.statistics)
        return tile.box
