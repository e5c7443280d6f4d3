"""The looks of a version as those of an earlier one and of the few products that look otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bim.changes import Whole
from scenes.build.incremental.kept import I64, Kept
from twin.geometry.spool import SpoolReader


def recoloured(held: Kept, made: Kept, before: SpoolReader, after: SpoolReader) -> Kept:
    """`made` with its materials numbered as the whole build does: by the first shape that has them.

    held: the earlier version; made: its shapes are the new ones, of materials of `after`; before, after: the products that
    were drawn anew, in the same order. Raises Whole where the order within one shape, which is that of the file, is not
    known, or where the old ones would come in another order, by which vertices are sorted in tiles.
    """
    count = len(held.materials)
    if len(after.materials) == count and np.array_equal(_first(held, count), _first(made, count)):
        return made
    materials = [*held.materials, *after.materials[count:]]
    first_before, first = _first(held, count), _first(made, len(materials))
    if (first_before < 0).any() or (np.diff(first_before) < 0).any():
        raise Whole("looks that are not numbered by the first shape that has them")
    origin = _origins(count, len(materials), before, after)
    if (first[count:] < 0).any():
        raise Whole("a look that nothing has")
    used = np.flatnonzero(first >= 0)
    order = used[np.lexsort((origin[used], first[used]))]
    same = np.flatnonzero(np.diff(first[order]) == 0)
    for one, other in zip(origin[order[same]].tolist(), origin[order[same + 1]].tolist(), strict=True):
        if one < 0 or one == other or first_before[one] != first_before[other]:
            raise Whole("looks of one object in an order that is not known")
    number = np.full(len(materials), -1, np.int64)
    number[order] = np.arange(len(order))
    old = number[:count][number[:count] >= 0]
    if (np.diff(old) <= 0).any():
        raise Whole("looks in another order")
    look = np.maximum(number, 0)[made.afar.look]
    return replace(
        made,
        materials=tuple(materials[one] for one in order.tolist()),
        material=number[made.material].astype(np.uint16),
        afar=replace(made.afar, look=look),
    )


def _first(kept: Kept, count: int) -> I64:
    """The first shape that has each of the materials, -1 where none has."""
    first = np.full(count, -1, np.int64)
    look, at = np.unique(kept.material, return_index=True)
    first[look] = np.searchsorted(np.cumsum(kept.counts[:, 1]), at, side="right")
    return first


def _origins(count: int, every: int, before: SpoolReader, after: SpoolReader) -> I64:
    """The old material whose place each one takes: its own; of a new one that of the same faces, -1 where that is not one."""
    origin = np.concatenate((np.arange(count), np.full(every - count, -1)))
    for old, new in zip(before.placed_shape.tolist(), after.placed_shape.tolist(), strict=True):
        was, now = before.shape(old).material, after.shape(new).material
        if len(was) != len(now):
            continue
        for one, other in np.unique(np.column_stack((was, now)), axis=0).tolist():
            if other >= count:
                origin[other] = one if origin[other] in (-1, one) else -2
    return origin
