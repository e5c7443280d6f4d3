"""Measures of triangle meshes: volume, projected area, closedness, over many shapes at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.geometry.spool import SpoolReader
from twin.geometry.vectors import Vectors, corners, cross, dot, minus

F64 = npt.NDArray[np.float64]

CLOSED = 1e-4
"""A mesh counts as closed where the sum of its area vectors is below this share of its area."""
CHUNK = 200_000
"""Triangles measured at once: some 60 MB."""


@dataclass(frozen=True)
class ShapeMeasures:
    """Measures (s,) by shape of a spool, in the shapes' own frames.

    volume: m3 without sign, NaN where the shape is not closed; area: m2 of all triangles; covered: m2
    seen along z.
    """

    volume: F64
    area: F64
    covered: F64


def shape_measures(meshes: SpoolReader) -> ShapeMeasures:
    """All shapes' measures.

    Volume by the divergence theorem. The covered area is half of all |area x z|: exact for bodies that
    no vertical line meets more than twice (prisms: spaces, slabs, walls); others count each layer.
    """
    count = len(meshes.counts)
    volume, surface, covered = np.full(count, np.nan), np.zeros(count), np.zeros(count)
    for shapes, begin, (a, b, c) in _chunks(meshes, np.flatnonzero(meshes.counts[:, 1] > 0)):
        normal = cross(minus(b, a), minus(c, a))  # twice the area long
        whole = np.abs(np.add.reduceat(dot(a, cross(b, c)), begin)) / 6
        area = np.add.reduceat(np.sqrt(dot(normal, normal)), begin) / 2
        gap = np.linalg.norm([np.add.reduceat(one, begin) for one in normal], axis=0) / 2
        volume[shapes] = np.where((area > 0) & (gap <= CLOSED * area), whole, np.nan)
        surface[shapes] = area
        covered[shapes] = np.add.reduceat(np.abs(normal[2]), begin) / 4
    return ShapeMeasures(volume, surface, covered)


def projected_areas(meshes: SpoolReader, shapes: npt.NDArray[np.integer], up: F64) -> F64:
    """Square metres that placed shapes (k,) cover seen along `up` (k, 3), given in each shape's own frame."""
    found = np.zeros(len(shapes))
    filled = np.flatnonzero(meshes.counts[shapes, 1] > 0)
    at = 0
    for some, begin, (a, b, c) in _chunks(meshes, np.asarray(shapes, np.int64)[filled]):
        here = filled[at : at + len(some)]
        faces = np.diff(np.append(begin, len(a[0])))
        along = (np.repeat(one, faces) for one in up[here].T)
        twice = dot(cross(minus(b, a), minus(c, a)), (next(along), next(along), next(along)))
        found[here] = np.add.reduceat(np.abs(twice), begin) / 4
        at += len(some)
    return found


def _chunks(
    meshes: SpoolReader, shapes: npt.NDArray[np.int64]
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], tuple[Vectors, Vectors, Vectors]]]:
    """Shapes in their order, each chunk's first faces, and the three corners of its faces."""
    faces = meshes.counts[shapes, 1].astype(np.int64)
    total = np.concatenate(([0], np.cumsum(faces)))
    at = 0
    while at < len(shapes):
        end = max(at + 1, int(np.searchsorted(total, total[at] + CHUNK, "right")) - 1)
        some = shapes[at:end]
        shape = meshes.gather(some)
        yield some, total[at:end] - total[at], corners(shape.vertices.astype(np.float64), shape.faces)
        at = end
