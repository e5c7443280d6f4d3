"""Bodies of planar faces (faceted breps, surface models, tessellations), meshed without a kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.doubles import doubled
from bim.geometry.engine import F64
from bim.geometry.face_columns import Faces, faces_of
from bim.geometry.face_reader import SHELLED, FaceReader, shells_of
from bim.geometry.orientation import oriented
from bim.geometry.polygons import triangulate
from bim.source.attribute import UNREADABLE, class_of, step_of
from bim.source.step_text import StepText
from bim.source.whole_model import complete

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


def facets_of(model: Any, items: Iterable[Any], length: float, text: StepText | None = None) -> dict[int, Facets]:
    """Meshes by the items' STEP id; items of other kinds and such with faces that cross themselves are left out.

    text: the model's file, from which most shells are read many times as fast.
    """
    found: dict[int, Facets] = {}
    rest, shelled = dict[int, Any](), list[tuple[int, list[int]]]()
    for item in items:
        step = int(item.id())
        shells = None if text is None else _shells(item)
        rest[step] = item
        if shells:
            shelled.append((step, shells))
    for faces in faces_of(text, shelled) if text is not None and shelled else ():
        found |= _meshes(faces, length)
        for step in faces.items:
            del rest[step]
    model, left = complete(model, [item for item in rest.values() if class_of(item) in SHELLED])
    for faces in _read(model, rest | {step_of(item): item for item in left}):
        found |= _meshes(faces, length)
    return found


def _shells(item: Any) -> list[int] | None:
    kind = class_of(item)
    try:
        found = [step_of(shell) for shell in shells_of(item, kind)] if kind in SHELLED else []
    except UNREADABLE:
        return None
    return found if all(found) else None


def _read(model: Any, items: dict[int, Any]) -> Iterator[Faces]:
    """Items one after the other, through the parser."""
    reader, read = FaceReader(model), dict[int, tuple[range, range]]()
    for step, item in items.items():
        first = len(reader.points)
        parts = reader.read(item)
        if parts is not None:
            read[step] = (parts, range(first, len(reader.points)))
        if len(reader.corners) > _BATCH:
            yield _gathered(reader, read)
            reader, read = FaceReader(model), {}
    yield _gathered(reader, read)


def _gathered(reader: FaceReader, read: dict[int, tuple[range, range]]) -> Faces:
    corners, sizes, faces, parts = (
        np.array(values, np.int64) for values in (reader.corners, reader.sizes, reader.faces, reader.parts)
    )
    points = np.array(reader.points, np.float64).reshape(-1, 3)
    return Faces(points, corners, sizes, faces, parts, reader.part_count, read)


def _meshes(faces: Faces, length: float) -> dict[int, Facets]:
    if not len(faces.corners):
        return {}
    points = faces.points * length
    with np.errstate(invalid="ignore"):
        fine = np.asarray((np.abs(points) < _FARTHEST).all(axis=1))
    points[~fine] = 0.0
    made = triangulate(points, faces.corners, faces.sizes, faces.faces)
    kept = ~np.isin(made.face, doubled(faces, made.corners, made.face))
    part = faces.parts[made.face[kept]]
    triangles = oriented(points, made.corners[kept], part, faces.part_count)
    ends = np.searchsorted(part, np.arange(faces.part_count + 1))
    bad = set(faces.parts[made.bad].tolist())
    found = {}
    for step, (parts, used) in faces.items.items():
        low, high = int(ends[parts.start]), int(ends[parts.stop])
        if low == high or not bad.isdisjoint(parts) or not fine[used.start : used.stop].all():
            continue
        mine = (triangles[low:high] - used.start).astype(np.int32)
        found[step] = Facets(points[used.start : used.stop], mine, (part[low:high] - parts.start).astype(np.int32))
    return found
