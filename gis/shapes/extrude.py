"""Prisms over polygons: walls, roof and floor of many footprints at once, watertight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gis.shapes.mesh import Mesh, by_owner
from gis.shapes.parts import Parts
from gis.shapes.triangulate import next_vertex, rings_of, triangulate

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


def extrude(parts: Parts, bottom: F64, top: F64, wall: int | npt.ArrayLike, roof: int | npt.ArrayLike) -> Mesh:
    """Prisms between heights `bottom` and `top`, (m,) metres by part; wall and roof: materials, one or (m,).

    Faces look outward. Vertices are not shared between walls, roof and floor, so that edges stay crisp.
    """
    count = len(parts)
    if count == 0:
        return Mesh.empty()
    rings = rings_of(parts.geometry)
    first = rings.first_vertex
    size = np.diff(first)
    part = np.repeat(np.arange(count), size)
    after = next_vertex(rings)
    low, high = bottom[part], top[part]
    roof_faces, roof_count = triangulate(rings)
    roof_part = np.repeat(np.arange(count), roof_count)

    # A part's vertices lie together: 4 a wall (from, to, to above, from above), then its roof, then its floor.
    begin = 6 * first[:-1]
    within = np.arange(len(rings.xy)) - first[part]
    walls = begin[part] + 4 * within
    tops = begin[part] + 4 * size[part] + within
    floors = tops + size[part]
    vertices = np.empty((6 * len(rings.xy), 3))
    for shift, xy, z in (
        (walls, rings.xy, low),
        (walls + 1, rings.xy[after], low),
        (walls + 2, rings.xy[after], high),
        (walls + 3, rings.xy, high),
        (tops, rings.xy, high),
        (floors, rings.xy, low),
    ):
        vertices[shift, :2] = xy
        vertices[shift, 2] = z
    faces = np.concatenate(
        (
            np.column_stack((walls, walls + 1, walls + 2)),
            np.column_stack((walls, walls + 2, walls + 3)),
            tops[roof_faces],
            floors[roof_faces[:, ::-1]],
        )
    )
    face_part = np.concatenate((part, part, roof_part, roof_part))
    wall_paint = np.broadcast_to(np.asarray(wall, np.uint16), (count,))
    roof_paint = np.broadcast_to(np.asarray(roof, np.uint16), (count,))
    material = np.concatenate((wall_paint[part], wall_paint[part], roof_paint[roof_part], wall_paint[roof_part]))
    return by_owner(vertices, faces, parts.owner[face_part], material)
