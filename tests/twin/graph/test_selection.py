"""One selection for every door: by id, subtree, filters and text."""

from __future__ import annotations

import pytest

from tests.support.layers import make_park, make_version
from twin.errors import Conflict, Invalid, NotFound
from twin.graph import GraphStore
from twin.graph.chosen import open_chosen
from twin.graph.layerfile import version_folder
from twin.graph.selection import Selection, layers_of, select_objects, spans_of


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    store = GraphStore(make_park(tmp_path_factory.mktemp("graph") / "park"))
    for layer, group in (("a", "building"), ("b", "building"), ("submission-x", "submission")):
        make_version(store.park, layer, "v1")
        store.publish(layer, "v1", group=group)
    yield store
    store.close()


def found(graph, **given):
    selection = Selection(**given)
    cursor = graph.db.cursor()
    return {
        gid
        for row in layers_of(selection, graph.layers())
        for gid in select_objects(cursor, selection, row["layer"]).column("gid").to_pylist()
    }


def test_by_id_and_by_subtree(graph):
    assert found(graph, gids=("a/s0-w0", "b/s1-r0")) == {"a/s0-w0", "b/s1-r0"}
    assert found(graph, under="a/s1") == {"a/s1", *(f"a/s1-{kind}{n}" for kind in "rw" for n in (0, 1))}
    assert found(graph, under="a/s0-w0") == {"a/s0-w0"}
    assert len(found(graph, under="a/site")) == 12


def test_filters_agree_with_the_search(graph):
    for given in ({"layer": "a"}, {"type": "Wall"}, {"storey": "a/s0"}, {"building": "b/b"}, {"discipline": "architecture"},
                  {"q": "Wall 10"}, {"layer": "submission-x", "type": "Space"}, {}):  # fmt: skip
        items = graph.search(limit=1000, **given)["items"]
        assert found(graph, **given) == {item["gid"] for item in items}, given
        assert items


def test_all_that_is_given_must_hold(graph):
    assert found(graph, under="a/s1", type="Wall", q="201") == {"a/s1-w1"}
    assert found(graph, under="a/s1", layer="b") == set()
    assert found(graph, gids=("a/s0-w0", "a/s0-r0"), type="Wall") == {"a/s0-w0"}


def test_ranges_of_state_indices(graph):
    rows = {row["layer"]: row for row in graph.layers()}
    a, b = rows["a"], rows["b"]
    states = [(a["base"] + 2, a["base"] + 3), (a["base"] + a["count"] - 1, b["base"] + 1)]
    spans = spans_of(states, graph.layers(), seen=3, revision=3)
    assert spans == (("a", 2, 3), ("a", a["count"] - 1, a["count"] - 1), ("b", 0, 1))
    wanted = {
        row["gid"]
        for row in graph.db.rows("SELECT gid, layer, ordinal FROM object WHERE layer IN ('a', 'b')")
        if (row["layer"], row["ordinal"]) in {("a", 2), ("a", 3), ("a", a["count"] - 1), ("b", 0), ("b", 1)}
    }
    assert len(wanted) == 5
    assert found(graph, spans=spans) == wanted
    one = next(iter(gid for gid in wanted if gid.startswith("b/")))
    assert found(graph, spans=spans, gids=(one, "a/site")) - {"a/site"} == {one}
    assert found(graph, spans=spans, layer="b") == {gid for gid in wanted if gid.startswith("b/")}


@pytest.mark.parametrize("states", [[(5, 4)], [(1_000_000, 1_000_001)]])
def test_ranges_without_an_object_are_refused(graph, states):
    with pytest.raises(Invalid, match="hold no object"):
        spans_of(states, graph.layers(), seen=3, revision=3)


def test_indices_of_another_scene_are_refused(graph):
    with pytest.raises(Conflict, match="of scene revision 2, and the park is at 3") as caught:
        spans_of([(0, 1)], graph.layers(), seen=2, revision=3)
    assert caught.value.code == "scene-changed"


def test_models_under_review_only_by_name(graph):
    assert not any(gid.startswith("submission-x") for gid in found(graph))
    assert found(graph, under="submission-x/s0-w0") == {"submission-x/s0-w0"}


def test_unknown_names_are_told(graph):
    with pytest.raises(NotFound, match="'a/nope'"):
        found(graph, gids=("a/s0-w0", "a/nope"))
    with pytest.raises(NotFound, match="'zz/x'"):
        found(graph, under="zz/x")
    with pytest.raises(NotFound, match="Layer 'zz' is not published"):
        found(graph, layer="zz")
    with pytest.raises(Invalid, match="expected <layer>/<id>"):
        found(graph, gids=("nonsense",))


def test_a_cycle_in_the_tree_ends(graph):
    with graph.db.transaction() as cursor:
        cursor.execute("UPDATE object SET parent = 'b/s0-w0' WHERE gid = 'b/site'")
    assert len(found(graph, under="b/site")) == 12


def test_chosen_rows_are_those_of_the_published_graph(graph, tmp_path):
    folders = [(layer, version_folder(graph.park, layer, "v1")) for layer in ("a", "b")]
    with open_chosen(folders, Selection(type="Wall"), tmp_path) as chosen:
        assert len(chosen) == 8
        rows = chosen.connection.execute("SELECT count(*) FROM property").fetchone()
        assert rows == (8,)
    with (
        pytest.raises(Invalid, match=r"No object matches the selection \(type=Dragon\)") as caught,
        open_chosen(folders, Selection(type="Dragon"), tmp_path),
    ):
        pass
    assert caught.value.code == "empty-selection"


def test_plain_data_and_back():
    given = Selection(gids=("a/x", "a/y"), spans=(("a", 0, 4),), under="a/s", q="门")
    assert Selection.from_dict(given.as_dict()) == given
    assert given.words() == "2 gids, under=a/s, q=门, 1 spans"
    assert Selection().words() == "everything"
