"""What people ask of the graph."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.layers import make_park, make_version
from twin.errors import NotFound
from twin.graph import GraphStore
from twin.graph.scene import manifest


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    store = GraphStore(make_park(tmp_path_factory.mktemp("graph") / "park"))
    for layer in ("a", "b"):
        make_version(store.park, layer, "v1", offset=100.0 if layer == "b" else 0.0)
        store.publish(layer, "v1")
    yield store
    store.close()


def test_a_card_tells_everything_about_an_object(graph):
    card = graph.card("a/s1-w0")
    assert [step["gid"] for step in card["path"]] == ["a/site", "a/b", "a/s1"]
    assert card["properties"] == [
        {
            "set": "Pset_WallCommon",
            "rows": [{"name": "FireRating", "value": "2.00", "number": 2.0, "unit": None, "origin": None}],
        }
    ]
    assert {(r["kind"], r["direction"], r["gid"]) for r in card["relations"]} == {("bounds", "out", "a/s1-r0")}
    assert graph.card("a/s1-r0")["quantities"][0]["value"] == 20.0


def test_a_relation_to_a_type_shows_its_name(graph):
    relation = next(r for r in graph.card("a/s0-w0")["relations"] if r["kind"] == "typed_by")
    assert (relation["name"], relation["type"], relation["state"]) == ("W200", "type", None)


def test_state_index_and_object_name_each_other(graph):
    for gid in ("a/b", "b/s0-w1"):
        assert graph.by_state(graph.item(gid)["state"])["gid"] == gid
    with pytest.raises(NotFound, match="state index 99999"):
        graph.by_state(99999)


def test_search_finds_names_and_filters(graph):
    assert graph.search(q="wall 20", layer="a")["total"] == 2
    assert graph.search(q="WALL 200", layer="a")["items"][0]["gid"] == "a/s1-w0"
    assert graph.search(storey="b/s0", type="Space")["total"] == 2
    page = graph.search(limit=3, offset=3)
    assert len(page["items"]) == 3
    assert page["total"] > 6


def test_ranges_cover_exactly_the_asked_states(graph):
    ranges = graph.state_ranges(storey="a/s0")
    states = {state for first, last in ranges for state in range(first, last + 1)}
    assert states == {item["state"] for item in graph.search(storey="a/s0", limit=100)["items"]}


def test_a_container_without_body_gets_the_box_of_what_it_holds(graph):
    low = graph.item("a/s0")["box"]
    walls = [graph.item(gid)["box"] for gid in ("a/s0-r0", "a/s0-w0", "a/s0-r1", "a/s0-w1")]
    assert low[:3] == [min(box[k] for box in walls) for k in range(3)]
    assert low[3:] == [max(box[k] for box in walls) for k in range(3, 6)]


def test_the_tree_opens_level_by_level(graph):
    roots = graph.children()
    assert [root["gid"] for root in roots] == ["a/site", "b/site"]
    assert [child["name"] for child in graph.children("a/b")] == ["1F", "2F"]
    assert graph.children("a/b")[0]["children"] == 4


def test_the_scene_names_layers_storeys_and_frame(graph):
    scene = graph.scene()
    assert [layer["layer"] for layer in scene["layers"]] == ["a", "b"]
    first = scene["layers"][0]
    assert first["building"] == "a/b"
    assert [(s["name"], s["elevation"], s["top"]) for s in first["storeys"]] == [("1F", 0.0, 4.0), ("2F", 4.0, 3.0)]
    assert len(scene["park"]["globe"]) == 16
    assert scene["park"]["timezone"] == "Asia/Shanghai"
    other = replace(graph.park, tables={"park": {"timezone": "America/New_York"}})
    assert manifest(graph.db, other)["park"]["timezone"] == "America/New_York"
    assert scene["states"] == sum(layer["count"] for layer in scene["layers"])


def test_points_know_their_states_and_lost_ones_are_found(graph, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(
        "point_id,gid,device,kind,unit,min,max,role,name,address\n"
        "p2,a/s0-r1,,co2,ppm,0,5000,sensor,CO2,mqtt:x/2\np1,a/s0-r0,a/s0-w0,temperature,°C,-20,60,sensor,T,mqtt:x/1\n"
        "p3,a/none,,temperature,°C,,,sensor,T,mqtt:x/3\n",
        encoding="utf-8",
    )
    findings = graph.load_points(path)
    assert [(f.code, f.ids) for f in findings] == [("point-unbound", ("p3",))]
    rows = graph.points()
    assert [row["point_id"] for row in rows] == ["p1", "p2", "p3"]
    assert rows[0]["state"] == graph.item("a/s0-r0")["state"]
    assert rows[0]["device_state"] == graph.item("a/s0-w0")["state"]
    assert rows[2]["state"] is None
    assert graph.card("a/s0-w0")["points"][0]["point_id"] == "p1"


def test_models_under_review_are_found_only_by_their_layer(graph):
    make_version(graph.park, "submission-x", "v1", offset=500.0)
    before = graph.search(limit=1)["total"], graph.type_counts(), graph.state_ranges(type="Wall"), graph.children()
    graph.publish("submission-x", "v1", group="submission")
    after = graph.search(limit=1)["total"], graph.type_counts(), graph.state_ranges(type="Wall"), graph.children()
    assert after == before
    assert graph.search(layer="submission-x")["total"] > 0
    assert [layer["layer"] for layer in graph.scene()["layers"]] == ["a", "b"]
    assert "submission-x" in [layer["layer"] for layer in graph.scene("submission-x")["layers"]]
    graph.withdraw("submission-x")
