"""Differences between the versions of a layer, computed once: versions never change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection
from typing import Any

from scenes.diff import Difference, Item
from scenes.diff.compare import compare
from scenes.diff.source import find_version
from twin.errors import NotFound
from twin.graph import GraphStore
from twin.graph.layerfile import LayerVersion, version_folder, versions

KEPT = 8
"""Differences held in memory."""
CONCEPTS = 500
"""Concepts told in one answer; `concepts_total` says how many there are."""


class Diffs:
    """Compares versions of a park's layers. Safe from several threads; one comparison at a time."""

    def __init__(self, graph: GraphStore) -> None:
        self._graph = graph
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, str], Difference] = OrderedDict()

    def diff(
        self,
        layer: str,
        old: str | None,
        new: str | None,
        *,
        kinds: Collection[str] = (),
        q: str = "",
        limit: int = 200,
        offset: int = 0,
    ) -> dict[str, Any]:
        """One page of a difference. Without names: the published version against the one built before it.

        Raises NotFound where a version does not exist, Conflict where one has no fingerprints.
        """
        published = self._graph.layer(layer)
        b = find_version(self._graph.park, layer, new or published["version"])
        a = find_version(self._graph.park, layer, old) if old else self._before(b)
        found = self._difference(a, b)
        needle = q.strip().casefold()
        items = [item for item in found.items if _fits(item, kinds, needle)]
        concepts = [item for item in found.concepts if _fits(item, kinds, needle)]
        base = published["base"] if b.version == published["version"] else None
        return {
            **found.head(),
            "layers": {name: self._stage(row, published) for name, row in (("old", a), ("new", b))},
            "ranges": _ranges(found),
            "items": [
                {**item.as_dict(), "state": None if base is None or item.ordinal is None else base + item.ordinal}
                for item in items[offset : offset + limit]
            ],
            "total": len(items),
            "concepts": [item.as_dict() for item in concepts[:CONCEPTS]],
            "concepts_total": len(concepts),
        }

    def _before(self, version: LayerVersion) -> LayerVersion:
        """The version built before this one; where it is the first, the one after it."""
        known = versions(self._graph.park, version.layer)
        place = [row.version for row in known].index(version.version)
        if len(known) < 2:
            raise NotFound(
                f"Layer {version.layer!r} has only one version, {version.version}: ingest a second one to compare",
                code="no-version",
            )
        return known[place - 1] if place else known[1]

    def _difference(self, a: LayerVersion, b: LayerVersion) -> Difference:
        key = (a.layer, a.version, b.version)
        with self._lock:  # one computes, the others wait for its result
            if key not in self._kept:
                park = self._graph.park
                self._kept[key] = compare(*(version_folder(park, row.layer, row.version) for row in (a, b)))
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def _stage(self, row: LayerVersion, published: dict[str, Any]) -> dict[str, Any]:
        """What a viewer needs to put a version on its stage; `base` is null where it is not the published one."""
        return {
            "version": row.version,
            "kind": row.kind,
            "tileset": f"/tiles/{row.layer}/{row.version}/tileset.json",
            "count": row.count,
            "box": None if row.box is None else list(row.box),
            "base": published["base"] if row.version == published["version"] else None,
        }


def _fits(item: Item, kinds: Collection[str], needle: str) -> bool:
    """Whether an item is of one of these kinds (any where none is named) and its name, type or id holds the text."""
    if kinds and not any(kind in kinds for kind in item.kinds):
        return False
    return not needle or needle in f"{item.name or ''} {item.type} {item.gid} {item.old_gid or ''}".casefold()


def _ranges(found: Difference) -> dict[str, dict[str, list[list[int]]]]:
    """Ordinals by kind of change, as inclusive ranges in either version: what a viewer colours."""
    kinds = found.counts()
    return {
        kind: {
            "new": _runs([i.ordinal for i in found.items if kind in i.kinds and i.ordinal is not None]),
            "old": _runs([i.old_ordinal for i in found.items if kind in i.kinds and i.old_ordinal is not None]),
        }
        for kind in kinds
    }


def _runs(ordinals: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for value in sorted(ordinals):
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return runs
