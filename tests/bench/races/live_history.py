"""`live-history`: samples appended to the history, against inserting them one by one."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from pathlib import Path

import duckdb
import numpy as np

from tests.bench.cost import Timer, interleaved, middle
from tests.bench.race import Cell, Check, Context, Outcome, Race, Ratio, times
from tests.bench.races import live_history_questions as questions
from twin.state.history import History
from twin.state.history_schema import open_history
from twin.state.samples import Samples

POINTS = 2_000
BATCH = 1_000
START = 1_700_000_000_000
WAITING = 400
"""Batches that may be appended before the first of them is committed, as messages of a busy broker are."""


def samples(rows: int, batch: int) -> list[Samples]:
    """Readings of all points in turn."""
    random = np.random.default_rng(5)
    return [
        Samples(
            points=np.arange(start, min(start + batch, rows)) % POINTS,
            times=START + np.arange(start, min(start + batch, rows)),
            values=np.round(random.uniform(0, 30, min(batch, rows - start)), 1),
            quality=np.zeros(min(batch, rows - start), np.uint8),
        )
        for start in range(0, rows, batch)
    ]


def ours(path: str, rows: int) -> dict:
    """`History.append`, awaited until all is committed."""
    Path(path).unlink(missing_ok=True)
    return asyncio.run(_ours(Path(path), rows))


async def _ours(path: Path, rows: int) -> dict:
    history = await History.open(path)
    keys = await history.register([f"p{n}" for n in range(POINTS)])
    batches = samples(rows, BATCH)
    timer = Timer()
    with timer.run():
        waiting: deque[asyncio.Future[None]] = deque()
        for batch in batches:
            if len(waiting) == WAITING:
                await waiting.popleft()
            waiting.append(history.append(batch, keys))
        await asyncio.gather(*waiting)
        await history.close()
    return timer.row(**read_back(path))


def one_by_one(path: str, rows: int, *, many: bool = False) -> dict:
    """One INSERT per sample in one transaction: the cheapest way to do it row by row. many: by `executemany`."""
    file = Path(path)
    file.unlink(missing_ok=True)
    found = [
        row
        for batch in samples(rows, BATCH)
        for row in zip(
            batch.points.tolist(), batch.times.tolist(), batch.values.tolist(), batch.quality.tolist(), strict=True
        )
    ]
    timer = Timer()
    with timer.run(), open_history(file) as con:
        con.execute("BEGIN")
        if many:
            con.executemany("INSERT INTO fresh VALUES (?, ?, ?, ?)", found)
        else:
            for row in found:
                con.execute("INSERT INTO fresh VALUES (?, ?, ?, ?)", row)
        con.execute("COMMIT")
    return timer.row(**read_back(file))


def read_back(path: Path) -> dict:
    """What the file holds."""
    with duckdb.connect(str(path), read_only=True) as con:
        count, last, total = con.execute("SELECT count(*), max(t), sum(value) FROM sample").fetchone()
    return {"rows": count, "last": last, "sum": round(total, 3)}


def holds(answer: dict, rows: int) -> bool:
    """Whether a file holds what was to be written."""
    total = round(float(sum(batch.values.sum() for batch in samples(rows, BATCH))), 3)
    return (answer["rows"], answer["last"]) == (rows, START + rows - 1) and abs(answer["sum"] - total) < 0.1


def large(context: Context, folder: Path) -> tuple[list[tuple[Cell, ...]], list[Check], list[str]]:
    """A large history: what it took, and how fast it answers."""
    path, rows = str(folder / "large.duckdb"), context.size(100_000_000, 30_000)
    made = context.call(questions.fill, path=path, rows=rows)
    asked = context.call(questions.ask, path=path, rows=rows)
    Path(path).unlink(missing_ok=True)
    size = made.answer["bytes"] / rows
    return (
        [
            ("archived", rows, made.cost.cpu, rows / made.cost.cpu, made.cost.wall, made.cost.rss / 1e6),
            *((f"asked: {name}", rows, None, None, wall, None) for name, wall in asked.answer["seconds"].items()),
        ],
        [
            Check(
                f"large history of {rows:,} samples answers whole",
                asked.answer["holds"],
                f"{questions.POINTS:,} points",
            )
        ],
        [
            (
                f"The large history holds {rows:,} samples of {questions.POINTS:,} points in {made.answer['bytes'] / 1e6:.0f} MB,"
                f" {size:.2g} bytes a sample. It is made by SQL and archived as a server does; `wall s` of a question is the"
                f" median of {questions.ROUNDS} over random points and instants."
            )
        ],
    )


def run(context: Context) -> Outcome:
    """Append and insert, then ask."""
    folder = context.folder / "history"
    folder.mkdir(exist_ok=True)
    more, gates, notes = large(context, folder)
    rows, few = context.size(2_000_000, 5_000), context.size(3_000, 100)
    names = {"ours": rows, "one by one": few, "executemany": few}
    found = interleaved(
        {
            "ours": partial(context.call, ours, path=str(folder / "ours.duckdb"), rows=rows),
            "one by one": partial(context.call, one_by_one, path=str(folder / "one.duckdb"), rows=few),
            "executemany": partial(context.call, one_by_one, path=str(folder / "many.duckdb"), rows=few, many=True),
        },
        context.rounds,
    )
    costs = {name: middle(runs) for name, runs in found.items()}
    rates = {name: count / costs[name].cpu for name, count in names.items()}
    ratios = [Ratio(f"rows per CPU-second, against {name}", rates["ours"] / rates[name]) for name in list(names)[1:]]
    return Outcome(
        columns=("contestant", "rows", "CPU s", "rows per CPU s", "wall s", "RSS MB"),
        rows=[
            (name, count, costs[name].cpu, rates[name], costs[name].wall, costs[name].rss / 1e6)
            for name, count in names.items()
        ]
        + more,
        checks=[
            Check(f"{name}: all rows read back", all(holds(s.answer, count) for s in found[name]), f"{count:,} rows")
            for name, count in names.items()
        ]
        + gates,
        ratios=ratios,
        verdict=(
            f"The history commits {rates['ours'] / 1e6:.2g} million rows per CPU-second, {times(ratios[0].value, 'more', 'fewer')}"
            f" than one INSERT per row (goal of the store: 5 million; {'met' if rates['ours'] >= 5e6 else 'missed'})."
        ),
        notes=[
            *notes,
            (
                f"Ours arrive in batches of {BATCH:,} and are committed in groups, each awaited; the peers are bounded to {few:,}"
                " rows and get the favour of one single transaction. All three write the same table of the same DuckDB; opening is left out of ours and closing, which writes the log into the file, is in all."
            ),
        ],
    )


RACE = Race(
    "live-history",
    "Samples into the history, against row by row",
    "`History.append` until committed, and one INSERT per sample into the same table.",
    run,
)
