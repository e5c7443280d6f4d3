"""From raw triangles to drawable ones: flat and smooth faces, outward, with edge lines.

A glTF primitive without normals is drawn with its faces' own (glTF 2.0, 3.7.2.1): flat faces then share the vertices of
their corners, and lines end at the same ones. Only what is bent, and slivers, carry normals (docs/decisions/0010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import F64, I64, U8, Flags, cross, starts
from scenes.tiles.edges import Edges, find_edges, sharp_edges
from scenes.tiles.palette import Palette
from scenes.tiles.smooth import BARE, CREASE, FLAT, SMOOTH, Corners, Joints, bent, corner_normals, joints
from scenes.tiles.uv import settle
from scenes.tiles.weld import weld
from twin.geometry.spool import Shape

SLIVER_M = 0.01
"""A face lower than this keeps its normal: what the grid of positions rounds away might tilt it by 6 degrees and more.

Not so where it stays across an axis of the grid: its corners round alike.
"""
ACROSS = 1 - 1e-10
"""Of a unit normal along an axis: the corners' places along it differ by less than half a millimetre in 30 m."""
FEW = 0.1
"""With a smaller share of flat faces than this all faces are smooth: one draw call less is worth more."""
LINES_PER_SHAPE = 600
"""A shape with more sharp edges than this is tessellated or very fine: it gets none."""
LINE_M = 0.02
"""Shorter edges are not drawn."""


@dataclass(frozen=True)
class Shaded:
    """Triangles and edge lines of several groups (shapes), each array sorted by group.

    position (n, 3), material (n,), kind (n,): FLAT, SMOOTH or BARE (ends of lines only); normal (n, 3), zero where the
    kind is not SMOOTH; faces (m, 3) and lines (e, 2) of vertices; faces never mix kinds, lines end at opaque FLAT
    and at BARE ones. *_start: where each group begins in vertices, faces and lines, one longer than groups.
    uv: (n, 2) texture coordinates, zero at plain materials; None where no material is textured.
    """

    position: F64
    normal: F64
    material: I64
    kind: U8
    faces: I64
    lines: I64
    vertex_start: I64
    face_start: I64
    line_start: I64
    uv: F64 | None = None


@dataclass(frozen=True)
class _Faces:
    """The triangles that have an area. points: (n, 3) of all; vertex: (m, 3) welded; normal (m, 3), group, material (m,)."""

    points: F64
    vertex: I64
    normal: F64
    side: list[F64]
    low: Flags
    group: I64
    material: I64
    uv: F64 | None


def shade(
    mesh: Shape,
    group: I64,
    groups: int,
    palette: Palette,
    *,
    lines: bool,
    sheets: bool = True,
    whole: Flags | None = None,
    whole_unlined: Flags | None = None,
    stays: Flags | None = None,
) -> Shaded:
    """Shade (m, 3) triangles of `groups` groups; group: (m,) ascending, by face.

    whole: (groups,) those that are drawn alone, so that their faces should be of one kind; whole_unlined: those that are
    if they turn out to have no lines. stays: (groups, 3) whether faces across each axis of a group's mesh are across one of the grid of positions too, wherever the group is placed. Only opaque
    faces get lines, open borders only with `sheets`. Triangles without area are dropped; a closed group that is inside out
    is turned. Vertices are split where texture coordinates differ, after their normals were made smooth.
    """
    faces = _faces(mesh, group, stays)
    edges = find_edges(faces.vertex, max(len(faces.points), 1))
    turned = _inside_out(faces, edges, groups)
    plain = np.isnan(palette.period[:, 0])
    ends, owner = _lines(faces, edges, groups, palette.opaque, wanted=lines, sheets=sheets)
    alone = np.zeros(groups, np.bool_) if whole is None else whole
    if whole_unlined is not None:
        alone = alone | whole_unlined & (np.bincount(owner, minlength=groups) == 0)
    corners = _smooth(faces, joints(edges, faces.normal, faces.material), plain, palette.opaque, alone)
    return _assemble(faces, corners, ends, owner, groups, palette, turned)


def _faces(mesh: Shape, group: I64, stays: Flags | None) -> _Faces:
    points = mesh.vertices.astype(np.float64)
    corners = mesh.faces.astype(np.int64)
    material = mesh.material.astype(np.int64)
    vertex_group = np.zeros(len(points), np.int64)
    vertex_group[corners] = group[:, None]
    vertex = weld(points, vertex_group)[corners]
    side = _sides(points, vertex)
    across = cross(side[0], -side[2])
    area = np.einsum("ij,ij->i", across, across)
    uv = None if mesh.uv is None else mesh.uv.astype(np.float64)[corners]
    solid = area > 1e-16
    if not solid.all():
        vertex, across, area, group, material = vertex[solid], across[solid], area[solid], group[solid], material[solid]
        side = [one[solid] for one in side]
        uv = None if uv is None else uv[solid]
    longest = np.maximum.reduce([np.einsum("ij,ij->i", one, one) for one in side]) if len(area) else area
    normal = across / np.sqrt(area)[:, None]
    low = area < SLIVER_M**2 * longest
    if stays is not None:
        some = np.flatnonzero(low)
        along = np.abs(normal[some])
        low[some] = ~((along > ACROSS) & stays[group[some]]).any(axis=1)
    return _Faces(
        points=points,
        vertex=vertex,
        normal=normal,
        side=side,
        low=low,
        group=group,
        material=material,
        uv=uv,
    )


def _sides(points: F64, faces: I64) -> list[F64]:
    """The ways (m, 3) from the first corner of each face to the second, from there to the third, and back."""
    corner = [points.take(faces[:, i], axis=0) for i in range(3)]
    return [corner[1] - corner[0], corner[2] - corner[1], corner[0] - corner[2]]


def _smooth(faces: _Faces, joint: Joints, plain: Flags, opaque: Flags, whole: Flags) -> Corners:
    """The corners of the faces that carry normals.

    These are bent ones; slivers, and what shows an image, however flat. To save a draw call also all see-through ones
    where any is bent, all of a group drawn alone where any is, and all where few are flat.
    """
    bend = np.zeros(len(faces.points), np.bool_)
    bend[bent(joint, faces.vertex)] = True
    glass = ~opaque[faces.material]
    curved = np.zeros(len(glass), np.bool_)
    curved[joint.bent // 3] = True
    kept = faces.low & ~glass | ~plain[faces.material]
    if (curved & glass).any():
        kept |= glass
    if whole.any():
        kept |= (whole & (np.bincount(faces.group, curved | kept, minlength=len(whole)) > 0))[faces.group]
    touched = bend[faces.vertex].any(axis=1) | kept
    corners = corner_normals(np.flatnonzero(touched), joint, faces.side, faces.normal)
    corners = corners.without(corners.flat(faces.normal) & ~kept[corners.face])
    if 0 < len(kept) - len(corners.face) <= FEW * len(kept):
        corners = corner_normals(np.arange(len(kept)), joint, faces.side, faces.normal)
    return corners


def _inside_out(faces: _Faces, edges: Edges, groups: int) -> Flags:
    """Groups that are closed, wound one way throughout, and of negative volume."""
    edge, one, other = edges.pairs
    bad = np.ones(len(edges.run), np.bool_)
    bad[edge] = edges.forward[one] == edges.forward[other]
    open_edges = np.bincount(faces.group[edges.first[bad] // 3], minlength=groups)
    a, b, c = (faces.points.take(faces.vertex[:, i], axis=0) for i in range(3))
    volume = np.bincount(faces.group, np.einsum("ij,ij->i", cross(a, b), c), minlength=groups)
    return np.asarray((open_edges == 0) & (volume < 0))


def _lines(faces: _Faces, edges: Edges, groups: int, opaque: Flags, *, wanted: bool, sheets: bool) -> tuple[I64, I64]:
    """Welded ends (e, 2) of the lines, and their groups, ascending."""
    nothing = np.empty(0, np.int64)
    if not wanted or not len(edges.run):
        return nothing.reshape(0, 2), nothing
    sharp = sharp_edges(edges, faces.normal, CREASE, sheets=sheets)
    face, ends = edges.first[sharp] // 3, edges.ends[sharp]
    owner = faces.group[face]
    way = faces.points.take(ends[:, 0], axis=0) - faces.points.take(ends[:, 1], axis=0)
    long = np.einsum("ij,ij->i", way, way) >= LINE_M**2
    few = np.bincount(owner, minlength=groups) <= LINES_PER_SHAPE
    kept = long & few[owner] & opaque[faces.material[face]]
    ends, owner = ends[kept], owner[kept]
    order = np.argsort(owner, kind="stable")
    return ends[order], owner[order]


def _assemble(
    faces: _Faces,
    corners: Corners,
    ends: I64,
    owner: I64,
    groups: int,
    palette: Palette,
    turned: Flags,
) -> Shaded:
    """Number the vertices: those of flat faces, by place and material; those of smooth ones; ends that are at neither."""
    uv = None
    if faces.uv is not None:
        uv = settle(faces.uv, faces.material, faces.group, palette.period)
        corners = corners.split(uv)
    level = np.ones(len(faces.vertex), np.bool_)
    level[corners.face] = False
    flat = np.flatnonzero(level)
    kinds = int(faces.material.max(initial=0)) + 1
    key, first, which = np.unique(
        (faces.vertex[flat] * kinds + faces.material[flat][:, None]).ravel(), return_index=True, return_inverse=True
    )
    face = flat[first // 3]
    at = np.full(len(faces.points), -1, np.int64)
    opaque = palette.opaque[faces.material[face]]
    at[key[opaque] // kinds] = np.flatnonzero(opaque)
    bare = np.unique(ends[at[ends] < 0])
    at[bare] = len(key) + len(corners.normal) + np.arange(len(bare))
    bare_group = np.zeros(len(faces.points), np.int64)
    bare_group[ends] = owner[:, None]

    group = np.concatenate((faces.group[face], faces.group[corners.root // 3], bare_group[bare]))
    order = np.argsort(group, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    sizes = (len(key), len(corners.normal), len(bare))
    drawn = np.empty((len(faces.vertex), 3), np.int64)
    drawn[flat] = place[which.reshape(-1, 3)]
    drawn[corners.face] = place[len(key) + corners.vertex]
    drawn = np.where(turned[faces.group][:, None], drawn[:, ::-1], drawn)
    vertex = np.concatenate((key // kinds, faces.vertex.ravel()[corners.root], bare))[order]
    normal = np.zeros((len(order), 3))
    normal[place[len(key) : len(key) + sizes[1]]] = np.where(
        turned[faces.group[corners.root // 3]][:, None], -corners.normal, corners.normal
    )
    shown = None
    if uv is not None:
        shown = np.zeros((len(order), 2))
        shown[place[len(key) : len(key) + sizes[1]]] = uv.reshape(-1, 2)[corners.root]
    material = np.concatenate((faces.material[face], faces.material[corners.root // 3], np.zeros(len(bare), np.int64)))
    return Shaded(
        position=faces.points.take(vertex, axis=0),
        normal=normal,
        material=material[order],
        kind=np.repeat(np.array((FLAT, SMOOTH, BARE), np.uint8), sizes)[order],
        faces=drawn,
        lines=place[at[ends]],
        vertex_start=starts(np.bincount(group, minlength=groups)),
        face_start=starts(np.bincount(faces.group, minlength=groups)),
        line_start=starts(np.bincount(owner, minlength=groups)),
        uv=shown,
    )
