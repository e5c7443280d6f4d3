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
from twin.geometry.spool import Material, Shape, SpoolReader


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
    if len(after.meshes.materials) > len(kept.materials):
        return replace(kept, materials=_recoloured(kept, at, before, after))
    return _reshaped(kept, at, after)


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
    held = [kept.content[shape] for shape in kept.placed_shape[at].tolist()]
    if (
        held != _content(before)
        or not np.array_equal(kept.matrix[at], before.meshes.matrix)
        or not np.array_equal(kept.boxes[at], before.boxes)
        or {ids[row] for row in kept.solids.tolist()}.intersection(before.ids) != before.solids
    ):
        raise Whole("objects whose shape the part does not tell")


def _content(drawn: Drawn) -> list[bytes]:
    """Hashes of the shapes of placements."""
    return [drawn.content[shape][:CONTENT_BYTES] for shape in drawn.meshes.placed_shape.tolist()]


def _same_extent(kept: Kept, boxes: np.ndarray) -> bool:
    one, other = (Extent.of_boxes(each[:, :3], each[:, 3:]) for each in (kept.boxes, boxes))
    same = (np.array_equal(getattr(one, name), getattr(other, name)) for name in ("low", "high", "middle"))
    return all(same) and one.strays == other.strays


def _recoloured(kept: Kept, at: I64, before: Drawn, after: Drawn) -> tuple[Material, ...]:
    """The materials where some became others for all that has them, and no shape is another."""
    looks: dict[int, int] = {}
    for old, new in zip(before.meshes.placed_shape.tolist(), after.meshes.placed_shape.tolist(), strict=True):
        one, other = before.meshes.shape(old), after.meshes.shape(new)
        if not np.array_equal(one.vertices, other.vertices) or not np.array_equal(one.faces, other.faces):
            raise Whole("shapes and looks at once")
        for was, now in np.unique(np.column_stack((one.material, other.material)), axis=0).tolist():
            if looks.setdefault(was, now) != now:
                raise Whole("another look of some of the objects that had it")
    changed = {was: now for was, now in looks.items() if was != now}
    if not changed or min(changed.values()) < len(kept.materials) or len(set(changed.values())) != len(changed):
        raise Whole("a look that others have")
    of_others = np.delete(kept.placed_shape, at)
    owner = np.repeat(np.arange(len(kept.counts)), kept.counts[:, 1])
    if not set(np.unique(kept.material[np.isin(owner, of_others)]).tolist()).isdisjoint(changed):
        raise Whole("another look of some of the objects that had it")
    materials = list(kept.materials)
    for was, now in changed.items():
        materials[was] = after.meshes.materials[now]
    return tuple(materials)


def _reshaped(kept: Kept, at: I64, after: Drawn) -> Kept:
    """The shapes with new ones at the places that the whole build gives them: numbered by their first placement."""
    held = [kept.content[shape] for shape in kept.placed_shape[at].tolist()]
    new = _content(after)
    if held == new:
        return kept
    for place, shape in zip(at.tolist(), after.meshes.placed_shape.tolist(), strict=True):
        was, now = _shape(kept, int(kept.placed_shape[place])).material, after.meshes.shape(shape).material
        if not np.array_equal(np.unique(was), np.unique(now)):
            raise Whole("another look")
    count = len(kept.counts)
    known = {content: number for number, content in enumerate(kept.content)}
    placed = kept.placed_shape.astype(np.int64)
    fresh: list[int] = []
    for number, (place, content) in enumerate(zip(at.tolist(), new, strict=True)):
        if content != kept.content[placed[place]]:
            if known.setdefault(content, count + len(fresh)) == count + len(fresh):
                fresh.append(int(after.meshes.placed_shape[number]))
            placed[place] = known[content]
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
    shapes = [_shape(kept, one) if one < count else after.meshes.shape(fresh[one - count]) for one in order.tolist()]
    by_number = {value: key for key, value in known.items()}
    return replace(
        kept,
        placed_shape=renumbered[placed].astype(np.uint32),
        counts=np.array([(len(one.vertices), len(one.faces)) for one in shapes], np.int64),
        vertices=np.concatenate([one.vertices for one in shapes]),
        faces=np.concatenate([one.faces for one in shapes]),
        material=np.concatenate([one.material for one in shapes]),
        content=tuple(by_number[one] for one in order.tolist()),
    )


def _first(placed: I64, count: int) -> I64:
    """The first placement of each shape, -1 where it has none."""
    first = np.full(count, -1, np.int64)
    shapes, at = np.unique(placed, return_index=True)
    first[shapes] = at
    return first


def _shape(kept: Kept, number: int) -> Shape:
    (v0, f0), (v1, f1) = kept.starts[number], kept.starts[number + 1]
    return Shape(kept.vertices[v0:v1], kept.faces[f0:f1], kept.material[f0:f1])
