"""Concepts: found by name and kind, with the objects that belong to them directly or through other concepts."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from tests.support.layers import house, make_park, make_version, table
from twin.errors import NotFound
from twin.graph import GraphStore
from twin.layer import CONCEPTS, PROPERTIES, RELATIONS

KINDS = {
    "t1": ("type", "IfcWallType", "W200"), "set": ("material_set", "IfcMaterialLayerSet", "Brick wall"),
    "brick": ("material", "IfcMaterial", "Brick"), "zone": ("zone", "IfcZone", "Tenant 1"),
    "outer": ("system", "IfcSystem", "All tenants"), "who": ("actor", "IfcOccupant", "Tenant Ltd"),
    "doc": ("document", "IfcDocumentInformation", "Plan"),
}  # fmt: skip
LINKS = [
    ("s0-w0", "typed_by", "t1"), ("s0-w1", "typed_by", "t1"), ("t1", "made_of", "set"), ("s1-w0", "made_of", "set"),
    ("set", "made_of", "brick"), ("s1-w1", "made_of", "brick"), ("s0-r0", "member_of", "zone"),
    ("s0-r1", "member_of", "zone"), ("zone", "member_of", "outer"), ("who", "occupies", "s1-r0"),
    ("doc", "documents", "s0"),
]  # fmt: skip


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    store = GraphStore(make_park(tmp_path_factory.mktemp("concepts") / "park"))
    draft = house()
    draft = replace(
        draft,
        concepts=table(CONCEPTS, [{"id": i, "kind": k, "ifc_class": c, "name": n} for i, (k, c, n) in KINDS.items()]),
        relations=table(RELATIONS, [{"source": s, "kind": k, "target": t} for s, k, t in LINKS]),
        properties=pa.concat_tables(
            [
                draft.properties,
                table(PROPERTIES, [{"id": "brick", "set": "Pset_M", "name": "Density", "value": "1800"}]),
            ]
        ),
    )
    for layer, group in (("a", "building"), ("submission-x", "submission")):
        make_version(store.park, layer, "v1", draft)
        store.publish(layer, "v1", group=group)
    yield store
    store.close()


def members(graph, name):
    card = graph.concept_card(f"a/{name}")
    gids = {item["gid"].removeprefix("a/") for item in card["members"]["items"]}
    states = {i for one in card["members"]["types"] for first, last in one["ranges"] for i in range(first, last + 1)}
    assert states == {item["state"] for item in card["members"]["items"]}
    assert card["members"]["total"] == len(gids) == sum(one["count"] for one in card["members"]["types"])
    return gids


def test_members_directly_and_through_other_concepts(graph):
    assert members(graph, "t1") == {"s0-w0", "s0-w1"}
    assert members(graph, "set") == {"s0-w0", "s0-w1", "s1-w0"}  # the type is made of it, so its walls are
    assert members(graph, "brick") == {"s0-w0", "s0-w1", "s1-w0", "s1-w1"}
    assert members(graph, "zone") == members(graph, "outer") == {"s0-r0", "s0-r1"}
    assert members(graph, "who") == {"s1-r0"}
    assert members(graph, "doc") == {"s0"}


def test_the_card_tells_properties_and_relations_to_concepts(graph):
    card = graph.concept_card("a/brick")
    assert (card["name"], card["kind"], card["ifc_class"]) == ("Brick", "material", "IfcMaterial")
    assert card["properties"][0]["rows"][0]["value"] == "1800"
    assert [(row["kind"], row["direction"], row["gid"]) for row in card["relations"]] == [("made_of", "in", "a/set")]
    with pytest.raises(NotFound, match="a/nothing"):
        graph.concept_card("a/nothing")


def test_found_by_text_kind_and_layer(graph):
    assert [row["gid"] for row in graph.search_concepts("brick")["items"]] == ["a/brick", "a/set"]
    assert [row["gid"] for row in graph.search_concepts("tenant", kind="zone")["items"]] == ["a/zone"]
    assert graph.search_concepts(limit=2)["total"] == len(KINDS)  # models under review only by their layer
    assert len(graph.search_concepts(limit=2, offset=6)["items"]) == 1
    assert graph.search_concepts(layer="submission-x")["total"] == len(KINDS)
