"""Questions to a large history, made by SQL: what `live-history` times beside appending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from tests.bench.cost import Timer
from twin.state.history_asof import as_of
from twin.state.history_plot import plot
from twin.state.history_queries import buckets, gaps, page
from twin.state.history_schema import open_history
from twin.state.history_seal import seal
from twin.state.history_totals import Asked, counter_totals, gauge_totals

POINTS = 10_000
PERIOD_MS = 300_000
START = 1_700_006_400_000
CHUNK = 4_000_000
DAY_MS = 86_400_000
ROUNDS = 7


def fill(path: str, rows: int) -> dict:
    """A history of `rows` samples of POINTS points every PERIOD_MS, archived as a server does; and what that cost."""
    file = Path(path)
    file.unlink(missing_ok=True)
    timer = Timer()
    with open_history(file) as con:
        for first in range(0, rows, CHUNK):
            last = min(rows, first + CHUNK)
            con.execute(
                f"INSERT INTO fresh SELECT i % {POINTS}, {START} + i // {POINTS} * {PERIOD_MS} + i % {POINTS} * 7,"
                f" round(20 + 5 * sin(i / 100000.0) + random(), 1), 0 FROM range({first}, {last}) r(i)"
            )
            cutoff = START + last // POINTS * PERIOD_MS if last < rows else 1 << 52
            with timer.run():
                while seal(con.cursor(), cutoff).more:
                    pass
        con.execute("CHECKPOINT")
    return timer.row(bytes=file.stat().st_size)


def ask(path: str, rows: int) -> dict:
    """Median wall seconds of each question, over random points and instants, and whether the answers hold."""
    end = START + -(-rows // POINTS) * PERIOD_MS
    random = np.random.default_rng(7)
    points = min(POINTS, rows)
    keys, hold, top = np.arange(points), np.full(points, 3 * PERIOD_MS), np.full(points, np.inf)
    few = Asked(*(column[:100] for column in (keys, hold, top)))
    day = np.arange(max(START, end - DAY_MS), end, 3_600_000)
    cuts = np.append(day, end)

    def key() -> int:
        return int(random.integers(points))

    questions: dict[str, Callable[[duckdb.DuckDBPyConnection], object]] = {
        "as of an instant, all points": lambda c: as_of(c, int(random.integers(START + PERIOD_MS, end)), keys),
        "as of now, all points": lambda c: as_of(c, end, keys),
        "curve of all, LTTB to 1,000": lambda c: plot(c, key(), START, end, 1000, 3 * PERIOD_MS),
        "curve of a day": lambda c: plot(c, key(), end - DAY_MS, end, 1000, 3 * PERIOD_MS),
        "300 buckets of all": lambda c: buckets(c, key(), START, end, 300),
        "page of 1,000 samples": lambda c: page(c, key(), START, end, 1000),
        "gaps of all": lambda c: gaps(c, key(), START, end, 3 * PERIOD_MS),
        "means of 100 points, a day by hour": lambda c: gauge_totals(c, few, cuts),
        "increase of 100 meters, a day by hour": lambda c: counter_totals(c, few, cuts),
    }
    timer = Timer()
    seconds = {}
    with open_history(Path(path)) as con:
        for name, question in questions.items():
            walls = []
            for _ in range(ROUNDS):
                one = Timer()
                with one.run():
                    question(con.cursor())
                walls.append(one.wall)
            seconds[name] = float(np.median(walls))
        with timer.run():
            found = as_of(con.cursor(), end, keys)
        curve = plot(con.cursor(), 0, START, end, 1000, 3 * PERIOD_MS)
        expected = -(-rows // POINTS)
        whole = len(found.keys) == points and (found.times > end - 2 * PERIOD_MS).all() and curve.samples == expected
    return timer.row(seconds=seconds, holds=bool(whole))
