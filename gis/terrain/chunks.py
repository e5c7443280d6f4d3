"""The height field as meshes: square chunks with skirts that hide the cracks between levels of detail."""

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
    used = nodes[np.unique(faces)]
    edges, edge_paint = _rim(cells, colour, columns)
    depth = 0.25 * float(used[:, 2].max() - used[:, 2].min()) + 0.25 * max(field.dx, field.dy)
    upper = nodes[edges]  # (e, 2, 3), each edge with the chunk to its left
    skirt = np.concatenate((upper, upper[:, ::-1] - [0.0, 0.0, min(max(depth, 1.0), 50.0)]), axis=1).reshape(-1, 3)
    start = len(nodes) + 4 * np.arange(len(edges))
    # own vertices, so that the skirt does not bend the shading of the ground's edge
    wall = np.stack(
        (np.column_stack((start, start + 3, start + 2)), np.column_stack((start, start + 2, start + 1))), axis=1
    ).reshape(-1, 3)
    return Chunk(
        row=top // CELLS,
        column=left // CELLS,
        vertices=np.concatenate((nodes, skirt)),
        faces=np.concatenate((faces, wall)),
        colour=np.concatenate((paint, np.repeat(edge_paint, 2))).astype(np.uint16),
        area=area,
        low=float(used[:, 2].min()),
        high=float(used[:, 2].max()),
    )


def _rim(
    cells: npt.NDArray[np.bool_], colour: npt.NDArray[np.uint8], columns: int
) -> tuple[I64, npt.NDArray[np.uint8]]:
    """(e, 2) node pairs along the edge of the cells, counter-clockwise around them, and their colours."""
    padded = np.pad(cells, 1)
    inner = padded[1:-1, 1:-1]
    sides = (
        (padded[:-2, 1:-1], (0, 0), (0, 1)),  # south: west to east
        (padded[1:-1, 2:], (0, 1), (1, 1)),  # east: south to north
        (padded[2:, 1:-1], (1, 1), (1, 0)),  # north: east to west
        (padded[1:-1, :-2], (1, 0), (0, 0)),  # west: north to south
    )
    edges, paint = [], []
    for beside, first, second in sides:
        row, column = np.nonzero(inner & ~beside)
        start = (row + first[0]) * (columns + 1) + column + first[1]
        end = (row + second[0]) * (columns + 1) + column + second[1]
        edges.append(np.column_stack((start, end)))
        paint.append(colour[row, column])
    return np.concatenate(edges), np.concatenate(paint)
