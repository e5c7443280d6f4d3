"""`store-publish`: a layer of a million objects into a park's scene graph."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

import duckdb

from tests.bench import synthetic
from tests.bench.cost import Timer, interleaved, middle
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times
from tests.support.layers import make_park
from twin.graph import Database, GraphStore
from twin.graph.layerfile import version_folder
from twin.graph.schema import GRAPH_TABLES
from twin.graph.tablefile import attach
from twin.park import Park

OBJECTS = 1_000_000
ONE_BY_ONE = 3_000
"""Rows for the row-by-row peer, whose cost per row does not depend on how many follow."""


def made_park(context: Context) -> Path:
    """A park folder with the built, unpublished layer; made once in a run."""
    folder = context.folder / "store" / "park"
    if not folder.exists():
        context.say("store: making the layer")
        context.call(make, folder=str(folder), objects=context.size(OBJECTS, 5_000))
    return folder


def make(folder: str, objects: int) -> dict:
    """Write the park and its layer version."""
    timer = Timer()
    with timer.run():
        synthetic.make(make_park(Path(folder)), objects)
    return timer.row()


def ours(folder: str, database: str) -> dict:
    """Publish into a fresh database, which stays for the race of queries."""
    Path(database).unlink(missing_ok=True)
    timer = Timer()
    park = Park.load(Path(folder))
    with timer.run():
        store = GraphStore(park, Database(database))
        store.publish(synthetic.LAYER, synthetic.VERSION)
        store.close()
    return timer.row(rows=counts(database))


def bare(folder: str, database: str) -> dict:
    """The floor: DuckDB copies the tables from their files into its own: no index, no manifest, no limit on memory."""
    Path(database).unlink(missing_ok=True)
    timer = Timer()
    source = version_folder(Park.load(Path(folder)), synthetic.LAYER, synthetic.VERSION)
    with timer.run(), duckdb.connect(database) as con:
        con.execute(graph_tables())
        attach(con, source, "made")
        for table in GRAPH_TABLES:
            con.execute(f'INSERT INTO "{table}" SELECT * FROM made."{table}"')
    return timer.row(rows=counts(database))


def row_by_row(folder: str, database: str, rows: int) -> dict:
    """What is written first: one INSERT per object, all in one transaction."""
    Path(database).unlink(missing_ok=True)
    source = version_folder(Park.load(Path(folder)), synthetic.LAYER, synthetic.VERSION)
    with duckdb.connect() as con:
        attach(con, source, "made")
        objects = con.execute(f"SELECT * FROM made.object ORDER BY ordinal LIMIT {rows}").fetchall()
    marks = ", ".join("?" * len(objects[0]))
    timer = Timer()
    with timer.run(), duckdb.connect(database) as con:
        con.execute(graph_tables())
        con.execute("BEGIN")
        for row in objects:
            con.execute(f"INSERT INTO object VALUES ({marks})", row)
        con.execute("COMMIT")
    return timer.row(rows=counts(database))


def graph_tables() -> str:
    """DDL of the tables that a layer version brings."""
    return "; ".join(f"CREATE TABLE {name} ({columns})" for name, columns in GRAPH_TABLES.items())


def counts(database: str) -> dict[str, list[int]]:
    """Rows by table, and for objects the sum of ordinals, so that a wrong row shows."""
    with duckdb.connect(database, read_only=True) as con:
        found = {name: [con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]] for name in GRAPH_TABLES}
        found["object"] += [int(con.execute("SELECT coalesce(sum(ordinal), 0) FROM object").fetchone()[0])]
    return found


def same_rows(ours: dict, bare: dict, row_by_row: dict, limit: int) -> list[Check]:
    """Gate: the same rows arrive whichever way."""
    total = ours["object"][0]
    few = min(limit, total)
    return [
        Check("the published graph holds all rows of the layer", ours == bare and total > 0, f"{ours} and {bare}"),
        Check(
            "the row-by-row peer wrote its share", row_by_row["object"] == [few, few * (few - 1) // 2], f"{few} objects"
        ),
    ]


def run(context: Context) -> Outcome:
    """Publish, copy, insert."""
    folder = made_park(context)
    files = {name: str(context.folder / "store" / f"{name}.duckdb") for name in ("ours", "bare", "rows")}
    few = context.size(ONE_BY_ONE, 200)
    samples = interleaved(
        {
            "ours": partial(context.call, ours, folder=str(folder), database=files["ours"]),
            "bare": partial(context.call, bare, folder=str(folder), database=files["bare"]),
            "rows": partial(context.call, row_by_row, folder=str(folder), database=files["rows"], rows=few),
        },
        context.rounds,
    )
    context.kept["published"] = files["ours"]
    for name in ("bare", "rows"):
        with contextlib.suppress(OSError):
            Path(files[name]).unlink()
    answers = {name: runs[-1].answer["rows"] for name, runs in samples.items()}
    rows, rates = [], {}
    for name, title in (("ours", "publish"), ("bare", "bare copy, no index (floor)"), ("rows", "row by row")):
        cost = middle(samples[name])
        count = sum(values[0] for values in answers[name].values())
        rates[name] = count / cost.cpu
        rows.append((title, count, cost.cpu, rates[name], cost.wall, cost.rss / 1e6))
    over = rates["ours"] / rates["rows"]
    floor = rates["bare"] / rates["ours"]
    return Outcome(
        columns=("contestant", "rows", "CPU s", "rows per CPU s", "wall s", "RSS MB"),
        rows=rows,
        checks=same_rows(answers["ours"], answers["bare"], answers["rows"], few),
        ratios=[Ratio("rows per CPU-second, against row by row", over), Ratio("against the bare copy", 1 / floor)],
        verdict=(
            f"Publishing writes {rates['ours'] / 1e3:,.0f} thousand rows per CPU-second, {times(over, 'more', 'fewer')} than row"
            f" by row, and {times(floor, 'fewer', 'more')} than a bare copy of the same tables, which builds no index on gid"
            f" (the goal of 5 million is {'met' if rates['ours'] >= 5e6 else 'missed'})."
        ),
        notes=[
            (
                f"A made-up layer: {answers['ours']['object'][0]:,} objects in five levels, each element with a relation, two"
                " properties and a quantity. One transaction, with an index on gid, under the store's memory limit of 1 GB"
                f" for DuckDB. Row by row is bounded to {few:,} objects."
            )
        ],
    )


RACE = Race(
    "store-publish",
    "Publishing a layer of a million objects, against row by row and a bare copy",
    "`GraphStore.publish` into an empty park, DuckDB's own copy between two files, and one INSERT per row.",
    run,
)
