"""The meshes of a version as those of an earlier one and of the few products that are drawn otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bim.changes import Whole
from bim.changes.reshaped import Drawn
from bim.georef.extent import Extent
from scenes.build.incremental.kept import CONTENT_BYTES, I64, Kept
from scenes.build.incremental.recolour import recoloured
from twin.geometry.spool import Shape, SpoolReader

Key = tuple[bytes, bytes]
"""Of a shape: the hash of its content, and the materials of its faces."""


def redrawn(kept: Kept, ids: Sequence[str], before: Drawn, after: Drawn) -> Kept:
    """What a version keeps once these products are drawn as in `after`; its tiles are the earlier one's. ids: by row.

    Raises Whole where `before` is not what the earlier version holds, or where the order of shapes and looks, which
    follows from the whole file, would be another.
    """
    at = _placements(kept, ids, before)
    _check(kept, at, ids, before)
    boxes = kept.boxes.copy()
    boxes[at] = after.boxes
    if not _same_extent(kept, boxes):
        raise Whole("the extent or the middle of the model, by which its place is told")
    matrix = kept.matrix.copy()
    matrix[at] = after.meshes.matrix
    mine = set(before.ids)
    solids = {row for row in kept.solids.tolist() if ids[row] not in mine} | {ids.index(name) for name in after.solids}
    kept = replace(kept, matrix=matrix, boxes=boxes, solids=np.array(sorted(solids), np.int64))
    return _reshaped(kept, at, before, after)


def spool_of(kept: Kept, ids: Sequence[str], folder: Path) -> SpoolReader:
    """The meshes as a spool in a new folder. ids: of objects, by row."""
    return SpoolReader.of(
        folder,
        [ids[row] for row in kept.object.tolist()],
        list(kept.materials),
        kept.counts,
        Shape(kept.vertices, kept.faces, kept.material),
        kept.placed_object,
        kept.placed_shape,
        kept.matrix,
    )


def _placements(kept: Kept, ids: Sequence[str], before: Drawn) -> I64:
    """The one placement of each product that has a mesh, in the order in which these were drawn."""
    count = np.bincount(kept.placed_object, minlength=len(kept.object))
    place = np.full(len(kept.object), -1, np.int64)
    place[kept.placed_object] = np.arange(len(kept.placed_object))
    number = {ids[row]: number for number, row in enumerate(kept.object.tolist())}
    names = before.meshes.objects
    if {name for name in before.ids if name in number} != set(names):
        raise Whole("objects whose shape the part does not tell")
    mine = np.array([number[name] for name in names], np.int64)
    if (count[mine] != 1).any() or len(before.meshes.placed_object) != len(names):
        raise Whole("objects of several bodies")
    return place[mine]


def _check(kept: Kept, at: I64, ids: Sequence[str], before: Drawn) -> None:
    """The part of the old text gives the meshes that the version holds: so will that of the new one."""
    if len(before.meshes.materials) > len(kept.materials):
        raise Whole("looks that the part does not tell")
    if (
        [_key(kept, shape) for shape in kept.placed_shape[at].tolist()] != _keys(before)
        or not np.array_equal(kept.matrix[at], before.meshes.matrix)
        or not np.array_equal(kept.boxes[at], before.boxes)
        or {ids[row] for row in kept.solids.tolist()}.intersection(before.ids) != before.solids
    ):
        raise Whole("objects whose shape the part does not tell")


def _keys(drawn: Drawn) -> list[Key]:
    """Of the shapes of placements."""
    shapes = drawn.meshes.placed_shape.tolist()
    return [(drawn.content[shape][:CONTENT_BYTES], drawn.meshes.shape(shape).material.tobytes()) for shape in shapes]


def _key(kept: Kept, number: int) -> Key:
    return kept.content[number], kept.shape(number).material.tobytes()


def _same_extent(kept: Kept, boxes: np.ndarray) -> bool:
    one, other = (Extent.of_boxes(each[:, :3], each[:, 3:]) for each in (kept.boxes, boxes))
    same = (np.array_equal(getattr(one, name), getattr(other, name)) for name in ("low", "high", "middle"))
    return all(same) and one.strays == other.strays


def _reshaped(kept: Kept, at: I64, before: Drawn, after: Drawn) -> Kept:
    """The shapes with new ones at the places that the whole build gives them: numbered by their first placement."""
    new = _keys(after)
    if [_key(kept, shape) for shape in kept.placed_shape[at].tolist()] == new:
        return kept
    count = len(kept.counts)
    contents = {content for content, _ in new}
    known = {_key(kept, number): number for number, content in enumerate(kept.content) if content in contents}
    placed = kept.placed_shape.astype(np.int64)
    fresh: list[int] = []
    for number in np.argsort(at).tolist():
        key = new[number]
        if known.setdefault(key, count + len(fresh)) == count + len(fresh):
            fresh.append(int(after.meshes.placed_shape[number]))
        placed[at[number]] = known[key]
    first_before = _first(kept.placed_shape.astype(np.int64), count)
    first = _first(placed, count + len(fresh))
    stays = first[:count] >= 0
    if (first_before < 0).any() or (np.diff(first_before) <= 0).any():
        raise Whole("shapes that are not numbered by their first placement")
    if not np.array_equal(first[:count][stays], first_before[stays]):
        raise Whole("a shape that others share")
    order = np.argsort(np.where(first < 0, len(placed), first), kind="stable")[: int((first >= 0).sum())]
    renumbered = np.full(len(first), -1, np.int64)
    renumbered[order] = np.arange(len(order))
    shapes = [kept.shape(one) if one < count else after.meshes.shape(fresh[one - count]) for one in order.tolist()]
    contents_of = [*kept.content, *(after.content[shape][:CONTENT_BYTES] for shape in fresh)]
    made = replace(
        kept,
        placed_shape=renumbered[placed].astype(np.uint32),
        counts=np.array([(len(one.vertices), len(one.faces)) for one in shapes], np.int64),
        vertices=np.concatenate([one.vertices for one in shapes]),
        faces=np.concatenate([one.faces for one in shapes]),
        material=np.concatenate([one.material for one in shapes]),
        content=tuple(contents_of[one] for one in order.tolist()),
    )
    return recoloured(kept, made, before.meshes, after.meshes)


def _first(placed: I64, count: int) -> I64:
    """The first placement of each shape, -1 where it has none."""
    first = np.full(count, -1, np.int64)
    shapes, at = np.unique(placed, return_index=True)
    first[shapes] = at
    return first
