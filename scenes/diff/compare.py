"""Compare two built versions: match, then tell of every object what is not as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from scenes.diff.difference import Change, Difference, Item, Whole
from scenes.diff.facets import Facets
from scenes.diff.georeference import KIND as GEOREFERENCED
from scenes.diff.georeference import georeference_changes
from scenes.diff.match import REPEATED, Matches, match
from scenes.diff.moments import F64, I64
from scenes.diff.motion import PLACE_M, TURN_RAD, Motion, motion, turned_by
from scenes.diff.side import Side, into_one_frame, load

_SITE_PLACE = {"RefLatitude", "RefLongitude", "RefElevation"}
"""Attributes of a site that the georeference's own change tells."""


def compare(old: Path, new: Path) -> Difference:
    """Compare the versions in two folders. Raises NotFound, Invalid, Conflict (built without fingerprints)."""
    a, b = load(old), load(new)
    result = Difference(_told(a), _told(b))
    if old.resolve() == new.resolve():
        result.matched = len(a)
        return result
    into_one_frame(a, b)
    found = match(a, b)
    result.matched = len(found.old)
    work = _Comparison(a, b, found, result)
    with Facets.of(a, b, found.old, found.new) as facets:
        work.attributes()
        work.motions()
        work.facets(facets)
        work.containers(facets)
        work.concepts(facets)
    work.georeference()
    work.finish()
    return result


def _told(side: Side) -> dict[str, Any]:
    row = side.version
    return {
        "layer": row.layer,
        "version": row.version,
        "source": row.source,
        "built_at": row.built_at,
        "objects": len(side),
    }


class _Comparison:
    """Items under construction, by pair."""

    def __init__(self, old: Side, new: Side, found: Matches, result: Difference) -> None:
        self.old, self.new = old, new
        self.i, self.j, self.found = found.old, found.new, found
        self.result = result
        self._items: dict[int, Item] = {}
        self._new_of = np.full(len(old) + 1, -2, np.int64)  # the last one stands for no parent
        self._new_of[self.i] = self.j
        self._new_of[-1] = -1

    def item(self, pair: int) -> Item:
        """The item of a pair, made at its first change."""
        if pair not in self._items:
            i, j = int(self.i[pair]), int(self.j[pair])
            self._items[pair] = Item(
                gid=self.new.gid[j],
                old_gid=self.old.gid[i],
                name=self.new.name[j],
                type=self.new.type[j],
                ifc_class=self.new.kind[j],
                ordinal=j,
                old_ordinal=i,
                box=_box(self.new, j),
                old_box=_box(self.old, i),
            )
        return self._items[pair]

    def attributes(self) -> None:
        """Class, predefined type, name, description, tag, id."""
        for kind, group, name, column in (
            ("retyped", "", "class", "kind"),
            ("retyped", "", "predefined type", "predefined"),
            ("renamed", "", "name", "name"),
            ("property-changed", "Attributes", "Description", "description"),
            ("property-changed", "Attributes", "Tag", "tag"),
            ("re-identified", "", "id", "id"),
        ):
            before, after = getattr(self.old, column)[self.i], getattr(self.new, column)[self.j]
            differs = before != after
            if kind == "re-identified":  # ~2, ~3 are the reader's; their order is the file's
                differs &= np.array(
                    [REPEATED.sub("", a) != REPEATED.sub("", b) for a, b in zip(before, after, strict=True)], np.bool_
                )
            for pair in np.flatnonzero(differs).tolist():
                self.item(pair).put(kind, [Change(kind, name, before[pair], after[pair], group)])

    def motions(self) -> None:
        """Moved, carried, reshaped."""
        moves = motion(self.old, self.new, self.i, self.j, self._parents())
        sites = self.old.kind[self.i] == "IfcSite"
        self._site_moves(moves, sites)
        for pair in np.flatnonzero(moves.moved & ~sites).tolist():
            carrier = int(moves.carrier[pair])
            if carrier >= 0 and sites[carrier]:
                continue
            kind = "moved" if carrier < 0 else "carried"
            item = self.item(pair)
            item.put(kind, _steps(kind, moves.shift[pair], float(moves.angle[pair])))
            item.carrier = None if carrier < 0 else self.new.gid[self.j[carrier]]
        for pair in np.flatnonzero(moves.reshaped).tolist():
            self.item(pair).put("reshaped", self._reshaping(pair))

    def _site_moves(self, moves: Motion, sites: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        """A site's placement is a georeference; what the model did as a whole is told once."""
        moved = np.linalg.norm(moves.matrix[:, :, 3], axis=1) > PLACE_M
        moved |= np.nan_to_num(turned_by(moves.matrix)) > TURN_RAD
        carrier = None
        for pair in np.flatnonzero(sites & moved).tolist():
            carrier = carrier or str(self.new.gid[self.j[pair]])
            way = self.new.placement[self.j[pair], :, 3] - self.old.placement[self.i[pair], :, 3]
            shift = way if np.isfinite(way).all() else moves.shift[pair]
            steps = _steps(GEOREFERENCED, shift, float(turned_by(moves.matrix[pair : pair + 1])[0]))
            self.item(pair).put(GEOREFERENCED, [_renamed(step, f"site placement {step.name}") for step in steps])
        if moves.whole is not None:
            shift = moves.whole[:, 3]
            angle = float(turned_by(moves.whole[None])[0])
            self.result.whole = Whole(
                (float(shift[0]), float(shift[1]), float(shift[2])),
                float(np.linalg.norm(shift)),
                float(np.degrees(angle)),
                moves.followers,
                carrier,
            )

    def _parents(self) -> I64:
        """The pair of each pair's container, where both versions name it; -1 elsewhere."""
        pair_of = np.full(len(self.old) + 1, -1, np.int64)
        pair_of[self.i] = np.arange(len(self.i))
        above = self.old.parent[self.i]
        same = self._new_of[above] == self.new.parent[self.j]
        return np.where(same & (above >= 0), pair_of[above], -1)

    def _reshaping(self, pair: int) -> list[Change]:
        """What can be said of a changed shape in numbers."""
        i, j = self.i[pair], self.j[pair]
        told = []
        for name, unit in (("area", "m2"), ("volume", "m3")):
            x, y = float(getattr(self.old, name)[i]), float(getattr(self.new, name)[j])
            known = np.isfinite(x), np.isfinite(y)
            if any(known):
                texts = [f"{value:.6g}" if fine else None for value, fine in zip((x, y), known, strict=True)]
                by = y - x if all(known) else None
                told.append(Change("reshaped", name, texts[0], texts[1], by=by, unit=unit))
        return told

    def facets(self, facets: Facets) -> None:
        """Properties, quantities, relations."""
        for found in (facets.properties(), facets.quantities(), facets.relations()):
            for pair, changes in found.items():
                for change in changes:
                    self.item(pair).put(change.kind, [change])

    def containers(self, facets: Facets) -> None:
        """Objects in another container; containers are compared after matching, not by their id."""
        before, after = self.old.parent[self.i], self.new.parent[self.j]
        changed = np.flatnonzero(self._new_of[before] != after)
        if not len(changed):
            return
        either = facets.contained_both_ways()
        for pair in changed.tolist():
            i, j = int(before[pair]), int(after[pair])
            gid, mapped = self.new.gid[self.j[pair]], int(self._new_of[i])
            if j >= 0 and mapped >= 0 and {(gid, self.new.gid[j]), (gid, self.new.gid[mapped])} <= either:
                continue
            names = None if i < 0 else _title(self.old, i), None if j < 0 else _title(self.new, j)
            self.item(pair).put("re-contained", [Change("re-contained", "container", *names)])

    def concepts(self, facets: Facets) -> None:
        """Types, systems, groups …: new, gone, renamed, their properties."""
        for old_gid, new_gid, (kind, ifc_class, name, old_name), changes in facets.concepts():
            item = Item(new_gid or old_gid or "", old_gid, name or old_name, kind, ifc_class)
            if old_gid is None or new_gid is None:
                item.put("added" if old_gid is None else "deleted")
            elif name != old_name:
                item.put("renamed", [Change("renamed", "name", old_name, name)])
            for change in changes:
                item.put(change.kind, [change])
            self.result.concepts.append(item)

    def georeference(self) -> None:
        """Conversion, site latitude and longitude, true north: told of the site."""
        found = georeference_changes(self.old.version.georef, self.new.version.georef)
        sites = np.flatnonzero(self.old.kind[self.i] == "IfcSite")
        if len(sites) and found:
            self.item(int(sites[0])).put(GEOREFERENCED, found)
        for pair in sites.tolist():
            item = self._items.get(pair)
            if item is not None:
                self._once(item)
                self.result.georeference += [c for c in item.changes if c.kind == GEOREFERENCED]
        if not len(sites):
            self.result.georeference += found

    def _once(self, item: Item) -> None:
        """A site's place is one fact, however often the file gives it."""
        if any(change.kind == GEOREFERENCED for change in item.changes):
            item.changes = [c for c in item.changes if c.set != "Attributes" or c.name not in _SITE_PLACE]
            if not any(change.kind == "property-changed" for change in item.changes):
                item.kinds = [kind for kind in item.kinds if kind != "property-changed"]

    def finish(self) -> None:
        """All items in order: added, deleted, then changed ones as they stand in the new version."""
        added = [
            Item(
                gid=self.new.gid[row],
                old_gid=None,
                name=self.new.name[row],
                type=self.new.type[row],
                ifc_class=self.new.kind[row],
                ordinal=row,
                kinds=["added"],
                box=_box(self.new, row),
            )
            for row in self.found.left_new.tolist()
        ]
        deleted = [
            Item(
                gid=self.old.gid[row],
                old_gid=self.old.gid[row],
                name=self.old.name[row],
                type=self.old.type[row],
                ifc_class=self.old.kind[row],
                old_ordinal=row,
                kinds=["deleted"],
                old_box=_box(self.old, row),
            )
            for row in self.found.left_old.tolist()
        ]
        changed = sorted((item for item in self._items.values() if item.kinds), key=lambda item: item.ordinal or 0)
        self.result.items = [*added, *deleted, *changed]


def _steps(kind: str, shift: F64, angle: float) -> list[Change]:
    """A motion in words: metres along each axis, degrees."""
    told = []
    distance = float(np.linalg.norm(shift))
    if distance > PLACE_M / 2:
        told.append(
            Change(
                kind,
                "position",
                None,
                ", ".join(f"{value:+.3f}" for value in np.round(shift, 3) + 0.0),
                by=distance,
                unit="m",
            )
        )
    if angle > TURN_RAD:
        told.append(Change(kind, "rotation", None, None, by=float(np.degrees(angle)), unit="°"))
    return told


def _renamed(change: Change, name: str) -> Change:
    return Change(change.kind, name, change.old, change.new, change.set, change.by, change.unit)


def _box(side: Side, row: int) -> list[float] | None:
    box = side.box[row]
    return [round(float(value), 4) for value in box] if np.isfinite(box).all() else None


def _title(side: Side, row: int) -> str:
    return str(side.name[row] or side.id[row])
