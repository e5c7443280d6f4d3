"""Which object of the new version is which of the old one: by id, then by place, shape, tag and name.

Ids win. What they leave over is matched by evidence from strong to weak, each object once; candidates
come from hashes and a grid, so that the effort grows with the number of objects, not with its square.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scenes.diff.moments import F64, I64
from scenes.diff.motion import motion
from scenes.diff.near import best_pairs, near
from scenes.diff.shape import Flags, Seen, congruent, same_form, same_size, slack
from scenes.diff.side import Side, Texts

SAME_PLACE_M = 0.01
ANOTHER_NAME_M = (0.5, 2.0)
"""An object of another name is the same one where class and shape agree and it stands within these metres (widening)."""
SAME_NAME_M = (0.5, 2.0, 8.0, 20.0)
"""The same for one of equal name."""
RESHAPED_M = (0.5, 2.0)
"""An object of equal name and another shape."""
ROUNDS = 12
REPEATED = re.compile(r"~\d+$")
SINGLE = ("IfcProject", "IfcSite", "IfcBuilding", "IfcFacility", "IfcBridge", "IfcRoad", "IfcRailway")


@dataclass
class Matches:
    """old, new (k,): rows of matched objects; left_old, left_new: rows that have no partner."""

    old: I64
    new: I64
    left_old: I64
    left_new: I64


def match(old: Side, new: Side) -> Matches:
    """Match two versions one to one."""
    work = _Work(old, new)
    repeated = work.repeated()
    ids = old.id.copy(), new.id.copy()
    for column, flags in zip(ids, repeated, strict=True):
        column[flags] = None
    work.by_equal(*ids)
    work.among_repeated(repeated)
    if work.open:
        work.spatially()
    i, j = work.pairs
    return Matches(i, j, *work.left())


class _Work:
    """The state: what is matched, what is left."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self._i: list[I64] = []
        self._j: list[I64] = []
        self.free = np.ones(len(old), np.bool_), np.ones(len(new), np.bool_)
        kinds = {kind: place for place, kind in enumerate(dict.fromkeys([*old.kind, *new.kind]))}
        self.kind = tuple(np.array([kinds[kind] for kind in side.kind], np.int64) for side in (old, new))
        self.shift: F64 | None = None

    @property
    def pairs(self) -> tuple[I64, I64]:
        empty = np.empty(0, np.int64)
        return np.concatenate([empty, *self._i]), np.concatenate([empty, *self._j])

    @property
    def open(self) -> bool:
        return bool(self.free[0].any() and self.free[1].any())

    def left(self) -> tuple[I64, I64]:
        return np.flatnonzero(self.free[0]), np.flatnonzero(self.free[1])

    def take(self, i: I64, j: I64) -> int:
        self._i.append(i)
        self._j.append(j)
        self.free[0][i], self.free[1][j] = False, False
        return len(i)

    def repeated(self) -> tuple[Flags, Flags]:
        """Objects whose id stands for several: which of them got ~2 depends on the order of the file."""
        stems = [np.array([REPEATED.sub("", value) for value in side.id], object) for side in (self.old, self.new)]
        several = {
            stem
            for side, stem_of in zip((self.old, self.new), stems, strict=True)
            for value, stem in zip(side.id, stem_of, strict=True)
            if value != stem
        }
        return tuple(np.array([stem in several for stem in stem_of], np.bool_) for stem_of in stems)  # type: ignore[return-value]

    def by_equal(self, left: Texts, right: Texts) -> int:
        """Take pairs whose key is equal and stands for one object on each side; None is no key."""
        row_of: dict[object, int] = {}
        twice: set[object] = set()
        for row in np.flatnonzero(self.free[1]).tolist():
            key = right[row]
            if key is not None and row_of.setdefault(key, row) != row:
                twice.add(key)
        found: dict[object, int] = {}
        for row in np.flatnonzero(self.free[0]).tolist():
            key = left[row]
            if key in row_of and key not in twice:
                if key in found:
                    twice.add(key)
                found[key] = row
        keys = [key for key in found if key not in twice]
        return self.take(
            np.array([found[key] for key in keys], np.int64), np.array([row_of[key] for key in keys], np.int64)
        )

    def among_repeated(self, flags: tuple[Flags, Flags]) -> None:
        """Objects that share one id: by content, then in the order of their names."""
        if not (flags[0].any() and flags[1].any()):
            return
        sides = (self.old, self.new)
        stems = [np.array([REPEATED.sub("", value) for value in side.id], object) for side in sides]
        order = {stem: place for place, stem in enumerate(dict.fromkeys([*stems[0], *stems[1]]))}
        groups = [np.array([order[stem] for stem in column], np.int64) for column in stems]
        rows = [np.flatnonzero(flag) for flag in flags]
        self._same_place(rows[0], rows[1], groups)
        for stem in {stems[0][row] for row in rows[0]}:
            i, j = (self._in_order(n, rows[n][stems[n][rows[n]] == stem]) for n in (0, 1))
            count = min(len(i), len(j))
            self.take(i[:count], j[:count])

    def _in_order(self, number: int, rows: I64) -> I64:
        """Rows that are free, by class, name and size."""
        side = (self.old, self.new)[number]
        free: list[int] = rows[self.free[number][rows]].tolist()
        free.sort(key=lambda row: (str(side.kind[row]), str(side.name[row]), float(np.nan_to_num(side.area[row]))))
        return np.array(free, np.int64)

    def spatially(self) -> None:
        """Everything that ids leave over."""
        old, new = self.old, self.new
        self._same_place(*self.left(), list(self.kind))
        self.by_equal(_keys(old.kind, old.tag), _keys(new.kind, new.tag))
        self.by_equal(_keys(old.kind, old.name), _keys(new.kind, new.name))
        self._singles()
        self._follow_the_whole()
        codes: dict[object, int] = {}
        named = [
            np.array([codes.setdefault(key, len(codes)) for key in zip(side.kind, side.name, strict=True)], np.int64)
            for side in (old, new)
        ]
        for reach in SAME_NAME_M:
            self._near(reach, named, _congruent)
        for reach in RESHAPED_M:
            self._near(reach, named, _any)
        for reach in ANOTHER_NAME_M:
            self._near(reach, list(self.kind), _congruent)
        self._near(SAME_PLACE_M, [np.zeros_like(kind) for kind in self.kind], _placed)
        self._alone_at_place()

    def _same_place(self, i: I64, j: I64, groups: Sequence[I64]) -> None:
        """Same group, same place, same shape; without a shape, the same name."""
        self._near(SAME_PLACE_M, groups, _placed, (i, j))

    def _near(
        self,
        reach: float,
        groups: Sequence[I64],
        fits: Callable[[_Work, I64, I64], Flags],
        rows: tuple[I64, I64] | None = None,
    ) -> None:
        """Take pairs within reach that fit, nearest first; names, tags and properties decide between equals."""
        for _ in range(ROUNDS):
            i, j = self.left() if rows is None else (rows[0][self.free[0][rows[0]]], rows[1][self.free[1][rows[1]]])
            here, there = self._place(i), self.new.place[j]
            i, here = i[np.isfinite(here).all(axis=1)], here[np.isfinite(here).all(axis=1)]
            j, there = j[np.isfinite(there).all(axis=1)], there[np.isfinite(there).all(axis=1)]
            a, b, distance = near(here, groups[0][i], there, groups[1][j], reach)
            i, j = i[a], j[b]
            good = np.flatnonzero(fits(self, i, j))
            i, j = i[good], j[good]
            doubt = (
                (self.old.name[i] != self.new.name[j]) * 1.0
                + (self.old.tag[i] != self.new.tag[j]) * 0.5
                + (self.old.properties[i] != self.new.properties[j]) * 0.25
            )
            best = best_pairs(i, j, distance[good] / reach + 2 * doubt)
            if not self.take(i[best], j[best]):
                return

    def _place(self, rows: I64) -> F64:
        place = self.old.place[rows]
        return place if self.shift is None else place @ self.shift[:, :3].T + self.shift[:, 3]

    def seen(self, rows: I64) -> Seen:
        """Old objects where they are expected in the new version."""
        found = Seen.of(self.old, rows)
        return found if self.shift is None else found.through(self.shift)

    def _follow_the_whole(self) -> None:
        """Where what is matched so far moved as a whole, look for the rest at the moved place."""
        i, j = self.pairs
        self.shift = motion(self.old, self.new, i, j, np.full(len(i), -1, np.int64)).whole if self.open else None
        if self.shift is not None:
            self._same_place(*self.left(), list(self.kind))

    def _singles(self) -> None:
        """A site, building … that is the only one left on either side."""
        for kind in SINGLE:
            i, j = (
                np.flatnonzero((side.kind == kind) & free)
                for side, free in zip((self.old, self.new), self.free, strict=True)
            )
            if len(i) == len(j) == 1:
                self.take(i, j)

    def _alone_at_place(self) -> None:
        """Without shape and under another name: where a class has one object at a place on either side."""
        i, j = self.left()
        i, j = i[~self.old.meshed[i]], j[~self.new.meshed[j]]
        here, there = self._place(i), self.new.place[j]
        i, here = i[np.isfinite(here).all(axis=1)], here[np.isfinite(here).all(axis=1)]
        j, there = j[np.isfinite(there).all(axis=1)], there[np.isfinite(there).all(axis=1)]
        a, b, _ = near(here, self.kind[0][i], there, self.kind[1][j], SAME_PLACE_M)
        alone = (np.bincount(a, minlength=len(i))[a] == 1) & (np.bincount(b, minlength=len(j))[b] == 1)
        self.take(i[a[alone]], j[b[alone]])


def _placed(work: _Work, i: I64, j: I64) -> Flags:
    """Same form in the same axes; without a shape on either side, the same name."""
    by = slack(work.old, i, work.new, j)
    a, b = work.seen(i), Seen.of(work.new, j)
    bare = ~work.old.meshed[i] & ~work.new.meshed[j] & (work.old.kind[i] == work.new.kind[j])
    same = (same_size(a, b, by) & same_form(a, b, by)) | (bare & (work.old.name[i] == work.new.name[j]))
    return np.asarray(same, np.bool_)


def _congruent(work: _Work, i: I64, j: I64) -> Flags:
    meshed = np.flatnonzero(work.old.meshed[i] & work.new.meshed[j])
    fits = np.zeros(len(i), np.bool_)
    by = slack(work.old, i[meshed], work.new, j[meshed])
    fits[meshed] = congruent(Seen.of(work.old, i[meshed]), Seen.of(work.new, j[meshed]), by)
    return fits


def _any(work: _Work, i: I64, j: I64) -> Flags:
    """Any shape, or none on both sides; of a name, so that unnamed things do not stand for each other."""
    named = np.array([value is not None for value in work.old.name[i]], np.bool_)
    return np.asarray(named & (work.old.meshed[i] == work.new.meshed[j]), np.bool_)


def _keys(kind: Texts, own: Texts) -> Texts:
    keys = np.empty(len(kind), object)
    keys[:] = [None if value is None else (one, value) for one, value in zip(kind, own, strict=True)]
    return keys
