"""Polygons laid on the ground: cut along the terrain's own grid, so that they follow it and never sink into it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.shapes.ground import Ground
from gis.shapes.mesh import Mesh, by_owner
from gis.shapes.parts import Parts, parts_of
from gis.shapes.triangulate import rings_of, triangulate

Objects = npt.NDArray[np.object_]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
MAX_CELLS = 20_000
"""A surface that would be cut into more cells gets a grid twice as coarse, and so on."""


def drape(parts: Parts, ground: Ground, lift: float, material: int) -> Mesh:
    """Surfaces `lift` metres above the ground."""
    flat = Parts(shapely.force_2d(parts.geometry), parts.owner)
    if ground.flat:
        return level(flat, np.zeros(len(flat)) + lift, material)
    pieces = _cut(flat, ground)
    mesh = _facets(pieces)
    vertices = mesh.vertices.copy()
    vertices[:, 2] = ground.z(vertices[:, :2]) + lift
    return Mesh(vertices, mesh.faces, mesh.owner, np.full(len(mesh.faces), material, np.uint16))


def level(parts: Parts, height: F64, material: int) -> Mesh:
    """Horizontal surfaces at (m,) heights."""
    rings = rings_of(parts.geometry)
    faces, count = triangulate(rings)
    part_of_vertex = np.repeat(np.arange(len(parts)), np.diff(rings.first_vertex))
    vertices = np.column_stack((rings.xy, height[part_of_vertex]))
    return by_owner(vertices, faces, np.repeat(parts.owner, count), material)


@dataclass(frozen=True)
class _Pieces:
    """edge: polygons inside one cell each; full: (k, 3) x, y of the low corner and edge length of whole cells."""

    edge: Parts
    full: F64
    full_owner: I64


def _steps(bounds: F64, areas: F64, ground: Ground) -> F64:
    """(m,) grid edge by polygon: the ground's, doubled until the polygon has at most MAX_CELLS cells."""
    rows = np.maximum(bounds[:, 3] - bounds[:, 1], 1.0)
    cells = np.maximum(areas, rows) / ground.step**2
    doublings = np.ceil(np.log2(np.maximum(cells / MAX_CELLS, 1.0)) / 2)
    return np.asarray(ground.step * 2.0**doublings)


def _cut(parts: Parts, ground: Ground) -> _Pieces:
    """Cut polygons first into rows, then rows into cells: each cut works on small pieces."""
    x0, y0 = ground.corner
    bounds = shapely.bounds(parts.geometry)
    step = _steps(bounds, shapely.area(parts.geometry), ground)
    low = np.floor((bounds[:, 1] - y0) / step).astype(np.int64)
    high = np.maximum(np.ceil((bounds[:, 3] - y0) / step).astype(np.int64), low + 1)
    index, row = _ranges(low, high)
    rows = parts.geometry[index]
    many = (high - low)[index] > 1
    bottom = y0 + row * step[index]
    strips = shapely.box(bounds[index, 0] - 1, bottom, bounds[index, 2] + 1, bottom + step[index])
    rows = np.where(many, shapely.intersection(rows, np.where(many, strips, rows)), rows)
    polygons, _, _ = parts_of(rows)
    source = index[polygons.owner]
    row = row[polygons.owner]

    bounds = shapely.bounds(polygons.geometry)
    size = step[source]
    low = np.floor((bounds[:, 0] - x0) / size).astype(np.int64)
    high = np.maximum(np.ceil((bounds[:, 2] - x0) / size).astype(np.int64), low + 1)
    single = high - low == 1
    index, column = _ranges(low[~single], high[~single])
    strip = polygons.geometry[~single]
    size, source_many, row = size[~single][index], source[~single][index], row[~single][index]
    left, bottom = x0 + column * size, y0 + row * size
    cells = shapely.box(left, bottom, left + size, bottom + size)
    shapely.prepare(strip)
    whole = shapely.covers(strip[index], cells) if len(index) else np.zeros(0, bool)
    cut = shapely.intersection(strip[index[~whole]], cells[~whole])
    pieces, _, _ = parts_of(cut)
    edge = np.concatenate((polygons.geometry[single], pieces.geometry))
    edge_source = np.concatenate((source[single], source_many[~whole][pieces.owner]))
    order = np.argsort(edge_source, kind="stable")
    return _Pieces(
        Parts(edge[order], parts.owner[edge_source[order]]),
        np.column_stack((left[whole], bottom[whole], size[whole])),
        parts.owner[source_many[whole]],
    )


def _ranges(low: I64, high: I64) -> tuple[I64, I64]:
    """All (index, value) with low[index] <= value < high[index]."""
    count = high - low
    index = np.repeat(np.arange(len(low)), count)
    start = np.cumsum(count) - count
    return index, np.arange(int(count.sum())) - start[index] + low[index]


def _facets(pieces: _Pieces) -> Mesh:
    """Triangles in plan of whole cells (sharing corners) and of edge pieces; z is 0."""
    corner, size = pieces.full[:, :2], pieces.full[:, 2:]
    offsets = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    quads = (corner[:, None, :] + size[:, None, :] * offsets).reshape(-1, 2)
    owners = np.repeat(pieces.full_owner, 4)
    # millimetres as integers: corners of neighbouring cells differ only by rounding
    keys = np.column_stack((owners, np.round(quads * 1000).astype(np.int64)))
    nodes, quad_index = _unique_rows(keys, quads)
    a, b, c, d = quad_index.reshape(-1, 4).T
    full_faces = np.stack((np.column_stack((a, b, c)), np.column_stack((a, c, d))), axis=1).reshape(-1, 3)
    full_owner = np.repeat(pieces.full_owner, 2)

    rings = rings_of(pieces.edge.geometry)
    faces, count = triangulate(rings)
    plan = np.concatenate((nodes, rings.xy))
    return by_owner(
        np.column_stack((plan, np.zeros(len(plan)))),
        np.concatenate((full_faces, faces + len(nodes))),
        np.concatenate((full_owner, np.repeat(pieces.edge.owner, count))),
        0,
    )


def _unique_rows(keys: I64, values: F64) -> tuple[F64, I64]:
    """Values of distinct keys (in sorted order), and for each row the index of its value."""
    if len(keys) == 0:
        return np.zeros((0, 2)), np.zeros(0, np.int64)
    order = np.lexsort((keys[:, 2], keys[:, 1], keys[:, 0]))
    ordered = keys[order]
    fresh = np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)]
    index = np.empty(len(keys), np.int64)
    index[order] = np.cumsum(fresh) - 1
    return values[order[fresh]], index
