"""The binding itself: places and equipment to objects, points to points, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from twin.devices.binding.names import NameIndex
from twin.devices.binding.rules import Rule, Rules, key_of
from twin.devices.ontology.model import Description, Entity
from twin.devices.ontology.tables import MEASURED
from twin.state.kinds import canonical
from twin.state.point import PointSpec

Result = Literal["bound", "ambiguous", "unmatched"]
RESULTS: tuple[Result, ...] = ("bound", "ambiguous", "unmatched")
SHOWN = 10
HOPS = 4
"""How far a point's place is looked for: its equipment, what that feeds, what this is part of."""
SCALED = {"", MEASURED, "state"}


@dataclass(frozen=True, slots=True)
class Target:
    """An object that may be meant."""

    gid: str
    type: str = ""
    layer: str = ""
    name: str = ""
    tag: str = ""
    long_name: str = ""
    storey: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """What became of an entity. target: gid or point id; how: the rule; likeness 1 for equal names.

    candidates: (gid or point id, name, likeness) that could be meant; why: one sentence.
    """

    entity: Entity
    result: Result
    target: str = ""
    how: str = ""
    likeness: float = 0.0
    why: str = ""
    candidates: tuple[tuple[str, str, float], ...] = ()


@dataclass
class Bound:
    """All bindings, in the order of the description."""

    bindings: list[Binding] = field(default_factory=list)

    def counts(self) -> dict[str, dict[str, int]]:
        """Entities by sort and result."""
        names: tuple[str, ...] = RESULTS
        found = {sort: dict.fromkeys(names, 0) for sort in ("location", "equipment", "point")}
        for one in self.bindings:
            found[one.entity.sort][one.result] += 1
        return found


def bind(described: Description, targets: Sequence[Target], points: Sequence[PointSpec], rules: Rules) -> Bound:
    """Bind a description to a park's objects and points."""
    finder = _Objects(targets, rules)
    done: dict[str, Binding] = {}
    for one in described.entities.values():
        if one.sort != "point":
            done[one.id] = finder.find(one)
    placed = {ident: binding.target for ident, binding in done.items() if binding.result == "bound"}
    to_points = _Points(points, described, placed)
    for one in described.entities.values():
        if one.sort == "point":
            done[one.id] = to_points.find(one)
    return Bound([done[ident] for ident in described.entities])


class _Objects:
    def __init__(self, targets: Sequence[Target], rules: Rules) -> None:
        self._targets, self._rules = targets, rules
        self._gids = {one.gid: number for number, one in enumerate(targets)}
        self._local: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(targets):
            self._local[one.gid.partition("/")[2]].append(number)
        self._indexes = [self._index(rule) for rule in rules.rules]

    def find(self, one: Entity) -> Binding:
        gid, guid = one.refs.get("gid", ""), one.refs.get("ifc", "")
        if gid in self._gids:
            return self._bound(one, self._gids[gid], "its gid", 1.0)
        if guid:
            found = self._local.get(guid, [])
            if len(found) == 1:
                return self._bound(one, found[0], "its IFC GlobalId", 1.0)
            if found:
                return self._ambiguous(one, [(n, 1.0) for n in found], "its IFC GlobalId", "stands in several layers")
        tried: list[str] = []
        for rule, index in zip(self._rules.rules, self._indexes, strict=True):
            if not rule.takes(one):
                continue
            keys = [plain for key in rule.keys(one) if (plain := self._rules.plain(key))]
            if not keys:
                continue
            tried.append(rule.name)
            made = self._by(rule, index, one, keys)
            if made is not None:
                return made
        why = f"no object by {', '.join(tried)}" if tried else "no rule takes it, or its name fits no pattern"
        return Binding(one, "unmatched", why=why)

    def _by(self, rule: Rule, index: NameIndex, one: Entity, keys: Sequence[str]) -> Binding | None:
        equal = sorted({number for key in keys for number in index.equal(key)})
        if len(equal) == 1:
            return self._bound(one, equal[0], rule.name, 1.0)
        if equal:
            return self._ambiguous(one, [(n, 1.0) for n in equal], rule.name, "has the name of several objects")
        if rule.threshold >= 1:
            return None
        best: dict[int, float] = {}
        for key in keys:
            for number, likeness in index.like(key, rule.threshold):
                best[number] = max(best.get(number, 0.0), likeness)
        ranked = sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))
        if not ranked:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < rule.margin:
            return self._ambiguous(one, ranked, rule.name, "is like several objects")
        return self._bound(one, ranked[0][0], rule.name, ranked[0][1])

    def _index(self, rule: Rule) -> NameIndex:
        names, numbers = [], []
        for number, one in enumerate(self._targets):
            if (rule.types and one.type not in rule.types) or (rule.layers and one.layer not in rule.layers):
                continue
            texts = {key_of(rule, text) for name in rule.fields if (text := getattr(one, name))}
            for plain in sorted({self._rules.plain(text) for text in texts} - {""}):
                names.append(plain)
                numbers.append(number)
        return NameIndex(names, numbers)

    def _bound(self, one: Entity, number: int, how: str, likeness: float) -> Binding:
        target = self._targets[number]
        why = f"{how}: {target.name or target.gid}" + (f", likeness {likeness:.2f}" if likeness < 1 else "")
        return Binding(one, "bound", target.gid, how, likeness, why)

    def _ambiguous(self, one: Entity, found: Sequence[tuple[int, float]], how: str, text: str) -> Binding:
        shown = tuple(
            (self._targets[n].gid, self._targets[n].name, round(likeness, 3)) for n, likeness in found[:SHOWN]
        )
        return Binding(
            one, "ambiguous", how=how, likeness=found[0][1], why=f"{how}: it {text} ({len(found)})", candidates=shown
        )


class _Points:
    def __init__(self, points: Sequence[PointSpec], described: Description, placed: Mapping[str, str]) -> None:
        self._points = {point.point_id: point for point in points}
        self._described, self._placed = described, placed
        self._by_place: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
        for point in points:
            for gid in {point.gid, point.device} - {""}:
                self._by_place[gid, canonical(point.kind), point.role in SCALED].add(point.point_id)
        self._parts: dict[str, list[str]] = defaultdict(list)
        for one in described.entities.values():
            if one.sort == "location" and one.parent:
                self._parts[one.parent].append(one.id)
        self._claims: dict[str, list[str]] = defaultdict(list)
        for one in described.entities.values():
            if one.sort == "point" and self._direct(one) is None:
                for target in self._at_its_place(one)[0]:
                    self._claims[target].append(one.id)

    def find(self, one: Entity) -> Binding:
        direct = self._direct(one)
        if direct is not None:
            return Binding(one, "bound", direct[0], direct[1], 1.0, f"{direct[1]}: {direct[0]}")
        if not one.kind:
            return Binding(one, "unmatched", why=f"class {one.cls} is no kind of point of ours")
        found, place = self._at_its_place(one)
        if not place:
            return Binding(one, "unmatched", why="what it belongs to is not bound to an object")
        if not found:
            return Binding(one, "unmatched", why=f"no point of kind {one.kind} at {place}")
        how = "place and kind"
        if len(found) > 1:
            return self._ambiguous(one, found, f"{how}: {len(found)} points of kind {one.kind} at {place}")
        (target,) = found
        if len(self._claims[target]) > 1:
            others = ", ".join(other for other in self._claims[target] if other != one.id)
            return self._ambiguous(one, found, f"{how}: {target} could be {others[:200]} as well")
        return Binding(one, "bound", target, how, 1.0, f"{how}: {one.kind} at {place}")

    def _direct(self, one: Entity) -> tuple[str, str] | None:
        for text, how in ((one.refs.get("point", ""), "its point id"), (one.id, "its id"), (one.name, "its name")):
            if text in self._points:
                return text, how
        return None

    def _at_its_place(self, one: Entity) -> tuple[list[str], str]:
        """Points of its kind at the nearest place that is bound and has one; that place, or the nearest bound one."""
        first = ""
        for gid in self._places(one):
            first = first or gid
            found = self._by_place.get((gid, one.kind, one.role in SCALED))
            if found:
                return sorted(found), gid
        return [], first

    def _places(self, one: Entity) -> list[str]:
        """Objects where a point may be: of what it belongs to, what that is in or feeds, and the rooms of a zone."""
        found: dict[str, None] = {}
        level = [name for name in (one.parent, one.location) if name]
        for _ in range(HOPS):
            following: list[str] = []
            for name in level:
                if name in self._placed:
                    found[self._placed[name]] = None
                entity = self._described.entities.get(name)
                if entity is None:
                    continue
                if entity.sort == "equipment":
                    following += [other for other in (entity.location, entity.parent) if other]
                elif entity.cls.endswith("Zone"):
                    parts = self._parts.get(name, [])
                    following += parts if len(parts) == 1 else []
            if found or not following:
                break
            level = following
        return list(found)

    def _ambiguous(self, one: Entity, found: Sequence[str], why: str) -> Binding:
        shown = tuple((name, self._points[name].name, 1.0) for name in found[:SHOWN])
        return Binding(one, "ambiguous", how="place and kind", likeness=1.0, why=why, candidates=shown)
