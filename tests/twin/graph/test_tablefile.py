"""The tables of a layer version: written as the schema says, read back whole, also those of earlier parktwins."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from scenes.diff.compare import compare
from tests.support.layers import house, make_park, make_version
from twin.errors import NotFound
from twin.graph import GraphStore
from twin.graph.chosen import open_chosen
from twin.graph.layerfile import version_folder
from twin.graph.layertables import name_objects, read_tables
from twin.graph.schema import GRAPH_TABLES, VERSION_TABLES
from twin.graph.selection import Selection
from twin.graph.tablefile import DATABASE, TABLES, attach, read_batches, read_table, table_path

ALL = {**GRAPH_TABLES, **VERSION_TABLES}


@pytest.fixture
def park(tmp_path):
    made = make_park(tmp_path / "it's a [park]")
    make_version(made, "a", "v1")
    return made


def as_before(folder):
    """Turn a version into one of an earlier parktwin: all tables in one database."""
    with duckdb.connect(str(folder / DATABASE)) as con:
        for name, columns in ALL.items():
            con.execute(f"CREATE TABLE {name} ({columns})")
            con.execute(f"INSERT INTO {name} FROM read_parquet($path)", {"path": str(table_path(folder, name))})
    shutil.rmtree(folder / TABLES)


def test_the_files_have_the_columns_of_the_schema(park):
    folder = version_folder(park, "a", "v1")
    with duckdb.connect() as con:
        attach(con, folder, "made")
        for name, columns in ALL.items():
            con.execute(f"CREATE TABLE {name} ({columns})")
            want, found = (con.execute(f"DESCRIBE {one}").fetchall() for one in (name, f"made.{name}"))
            assert [row[0] for row in found] == [row[0] for row in want]
            kinds = [row[1].partition("[")[0] for row in want]  # a list's length is not in the file
            assert [row[1].partition("[")[0] for row in found] == kinds


def test_equal_drafts_give_equal_files(park):
    make_version(park, "a", "v2")
    one, other = (version_folder(park, "a", version) for version in ("v1", "v2"))
    for name in ALL:
        assert table_path(one, name).read_bytes() == table_path(other, name).read_bytes()


def test_a_table_is_read_in_batches(park):
    folder = version_folder(park, "a", "v1")
    sizes = [len(batch) for batch in read_batches(folder, "object", 4)]
    assert (sizes, len(read_table(folder, "object"))) == ([4, 4, 4], 12)
    assert read_table(folder, "object").column("ordinal").to_pylist() == list(range(12))


def test_a_missing_table_is_named(park):
    folder = version_folder(park, "a", "v1")
    table_path(folder, "relation").unlink()
    with pytest.raises(NotFound, match=r"tables/relation\.parquet is missing"):
        read_tables(folder)
    with duckdb.connect() as con, pytest.raises(NotFound, match=r"tables/relation\.parquet is missing"):
        attach(con, folder, "made")


def test_versions_of_an_earlier_parktwin_serve_as_before(park, tmp_path):
    make_version(park, "a", "v2", house(storeys=3))
    old, new = (version_folder(park, "a", version) for version in ("v1", "v2"))
    before = read_tables(old), name_objects(old, ["s0-w0", "t1"]), compare(old, new).as_dict()
    as_before(old)
    assert (read_tables(old), name_objects(old, ["s0-w0", "t1"]), compare(old, new).as_dict()) == before
    with open_chosen([("a", old)], Selection(type="Wall"), tmp_path) as chosen:
        assert len(chosen) == 4
    store = GraphStore(park)
    store.publish("a", "v1")
    assert store.search(layer="a")["total"] == 12
    store.close()
