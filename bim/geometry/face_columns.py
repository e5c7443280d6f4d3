"""Planar faces of many boundary representations at once, read from the file's text; the same as `face_reader` makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from bim.source.step_columns import references, vectors
from bim.source.step_text import StepText

I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_SHELLS = ("IfcClosedShell", "IfcOpenShell", "IfcConnectedFaceSet")
_TOGETHER = 40_000
"""Faces that are read together: some 30 MB."""


class Faces(NamedTuple):
    """Polygons of items: see `FaceReader` for points to parts. items: by STEP id the ranges of its parts and points."""

    points: F64
    corners: I64
    sizes: I64
    faces: I64
    parts: I64
    part_count: int
    items: dict[int, tuple[range, range]]


def faces_of(text: StepText, items: Sequence[tuple[int, Sequence[int]]]) -> Iterator[Faces]:
    """The faces of items, told by their STEP id and those of their shells, some items together.

    Items with anything in them that is not written in the plainest way are left out.
    """
    shell = np.array([step for _, shells in items for step in shells], np.int64)
    item = np.repeat(np.arange(len(items)), [len(shells) for _, shells in items])
    face, owner = _named(text, shell, _SHELLS)
    share = np.cumsum(np.bincount(item[owner], minlength=len(items))) // _TOGETHER
    for number in np.unique(share):
        some = np.flatnonzero(share == number)
        mine = share[item] == number
        yield _read(text, [items[n][0] for n in some.tolist()], item[mine] - some[0], *_only(mine, face, owner))


def _only(shells: Flags, face: I64, owner: I64) -> tuple[I64, I64]:
    """The faces of some shells, which are numbered anew."""
    kept = shells[owner]
    return face[kept], (np.cumsum(shells) - 1)[owner[kept]]


def _named(text: StepText, steps: I64, classes: Sequence[str]) -> tuple[I64, I64]:
    """What lists of instances name, in their order, and which instance names each; none of other classes."""
    rows = text.rows(steps)
    found, owners = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for ifc_class in classes:
        mine = np.flatnonzero(text.are(rows, ifc_class))
        if len(mine):
            values, counts = references(text.lines(rows[mine], ifc_class))
            found.append(values)
            owners.append(np.repeat(mine, counts))
    value, owner = np.concatenate(found), np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return value[order], owner[order]


class _Level:
    """Instances of one level, each of an item; what is odd spoils its item, of which nothing is kept."""

    def __init__(self, spoilt: Flags) -> None:
        self.spoilt = spoilt

    def keep(self, item: I64, fine: Flags) -> Flags:
        self.spoilt[item[~fine]] = True
        return np.asarray(~self.spoilt[item])


def _read(text: StepText, steps: Sequence[int], item_of_shell: I64, face: I64, shell: I64) -> Faces:
    spoilt = np.bincount(item_of_shell, np.bincount(shell, minlength=len(item_of_shell)) == 0, len(steps)) > 0
    level = _Level(spoilt)
    bound, bound_face = _bounds(text, face)
    item_of_face = item_of_shell[shell]
    level.keep(item_of_face, np.bincount(bound_face, minlength=len(face)) > 0)
    loop, back, fine = _loops(text, bound)
    kept = level.keep(item_of_face[bound_face], fine)
    loop, back, loop_face = loop[kept], back[kept], bound_face[kept]
    point, owner = _named(text, loop, ("IfcPolyLoop",))
    size = np.bincount(owner, minlength=len(loop))
    kept = level.keep(item_of_face[loop_face], size > 0)
    point, size, back, loop_face = point[kept[owner]], size[kept], back[kept], loop_face[kept]
    start = np.cumsum(size) - size
    if back.any():
        turned = np.repeat(back, size)
        at = np.arange(len(point))
        point = point[np.where(turned, np.repeat(2 * start + size - 1, size) - at, at)]
    places, place = _places(text, point)
    corner_item = item_of_face[np.repeat(loop_face, size)]
    kept = level.keep(corner_item, np.isfinite(places[place, 0]))
    whole = ~level.spoilt
    if not whole.all():
        place, corner_item = place[kept], corner_item[kept]
        kept = whole[item_of_face[loop_face]]
        size, loop_face = size[kept], loop_face[kept]
        faces_kept = whole[item_of_face]
        loop_face, shell = (np.cumsum(faces_kept) - 1)[loop_face], shell[faces_kept]
        shells_kept = whole[item_of_shell]
        shell, item_of_shell = (np.cumsum(shells_kept) - 1)[shell], item_of_shell[shells_kept]
    corners, first = _numbered(corner_item * len(places) + place)
    return Faces(
        places[place[first]],
        corners,
        size,
        loop_face,
        shell,
        len(item_of_shell),
        _ranges(steps, whole, item_of_shell, corner_item[first]),
    )


def _ranges(
    steps: Sequence[int], whole: Flags, item_of_shell: I64, item_of_point: I64
) -> dict[int, tuple[range, range]]:
    bounds = np.arange(len(steps) + 1)
    shells, points = (np.searchsorted(owner, bounds).tolist() for owner in (item_of_shell, item_of_point))
    return {
        steps[n]: (range(shells[n], shells[n + 1]), range(points[n], points[n + 1]))
        for n in np.flatnonzero(whole).tolist()
    }


def _bounds(text: StepText, face: I64) -> tuple[I64, I64]:
    """The bounds of faces, and the face of each; none of what is no plain IfcFace."""
    rows = text.rows(face)
    plain = np.flatnonzero(text.are(rows, "IfcFace"))
    found, after = text.number(text.arguments(rows[plain], "IfcFace") + 1)
    sole = (found > 0) & text.follows(after, b"))")
    more, owner = _named(text, face[plain[~sole]], ("IfcFace",))
    bound, of = np.concatenate((found[sole], more)), np.concatenate((plain[sole], plain[~sole][owner]))
    if not len(more):
        return bound, of
    order = np.argsort(of, kind="stable")
    return bound[order], of[order]


def _loops(text: StepText, bound: I64) -> tuple[I64, Flags, Flags]:
    """The loop of each bound, whether it is walked backwards, and whether the bound is plainly written."""
    rows = text.rows(bound)
    loop, back, fine = np.full(len(bound), -1, np.int64), np.zeros(len(bound), np.bool_), np.zeros(len(bound), np.bool_)
    for ifc_class in ("IfcFaceOuterBound", "IfcFaceBound"):
        mine = np.flatnonzero(text.are(rows, ifc_class))
        loop[mine], after = text.number(text.arguments(rows[mine], ifc_class))
        forth, against = (
            text.follows(after, f",.{sense}.)".encode()) | text.follows(after, f", .{sense}.)".encode())
            for sense in "TF"
        )
        back[mine], fine[mine] = against, forth | against
    return loop, back, fine


def _places(text: StepText, point: I64) -> tuple[F64, I64]:
    """Coordinates of different places (k, 3), NaN for what is no point in space; and the place of each point."""
    steps, which = np.unique(point, return_inverse=True)
    rows = text.rows(steps)
    plain = np.flatnonzero(text.are(rows, "IfcCartesianPoint"))
    found, count = vectors(text.lines(rows[plain], "IfcCartesianPoint", 1))
    found[count != 3] = np.nan
    places = np.full((len(steps), 3), np.nan)
    places[plain] = found + 0.0  # no negative zero: it is the same place
    first, same = _equal(places)
    return places[first], same[which]


def _equal(places: F64) -> tuple[I64, I64]:
    """Rows that differ from all before them, and for each row the one among them that it equals."""
    key = np.zeros(len(places), np.uint64)
    for column in places.T:
        key = (key ^ np.ascontiguousarray(column).view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    _, first, same = np.unique(key, return_index=True, return_inverse=True)
    if not np.array_equal(places[first][same], places, equal_nan=True):  # two places of one key
        _, first, same = np.unique(places, axis=0, return_index=True, return_inverse=True)
    return first, same.ravel()


def _numbered(key: I64) -> tuple[I64, I64]:
    """Numbers of keys in the order in which they first come, and where they do."""
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    number = np.empty(len(first), np.int64)
    number[order] = np.arange(len(first))
    return number[which], first[order]
