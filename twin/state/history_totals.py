"""Sums of many points by the calendar: increase of counters, mean and extremes of gauges, time that states were on.

A sample holds until the next one, at most for the point's `hold_ms`; then nothing is known until the next.
Everything is reckoned in SQL; an interval that lies in several bins is shared out among them by its length.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from twin.state.history_asof import as_of
from twin.state.history_calendar import SLOT_MS, slots
from twin.state.history_source import USABLE, parts, readings
from twin.state.history_tables import DAY_MS
from twin.state.samples import Floats, Ints

ON = 0.5
"""A state is on from this value upwards."""
STEP = "CASE WHEN v1 >= v0 THEN 0 WHEN v1 >= v0 / 2 THEN 1 WHEN v0 > 0.9 * top AND v1 < 0.1 * top THEN 2 ELSE 3 END"
"""What a counter did between readings v0 and v1: rose, stepped back a little, rolled over at `top`, began anew at zero."""


def rise(step: str) -> str:
    """How much a counter rose from v0 to v1, by what it did."""
    return f"CASE {step} WHEN 2 THEN top - v0 + v1 WHEN 3 THEN v1 ELSE v1 - v0 END"


@dataclass(frozen=True, slots=True)
class Asked:
    """The points of a question as columns. top: value at which a counter rolls over, infinite where unknown."""

    keys: Ints
    hold_ms: Ints
    top: Floats


@dataclass(frozen=True, slots=True)
class Totals:
    """One row per point and bin that has anything. point: place in `Asked`; bin: between edges bin and bin + 1.

    low, high, total, n: of usable samples; area: value · ms, held: ms, on: ms at or above ON. rise: increase
    of a counter, estimated: the part of it across silences; covered: ms between samples that are
    close enough together. resets, rollovers, backward: how often. Columns of the other question are 0 or NaN.
    """

    point: Ints
    bin: Ints
    columns: dict[str, Floats]


def gauge_totals(cursor: duckdb.DuckDBPyConnection, asked: Asked, cuts: Ints) -> Totals:
    """Statistics of gauges and states between the edges `cuts`, epoch ms."""
    where = "t >= $start AND t < $end"
    before = f"t >= {int(cuts[0]) - int(asked.hold_ms.max(initial=0))} AND t < $end"
    rolled = (
        f" UNION ALL SELECT w.place, slot.bin, area, held, on_ms FROM rollup r JOIN wanted w ON w.key = r.point"
        f" JOIN slot ON slot.slot = r.t // {SLOT_MS} WHERE {where}"
    )
    query = (
        f"WITH stat AS (SELECT w.place, slot.bin, sum(n) AS n, sum(bad) AS bad, sum(corrected) AS corrected,"
        f" min(low) AS low, max(high) AS high, sum(total) AS total FROM {parts(cursor, where, once=False)} p"
        f" JOIN wanted w ON w.key = p.point JOIN slot ON slot.slot = p.t // {SLOT_MS} GROUP BY ALL),"
        f" hold AS (SELECT w.place, t, value AS x, least(coalesce(lead(t) OVER (PARTITION BY point ORDER BY t), $end),"
        f" t + w.hold, $end) AS until FROM {readings(cursor, before)} JOIN wanted w ON w.key = point"
        f" WHERE quality < {USABLE}),"
        " span AS (SELECT place, greatest(t, $start) AS a, until AS b, x FROM hold WHERE until > greatest(t, $start)),"
        f" {_PIECES},"
        f" held AS (SELECT place, bin, sum(area) AS area, sum(held) AS held, sum(on_ms) AS on_ms FROM ("
        f"SELECT place, bin, x * (b - a) AS area, b - a AS held, CASE WHEN x >= {ON} THEN b - a ELSE 0 END AS on_ms"
        f" FROM piece{rolled}) GROUP BY ALL)"
        " SELECT coalesce(s.place, h.place) AS place, coalesce(s.bin, h.bin) AS bin, s.* EXCLUDE (place, bin),"
        " h.* EXCLUDE (place, bin) FROM stat s FULL JOIN held h ON s.place = h.place AND s.bin = h.bin ORDER BY 1, 2"
    )
    return _ask(cursor, query, asked, cuts)


def counter_totals(cursor: duckdb.DuckDBPyConnection, asked: Asked, cuts: Ints) -> Totals:
    """Increase of counters between the edges `cuts`, epoch ms.

    Between two readings a counter is taken to rise evenly. A reading below half of the one before is a new
    start at zero, or a roll-over where the one before was within a tenth of `top` and the new one is as near to zero;
    a smaller step back is taken as it is.
    """
    start, end = int(cuts[0]), int(cuts[-1])
    carried = as_of(cursor, start, asked.keys)
    usable = carried.times > 0
    cursor.register(
        "carried", {"point": carried.keys[usable], "t": carried.times[usable], "value": carried.values[usable]}
    )
    source = readings(cursor, f"t >= {start} AND t < {end + DAY_MS}")
    rolled = f"FROM rollup WHERE t >= {start} AND t < {end + DAY_MS} AND n > 0"
    query = (
        f"WITH seen AS (SELECT point, t, value, NULL AS own FROM {source} WHERE quality < {USABLE}"
        " UNION ALL SELECT point, t, value, NULL FROM carried WHERE t < $start"
        f" UNION ALL SELECT point, first_t, first, NULL {rolled}"
        f" UNION ALL SELECT point, last_t, last, rise {rolled} AND last_t > first_t),"
        " pair AS (SELECT w.place, w.hold, w.top, lag(t) OVER each AS t0, t AS t1, lag(value) OVER each AS v0, value AS v1,"
        " own FROM seen JOIN wanted w ON w.key = point WINDOW each AS (PARTITION BY point ORDER BY t, value)),"
        f" kind AS (SELECT *, CASE WHEN own IS NOT NULL THEN 0 ELSE {STEP} END AS step"
        " FROM pair WHERE t0 IS NOT NULL AND t1 >= $start AND t0 < $end),"
        " span AS (SELECT place, greatest(t0, $start) AS a, greatest(least(t1, $end), greatest(t0, $start)) AS b,"
        f" struct_pack(rise := coalesce(own, {rise('step')}),"
        " ms := t1 - t0, close := t1 - t0 <= hold, step := step, first := t1 <= $end) AS x FROM kind),"
        f" {_PIECES}"
        " SELECT place, bin, sum(CASE WHEN x.ms > 0 THEN x.rise * (b - a) / x.ms ELSE x.rise END) AS rise,"
        " sum(CASE WHEN x.close OR x.ms = 0 THEN 0 ELSE x.rise * (b - a) / x.ms END) AS estimated,"
        " sum(CASE WHEN x.close THEN b - a ELSE 0 END) AS covered, count(*) AS n,"
        " count(*) FILTER (x.step = 3 AND last) AS resets, count(*) FILTER (x.step = 2 AND last) AS rollovers,"
        " count(*) FILTER (x.step = 1 AND last) AS backward FROM piece GROUP BY ALL ORDER BY 1, 2"
    )
    try:
        return _ask(cursor, query, asked, cuts)
    finally:
        cursor.unregister("carried")


_PIECES = (
    # An interval [a, b] with what it carries (x), cut at the bins' edges; most lie in one bin. last: the piece that ends it.
    "placed AS (SELECT s.*, f.bin AS first_bin, l.bin AS last_bin FROM span s"
    f" JOIN slot f ON f.slot = a // {SLOT_MS} JOIN slot l ON l.slot = greatest(b - 1, a) // {SLOT_MS}),"
    " piece AS (SELECT place, first_bin AS bin, a, b, x, true AS last FROM placed WHERE first_bin = last_bin"
    " UNION ALL SELECT place, c.bin, greatest(a, c.start), least(b, c.stop), x, c.bin = last_bin"
    " FROM (SELECT *, unnest(range(first_bin, last_bin + 1)) AS bin FROM placed WHERE first_bin < last_bin) p"
    " JOIN cut c ON c.bin = p.bin)"
)


def _ask(cursor: duckdb.DuckDBPyConnection, query: str, asked: Asked, cuts: Ints) -> Totals:
    number, place = slots(cuts)
    top = np.where(np.isfinite(asked.top), asked.top, np.inf)
    tables = {
        "wanted": {"key": asked.keys, "hold": asked.hold_ms, "top": top, "place": np.arange(len(asked.keys))},
        "slot": {"slot": number, "bin": place},
        "cut": {"bin": np.arange(len(cuts) - 1), "start": cuts[:-1], "stop": cuts[1:]},
    }
    for name, columns in tables.items():
        cursor.register(name, columns)
    try:
        found = cursor.execute(query, {"start": int(cuts[0]), "end": int(cuts[-1])}).fetchnumpy()
    finally:
        for name in tables:
            cursor.unregister(name)
    return Totals(
        point=found.pop("place").astype(np.int64),
        bin=found.pop("bin").astype(np.int64),
        columns={
            name: np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan) for name, column in found.items()
        },
    )
