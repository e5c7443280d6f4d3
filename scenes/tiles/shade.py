"""From raw triangles to drawable ones: normals with creases, outward faces, edge lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import F64, I64, Flags, cross, starts, unit
from scenes.tiles.components import components
from scenes.tiles.edges import Edges, find_edges, sharp_edges
from scenes.tiles.palette import Palette
from scenes.tiles.uv import settle
from scenes.tiles.weld import weld
from twin.geometry.spool import Shape

CREASE = float(np.cos(np.radians(31.0)))
"""Triangles that meet at more than 31° show an edge; a circle of twelve segments is still round."""
LINES_PER_SHAPE = 600
"""A shape with more sharp edges than this is tessellated or very fine: it gets none."""
LINE_M = 0.02
"""Shorter edges are not drawn."""


@dataclass(frozen=True)
class Shaded:
    """Triangles of several groups (shapes), each array sorted by group.

    position, normal (n, 3), material (n,), faces (m, 3); line_position (k, 3), lines (e, 2);
    *_start: where each group begins in vertices, faces, line vertices and lines, one longer than groups.
    uv: (n, 2) texture coordinates, zero at plain materials; None where no material is textured.
    """

    position: F64
    normal: F64
    material: I64
    faces: I64
    line_position: F64
    lines: I64
    vertex_start: I64
    face_start: I64
    line_vertex_start: I64
    line_start: I64
    uv: F64 | None = None


def shade(mesh: Shape, group: I64, groups: int, palette: Palette, *, lines: bool, sheets: bool = True) -> Shaded:
    """Shade (m, 3) triangles of `groups` groups; group: (m,) ascending, by face.

    Only opaque faces get lines, open borders only with `sheets`. Triangles without area are dropped; a closed
    group that is inside out is turned. Vertices are split where texture coordinates differ, after their normals
    were made smooth.
    """
    points = mesh.vertices.astype(np.float64)
    faces = mesh.faces.astype(np.int64)
    material = mesh.material.astype(np.int64)
    vertex_group = np.zeros(len(points), np.int64)
    vertex_group[faces] = group[:, None]
    welded = weld(points, vertex_group)[faces]
    side = _sides(points, welded)
    across = cross(side[0], -side[2])
    area = np.einsum("ij,ij->i", across, across)
    solid = area > 1e-16
    uv = None if mesh.uv is None else mesh.uv.astype(np.float64)[faces]
    if not solid.all():
        welded, across, area, group, material = welded[solid], across[solid], area[solid], group[solid], material[solid]
        side = [one[solid] for one in side]
        uv = None if uv is None else uv[solid]
    normals = across / np.sqrt(area)[:, None]
    edges = find_edges(welded, max(len(points), 1))

    corner = _corners(edges, normals, material)
    root = corner == np.arange(len(corner))
    number = np.cumsum(root) - 1
    at = np.flatnonzero(root)
    smooth = _smooth_normals(side, normals, number[corner], len(at))
    turned = _inside_out(points, welded, group, groups, edges)
    smooth[turned[group[at // 3]]] *= -1
    drawn, flat = number[corner], None
    if uv is not None:
        flat = settle(uv, material, group, palette.period).reshape(-1, 2)
        at, smooth, drawn = _split(drawn, flat, smooth)
        flat = flat[at]
    drawn = drawn.reshape(-1, 3)
    drawn = np.where(turned[group][:, None], drawn[:, ::-1], drawn)

    line_position, line_vertex_group, line, line_group = _lines(
        points, edges, normals, material, group, groups, palette.opaque, wanted=lines, sheets=sheets
    )
    return Shaded(
        position=points[welded.ravel()[at]],
        normal=smooth,
        material=material[at // 3],
        faces=drawn,
        line_position=line_position,
        lines=line,
        vertex_start=starts(np.bincount(group[at // 3], minlength=groups)),
        face_start=starts(np.bincount(group, minlength=groups)),
        line_vertex_start=starts(np.bincount(line_vertex_group, minlength=groups)),
        line_start=starts(np.bincount(line_group, minlength=groups)),
        uv=flat,
    )


def _split(vertex: I64, uv: F64, normal: F64) -> tuple[I64, F64, I64]:
    """Vertices of one place and one texture coordinate: their first corners, normals, and each corner's number.

    vertex (3m,) and uv (3m, 2) by corner; normal by vertex. The vertices stand in the order of their first corners,
    which keeps groups together.
    """
    key = np.column_stack((vertex, np.rint(uv * (1 << 16)).astype(np.int64)))
    _, first, which = np.unique(key, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    at = first[order]
    return at, normal[vertex[at]], place[which.ravel()]


def _corners(edges: Edges, normals: F64, material: I64) -> I64:
    """For each face corner the first corner it shares a vertex with: same place, no crease, same material."""
    _, one, other = edges.pairs
    f, g = one // 3, other // 3
    together = (
        (edges.forward[one] != edges.forward[other])
        & (material[f] == material[g])
        & (np.einsum("ij,ij->i", normals[f], normals[g]) > CREASE)
    )
    one, other = one[together], other[together]
    after_one, after_other = one // 3 * 3 + (one + 1) % 3, other // 3 * 3 + (other + 1) % 3
    return components(3 * len(normals), np.concatenate((one, after_one)), np.concatenate((after_other, other)))


def _sides(points: F64, faces: I64) -> list[F64]:
    """The ways (m, 3) from the first corner of each face to the second, from there to the third, and back."""
    corner = [points[faces[:, i]] for i in range(3)]
    return [corner[1] - corner[0], corner[2] - corner[1], corner[0] - corner[2]]


def _smooth_normals(side: list[F64], normals: F64, vertex: I64, count: int) -> F64:
    """Normals of `count` vertices, each triangle weighted with its angle there; vertex: (3m,) by corner."""
    weight = np.empty((len(normals), 3))
    side = [unit(way) for way in side]
    for i in range(3):
        cosine = -np.einsum("ij,ij->i", side[i], side[i - 1])
        weight[:, i] = np.arccos(np.clip(cosine, -1.0, 1.0))
    flat = weight.ravel()
    total: F64 = np.column_stack(
        [np.bincount(vertex, flat * np.repeat(normals[:, axis], 3), minlength=count) for axis in range(3)]
    )
    return unit(total)


def _inside_out(points: F64, welded: I64, group: I64, groups: int, edges: Edges) -> Flags:
    """Groups that are closed, wound one way throughout, and of negative volume."""
    edge, one, other = edges.pairs
    bad = np.ones(len(edges.run), np.bool_)
    bad[edge] = edges.forward[one] == edges.forward[other]
    open_edges = np.bincount(group[edges.first[bad] // 3], minlength=groups)
    a, b, c = (points[welded[:, i]] for i in range(3))
    volume = np.bincount(group, np.einsum("ij,ij->i", cross(a, b), c), minlength=groups)
    return np.asarray((open_edges == 0) & (volume < 0))


def _lines(
    points: F64,
    edges: Edges,
    normals: F64,
    material: I64,
    group: I64,
    groups: int,
    opaque: Flags,
    *,
    wanted: bool,
    sheets: bool,
) -> tuple[F64, I64, I64, I64]:
    """Line vertices and their groups, lines and their groups."""
    nothing = np.empty(0, np.int64)
    if not wanted or not len(edges.run):
        return np.empty((0, 3)), nothing, nothing.reshape(0, 2), nothing
    sharp = sharp_edges(edges, normals, CREASE, sheets=sheets)
    face = edges.first[sharp] // 3
    ends = edges.ends[sharp]
    owner = group[face]
    long = np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1) >= LINE_M
    few = np.bincount(owner, minlength=groups) <= LINES_PER_SHAPE
    kept = long & few[owner] & opaque[material[face]]
    ends, owner = ends[kept], owner[kept]
    order = np.argsort(owner, kind="stable")
    ends, owner = ends[order], owner[order]
    used = np.zeros(len(points), np.bool_)
    used[ends] = True
    number = np.cumsum(used) - 1
    vertex_group = np.zeros(len(points), np.int64)
    vertex_group[ends] = owner[:, None]
    return points[used], vertex_group[used], number[ends], owner
