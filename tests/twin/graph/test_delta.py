"""Rows that give way in a shared table: read whole, in pieces, by queries; added up; published."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twin.graph.delta import Delta, Group
from twin.graph.schema import GRAPH_TABLES, columns
from twin.graph.tablefile import attach, changes, delta_path, read_batches, read_table, table_path, write_table

OWNERS = ["a", "a", "b", "c", "c", "c", "d"]


def rows(*pairs: tuple[str, str]) -> pa.Table:
    told = [{"layer": "l", "gid": f"l/{gid}", "set": "S", "name": name, "value": name} for gid, name in pairs]
    return pa.Table.from_pylist(
        [{column: row.get(column) for column in columns("property")} for row in told],
        schema=pa.schema(
            [(column, pa.float64() if column == "number" else pa.string()) for column in columns("property")]
        ),
    )


@pytest.fixture
def folder(tmp_path):
    for name in GRAPH_TABLES:
        table = pa.table({column: pa.array([], pa.string()) for column in columns(name)})
        write_table(tmp_path, name, table)
    write_table(tmp_path, "property", rows(*((gid, f"{gid}{number}") for number, gid in enumerate(OWNERS))))
    return tmp_path


def names(table: pa.Table) -> list[str]:
    return table.column("name").to_pylist()


CASES = {
    "in the middle": ([(2, 3, "b", ["x", "y"])], ["a0", "a1", "x", "y", "c3", "c4", "c5", "d6"]),
    "at both ends": ([(0, 2, "a", ["x"]), (6, 7, "d", ["y"])], ["x", "b2", "c3", "c4", "c5", "y"]),
    "removed": ([(3, 6, "c", [])], ["a0", "a1", "b2", "d6"]),
    "side by side": (
        [(2, 3, "b", ["x"]), (3, 6, "c", ["y"]), (6, 7, "d", ["z"])],
        ["a0", "a1", "x", "y", "z"],
    ),
    "behind all": ([(7, 7, "e", ["x"])], ["a0", "a1", "b2", "c3", "c4", "c5", "d6", "x"]),
    "one row of several": ([(4, 5, "c", ["x"])], ["a0", "a1", "b2", "c3", "x", "c5", "d6"]),
}


def made(groups) -> Delta:
    return Delta(
        tuple(Group(start, end, f"l/{gid}", rows(*((gid, name) for name in new))) for start, end, gid, new in groups)
    )


@pytest.mark.parametrize("case", CASES)
def test_one_table(folder, case):
    groups, want = CASES[case]
    made(groups).write(delta_path(folder, "property"))
    assert names(read_table(folder, "property")) == want
    for size in (1, 2, 3, 100):
        batches = list(read_batches(folder, "property", size))
        assert names(pa.Table.from_batches(batches)) == want
    with duckdb.connect() as con:
        attach(con, folder, "v")
        found = con.execute("SELECT name FROM v.property").fetchall()
    assert sorted(name for (name,) in found) == sorted(want)


def test_the_later_delta_counts_where_both_have_an_object(folder, tmp_path):
    earlier = made([(0, 2, "a", ["p"]), (2, 3, "b", ["q"])])
    later = made([(2, 3, "b", ["x", "y"]), (6, 7, "d", ["z"])]).over(earlier)
    later.write(delta_path(folder, "property"))
    assert names(read_table(folder, "property")) == ["p", "x", "y", "c3", "c4", "c5", "z"]
    assert Delta.read(delta_path(folder, "property")).cut == [(0, 2), (2, 3), (6, 7)]
    assert later.over(None) == later


def test_what_differs_between_versions_that_share_their_tables(folder, tmp_path):
    other = tmp_path / "other"
    (other / "tables").mkdir(parents=True)
    for name in GRAPH_TABLES:
        table_path(other, name).hardlink_to(table_path(folder, name))
    assert changes(folder, other) == {}
    made([(2, 3, "b", ["x"])]).write(delta_path(other, "property"))
    assert [group.gid for group in changes(folder, other)["property"].groups] == ["l/b"]
    assert changes(other, folder) is None  # what the earlier one changed stands nowhere in the later
    table_path(other, "object").unlink()
    pq.write_table(pq.read_table(table_path(folder, "object")), table_path(other, "object"))
    assert changes(folder, other) is None
