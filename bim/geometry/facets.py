"""Bodies of planar faces (faceted breps, surface models, tessellations), meshed without a kernel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from bim.geometry.face_reader import FaceReader
from bim.geometry.orientation import oriented
from bim.geometry.polygons import triangulate

I32 = npt.NDArray[np.int32]
_BATCH = 200_000
"""Corners that are triangulated together: enough to hide what a call costs, few enough for memory."""
_FARTHEST = 1e9
"""Metres: no number of a real model is larger."""


class Facets(NamedTuple):
    """A mesh in its representation's frame, metres; part (m,): the shell that each face belongs to."""

    vertices: F64
    faces: I32
    part: I32


def facets_of(model: Any, items: Iterable[Any], length: float) -> dict[int, Facets]:
    """Meshes by the items' STEP id; items of other kinds and such with faces that cross themselves are left out."""
    found: dict[int, Facets] = {}
    reader, read = FaceReader(model), dict[int, tuple[range, range]]()
    for item in items:
        first = len(reader.points)
        parts = reader.read(item)
        if parts is not None:
            read[int(item.id())] = (parts, range(first, len(reader.points)))
        if len(reader.corners) > _BATCH:
            found |= _meshes(reader, read, length)
            reader, read = FaceReader(model), {}
    return found | _meshes(reader, read, length)


def _meshes(reader: FaceReader, read: dict[int, tuple[range, range]], length: float) -> dict[int, Facets]:
    if not reader.corners:
        return {}
    points = np.array(reader.points, np.float64) * length
    with np.errstate(invalid="ignore"):
        fine = np.asarray((np.abs(points) < _FARTHEST).all(axis=1))
    points[~fine] = 0.0
    part_of = np.array(reader.parts, np.int64)
    made = triangulate(points, *(np.array(values, np.int64) for values in (reader.corners, reader.sizes, reader.faces)))
    part = part_of[made.face]
    triangles = oriented(points, made.corners, part, reader.part_count)
    ends = np.searchsorted(part, np.arange(reader.part_count + 1))
    bad = set(part_of[made.bad].tolist())
    found = {}
    for step, (parts, used) in read.items():
        low, high = int(ends[parts.start]), int(ends[parts.stop])
        if low == high or not bad.isdisjoint(parts) or not fine[used.start : used.stop].all():
            continue
        faces = (triangles[low:high] - used.start).astype(np.int32)
        found[step] = Facets(points[used.start : used.stop], faces, (part[low:high] - parts.start).astype(np.int32))
    return found
