"""Closed meshes as exact solids: cut, joined and intersected without loss (Manifold library)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import manifold3d
import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64

TOUCH = 2e-5
"""Metres: a cutter's corner this near to a face's plane is meant to lie in it (IFC models carry 1e-5 m)."""
_PUSH = 3e-5
"""Metres by which such a corner is moved beyond the plane, so that no skin of zero thickness stays."""
_MAX_PLANES = 4096

Solid: TypeAlias = manifold3d.Manifold


def solid(vertices: F64, faces: npt.NDArray[np.integer]) -> Solid | None:
    """A mesh (n, 3), (m, 3) as a solid, turned outside out; None where it is not closed or has no volume."""
    points = np.ascontiguousarray(vertices, np.float64)
    if not points.flags.writeable:  # a kernel's buffer; the library takes none
        points = points.copy()
    made = _make(points, faces)
    if made is not None and made.volume() < 0:
        made = _make(points, faces[:, ::-1])
    return made if made is not None and made.volume() > 0 else None


def _make(points: F64, faces: npt.NDArray[np.integer]) -> Solid | None:
    made = Solid(manifold3d.Mesh64(points, np.ascontiguousarray(faces, np.uint64)))
    return made if made.status() == manifold3d.Error.NoError and not made.is_empty() else None


def planes_of(vertices: F64, faces: npt.NDArray[np.integer]) -> F64:
    """The different planes (k, 4) of a mesh's faces: outward normal and distance; none where they are too many."""
    a = vertices[faces[:, 0]]
    ux, uy, uz = (vertices[faces[:, 1]] - a).T
    vx, vy, vz = (vertices[faces[:, 2]] - a).T
    planes = np.empty((len(faces), 4))
    planes[:, 0], planes[:, 1], planes[:, 2] = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    normal = planes[:, :3]
    length = np.sqrt((normal * normal).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        normal /= length[:, None]
    planes[:, 3] = (normal * a).sum(axis=1)
    planes = planes[length > 1e-12].round(6) + 0.0
    different = list(dict.fromkeys(map(tuple, planes.tolist())))  # np.unique costs ten times as much for a box
    return np.array(different) if 0 < len(different) <= _MAX_PLANES else np.empty((0, 4))


def beyond(vertices: F64, planes: F64) -> F64:
    """A cutter's corners with those that lie in a face of the body moved a little outwards."""
    if not len(planes):
        return vertices
    near = np.abs(vertices @ planes[:, :3].T - planes[:, 3]) < TOUCH
    return np.asarray(vertices + near @ planes[:, :3] * _PUSH)


def cut(body: Solid, cutters: Sequence[Solid]) -> Solid:
    """The body without the cutters."""
    tool = cutters[0] if len(cutters) == 1 else Solid.batch_boolean(list(cutters), manifold3d.OpType.Add)
    return body - tool


def mesh_of(body: Solid) -> tuple[F64, npt.NDArray[np.int32]]:
    """Vertices (n, 3) and faces (m, 3) of a solid."""
    mesh = body.to_mesh64()
    return np.asarray(mesh.vert_properties, np.float64)[:, :3], np.asarray(mesh.tri_verts, np.int64).astype(np.int32)
