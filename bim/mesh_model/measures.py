"""Area and volume of a mesh in its own unit, exact for any triangles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bim.mesh_model.model import F64, U32, weld

_MAX_FACES = 5_000_000
"""Meshes beyond this are not tested for being closed: sorting their edges takes gigabytes."""


@dataclass(frozen=True)
class Measures:
    """area; volume: None where the surface is not closed; closed: None where it was not tested."""

    area: float
    volume: float | None
    closed: bool | None


def measure(vertices: F64, faces: U32) -> Measures:
    """Vertices (n, 3), faces (m, 3). Closed: each edge runs once in each direction, equal corners taken as one."""
    if not len(faces):
        return Measures(0.0, None, closed=False)
    corners = (vertices - vertices.mean(axis=0))[faces]
    area = float(
        np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2
    )
    if len(faces) > _MAX_FACES:
        return Measures(area, None, closed=None)
    closed = _closed(vertices, faces)
    volume = None
    if closed:
        volume = abs(float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6))
    return Measures(area, volume, closed=closed)


def _closed(vertices: F64, faces: U32) -> bool:
    _, same = weld(vertices)
    welded = same[faces].astype(np.int64)
    real = (welded != np.roll(welded, 1, axis=1)).all(axis=1)
    start, end = welded[real].ravel(), np.roll(welded[real], -1, axis=1).ravel()
    count = len(vertices)
    return bool(len(start)) and bool(np.array_equal(np.sort(start * count + end), np.sort(end * count + start)))
