"""Measures of triangle meshes: volume, projected area, closedness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CLOSED = 1e-4
"""A mesh counts as closed where the sum of its area vectors is below this share of its area."""


@dataclass(frozen=True)
class ShapeMeasures:
    """Measures by shape of a spool, in the shapes' own frames.

    volume (s,) cubic metres without sign, NaN where the shape is not closed; area (s,) square metres of
    all its triangles.
    """

    volume: npt.NDArray[np.float64]
    area: npt.NDArray[np.float64]


def area_vectors(vertices: npt.NDArray[np.float32], faces: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    """(m, 3) half cross products: length is the triangle's area, direction its normal."""
    corners = vertices.astype(np.float64)[faces]
    return np.asarray(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2)


def signed_volume(vertices: npt.NDArray[np.float32], faces: npt.NDArray[np.uint32]) -> float:
    """Cubic metres by the divergence theorem; negative where the mesh is inside out. Only for closed meshes."""
    corners = vertices.astype(np.float64)[faces]
    return float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)


def is_closed(vectors: npt.NDArray[np.float64]) -> bool:
    """Whether area vectors (m, 3) cancel out, as those of every closed surface do."""
    total = float(np.linalg.norm(vectors, axis=1).sum())
    return total > 0 and float(np.linalg.norm(vectors.sum(axis=0))) <= CLOSED * total


def projected_area(vectors: npt.NDArray[np.float64], up: npt.NDArray[np.float64]) -> float:
    """Square metres that a closed body covers seen along `up` (3,): half of all |area x up|.

    Exact for bodies that no vertical line meets more than twice (prisms: spaces, slabs, walls);
    others count each layer.
    """
    return float(np.abs(vectors @ up).sum() / 2)
