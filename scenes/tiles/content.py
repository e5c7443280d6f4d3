"""Put the triangles of some objects into one tile mesh."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F64, I64, Flags, cofactors, mirrored, starts, transform, unit, y_up
from scenes.tiles.instancing import choose, decompose
from scenes.tiles.inventory import Inventory
from scenes.tiles.mesh import Instances, Primitive, TileMesh, Vertices, surfaces
from scenes.tiles.palette import Palette
from scenes.tiles.shade import Shaded, shade
from scenes.tiles.smooth import SMOOTH
from scenes.tiles.textures import TexturedVertices, TileTextures
from twin.geometry.spool import SpoolReader
from twin.ranges import ranges

GRID_M = 2.0**-10
"""Tile centres stand on this grid, so that neighbours round equal vertices alike."""
ALONG = 1e-7
"""Of a turned axis' length: what it may lean to the sides and still be along an axis of the park."""


def centre_of(boxes: F64, grid: float = GRID_M) -> F64:
    """(3,) middle of (k, 6) boxes, on a grid of so many metres."""
    return np.asarray(np.rint((boxes[:, :3].min(axis=0) + boxes[:, 3:].max(axis=0)) / 2 / grid) * grid)


def content(
    spool: SpoolReader, inventory: Inventory, rows: I64, palette: Palette, tile_textures: TileTextures, *, sheets: bool
) -> TileMesh:
    """The mesh of a tile that shows the objects `rows`. sheets: draw open borders as edge lines."""
    placed, feature = inventory.placements(rows)
    shape, matrix = inventory.shape[placed], inventory.matrix[placed]
    centre = centre_of(inventory.boxes[rows])
    often, large = choose(shape, inventory.triangles[placed], matrix)
    shapes, slot = np.unique(shape, return_inverse=True)
    turn = cofactors(matrix)
    counts = spool.counts[shapes, 1].astype(np.int64)
    mesh = shade(
        spool.gather(shapes),
        np.repeat(np.arange(len(shapes)), counts),
        len(shapes),
        palette,
        lines=True,
        sheets=sheets,
        whole=_among(slot[often], len(shapes)),
        whole_unlined=_among(slot[large], len(shapes)),
        stays=_stays(slot[~often], turn[~often], len(shapes)),
    )
    apart = often | large & (np.diff(mesh.line_start) == 0)[slot]
    together = ~apart
    textured = tile_textures.of(mesh)
    return TileMesh(
        centre=centre,
        rows=rows,
        primitives=_merged(
            mesh, textured, slot[together], matrix[together], turn[together], feature[together], centre, palette
        ),
        instances=[
            _instanced(
                mesh, textured, int(one), matrix[apart & (slot == one)], feature[apart & (slot == one)], centre, palette
            )
            for one in np.unique(slot[apart])
        ],
        pages=[] if textured is None else textured.pages,
    )


def _among(slot: I64, shapes: int) -> Flags:
    """(shapes,) which shapes are named."""
    named = np.zeros(shapes, np.bool_)
    named[slot] = True
    return named


def _stays(slot: I64, turn: F64, shapes: int) -> Flags:
    """(shapes, 3) whether faces across each axis of a shape are, at all its places, across an axis of the park.

    slot: (p,) the shape at each place; turn: (p, 3, 3) that carry normals. An instanced mesh has a grid of its own.
    """
    length = np.abs(turn)
    longest = length.max(axis=1)
    place, axis = np.nonzero(length.sum(axis=1) - longest > ALONG * longest)
    stays = np.ones((shapes, 3), np.bool_)
    stays[slot[place], axis] = False
    return stays


def _merged(
    mesh: Shaded,
    textured: TexturedVertices | None,
    slot: I64,
    matrix: F64,
    turn: F64,
    feature: I64,
    centre: F64,
    palette: Palette,
) -> list[Primitive]:
    """The primitives of placed groups. turn: (p, 3, 3) that carry their normals."""
    if not len(slot):
        return []
    matrix = matrix.copy()
    matrix[:, :, 3] -= centre
    position, vertex, begin = _spread(mesh.position, mesh.vertex_start, slot, matrix)
    count = np.diff(begin)
    bent = np.flatnonzero(mesh.kind[vertex] == SMOOTH)
    turned = turn[np.repeat(np.arange(len(slot)), count)[bent]]
    normal = np.zeros_like(position)
    normal[bent] = unit(np.einsum("nij,nj->ni", turned, mesh.normal.take(vertex[bent], axis=0)))
    faces = _reindex(mesh.faces, mesh.face_start, mesh.vertex_start, slot, begin)
    flipped = np.repeat(mirrored(matrix), np.diff(mesh.face_start)[slot])
    faces[flipped] = faces[flipped][:, ::-1]
    lines = _reindex(mesh.lines, mesh.line_start, mesh.vertex_start, slot, begin)
    vertices = _vertices(mesh, textured, vertex, position, normal)
    return surfaces(vertices, np.repeat(feature, count), faces, palette, lines)


def _vertices(mesh: Shaded, textured: TexturedVertices | None, source: I64, position: F64, normal: F64) -> Vertices:
    """Vertices of a primitive that stand for vertices `source` of the shaded mesh."""
    uv, page = (None, None) if textured is None else (textured.uv[source], textured.page[source])
    return Vertices(y_up(position), y_up(normal), mesh.material[source], mesh.kind[source], uv, page)


def _spread(points: F64, start: I64, slot: I64, matrix: F64) -> tuple[F64, I64, I64]:
    """The points of each placed group, moved; their numbers; where each placement's points begin."""
    counts = np.diff(start)[slot]
    source = ranges(start[slot], counts)
    return transform(points.take(source, axis=0), matrix, counts), source, starts(counts)


def _reindex(faces: I64, face_start: I64, vertex_start: I64, slot: I64, begin: I64) -> I64:
    """Faces or lines of each placed group, pointing at the placed points."""
    counts = np.diff(face_start)[slot]
    shift = np.repeat(begin[:-1] - vertex_start[slot], counts)
    return faces.take(ranges(face_start[slot], counts), axis=0) + shift[:, None]


def _instanced(
    mesh: Shaded, textured: TexturedVertices | None, slot: int, matrix: F64, feature: I64, centre: F64, palette: Palette
) -> Instances:
    v0, v1 = mesh.vertex_start[slot : slot + 2]
    f0, f1 = mesh.face_start[slot : slot + 2]
    translation, rotation, scale = decompose(matrix, centre)
    vertices = _vertices(mesh, textured, np.arange(v0, v1), mesh.position[v0:v1], mesh.normal[v0:v1])
    return Instances(
        surfaces(vertices, None, mesh.faces[f0:f1] - v0, palette),
        translation,
        rotation,
        scale,
        feature,
    )
