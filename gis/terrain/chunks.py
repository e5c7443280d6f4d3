"""The height field as meshes: square chunks that share their border heights.

Skirts are the tile builder's: it knows how far a tile may differ from its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.geometry.heightfield import HeightField

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
CELLS = 64


@dataclass(frozen=True)
class Chunk:
    """row, column: its place; vertices (v, 3) metres; faces (t, 3); colour (t,) palette index; area: of its surface, m2."""

    row: int
    column: int
    vertices: F64
    faces: I64
    colour: npt.NDArray[np.uint16]
    area: float
    low: float
    high: float


def chunks(field: HeightField, known: npt.NDArray[np.bool_], colour: npt.NDArray[np.uint8]) -> Iterator[Chunk]:
    """Chunks of up to 64 x 64 cells; cells with a corner without data are left out, and chunks without cells."""
    cells = known[:-1, :-1] & known[1:, :-1] & known[:-1, 1:] & known[1:, 1:]
    rows, columns = cells.shape
    for top in range(0, rows, CELLS):
        for left in range(0, columns, CELLS):
            part = np.s_[top : top + CELLS, left : left + CELLS]
            if cells[part].any():
                yield _chunk(field, cells[part], colour[part], top, left)


def _chunk(
    field: HeightField, cells: npt.NDArray[np.bool_], colour: npt.NDArray[np.uint8], top: int, left: int
) -> Chunk:
    rows, columns = cells.shape
    z = field.z[top : top + rows + 1, left : left + columns + 1].astype(np.float64)
    x, y = np.meshgrid(
        field.x0 + field.dx * (left + np.arange(columns + 1)), field.y0 + field.dy * (top + np.arange(rows + 1))
    )
    nodes = np.column_stack((x.ravel(), y.ravel(), z.ravel()))
    a = np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)
    a = a[cells]
    b, c, d = a + 1, a + columns + 2, a + columns + 1
    faces = np.stack((np.column_stack((a, b, c)), np.column_stack((a, c, d))), axis=1).reshape(-1, 3)
    paint = np.repeat(colour[cells], 2)
    p, q, r = nodes[faces[:, 0]], nodes[faces[:, 1]], nodes[faces[:, 2]]
    area = float(np.linalg.norm(np.cross(q - p, r - p), axis=1).sum() / 2)
    kept = np.unique(faces)
    number = np.full(len(nodes), -1)
    number[kept] = np.arange(len(kept))
    return Chunk(
        row=top // CELLS,
        column=left // CELLS,
        vertices=nodes[kept],
        faces=number[faces],
        colour=paint.astype(np.uint16),
        area=area,
        low=float(nodes[kept, 2].min()),
        high=float(nodes[kept, 2].max()),
    )
