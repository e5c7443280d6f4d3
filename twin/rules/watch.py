"""The watch: all rules over all their points at once, as arrays.

A (rule, point) pair is one row. A row *holds* while its alarm condition is active. Values that are not
good decide nothing: a row that holds goes on to hold, a row that was about to hold starts anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twin.rules.rule import QUALITY_OPS, AlarmRule
from twin.state import quality as q
from twin.state.hub import Hub
from twin.state.kinds import canonical
from twin.state.samples import Floats, Ints

OPS: Final = (">", ">=", "<", "<=", "==", "!=", "missing", "bad")
_COMPARISONS: Final[Mapping[str, np.ufunc]] = {
    ">": np.greater,
    ">=": np.greater_equal,
    "<": np.less,
    "<=": np.less_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
Flags = NDArray[np.bool_]


class Watch:
    """Rules bound to the points of a hub. rule, point: (m,) indices of each row."""

    def __init__(self, hub: Hub, rules: Sequence[AlarmRule]) -> None:
        self.hub, self.rules = hub, tuple(rules)
        rows: list[Ints] = []
        for rule in self.rules:
            if rule.kind is not None:
                rows.append(np.flatnonzero(hub.kind == canonical(rule.kind)))
            else:
                found = hub.index.get(rule.point_id or "")
                rows.append(np.array([] if found is None else [found], dtype=np.int64))
        self.unbound = tuple(rule.id for rule, points in zip(self.rules, rows, strict=True) if len(points) == 0)
        counts = [len(points) for points in rows]
        empty = np.empty(0, dtype=np.int64)
        self.rule: Ints = np.repeat(np.arange(len(rows)), counts) if rows else empty
        self.point: Ints = np.concatenate(rows).astype(np.int64) if rows else empty
        self.holding: Flags = np.zeros(len(self.rule), dtype=np.bool_)
        self._since: Ints = np.zeros(len(self.rule), dtype=np.int64)  # 0: the condition is not met

        def column(values: Sequence[float]) -> Floats:
            return np.array(values, dtype=np.float64)[self.rule] if len(values) else np.empty(0)

        self._limit = column([np.nan if rule.limit is None else rule.limit for rule in self.rules])
        # Coming back: down to limit − band after a high alarm, up to limit + band after a low one.
        self._release = column(
            [
                np.nan if rule.limit is None else rule.limit + (-rule.dead_band if ">" in rule.op else rule.dead_band)
                for rule in self.rules
            ]
        )
        self._delay = column([1000 * rule.delay_s for rule in self.rules])
        ops = np.array([OPS.index(rule.op) for rule in self.rules], dtype=np.int64)
        row_op = ops[self.rule] if len(ops) else empty
        self._of_op = [(op, np.flatnonzero(row_op == code)) for code, op in enumerate(OPS)]
        self._by_quality = np.isin(row_op, [OPS.index(op) for op in QUALITY_OPS])
        self.rows = {
            (self.rules[rule].id, hub.points[point].point_id): number
            for number, (rule, point) in enumerate(zip(self.rule.tolist(), self.point.tolist(), strict=True))
        }

    def __len__(self) -> int:
        return len(self.rule)

    def evaluate(self, now: int) -> tuple[Ints, Ints]:
        """Rows whose alarm begins and rows whose alarm is over, at an instant (epoch ms)."""
        value, quality = self.hub.values[self.point], self.hub.quality[self.point]
        threshold = np.where(self.holding, self._release, self._limit)
        met: Flags = np.zeros(len(self), dtype=np.bool_)
        for op, rows in self._of_op:
            if len(rows):
                met[rows] = _compare(op, value[rows], threshold[rows], quality[rows])
        usable = self._by_quality | (quality == q.GOOD)
        met &= usable
        self._since = np.where(met & ~self.holding, np.where(self._since == 0, now, self._since), 0)
        raised = np.flatnonzero(met & ~self.holding & (now - self._since >= self._delay))
        cleared = np.flatnonzero(self.holding & ~met & usable)
        self.holding[raised], self.holding[cleared] = True, False
        return raised, cleared


def _compare(op: str, value: Floats, threshold: Floats, quality: NDArray[np.uint8]) -> Flags:
    if op in _COMPARISONS:
        return np.asarray(_COMPARISONS[op](value, threshold), dtype=np.bool_)
    wanted = q.STALE if op == "missing" else q.BAD
    return np.equal(quality, wanted)
