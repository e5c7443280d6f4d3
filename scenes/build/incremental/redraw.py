"""The meshes of a version as those of an earlier one and of the few products that are drawn otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
Draw = Callable[[list[str]], Drawn]
"""Draws some of the objects that nothing has changed, by their ids."""


def redrawn(kept: Kept, ids: Sequence[str], before: Drawn, after: Drawn, draw: Draw) -> tuple[Kept, I64]:
    """What a version keeps once these products are drawn as in `after`; its tiles are the earlier one's. ids: by row.

    Also the rows of objects whose tiles put them in another order. Raises Whole where `before` is not what the earlier
    version holds, or where the order of shapes and looks, which follows from the whole file, would be another.
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
    made, moved = _reshaped(kept, ids, at, after, draw)
    return recoloured(kept, made, before.meshes, after.meshes), _instanced(kept, moved)


def same_shapes(one: Kept, other: Kept) -> bool:
    """Whether two versions of the same objects hold the same shapes at the same places, of materials of the same numbers."""
    names = ("placed_object", "placed_shape", "matrix", "boxes", "counts", "vertices", "faces", "material", "solids")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


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


def _reshaped(kept: Kept, ids: Sequence[str], at: I64, after: Drawn, draw: Draw) -> tuple[Kept, I64]:
    """The shapes with new ones at the places that the whole build gives them: numbered by their first placement.

    Also those that have another first placement now.
    """
    new = _keys(after)
    if [_key(kept, shape) for shape in kept.placed_shape[at].tolist()] == new:
        return kept, at[:0]
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
    moved = np.flatnonzero(stays & (first[:count] != first_before))
    _check_heirs(kept, ids, after, moved, first[moved], draw)
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
    return made, moved


def _check_heirs(kept: Kept, ids: Sequence[str], after: Drawn, shapes: I64, first: I64, draw: Draw) -> None:
    """Shapes that have another first placement are told by that one: to the last bit as the version holds them."""
    names = [ids[row] for row in kept.object[kept.placed_object[first]].tolist()]
    drawn = set(after.meshes.objects)
    others = [name for name in names if name not in drawn]
    alone = draw(others) if others else after
    for shape, name in zip(shapes.tolist(), names, strict=True):
        one, held = _shape_of(after if name in drawn else alone, name), kept.shape(shape)
        same = (np.array_equal(getattr(one, part), getattr(held, part)) for part in ("vertices", "faces", "material"))
        if not all(same):
            raise Whole("a shape that others share")


def _shape_of(drawn: Drawn, name: str) -> Shape:
    """The shape of an object that has one body."""
    meshes = drawn.meshes
    number = meshes.objects.index(name) if name in meshes.objects else -1
    places = np.flatnonzero(meshes.placed_object.astype(np.int64) == number)
    if len(places) != 1:
        raise Whole("objects of several bodies")
    return meshes.shape(int(meshes.placed_shape[places[0]]))


def _instanced(kept: Kept, shapes: I64) -> I64:
    """Rows that are drawn as instances of one of these shapes: in the order of shapes in their tile."""
    rows = kept.object[kept.placed_object[np.isin(kept.placed_shape, shapes)]]
    return np.intersect1d(rows, np.array([row for tile in kept.tiles for row in tile.instanced], np.int64))


def _first(placed: I64, count: int) -> I64:
    """The first placement of each shape, -1 where it has none."""
    first = np.full(count, -1, np.int64)
    shapes, at = np.unique(placed, return_index=True)
    first[shapes] = at
    return first
