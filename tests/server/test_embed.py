"""Embedding: pages of other origins, and the tokens that let them."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from server.access import SAFE_METHODS, Requires
from server.live.park import park_runtime
from tests.server.conftest import API, Served
from tests.server.test_permissions import ROUTES, declared
from tests.support.layers import make_version
from twin.errors import Invalid

PAGE = {"Origin": "https://www.example.org"}
OTHER = {"Origin": "https://evil.example"}
DAY = 86_400_000


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def issue(client: TestClient, **wish: object) -> dict:
    answer = client.post(f"{API}/embed/tokens", json={"name": "site", **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def two(start, park) -> Served:
    """A park of two layers, with live state; a point stands in each."""
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    with (park.folder / "points.csv").open("a") as stream:
        stream.write("t2,b2/s0-r0,,temperature,°C,-20,60,measure,Room 100,mqtt:park/t2\n")
    make_version(park, "b2", "v1")
    served = start(runtime=park_runtime)
    served.services.publisher.publish("b2", "v1", group="building")
    served.services.publisher.load_points(None)
    return served


def test_embedding_is_closed_by_default(served: Served) -> None:
    answer = served.client.get("/embed", headers={"Origin": "https://www.example.org"})
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers
    assert served.client.get("/tiles/scene.json").status_code == 401


def test_embedding_for_named_origins_and_everyone(start, park) -> None:
    text = (park.folder / "park.toml").read_text()
    embed = '\n[embed]\norigins = ["https://www.example.org"]\npublic = true\n'
    (park.folder / "park.toml").write_text(text + embed)
    served = start()
    origin = {"Origin": "https://www.example.org"}
    answer = served.client.get("/tiles/scene.json", headers=origin)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://www.example.org"
    assert "origin" in answer.headers["vary"].lower()
    assert "access-control-allow-credentials" not in answer.headers
    assert served.client.get("/tiles/a1/v1/tileset.json").headers["cache-control"].startswith("public, ")
    assert served.client.get(f"{API}/objects/card?gid=a1/b", headers=origin).status_code == 200
    other = served.client.get("/tiles/scene.json", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers
    policy = served.client.get("/embed").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.example.org" in policy
    assert "frame-ancestors 'self'" in served.client.get("/login").headers["content-security-policy"]
    assert "example.org" not in served.client.get("/login").headers["content-security-policy"]
    assert served.client.get(f"{API}/users").status_code == 401
    assert served.client.post(f"{API}/alarms/x/acknowledge", json={}).status_code == 401


def test_wrong_embed_settings_are_named(start, park) -> None:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[embed]\norigins = ["www.example.org"]\n')
    with pytest.raises(Invalid, match=r"www\.example\.org"):
        start()


def test_a_token_is_told_once_listed_and_revoked(served: Served) -> None:
    admin = served.user("administrator")
    until = served.clock.now_ms() + DAY
    made = issue(admin, layers=["a1"], live=True, origins=["https://WWW.example.org"], expires_at=until)
    assert made["token"].startswith("park_")
    (row,) = admin.get(f"{API}/embed/tokens").json()
    assert row == {key: value for key, value in made.items() if key != "token"}
    assert (row["state"], row["origins"], row["expires_at"]) == ("active", ["https://www.example.org"], until)
    assert made["token"] not in str(served.services.graph.db.rows("SELECT * FROM embed_token"))
    assert admin.post(f"{API}/embed/tokens", json={"name": "site"}).status_code == 409
    access = served.client.get(f"{API}/embed/access", headers=bearer(made["token"])).json()
    assert (access["layers"], access["live"], access["expires_at"]) == (["a1"], True, until)
    assert admin.delete(f"{API}/embed/tokens/{made['id']}").json()["state"] == "revoked"
    refused = served.client.get("/tiles/scene.json", headers=bearer(made["token"]))
    assert (refused.status_code, refused.json()["code"]) == (401, "token-revoked")
    assert admin.delete(f"{API}/embed/tokens/nothing").status_code == 404
    assert issue(admin)["id"] != made["id"]
    actions = [row["action"] for row in admin.get(f"{API}/audit?action=embed.").json()["items"]]
    assert actions == ["embed.issue", "embed.revoke", "embed.issue"]
    assert made["token"] not in admin.get(f"{API}/audit").text


def test_tokens_outlive_a_restart_and_end_in_time(start) -> None:
    first = start()
    token = issue(first.user("administrator"), expires_at=first.clock.now_ms() + DAY)["token"]
    assert first.client.get("/tiles/scene.json", headers=bearer(token)).status_code == 200
    first.close()
    again = start(clock=first.clock)
    assert again.services.embed_tokens.all()[0].used_ms == first.clock.now_ms()
    assert again.client.get("/tiles/scene.json", headers=bearer(token)).status_code == 200
    again.clock.advance(DAY / 1000)
    refused = again.client.get("/tiles/scene.json", headers=bearer(token))
    assert (refused.status_code, refused.json()["code"]) == (401, "token-expired")
    assert "expired at" in refused.json()["detail"]
    assert again.client.get("/tiles/scene.json", headers=bearer("park_wrong")).json()["code"] == "token-unknown"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"name": " "}, "token-name"),
        ({"layers": ["nothing"]}, "layer"),
        ({"origins": ["www.example.org"]}, "origins"),
        ({"origins": ["https://www.example.org/path"]}, "origins"),
        ({"expires_at": 1}, "token-expiry"),
        ({"rights": ["write"]}, "invalid"),
    ],
)
def test_wrong_wishes_are_named(same: Served, wish: dict, code: str) -> None:
    answer = same.user("administrator").post(f"{API}/embed/tokens", json={"name": "site", **wish})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_token_opens_reading_for_embedding_and_nothing_else(served: Served) -> None:
    token = bearer(issue(served.user("administrator"), live=True)["token"])
    opened = {}
    for method, path, route in ROUTES:
        asked = declared(route)[0]
        if method == "WEBSOCKET" or not isinstance(asked, Requires):
            continue
        answer = served.client.request(method, path.replace("{", "").replace("}", ""), headers=token)
        opened[f"{method} {path}"] = answer.status_code not in (401, 403)
        if asked.embed:
            assert method in SAFE_METHODS
        elif opened[f"{method} {path}"]:
            raise AssertionError(f"{method} {path} is open to an embed token: {answer.status_code}")
    assert {name for name, yes in opened.items() if yes and name.startswith("GET")} == {
        "GET /tiles/scene.json",
        "GET /tiles/{layer}/{version}/{path:path}",
        *(f"GET {API}/{path}" for path in ("embed/access", "objects", "objects/card", "objects/items")),
        *(f"GET {API}/{path}" for path in ("objects/by-state/{index}", "points", "points/history", "states")),
        *(f"GET {API}/overlays/{path}" for path in ("places", "lines", "lines/layers", "cameras")),
        *(f"GET /sta/v1.1{path}" for path in ("", "/", "/{path:path}")),
    }


def test_a_token_without_live_values_has_none(two: Served) -> None:
    token = issue(two.user("administrator"))["token"]
    refused = two.client.get(f"{API}/points", headers=bearer(token))
    assert (refused.status_code, refused.json()["code"]) == (403, "token-permission")
    card = two.client.get(f"{API}/objects/card?gid=a1/s0-r0", headers=bearer(token)).json()
    assert card["points"] == []
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        two.client.websocket_connect(
            f"ws://park.test{API}/live", subprotocols=["parktwin.json", f"bearer.{token}"], headers={**PAGE}
        ),
    ):
        pass
    assert refused.value.status_code in (401, 403)


def test_a_token_keeps_to_its_layers(two: Served) -> None:
    token = bearer(issue(two.user("administrator"), layers=["a1"], live=True)["token"])

    def get(path: str) -> TestClient:
        return two.client.get(path, headers=token)

    scene = get("/tiles/scene.json").json()
    assert [layer["layer"] for layer in scene["layers"]] == ["a1"]
    assert get("/tiles/a1/v1/tileset.json").status_code == 200
    other = two.services.graph.item("b2/s0-r0")["state"]
    for path in (
        "/tiles/b2/v1/tileset.json",
        f"{API}/objects",
        f"{API}/objects?layer=b2",
        f"{API}/objects/card?gid=b2/s0-r0",
        f"{API}/objects/items?gid=a1/s0-r0&gid=b2/s0-r0",
        f"{API}/objects/by-state/{other}",
        f"{API}/states",
        f"{API}/states?layer=b2",
        f"{API}/states?type=Wall",
        f"{API}/points/history?point_id=t2",
        f"{API}/points/history?point_id=nothing",
    ):
        answer = get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "token-layers"), path
        assert "b2/" not in answer.text
    assert get(f"{API}/objects?layer=a1").json()["total"] > 0
    asked = get(f"{API}/objects/items?gid=a1/s1-r0&gid=a1/nothing&gid=a1/s0-r0").json()
    assert [item["gid"] for item in asked] == ["a1/s1-r0", "a1/s0-r0"]
    assert get(f"{API}/objects/card?gid=a1/s0-r0").json()["points"][0]["point_id"] == "t1"
    points, whole = get(f"{API}/points").json(), two.user("viewer").get(f"{API}/points").json()
    assert len(points["point_id"]) == len(whole["point_id"]) == 3
    assert points["point_id"] == [name if name != "t2" else "" for name in whole["point_id"]]
    assert "b2" not in str(points)


def beside_values(socket: WebSocketTestSession) -> dict:
    """The next message that carries no values: those may come at any tick."""
    while "points" in (message := socket.receive_json()):
        pass
    return message


def test_live_values_keep_to_the_layers_and_alarms_stay_inside(two: Served) -> None:
    token = issue(two.user("administrator"), layers=["a1"], live=True, origins=[PAGE["Origin"]])["token"]
    points = two.client.get(f"{API}/points", headers={**bearer(token), **PAGE}).json()["point_id"]
    protocols = ["parktwin.json", f"bearer.{token}"]
    with two.client.websocket_connect(f"ws://park.test{API}/live", subprotocols=protocols, headers={**PAGE}) as socket:
        assert socket.receive_json()["type"] == "hello"
        socket.send_json({"type": "subscribe", "id": 1, "scope": {}})
        first = socket.receive_json()
        assert {points[index] for index in first["points"]} == {"t1", "p1"}
        socket.send_json({"type": "subscribe", "id": 2, "scope": {"layers": ["b2"]}})
        assert beside_values(socket)["code"] == "token-layers"
        two.services.events.alarm("raised", {"gid": "a1/s0-r0"})
        two.services.events.scene(9)
        assert beside_values(socket) == {"type": "scene", "revision": 9}


def test_a_revoked_token_ends_its_connection(start, park) -> None:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    served = start(runtime=park_runtime, settings={"live_ping_seconds": 1})
    made = issue(served.user("administrator"), live=True)
    with served.client.websocket_connect(
        f"ws://park.test{API}/live", subprotocols=["parktwin.json", f"bearer.{made['token']}"]
    ) as socket:
        assert socket.receive_json()["type"] == "hello"
        served.services.embed_tokens.revoke(made["id"])
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive_json()
        assert ended.value.code == 4401


def test_a_token_is_for_its_pages(served: Served) -> None:
    admin = served.user("administrator")
    assert "example.org" not in served.client.get("/embed").headers["content-security-policy"]
    preflight = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    assert served.client.options("/tiles/scene.json", headers={**PAGE, **preflight}).status_code == 405
    token = issue(admin, origins=[PAGE["Origin"]])["token"]
    assert (
        "frame-ancestors 'self' https://www.example.org"
        in served.client.get("/embed").headers["content-security-policy"]
    )
    assert served.client.get("/embed/x.js", headers=PAGE).headers["access-control-allow-origin"] == PAGE["Origin"]
    answer = served.client.options("/tiles/scene.json", headers={**PAGE, **preflight})
    assert (answer.status_code, answer.headers["access-control-allow-headers"]) == (204, "Authorization")
    mine = served.client.get("/tiles/scene.json", headers={**PAGE, **bearer(token)})
    assert (mine.status_code, mine.headers["access-control-allow-origin"]) == (200, PAGE["Origin"])
    assert "access-control-allow-credentials" not in mine.headers
    refused = served.client.get("/tiles/scene.json", headers={**OTHER, **bearer(token)})
    # The refusal may be read everywhere, so that the widget can say what is wrong; it holds no data.
    assert (refused.status_code, refused.json()["code"]) == (403, "origin")
    assert refused.headers["access-control-allow-origin"] == OTHER["Origin"]
    assert served.client.get("/tiles/scene.json", headers={**PAGE}).status_code == 401
    own = {"Origin": "http://park.test", **bearer(token)}
    assert served.client.get("/tiles/scene.json", headers=own).status_code == 200
    served.services.embed_tokens.revoke(admin.get(f"{API}/embed/tokens").json()[0]["id"])
    assert "access-control-allow-origin" not in served.client.get("/embed/x.js", headers=PAGE).headers
    assert "example.org" not in served.client.get("/embed").headers["content-security-policy"]
    # The last token of the park is gone; its page still hears why.
    assert served.client.options("/tiles/scene.json", headers={**PAGE, **preflight}).status_code == 204
    gone = served.client.get(f"{API}/embed/access", headers={**PAGE, **bearer(token)})
    assert (gone.status_code, gone.json()["code"]) == (401, "token-revoked")
    assert gone.headers["access-control-allow-origin"] == PAGE["Origin"]


def test_a_session_is_not_narrowed_by_a_token(served: Served) -> None:
    admin = served.user("administrator")
    token = issue(admin, layers=["a1"])["token"]
    assert admin.get(f"{API}/layers", headers=bearer(token)).status_code == 200
    assert served.user("viewer").get(f"{API}/embed/tokens").status_code == 403


def test_a_token_in_park_toml_is_refused_with_the_way_to_issue_one(start, park) -> None:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[embed]\ntoken = "embed-token-0123456789"\n')
    with pytest.raises(Invalid, match="parktwin embed issue"):
        start()
