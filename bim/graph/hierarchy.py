"""The tree of products: who is whose parent, and the storey and building above each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from bim.graph.links import Links
from bim.graph.misfits import Misfits
from twin.fault import MAX_IDS
from twin.finding import Finding, Severity


class Hierarchy:
    """Parents by STEP id. parent: child → parent, both products; no cycles.

    cut: STEP ids whose link to their parent closed a cycle and was dropped; links, misfits: the model's relationships,
    and what stands in them or elsewhere and does not belong there.
    """

    def __init__(self, model: Any, products: dict[int, Any]) -> None:
        self._products = products
        self.links = Links(model)
        self.misfits = Misfits()
        self.hosts = {
            opening: host for host, opening in self.links.pairs("IfcRelVoidsElement", 4, 5) if opening and host
        }
        self.parent: dict[int, int] = {}
        self.cut: list[int] = []
        self.dangling = 0
        for lower, upper in _links(self.links):
            self._link(lower, upper)
        self._cut_cycles()

    def _link(self, lower: int, upper: int) -> None:
        """Note a link once; the first one (the strongest kind) counts. Openings stand for their hosts."""
        if not lower or not upper:
            self.dangling += 1
            return
        for _ in range(4):  # an opening in a part of an opening … is as deep as files go
            if upper in self._products or upper not in self.hosts:
                break
            upper = self.hosts[upper]
        if lower in self._products and upper in self._products and lower != upper:
            self.parent.setdefault(lower, upper)
        elif lower == upper and lower in self._products:
            self.cut.append(lower)

    def _cut_cycles(self) -> None:
        done: set[int] = set()
        for start in self._products:
            path: dict[int, None] = {}
            node: int | None = start
            while node is not None and node not in done and node not in path:
                path[node] = None
                node = self.parent.get(node)
            if node is not None and node in path:
                loop = list(path)[list(path).index(node) :]
                weakest = min(loop)  # the first in the file becomes the root, whichever way it was entered
                del self.parent[weakest]
                self.cut.append(weakest)
            done.update(path)

    def nearest(self, accept: Callable[[Any], bool]) -> dict[int, int]:
        """For every product the nearest accepted product above it (not itself)."""
        return self.nearest_of({step for step, entity in self._products.items() if accept(entity)})

    def nearest_of(self, accepted: Collection[int]) -> dict[int, int]:
        """For every product the nearest of these products (STEP ids) above it (not itself)."""
        found: dict[int, int | None] = {}
        for start in self._products:
            path = []
            node = start
            result: int | None = None
            while True:
                if node in found:
                    result = found[node]
                    break
                path.append(node)
                above = self.parent.get(node)
                if above is None or above in accepted:
                    result = above
                    break
                node = above
            for step in path:
                found[step] = result
        return {step: above for step, above in found.items() if above is not None}

    def findings(self, local: Callable[[int], str | None]) -> list[Finding]:
        """What was wrong with the links."""
        found = []
        if self.cut:
            ids = tuple(filter(None, map(local, self.cut[:MAX_IDS])))
            found.append(
                Finding(
                    code="ifc-cycle",
                    severity=Severity.MAJOR,
                    zh=f"空间或组成关系形成 {len(self.cut)} 个环，已断开",
                    en=f"Containment or composition runs in {len(self.cut)} circles; each was cut at one object",
                    ids=ids,
                    fix_zh="在建模软件中修正构件的所属关系",
                    fix_en="Mend the ownership of these objects in the authoring tool",
                    value=float(len(self.cut)),
                    limit=0.0,
                    repaired=True,
                )
            )
        if self.dangling:
            found.append(
                Finding(
                    code="ifc-dangling-relation",
                    severity=Severity.MINOR,
                    zh=f"{self.dangling} 个关系缺少一端",
                    en=f"{self.dangling} relations lack one of their ends",
                    value=float(self.dangling),
                    limit=0.0,
                )
            )
        return found


def _links(links: Links) -> Iterable[tuple[int, int]]:
    """(child, parent) pairs of STEP ids, strongest kind first; 0 where an end is missing."""
    yield from _many(links, "IfcRelAggregates", child=5, parent=4)
    yield from links.pairs("IfcRelConnectsPortToElement", 4, 5)
    yield from _many(links, "IfcRelContainedInSpatialStructure", child=4, parent=5)
    yield from _many(links, "IfcRelNests", child=5, parent=4)
    yield from links.pairs("IfcRelFillsElement", 5, 4)
    yield from links.pairs("IfcRelVoidsElement", 5, 4)
    yield from links.pairs("IfcRelProjectsElement", 5, 4)
    yield from _many(links, "IfcRelAdheresToElement", child=5, parent=4)


def _many(links: Links, name: str, *, child: int, parent: int) -> Iterable[tuple[int, int]]:
    for above, below in links.fans(name, parent, child):
        for step in below or (0,):
            yield step, above
