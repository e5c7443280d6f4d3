"""What stands where: the spool's placements sorted by object row, with boxes and triangle counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from scenes.tiles.arrays import F64, I64, starts, transform
from twin.errors import Invalid
from twin.geometry.spool import SpoolReader
from twin.ranges import ranges

CHUNK = 300_000
"""Vertices measured at once."""


@dataclass(frozen=True)
class Inventory:
    """Placements by object row: those of row r stand at first[r] … first[r + 1].

    shape (p,), matrix (p, 3, 4), triangles (p,); boxes (n, 6) and object_triangles (n,) by row;
    dropped: placements left out because their matrix is not finite or their shape has no triangle.
    """

    first: I64
    shape: I64
    matrix: F64
    triangles: I64
    boxes: F64
    object_triangles: I64
    dropped: int

    def placements(self, rows: I64) -> tuple[I64, I64]:
        """The placements of these rows, and for each the place of its row in `rows`."""
        counts = self.first[rows + 1] - self.first[rows]
        return ranges(self.first[rows], counts), np.repeat(np.arange(len(rows)), counts)

    @property
    def meshed(self) -> I64:
        """Rows that have triangles, ascending."""
        return np.flatnonzero(self.object_triangles > 0)


def take_inventory(spool: SpoolReader, objects: pa.Table, known: F64 | None = None) -> Inventory:
    """Measure the spool against the object table. Raises Invalid where the spool names an unknown object.

    known (n, 6): boxes by object row, NaN where one must be measured.
    """
    ids: list[str] = objects.column("id").to_pylist()
    row_of = {name: row for row, name in enumerate(ids)}
    unknown = next((name for name in spool.objects if name not in row_of), None)
    if unknown is not None:
        raise Invalid(
            f"The mesh of object {unknown!r} has no row in the object table: expected every placed id there",
            code="mesh-object",
        )
    rows = np.array([row_of[name] for name in spool.objects], np.int64)
    counts = spool.counts.astype(np.int64)
    good = np.isfinite(spool.matrix).all(axis=(1, 2)) & (counts[spool.placed_shape, 1] > 0)
    placed = np.flatnonzero(good)
    placed = placed[np.argsort(rows[spool.placed_object[placed]], kind="stable")]
    row = rows[spool.placed_object[placed]] if len(placed) else np.empty(0, np.int64)
    shape = spool.placed_shape[placed].astype(np.int64)
    matrix = spool.matrix[placed]
    triangles = counts[shape, 1]
    boxes = np.full((len(ids), 6), np.nan)
    fresh = np.ones(len(placed), np.bool_)
    if known is not None:
        boxes[row] = known[row]
        fresh = np.isnan(boxes[row, 0])
    if fresh.any():
        present, begin = np.unique(row[fresh], return_index=True)
        placed_boxes = _boxes(spool, shape[fresh], matrix[fresh])
        boxes[present, :3] = np.minimum.reduceat(placed_boxes[:, :3], begin)
        boxes[present, 3:] = np.maximum.reduceat(placed_boxes[:, 3:], begin)
    return Inventory(
        first=starts(np.bincount(row, minlength=len(ids)).astype(np.int64)),
        shape=shape,
        matrix=matrix,
        triangles=triangles,
        boxes=boxes,
        object_triangles=np.bincount(row, triangles, minlength=len(ids)).astype(np.int64),
        dropped=int((~good).sum()),
    )


def _boxes(spool: SpoolReader, shape: I64, matrix: F64) -> F64:
    """(p, 6) exact boxes of placed shapes, in chunks."""
    vertices = spool.counts[shape, 0].astype(np.int64)
    boxes = np.empty((len(shape), 6))
    total = starts(vertices)
    at = 0
    while at < len(shape):
        end = max(at + 1, int(np.searchsorted(total, total[at] + CHUNK, "right")) - 1)
        some = slice(at, end)
        moved = transform(spool.gather(shape[some]).vertices, matrix[some], vertices[some])
        begin = total[at:end] - total[at]
        boxes[some, :3] = np.minimum.reduceat(moved, begin)
        boxes[some, 3:] = np.maximum.reduceat(moved, begin)
        at = end
    return boxes
