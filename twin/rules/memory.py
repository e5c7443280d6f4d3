"""What the watch remembers over a restart and over a change of rules: delays on their way, values that do not move."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import orjson

from twin.rules.watch import Watch
from twin.state.samples import Floats, Ints

log = logging.getLogger(__name__)

LONG = 0.1
"""A value that stood still for this part of its window is worth remembering."""


@dataclass(frozen=True)
class Moment:
    """What a watch remembered at an instant: copies, which another thread may read."""

    watch: Watch
    pending: Ints
    since: Ints
    stuck: list[tuple[Ints, Ints, Floats]]
    """Rows, since when, and the value, of each part."""

    def text(self) -> bytes:
        """JSON: `delays` holds rule, point, since; `stuck` rule, point, since, anchor, as columns."""
        stuck: list[list[object]] = [[], [], [], []]
        for rows, since, anchor in self.stuck:
            for column, values in zip(stuck, (*_names(self.watch, rows), since.tolist(), anchor.tolist()), strict=True):
                column.extend(values)
        return orjson.dumps({"delays": [*_names(self.watch, self.pending), self.since.tolist()], "stuck": stuck})


def moment(watch: Watch) -> Moment:
    """What a watch remembers now."""
    stuck = []
    for span, part in watch.stuck:
        still = watch.hub.sampled_at[part.points] - part.since
        chosen = np.flatnonzero((still >= LONG * part.window) & np.isfinite(part.anchor))
        stuck.append((span.start + chosen, part.since[chosen], part.anchor[chosen]))
    return Moment(watch, watch.pending.copy(), watch.since[watch.pending], stuck)


def restore(watch: Watch, text: bytes | str) -> None:
    """Take up the text of a moment, for the rows that are still there. A text of another version is left aside."""
    try:
        found = orjson.loads(text)
        rules, points, since = found["delays"]
        rows, known = _rows(watch, rules, points)
        watch.restore(rows, np.array(since, dtype=np.int64)[known])
        rules, points, since, anchors = found["stuck"]
        rows, known = _rows(watch, rules, points)
        for span, part in watch.stuck:
            inside = (rows >= span.start) & (rows < span.stop)
            places = rows[inside] - span.start
            part.since[places] = np.array(since, dtype=np.int64)[known][inside]
            part.anchor[places] = np.array(anchors, dtype=np.float64)[known][inside]
    except (ValueError, TypeError, KeyError):
        log.warning("Delays of alarms from before the start cannot be read: they begin anew", exc_info=True)


def _names(watch: Watch, rows: Ints) -> tuple[list[str], list[str]]:
    rules, points = watch.rules, watch.hub.points
    return (
        [rules[rule].id for rule in watch.rule[rows].tolist()],
        [points[point].point_id for point in watch.point[rows].tolist()],
    )


def _rows(watch: Watch, rules: list[str], points: list[str]) -> tuple[Ints, Ints]:
    """Rows of names, and which of the names have one."""
    index: Mapping[tuple[str, str], int] = watch.rows
    found = np.array([index.get(pair, -1) for pair in zip(rules, points, strict=True)], dtype=np.int64)
    known = np.flatnonzero(found >= 0)
    return found[known], known
