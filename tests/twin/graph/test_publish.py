"""Publishing is one transaction: all of a version, or nothing."""

from __future__ import annotations

import pytest

from tests.support.layers import house, make_park, make_version
from twin.errors import Conflict, Invalid, NotFound, Unavailable
from twin.graph import GraphStore
from twin.graph.layerfile import version_folder
from twin.graph.publish import free_base
from twin.graph.tablefile import table_path


@pytest.fixture
def graph(tmp_path):
    store = GraphStore(make_park(tmp_path / "park"))
    yield store
    store.close()


def test_a_published_layer_is_there_with_all_its_rows(graph):
    made = make_version(graph.park, "a", "v1")
    graph.publish("a", "v1")
    assert graph.search(layer="a")["total"] == made.count
    assert graph.layer("a")["version"] == "v1"
    assert graph.revision() == 1


def test_a_second_version_replaces_the_first_and_keeps_gids(graph):
    make_version(graph.park, "a", "v1")
    make_version(graph.park, "a", "v2", house(storeys=3))
    graph.publish("a", "v1")
    before = {item["gid"] for item in graph.search(limit=1000)["items"]}
    graph.publish("a", "v2")
    after = {item["gid"] for item in graph.search(limit=1000)["items"]}
    assert before < after
    graph.publish("a", "v1")
    assert {item["gid"] for item in graph.search(limit=1000)["items"]} == before


def test_other_layers_keep_their_state_indices(graph):
    for layer in ("a", "b", "c"):
        make_version(graph.park, layer, "v1")
        graph.publish(layer, "v1")
    base = graph.layer("c")["base"]
    graph.withdraw("b")
    make_version(graph.park, "d", "v1", house(storeys=1, spaces=1))
    graph.publish("d", "v1")
    assert graph.layer("c")["base"] == base
    assert graph.layer("d")["base"] < base  # the gap is used again
    states = [item["state"] for item in graph.search(limit=1000)["items"]]
    assert len(states) == len(set(states))


def test_a_broken_version_leaves_the_park_as_it_was(graph):
    make_version(graph.park, "a", "v1")
    graph.publish("a", "v1")
    make_version(graph.park, "a", "v2", house(storeys=3))
    last = table_path(version_folder(graph.park, "a", "v2"), "quantity")
    before = graph.search(limit=1000)
    last.write_bytes(last.read_bytes()[:-100])
    with pytest.raises(Invalid, match=r"quantity\.parquet is broken"):
        graph.publish("a", "v2")
    last.unlink()
    with pytest.raises(NotFound, match=r"quantity\.parquet is missing"):
        graph.publish("a", "v2")
    assert graph.search(limit=1000) == before
    assert graph.layer("a")["version"] == "v1"


def test_an_unknown_version_is_named(graph):
    with pytest.raises(NotFound, match=r"v9.*layer\.json"):
        graph.publish("a", "v9")


def test_free_base_takes_the_first_gap_and_refuses_too_many():
    assert free_base([], 5) == 0
    assert free_base([(0, 5), (8, 2)], 3) == 5
    assert free_base([(0, 5), (8, 2)], 4) == 10
    with pytest.raises(Unavailable, match="16,777,216"):
        free_base([(0, 5)], 1 << 24)


def test_a_second_process_is_told_who_has_the_database(graph, tmp_path):
    import subprocess
    import sys

    code = f"from twin.graph import GraphStore; from twin.park import Park; GraphStore(Park.load(__import__('pathlib').Path({str(graph.park.folder)!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "in use by another process" in done.stderr


def test_only_one_select_is_run(graph):
    names, rows = graph.select("SELECT 1 AS one, 'x' AS two")
    assert (names, rows) == (["one", "two"], [(1, "x")])
    for query in (
        "DELETE FROM object",
        "SELECT 1; SELECT 2",
        "COPY object TO '/tmp/x'",
        "ATTACH '/tmp/x.db'",
        "SET threads=1",
    ):
        with pytest.raises(Invalid):
            graph.select(query)
    with pytest.raises(Invalid, match="failed"):
        graph.select("SELECT * FROM read_csv('/etc/passwd')")


def test_a_newer_database_is_refused(graph):
    with pytest.raises(Conflict, match="newer parktwin"):
        graph.db.migrate("graph", [])
