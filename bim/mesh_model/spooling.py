"""Meshes into the spool: each stored once, placed as often as the model says."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bim.mesh_model.measures import Measures, measure
from bim.mesh_model.model import F64, Colour, FaceImage, Mesh, Model
from bim.mesh_model.naming import Names
from twin.errors import Invalid
from twin.geometry.spool import MeshSpool, Texture

_SIMILAR = 1e-6
"""How far a placement may be from turning and scaling evenly; others are worked into the vertices."""


@dataclass
class Row:
    """Sums over an object's placements. volume: None where a surface is open; closed: None where it was not tested."""

    mesh: int
    area: float = 0.0
    volume: float | None = 0.0
    closed: bool | None = True
    placements: int = 0


@dataclass
class Spooled:
    """rows: by place in the kept nodes, those with triangles."""

    rows: dict[int, Row] = field(default_factory=dict)


def spool_meshes(spool: MeshSpool, model: Model, names: Names, axes: F64, location: F64) -> Spooled:
    """Write shapes and placements. axes: file to metres; location: metres to the park frame, rigid."""
    looks = np.array([_material(spool, model, *look) for look in model.looks.all], np.uint16)
    shapes: dict[tuple[int, bytes], tuple[int, Measures]] = {}
    spooled = Spooled()
    for place, index in enumerate(names.kept):
        node = model.nodes[index]
        if node.mesh < 0 or not len(model.meshes[node.mesh].faces):
            continue
        mesh, row = model.meshes[node.mesh], Row(node.mesh)
        for matrix in axes @ node.places:
            scale, rest = _evenly(matrix)
            if scale == 0.0:
                model.leave_out("placement that is flat")
                continue
            key = (node.mesh, b"" if rest is None else rest[:3, :3].tobytes())
            if key not in shapes:
                shapes[key] = _shape(spool, mesh, rest, looks)
            shape, measures = shapes[key]
            where = matrix if rest is None else _moved(matrix)
            spool.place(names.ids[place], shape, location @ where)
            size = scale if rest is None else 1.0
            row.area += measures.area * size**2
            row.volume = (
                None if row.volume is None or measures.volume is None else row.volume + measures.volume * size**3
            )
            row.closed = measures.closed if row.closed else row.closed
            row.placements += 1
        if row.placements:
            spooled.rows[place] = row
    return spooled


def _material(spool: MeshSpool, model: Model, colour: Colour, name: str, face_image: FaceImage | None) -> int:
    if face_image is None:
        return spool.material(colour, name)
    try:
        picture = spool.image(model.images[face_image.image])
    except Invalid:
        model.missing.append(name)
        return spool.material(colour, name)
    return spool.material(colour, name, Texture(picture.name, face_image.tint, face_image.wrap, face_image.alpha))


def _evenly(matrix: F64) -> tuple[float, F64 | None]:
    """The scale of a placement, 0 where it is flat; and the placement itself where it stretches unevenly."""
    linear = matrix[:3, :3]
    scale = abs(float(np.linalg.det(linear))) ** (1 / 3)
    largest = float(np.abs(linear).max())
    if scale <= 1e-9 * largest or largest == 0.0:
        return 0.0, None
    even = np.abs(linear.T @ linear / scale**2 - np.eye(3)).max() <= _SIMILAR
    return scale, None if even else matrix


def _moved(matrix: F64) -> F64:
    """Only where a placement leads: its stretch stands in the vertices."""
    where = np.eye(4)
    where[:3, 3] = matrix[:3, 3]
    return where


def _shape(
    spool: MeshSpool, mesh: Mesh, stretched: F64 | None, looks: np.ndarray[tuple[int], np.dtype[np.uint16]]
) -> tuple[int, Measures]:
    vertices, faces = mesh.vertices, mesh.faces
    if stretched is not None:
        vertices = vertices @ stretched[:3, :3].T
        if np.linalg.det(stretched[:3, :3]) < 0:
            faces = faces[:, ::-1]
    return spool.shape(vertices, faces, looks[mesh.looks], mesh.uv), measure(vertices, faces)
