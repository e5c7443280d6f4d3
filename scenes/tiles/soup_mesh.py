"""A heap of triangles as the content of a tile."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F64, I64, y_up
from scenes.tiles.content import GRID_M, centre_of
from scenes.tiles.mesh import TileMesh, Vertices, surfaces
from scenes.tiles.palette import Palette
from scenes.tiles.smooth import FLAT
from scenes.tiles.soup import Soup


def soup_centre(boxes: F64, rows: I64, step: float | None = None) -> F64:
    """(3,) the middle of a tile that draws objects as a soup. boxes (n, 6) by row; step: as of `soup_mesh`."""
    return centre_of(boxes[rows], GRID_M if step is None else max(step, GRID_M))


def soup_mesh(
    soup: Soup, rows: I64, boxes: F64, palette: Palette, normal: F64 | None = None, step: float | None = None
) -> TileMesh:
    """The tile that draws a soup: vertices stand apart where object or material change; faces keep their order.

    rows: objects of the tile, ascending; boxes (n, 6) by row; normal (v, 3) at the soup's vertices, None for flat faces.
    step: metres, a power of two of which the soup's positions are multiples.
    """
    centre = soup_centre(boxes, rows, step)
    feature = np.searchsorted(rows, soup.row)
    kinds = (feature * (int(soup.material.max()) + 1) + soup.material)[:, None]
    key = soup.faces * (int(kinds.max()) + 1) + kinds
    _, first, corner = np.unique(key.ravel(), return_index=True, return_inverse=True)
    vertex, face = soup.faces.ravel()[first], first // 3
    vertices = Vertices(
        y_up(soup.position[vertex] - centre),
        np.zeros((len(vertex), 3)) if normal is None else y_up(normal[vertex]),
        soup.material[face],
        np.full(len(vertex), FLAT, np.uint8) if normal is None else None,
    )
    return TileMesh(
        centre=centre,
        rows=rows,
        primitives=surfaces(vertices, feature[face], corner.reshape(-1, 3), palette),
        step=step,
    )
