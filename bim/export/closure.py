"""What a selection needs: the smallest part of a model that stands on its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np

from bim.export.arguments import only, references, split
from bim.export.classes import IfcClass, ifc_class
from bim.export.relations import Bring
from bim.export.step_index import I64, Flags, StepIndex

CONTEXT, WHOLE = 1, 2
"""How much of an object is kept: as context (a product without its shape), or whole."""


class Closure:
    """The kept part of a model, by row of its index. `take` adds selected products; `close` adds what they need."""

    def __init__(self, index: StepIndex, schema: str) -> None:
        self.index = index
        self.classes = [ifc_class(schema, name) for name in index.kinds]
        self.kept: Flags = np.zeros(len(index.number), np.bool_)
        self.level: dict[int, int] = {}
        self._waiting: deque[int] = deque()
        self._fresh: list[int] = []
        self._split: dict[int, list[list[int]]] = {}
        relation, cut = self._flag("relation"), self._flag_cut()
        self._rooted = self._flag("rooted") & ~relation
        self._special = relation | cut  # rows whose references are not all needed; context products join later
        self._relations = np.flatnonzero(relation)
        self._annexes = np.flatnonzero(self._where([bool(one.annex) for one in self.classes]))
        self._lists = np.flatnonzero(cut)
        self._products = np.flatnonzero(self._flag("product"))

    def of(self, row: int) -> IfcClass:
        """The class of an instance."""
        return self.classes[int(self.index.kind[row])]

    def products(self) -> I64:
        """Rows of all products that are no openings, in order of instance number."""
        rows = np.flatnonzero(self._where([one.product and not one.opening for one in self.classes]))
        return rows[np.argsort(self.index.number[rows], kind="stable")]

    def take(self, rows: Iterable[int], level: int = WHOLE) -> None:
        """Keep objects."""
        for row in rows:
            if self.level.get(row, 0) < level:
                self.level[row] = level
                self._waiting.append(row)

    def close(self) -> None:
        """Add everything that the kept objects need, until nothing is missing."""
        self.take(np.flatnonzero(self._where([one.project for one in self.classes])).tolist())
        while True:
            self._spread()
            if not (self._add_annexes() or self._add_relations() or self._add_placed()):
                return

    def statements(self) -> Iterator[tuple[int, bytes | None]]:
        """Kept instances in file order: (row, None) where its statement stays as it is, else its new text."""
        for row in np.flatnonzero(self.kept).tolist():
            yield row, self._rewritten(row) if self._special[row] else None

    # -- marking

    def _where(self, by_class: list[bool]) -> Flags:
        flags = np.array([*by_class, False], np.bool_)  # the last one for statements that are no instances
        return flags[self.index.kind]

    def _flag(self, name: str) -> Flags:
        return self._where([bool(getattr(one, name)) for one in self.classes])

    def _flag_cut(self) -> Flags:
        return self._where([one.cut is not None for one in self.classes])

    def _spread(self) -> None:
        """Follow relations from waiting objects and references from fresh rows until both are empty."""
        while self._waiting or self._fresh:
            while self._waiting:
                self._visit(self._waiting.popleft())
            frontier = np.array(self._fresh, np.int64)
            self._fresh = []
            while len(frontier):
                special = self._special[frontier]
                needed = [self.index.gather(frontier[~special])]
                needed += [np.array(self._needed(row), np.int64) for row in frontier[special].tolist()]
                found = np.unique(np.concatenate(needed))
                found = found[~self.kept[found]]
                for row in found[self._rooted[found]].tolist():
                    self.take([row], CONTEXT if self.of(row).product else WHOLE)
                frontier = found[~self._rooted[found]]
                self.kept[frontier] = True

    def _visit(self, row: int) -> None:
        """Keep an object's own row, and take what its relations bring."""
        level, own = self.level[row], self.of(row)
        self._special[row] = own.shape is not None and level == CONTEXT
        self.kept[row] = True
        self._fresh.append(row)  # again where it became whole: its shape is needed now
        held, hosts = False, list[int]()
        for relation in self._relations_of(row):
            groups = self._groups(relation)
            for bring, member, brought in self.of(relation).rules:
                if max(member, brought) >= len(groups) or row not in groups[member]:
                    continue
                others = [other for other in groups[brought] if self._rooted[other]]
                if bring is Bring.DEFINITION:
                    self.take(others)
                elif bring is Bring.ANCESTOR:
                    held = held or bool(others)
                    self.take(others, CONTEXT)
                elif bring is Bring.HOST:
                    hosts += others
                elif bring is Bring.NOTED:
                    self.take(other for other in others if not self.of(other).product)
                elif level == WHOLE and bring is Bring.PART:
                    self.take(others)
                elif level == WHOLE and bring is Bring.PORT:
                    self.take(other for other in others if self.of(other).port)
        if hosts and not held:
            self.take(hosts, CONTEXT)

    def _add_annexes(self) -> bool:
        """Keep resources that point at something kept; whether there were any."""
        found = [row for row in self._touching(self._annexes) if self._decides(row, self.of(row).annex)]
        found += [row for row in self._touching(self._lists) if self._decides(row, (self.of(row).cut or 0,))]
        self._keep(found)
        return bool(found)

    def _decides(self, row: int, places: tuple[int, ...]) -> bool:
        groups = self._groups(row)
        return any(self.kept[other] for place in places if place < len(groups) for other in groups[place])

    def _add_relations(self) -> bool:
        """Keep relations of which every end that must be there is kept; whether there were any."""
        found = [row for row in self._touching(self._relations) if self._holds(row)]
        self._keep(found)
        return bool(found)

    def _add_placed(self) -> bool:
        """Keep as context what stands at a placement that others are placed by: a placement places something."""
        placements = np.flatnonzero(self.kept & self._where([one.placement for one in self.classes]))
        taken = {self._place_of(row) for row in self.level}
        bare = {row for row in placements.tolist() if row not in taken}
        if not bare:
            return False
        found: dict[int, int] = {}
        for row in self._touching(self._products):
            found.setdefault(self._place_of(row), row)
        chosen = [row for place, row in found.items() if place in bare]
        self.take(chosen, CONTEXT)
        return bool(chosen)

    def _place_of(self, row: int) -> int:
        """The row of a product's placement; -1 without."""
        place = self.of(row).place
        groups = self._groups(row) if place is not None else []
        return next(iter(groups[place]), -1) if place is not None and place < len(groups) else -1

    def _holds(self, row: int) -> bool:
        """Whether a relation still says something: no mandatory end is empty, and not only one of several is left."""
        optional, ends, kept = self.of(row).optional, 0, 0
        for place, group in enumerate(self._groups(row)):
            objects = [other for other in group if self._rooted[other]]
            found = any(self.kept[other] for other in objects)
            if objects and not found and place not in optional:
                return False
            ends += bool(objects)
            kept += found
        return kept >= min(ends, 2) > 0

    def _keep(self, rows: list[int]) -> None:
        self.kept[rows] = True
        for row in rows:
            if self._rooted[row]:  # a grid: a product that is kept for its axes
                self.take([row], CONTEXT)
            else:
                self._fresh.append(row)

    def _touching(self, rows: I64) -> list[int]:
        """Those of the rows that are not kept and name something that is."""
        rows = rows[~self.kept[rows]]
        rows = rows[self.index.first[rows + 1] > self.index.first[rows]]
        if not len(rows):
            return []
        named, counts = self.index.spans(rows)
        touched = np.append(self.kept, False)[named]  # the last one for names without an instance
        return [int(row) for row in rows[np.logical_or.reduceat(touched, np.cumsum(counts) - counts)]]

    # -- references by attribute

    @cached_property
    def _by_object(self) -> tuple[I64, I64]:
        """(object rows ascending, relation rows): which relations name an object."""
        named, counts = self.index.spans(self._relations)
        relation = np.repeat(self._relations, counts)
        order = np.argsort(named, kind="stable")
        return named[order], relation[order]

    def _relations_of(self, row: int) -> list[int]:
        objects, relations = self._by_object
        start, end = np.searchsorted(objects, row), np.searchsorted(objects, row, "right")
        return list(dict.fromkeys(relations[start:end].tolist()))

    def _groups(self, row: int) -> list[list[int]]:
        """Rows that an instance names, by attribute."""
        found = self._split.get(row)
        if found is None:
            found = [
                [other for number in references(part) if (other := self.index.row(number)) >= 0]
                for part in split(self.index.after(row))
            ]
            self._split[row] = found
        return found

    def _needed(self, row: int) -> list[int]:
        """What a special row cannot do without."""
        own, groups = self.of(row), self._groups(row)
        if own.relation:
            return [
                other for group in groups for other in group if not self._rooted[other] and not self.of(other).relation
            ]
        dropped = own.cut if own.cut is not None else own.shape
        return [other for place, group in enumerate(groups) if place != dropped for other in group]

    def _rewritten(self, row: int) -> bytes | None:
        """The statement of a special row, cut down to what is kept; None where it stays as it is."""
        own, parts = self.of(row), split(self.index.after(row))

        def keep(number: int) -> bool:
            other = self.index.row(number)
            return other >= 0 and bool(self.kept[other])

        changed = list(parts)
        for place, part in enumerate(parts):
            if own.shape == place:
                changed[place] = b"$"
            elif references(part) and (own.relation or own.cut == place):
                changed[place] = only(part, keep) or b"$"
        if changed == parts:
            return None
        head = self.index.data[int(self.index.begin[row]) : int(self.index.arguments[row])]
        return head + b"(" + b",".join(changed) + b");"
