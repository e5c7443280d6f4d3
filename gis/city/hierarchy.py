"""Ids, parents, groups and buildings of city objects, with what is broken in them mended."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt

from gis.city import said
from gis.city.model import Objects
from gis.city.polygons import I64, Mask
from gis.notes import Notes
from gis.source.identity import tell_apart

MAX_DEPTH = 256
"""Ancestors are followed so far; real models have four levels."""
GROUP = "CityObjectGroup"


@dataclass(frozen=True)
class Hierarchy:
    """ids (n,) unique text; parent, building (n,) rows, -1 where there is none; members (m, 2) rows of member and group."""

    ids: npt.NDArray[np.object_]
    parent: I64
    building: I64
    members: I64

    def upward(self, keep: Mask) -> Mask:
        """(n,) kept, or an ancestor of something kept."""
        kept = keep.copy()
        rows = np.flatnonzero(keep)
        for _ in range(MAX_DEPTH):
            rows = np.unique(self.parent[rows])
            rows = rows[rows >= 0]
            rows = rows[~kept[rows]]
            if not len(rows):
                break
            kept[rows] = True
        return kept


def order(objects: Objects, notes: Notes) -> Hierarchy:
    """Make ids unique and tie objects to parents and groups. A repeated id is meant where it first stands."""
    found = tell_apart(np.array(objects.id, object), set())
    notes.add("id-repeated", said.REPEATED, found.repeated)
    row_of = dict(zip(reversed(objects.id), reversed(range(len(objects))), strict=True))
    parent = np.full(len(objects), -1, np.int64)
    members: dict[tuple[int, int], None] = {}
    dangling = []
    for row in [row for row, given in enumerate(objects.parent) if given is not None]:
        above = row_of.get(objects.parent[row] or "")
        if above is None or above == row:
            dangling.append(found.ids[row])
        elif objects.kind[above] == GROUP:
            members[row, above] = None
        else:
            parent[row] = above
    notes.add("city-parent-missing", said.DANGLING_PARENT, dangling)
    _members(objects, row_of, parent, members, found.ids, notes)
    _cut_cycles(parent, found.ids, notes)
    return Hierarchy(
        found.ids, parent, _buildings(objects.kind, parent), np.array(list(members), np.int64).reshape(-1, 2)
    )


def _members(
    objects: Objects,
    row_of: dict[str, int],
    parent: I64,
    members: dict[tuple[int, int], None],
    ids: npt.NDArray[np.object_],
    notes: Notes,
) -> None:
    lost, one_sided, further = [], [], []
    for child_name, above_name in _open_pairs(objects, row_of, parent):
        child, above = row_of.get(child_name), row_of.get(above_name)
        if child is None or above is None or child == above:
            lost.append(child_name if child is None else above_name)
        elif objects.kind[above] == GROUP:
            members[child, above] = None
        elif parent[child] < 0 and objects.parent[child] is None:
            parent[child] = above
            one_sided.append(ids[child])
        elif parent[child] != above:
            members[child, above] = None
            further.append(ids[child])
    notes.add("city-member-missing", said.DANGLING_MEMBER, lost)
    notes.add("city-parent-one-sided", said.ONE_SIDED, one_sided)
    notes.add("city-parents", said.FURTHER_PARENTS, further)


def _open_pairs(objects: Objects, row_of: dict[str, int], parent: I64) -> list[tuple[str, str]]:
    """Pairs of child and parent or group, without those that only repeat the parent that the child names."""
    pairs = [*objects.members, *objects.several]
    if not pairs:
        return []
    child, above = (np.array([row_of.get(name, -1) for name in names], np.int64) for names in zip(*pairs, strict=True))
    settled = (child >= 0) & (above >= 0) & (parent[child] == above)
    return list(compress(pairs, (~settled).tolist()))


def _cut_cycles(parent: I64, ids: npt.NDArray[np.object_], notes: Notes) -> None:
    """The first object of a ring becomes its root."""
    climbing = np.flatnonzero(parent >= 0)
    for _ in range(MAX_DEPTH):
        climbing = parent[climbing]
        climbing = climbing[climbing >= 0]
        if not len(climbing):  # all have come to a root
            return
    above = {int(row): int(parent[row]) for row in np.flatnonzero(parent >= 0)}
    done: set[int] = set()
    cut = []
    for start in list(above):
        path: dict[int, None] = {}
        node: int | None = start
        while node is not None and node not in done and node not in path:
            path[node] = None
            node = above.get(node)
        if node is not None and node in path:
            ring = list(path)[list(path).index(node) :]
            root = min(ring)
            del above[root]
            parent[root] = -1
            cut += [ids[row] for row in ring]
        done.update(path)
    notes.add("city-parent-cycle", said.CYCLE, cut)


def _buildings(kind: list[str], parent: I64) -> I64:
    """(n,) the uppermost Building above each object."""
    building = np.full(len(parent), -1, np.int64)
    rows = np.flatnonzero(parent >= 0)
    if not len(rows):
        return building
    is_building = np.fromiter(map("Building".__eq__, kind), np.bool_, len(kind))
    above = parent[rows]
    for _ in range(MAX_DEPTH):
        if not len(rows):
            break
        found = is_building[above]
        building[rows[found]] = above[found]
        above = parent[above]
        rows, above = rows[above >= 0], above[above >= 0]
    return building
