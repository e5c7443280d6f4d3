"""A face too many in a shell: some exporters write a gable both whole and in pieces, or a face twice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bim.geometry.face_columns import Faces
from bim.geometry.orientation import imbalance, walked

I64 = npt.NDArray[np.int64]
_FEWEST = 4
"""Triangles of a closed shell."""


def doubled(faces: Faces, triangles: I64, face: I64) -> I64:
    """Faces without which their part is closed, one of each such part. triangles (t, 3), of faces (t,).

    The edges that are walked too often are then the face's own.
    """
    part = faces.parts[face]
    excess = imbalance(triangles, part, faces.part_count, len(faces.points))
    if not excess.any():
        return np.empty(0, np.int64)
    starts = np.cumsum(faces.sizes) - faces.sizes
    after = np.arange(1, len(faces.corners) + 1)
    after[starts + faces.sizes - 1] = starts
    own = np.zeros(len(faces.parts), np.uint64)
    edges = walked(faces.corners, faces.corners[after], len(faces.points))
    np.add.at(own, faces.faces, np.add.reduceat(edges, starts))
    left = np.bincount(part, minlength=faces.part_count)[faces.parts] - np.bincount(face, minlength=len(faces.parts))
    found = np.flatnonzero((own == excess[faces.parts]) & (own != 0) & (left >= _FEWEST))
    return np.asarray(found[np.unique(faces.parts[found], return_index=True)[1]])
