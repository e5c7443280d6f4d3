from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from server.models import graph as shapes
from server.models import overlays
from tests.server.conftest import API, Served


def test_answers_have_the_documented_shape(served: Served) -> None:
    """These answers skip the second validation for speed; here they are held to their models."""
    client = served.sign_in()
    for path, shape in (
        ("/layers", list[shapes.LayerShape]),
        ("/layers/a1", shapes.LayerDetail),
        ("/types", list[shapes.TypeCount]),
        ("/objects", shapes.ObjectPage),
        ("/objects/card?gid=a1/s0-w0", shapes.ObjectCard),
        ("/objects/card?gid=a1/s0-r0", shapes.ObjectCard),
        ("/objects/by-state/0", shapes.ObjectItem),
        ("/concepts?q=W2", shapes.ConceptPage),
        ("/concepts/card?gid=a1/t1", shapes.ConceptCard),
        ("/tree", list[shapes.TreeNode]),
        ("/tree?parent=a1/s0", list[shapes.TreeNode]),
        ("/states?type=Wall", shapes.StateRanges),
        ("/points", shapes.PointColumns),
        ("/overlays/places", overlays.PlaceColumns),
        ("/overlays/lines?layer=a1", list[overlays.FlowLineShape]),
        ("/overlays/lines/layers", list[overlays.LinedLayer]),
        ("/overlays/cameras", list[overlays.CameraShape]),
    ):
        answer = client.get(API + path)
        assert answer.status_code == 200, answer.text
        TypeAdapter(shape).validate_json(answer.content)


def test_search_card_and_state_agree(served: Served) -> None:
    client = served.sign_in()
    page = client.get(f"{API}/objects", params={"q": "wall 20", "limit": 1}).json()
    assert page["total"] == 2
    item = page["items"][0]
    assert item["gid"] == "a1/s1-w0"
    assert client.get(f"{API}/objects/by-state/{item['state']}").json() == item
    card = client.get(f"{API}/objects/card", params={"gid": item["gid"]}).json()
    assert [step["gid"] for step in card["path"]] == ["a1/site", "a1/b", "a1/s1"]
    assert card["properties"][0]["rows"][0]["number"] == 2.0
    assert {row["kind"] for row in card["relations"]} == {"bounds"}
    walls = client.get(f"{API}/states", params={"type": "Wall"}).json()["ranges"]
    assert any(first <= item["state"] <= last for first, last in walls)


def test_concepts_of_models_under_review_are_for_reviewers(served: Served) -> None:
    client = served.user("viewer")
    assert client.get(f"{API}/concepts/card?gid=a1/t1").json()["members"]["total"] == 1
    assert client.get(f"{API}/concepts/card?gid=a1/none").json()["code"] == "no-concept"
    assert client.get(f"{API}/concepts/card?gid=submission-x/t1").status_code == 403
    assert client.get(f"{API}/concepts?layer=submission-x").status_code == 403


def test_points_are_columns_with_an_entity_tag(served: Served) -> None:
    client = served.sign_in()
    answer = client.get(f"{API}/points")
    body = answer.json()
    assert body["point_id"] == ["p1", "t1"]
    assert body["kind"] == ["power", "temperature"]
    assert client.get(f"{API}/points", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    served.services.publisher.publish("a1", "v2")
    assert client.get(f"{API}/points", headers={"If-None-Match": answer.headers["etag"]}).status_code == 200


def test_card_shows_points_without_values_when_nothing_is_live(served: Served) -> None:
    card = served.sign_in().get(f"{API}/objects/card", params={"gid": "a1/s0-r0"}).json()
    assert [(row["point_id"], row["value"], row["quality"]) for row in card["points"]] == [("t1", None, 3)]


def test_publish_an_earlier_version_again(served: Served) -> None:
    admin = served.sign_in()
    before = admin.get("/tiles/scene.json").json()["revision"]
    assert admin.post(f"{API}/layers/a1/publish", json={"version": "v2"}).json()["version"] == "v2"
    layer = admin.get(f"{API}/layers/a1").json()
    assert {row["version"]: row["published"] for row in layer["versions"]} == {"v1": False, "v2": True}
    admin.post(f"{API}/layers/a1/publish", json={"version": "v1"})
    manifest = admin.get("/tiles/scene.json").json()
    assert manifest["revision"] == before + 2
    assert manifest["layers"][0]["tileset"] == "/tiles/a1/v1/tileset.json"
    assert admin.delete(f"{API}/layers/a1").status_code == 204
    assert admin.get(f"{API}/objects").json()["total"] == 0


def test_park_tells_what_runs(served: Served) -> None:
    body = served.sign_in().get(f"{API}/park").json()
    assert (body["name"], body["live"], body["clock"]) == ("测试园", False, served.clock.now_ms())
    assert set(body["versions"]) == {"parktwin", "python", "duckdb"}


@pytest.mark.parametrize("path", ["/alarms", "/indicators"])
def test_without_live_state_there_is_nothing_wrong(served: Served, path: str) -> None:
    body = served.sign_in().get(API + path).json()
    assert body in ([], {"items": [], "total": 0})


def test_schemes_and_decision(served: Served) -> None:
    park = served.services.graph.park
    text = (park.folder / "park.toml").read_text() + '\n[[schemes]]\nid = "a"\nname = "方案 A"\nlayers = ["a1"]\n'
    (park.folder / "park.toml").write_text(text)
    served.services.publisher.publish("a1", "v2")
    client = served.user("planner")
    assert [row["id"] for row in client.get(f"{API}/schemes").json()] == ["a"]
    from server.models.schemes import Comparison

    table = client.get(f"{API}/schemes/comparison")
    Comparison.model_validate_json(table.content)
    assert table.json()["decision"] is None
    made = client.post(f"{API}/schemes/decision", json={"scheme": "a", "reason": "更多绿地"})
    assert made.status_code == 201
    assert client.get(f"{API}/schemes/comparison").json()["decision"] == made.json()
    assert made.json()["by"] == "planner"
