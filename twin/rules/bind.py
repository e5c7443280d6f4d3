"""Rules → rows: which points each rule watches, sorted by condition so that each condition is one span of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.rules.conditions import Bit, Compare, Condition, Deviation, Quality, Rate, Stuck
from twin.rules.rule import COMPARES, QUALITY_OPS, AlarmRule
from twin.state.hub import Hub
from twin.state.kinds import canonical
from twin.state.samples import Floats, Ints

Clause = tuple[str, Ints, Ints, Floats]
"""Operator, rows, points and limits of `suppress_when` conditions."""


@dataclass
class Bound:
    """What `bind` found. rule, point: (m,); parts: condition and its span of rows; over: rows and their worse rows."""

    rules: tuple[AlarmRule, ...] = ()
    rule: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    point: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    parts: list[tuple[str, slice, Condition]] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    over: tuple[Ints, Ints] = field(default_factory=lambda: (np.empty(0, np.int64), np.empty(0, np.int64)))
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    unbound: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def bind(hub: Hub, rules: Sequence[AlarmRule]) -> Bound:
    """Bind rules to the points of a hub."""
    ordered = sorted(rules, key=_part)
    siblings = Siblings(hub)
    problems: list[str] = []
    chosen = [_points(hub, rule) for rule in ordered]
    setters = [_set_points(hub, siblings, rule, points, problems) for rule, points in zip(ordered, chosen, strict=True)]
    chosen = [points[keep] for points, (keep, _from) in zip(chosen, setters, strict=True)]
    counts = [len(points) for points in chosen]
    found = Bound(
        rules=tuple(ordered),
        rule=np.repeat(np.arange(len(ordered)), counts),
        point=np.concatenate([*chosen, np.empty(0, np.int64)]).astype(np.int64),
        unbound=tuple(rule.id for rule, count in zip(ordered, counts, strict=True) if count == 0),
        problems=tuple(problems),
    )
    from_points = np.concatenate([*(source for _keep, source in setters), np.empty(0, np.int64)]).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    first = 0
    for number in range(1, len(ordered) + 1):
        if number < len(ordered) and _part(ordered[number]) == _part(ordered[first]):
            continue
        span = slice(int(starts[first]), int(starts[number]))
        of_row = [
            rule for rule, count in zip(ordered[first:number], counts[first:number], strict=True) for _ in range(count)
        ]
        if of_row:
            part = _condition(hub, ordered[first], of_row, found.point[span], from_points[span])
            found.parts.append((_part(ordered[first])[0], span, part))
        first = number
    ids = [rule.id for rule in ordered]
    names = [point.point_id for point in hub.points]
    found.rows = {
        (ids[rule], names[point]): row
        for row, (rule, point) in enumerate(zip(found.rule.tolist(), found.point.tolist(), strict=True))
    }
    found.clauses = _clauses(hub, siblings, found)
    found.over = _over(found, names)
    return found


def _part(rule: AlarmRule) -> tuple[str, float]:
    return ("quality" if rule.op == "bad" else rule.op), (rule.window_s or 0.0) if rule.op == "rate" else 0.0


def _condition(hub: Hub, rule: AlarmRule, of_row: list[AlarmRule], points: Ints, set_points: Ints) -> Condition:
    if rule.op in COMPARES:
        return Compare(hub, rule.op, of_row, points)
    if rule.op in QUALITY_OPS:
        return Quality(hub, of_row, points)
    if rule.op == "rate":
        return Rate(hub, round(1000 * (rule.window_s or 0)), of_row, points)
    if rule.op == "deviation":
        return Deviation(hub, of_row, points, set_points)
    return Stuck(hub, of_row, points) if rule.op == "stuck" else Bit(hub, of_row, points)


def _points(hub: Hub, rule: AlarmRule) -> Ints:
    if rule.kind is not None:
        return np.flatnonzero(hub.kind == canonical(rule.kind))
    found = hub.index.get(rule.point_id or "")
    return np.array([] if found is None else [found], dtype=np.int64)


class Siblings:
    """Points of a kind on the same object, or measured by the same device."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._by_kind: dict[str, dict[str, int]] = {}

    def find(self, kind: str, points: Ints) -> Ints:
        """(n,) for each point the one of that kind beside it: of its object, else of its device; -1 where none is."""
        hub, name = self._hub, canonical(kind)
        if name not in self._by_kind:
            places: dict[str, int] = {}
            for index in np.flatnonzero(hub.kind == name).tolist():
                for place in (str(hub.gid[index]), str(hub.device[index])):
                    if place:
                        places.setdefault(place, index)
            self._by_kind[name] = places
        known = self._by_kind[name]
        gids, devices = hub.gid[points].tolist(), hub.device[points].tolist()
        return np.array(
            [known.get(gid, known.get(device, -1)) for gid, device in zip(gids, devices, strict=True)], dtype=np.int64
        )


def _set_points(hub: Hub, siblings: Siblings, rule: AlarmRule, points: Ints, problems: list[str]) -> tuple[Ints, Ints]:
    """Which of the points have a set point, and its index; -1 where a number is the set point, or none is needed."""
    if rule.op != "deviation" or rule.set_value is not None:
        return np.arange(len(points)), np.full(len(points), -1, dtype=np.int64)
    if rule.set_kind is not None:
        source = siblings.find(rule.set_kind, points)
    else:
        source = np.full(len(points), hub.index.get(rule.set_point or "", -1), dtype=np.int64)
    keep = source >= 0
    alike = hub.unit[points] == hub.unit[source]
    for point in points[keep & ~alike][:1].tolist():
        other = source[points == point][0]
        problems.append(
            f"Rule {rule.id!r}: point {hub.points[point].point_id!r} is in {hub.points[point].unit!r}, its set point"
            f" {hub.points[other].point_id!r} in {hub.points[other].unit!r}; expected one unit: it is not watched"
        )
    if len(points) and not keep.any():
        problems.append(
            f"Rule {rule.id!r}: no set point {rule.set_kind or rule.set_point!r} for its {len(points)} points;"
            " expected one beside each"
        )
    chosen = np.flatnonzero(keep & alike)
    return chosen, source[chosen]


def _clauses(hub: Hub, siblings: Siblings, found: Bound) -> list[Clause]:
    by_op: dict[str, list[tuple[Ints, Ints, Floats]]] = {}
    for number, rule in enumerate(found.rules):
        if not rule.suppress_when:
            continue
        rows = np.flatnonzero(found.rule == number)
        for when in rule.suppress_when:
            if when.kind is not None:
                others = siblings.find(when.kind, found.point[rows])
            else:
                others = np.full(len(rows), hub.index.get(when.point_id or "", -1), dtype=np.int64)
            known = others >= 0
            by_op.setdefault(when.op, []).append((rows[known], others[known], np.full(int(known.sum()), when.limit)))
    return [
        (op, *(np.concatenate([part[column] for part in parts]) for column in range(3)))  # type: ignore[misc]
        for op, parts in by_op.items()
    ]


def _over(found: Bound, names: list[str]) -> tuple[Ints, Ints]:
    pairs = [
        (row, found.rows[found.rules[rule].over, names[point]])
        for row, (rule, point) in enumerate(zip(found.rule.tolist(), found.point.tolist(), strict=True))
        if found.rules[rule].over
    ]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
