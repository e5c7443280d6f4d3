"""What the watch remembers over a restart and over a change of rules: delays on their way, values that do not move."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import numpy as np
import orjson

from twin.rules.watch import Watch
from twin.state.samples import Ints

log = logging.getLogger(__name__)

LONG = 0.1
"""A value that stood still for this part of its window is worth remembering."""


def snapshot(watch: Watch) -> bytes:
    """JSON: `delays` holds rule, point, since; `stuck` rule, point, since, anchor, as columns."""
    stuck: list[list[object]] = [[], [], [], []]
    for span, part in watch.stuck:
        sampled = watch.hub.sampled_at[part.points]
        window = 1000 * np.array([watch.rules[rule].window_s or 0.0 for rule in watch.rule[span].tolist()])
        chosen = np.flatnonzero((sampled - part.since >= LONG * window) & np.isfinite(part.anchor))
        columns = (*_names(watch, span.start + chosen), part.since[chosen].tolist(), part.anchor[chosen].tolist())
        for column, values in zip(stuck, columns, strict=True):
            column.extend(values)
    delays = [*_names(watch, watch.pending), watch.since[watch.pending].tolist()]
    return orjson.dumps({"delays": delays, "stuck": stuck})


def restore(watch: Watch, text: bytes | str) -> None:
    """Take up what `snapshot` gave, for the rows that are still there. A text of another version is left aside."""
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
