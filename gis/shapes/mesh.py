"""Triangles of many features in one pair of arrays, and how they go to the spool one shape a feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.shapes.parts import runs
from twin.geometry.spool import MeshSpool

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Mesh:
    """vertices (v, 3) metres in the park frame; faces (t, 3); owner (t,) feature row, ascending; material (t,)."""

    vertices: F64
    faces: I64
    owner: I64
    material: npt.NDArray[np.uint16]

    @classmethod
    def empty(cls) -> Mesh:
        """No triangles."""
        return cls(np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint16))


def by_owner(vertices: F64, faces: I64, owner: I64, material: int | npt.NDArray[np.uint16]) -> Mesh:
    """A mesh with its triangles sorted by owner."""
    paint = np.broadcast_to(np.asarray(material, np.uint16), (len(faces),))
    order = np.argsort(owner, kind="stable")
    return Mesh(vertices, faces[order], owner[order], paint[order])


def join(meshes: Sequence[Mesh]) -> Mesh:
    """Several meshes of the same features as one."""
    filled = [mesh for mesh in meshes if len(mesh.faces)]
    if len(filled) < 2:
        return filled[0] if filled else Mesh.empty()
    shift = np.cumsum([0] + [len(mesh.vertices) for mesh in filled[:-1]])
    return by_owner(
        np.concatenate([mesh.vertices for mesh in filled]),
        np.concatenate([mesh.faces + start for mesh, start in zip(filled, shift, strict=True)]),
        np.concatenate([mesh.owner for mesh in filled]),
        np.concatenate([mesh.material for mesh in filled]),
    )


def spool_mesh(spool: MeshSpool, ids: Objects, mesh: Mesh) -> I64:
    """Store one shape per owner and place it; returns the rows that got one."""
    first = np.flatnonzero(np.diff(mesh.owner, prepend=-1))
    if not len(first):
        return np.zeros(0, np.int64)
    low, high = (
        np.minimum.reduceat(mesh.faces.min(axis=1), first),
        np.maximum.reduceat(mesh.faces.max(axis=1), first) + 1,
    )
    faces, vertices = np.diff(np.append(first, len(mesh.owner))), high - low
    if (vertices > 6 * faces).any():
        return _spool_scattered(spool, ids, mesh)
    shift = np.cumsum(vertices) - vertices
    used = np.arange(int(vertices.sum())) + np.repeat(low - shift, vertices)
    local = mesh.faces - np.repeat(low, faces)[:, None]
    shapes = spool.shapes(mesh.vertices[used], vertices, local, faces, mesh.material)
    rows = np.asarray(mesh.owner[first], np.int64)
    spool.place_all(ids[rows].tolist(), shapes)
    return rows


def _spool_scattered(spool: MeshSpool, ids: Objects, mesh: Mesh) -> I64:
    """The same one by one, where the vertices of an owner lie apart."""
    placed = []
    scratch = np.full(len(mesh.vertices), -1, np.int64)
    for row, begin, end in runs(mesh.owner):
        faces = mesh.faces[begin:end]
        low = int(faces.min())
        high = int(faces.max()) + 1
        if high - low > 2 * faces.size:  # vertices lie scattered: gather the used ones
            used = np.unique(faces)
            scratch[used] = np.arange(len(used))
            shape = spool.shape(mesh.vertices[used], scratch[faces], mesh.material[begin:end])
        else:
            shape = spool.shape(mesh.vertices[low:high], faces - low, mesh.material[begin:end])
        spool.place(ids[row], shape)
        placed.append(row)
    return np.array(placed, np.int64)
