"""The register by HTTP: permissions, audit, credentials at a real broker, who is heard."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest

from server.live.park import park_runtime
from tests.server.conftest import API, Served
from twin.connectors.connector import Readings
from twin.connectors.handshake import handshake
from twin.devices.sheet import read_sheet
from twin.errors import Denied

HEAD = "id,name,gid,kind\n"


@pytest.fixture
def admin(served: Served):
    return served.sign_in()


def made(client, ident: str, **fields: object) -> dict:
    answer = client.post(f"{API}/devices", json={"id": ident, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def actions(served: Served, prefix: str = "device.") -> list[tuple[str, str, str]]:
    rows = served.services.audit.search(action=prefix)["items"]
    return [(row["action"], row["target"], row["user"]) for row in reversed(rows)]


def test_register_change_retire_restore(served: Served, admin) -> None:
    made(admin, "s-1", name="温度计", gid="a1/s0-r0", tags=["x"], installed="2023-01-01", maintain_every_days=100)
    card = admin.get(f"{API}/devices/s-1").json()
    assert (card["status"], card["due"], card["storey_name"], card["object_name"]) == (
        "unknown", "2023-04-11", "1F", "Space 100",
    )  # fmt: skip
    changed = admin.patch(f"{API}/devices/s-1", json={"version": 1, "maintained": "2023-11-01", "notes": None}).json()
    assert (changed["version"], changed["maintained"], changed["installed"]) == (2, "2023-11-01", "2023-01-01")
    late = admin.patch(f"{API}/devices/s-1", json={"version": 1, "name": "x"})
    assert (late.status_code, late.json()["code"]) == (409, "device-changed")
    wrong = admin.patch(f"{API}/devices/s-1", json={"installed": "soon"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "installed")
    assert admin.post(f"{API}/devices/s-1/retire", json={"reason": "broken"}).json()["state"] == "retired"
    assert admin.get(f"{API}/devices").json()["total"] == 0
    assert admin.get(f"{API}/devices", params={"state": "retired"}).json()["total"] == 1
    assert admin.post(f"{API}/devices/s-1/credentials/http").json()["code"] == "device-retired"
    assert admin.post(f"{API}/devices/s-1/restore", json={}).json()["state"] == "active"
    history = admin.get(f"{API}/devices/s-1/history").json()["items"]
    assert [row["action"] for row in history] == ["restore", "retire", "change", "create"]
    assert {row["who"] for row in history} == {"admin"}
    assert [row[0] for row in actions(served)] == ["device.create", "device.change", "device.retire", "device.restore"]


def test_who_may_what(served: Served, admin) -> None:
    made(admin, "s-1")
    viewer = served.user("viewer")
    assert viewer.get(f"{API}/devices").json()["total"] == 1
    for method, path in (
        ("POST", "/devices"), ("PATCH", "/devices/s-1"), ("POST", "/devices/s-1/retire"),
        ("POST", "/devices/s-1/credentials/http"), ("POST", "/device-lists/import"), ("PUT", "/device-groups/x"),
    ):  # fmt: skip
        assert viewer.request(method, f"{API}{path}", json={}).status_code == 403
    assert served.client.get(f"{API}/devices").status_code == 401


def test_list_by_filters_groups_and_pages(served: Served, admin) -> None:
    for n in range(5):
        made(admin, f"s-{n}", kind="meter" if n % 2 else "sensor", groups=["roof"] if n > 2 else [], model=f"M{n}")
    page = admin.get(
        f"{API}/devices", params={"kind": "sensor", "sort": "model", "descending": True, "limit": 2}
    ).json()
    assert ([row["id"] for row in page["items"]], page["total"], page["counts"]["unknown"]) == (["s-4", "s-2"], 3, 3)
    saved = admin.put(f"{API}/device-groups/meters", json={"name": "All meters", "filter": {"kind": "meter"}})
    assert saved.status_code == 200, saved.text
    assert [row["id"] for row in admin.get(f"{API}/device-groups").json()] == ["meters", "roof"]
    for group, expected in (("meters", ["s-1", "s-3"]), ("roof", ["s-3", "s-4"])):
        found = admin.get(f"{API}/devices", params={"group": group}).json()["items"]
        assert [row["id"] for row in found] == expected
        assert admin.get(f"{API}/device-groups/{group}/scope").json()["devices"] == expected
    assert admin.get(f"{API}/device-facets").json()["model"] == ["M0", "M1", "M2", "M3", "M4"]
    assert admin.delete(f"{API}/device-groups/meters").status_code == 200
    assert admin.get(f"{API}/devices", params={"group": "meters"}).status_code == 404
    assert admin.get(f"{API}/devices", params={"sort": "colour"}).json()["code"] == "device-sort"


def test_import_dry_then_whole(served: Served, admin) -> None:
    made(admin, "s-1", name="old")
    data = f"{HEAD}s-1,new,,\ns-2,b,a1/s0-r0,sensor\n".encode()
    address = f"{API}/device-lists/import"
    dry = admin.post(address, content=data).json()
    assert (dry["done"], dry["counts"]) == (False, {"add": 1, "change": 1, "same": 0, "refuse": 0})
    assert admin.get(f"{API}/devices").json()["total"] == 1
    bad = admin.post(address, params={"dry_run": False}, content=data + b"s/3,c,,\n")
    assert (bad.status_code, bad.json()["rows"][0]["row"]) == (422, 4)
    assert admin.get(f"{API}/devices").json()["total"] == 1
    done = admin.post(address, params={"dry_run": False}, content=data).json()
    assert (done["done"], done["counts"]["add"]) == (True, 1)
    assert admin.get(f"{API}/devices/s-1").json()["name"] == "new"
    assert actions(served)[-1] == ("device.import", "csv", "admin")
    for kind in ("csv", "xlsx"):
        out = admin.get(f"{API}/device-lists/export", params={"format": kind, "kind": "sensor"})
        assert [line.values["id"] for line in read_sheet(out.content, kind)] == ["s-2"]
        again = admin.post(address, params={"format": kind}, content=out.content).json()
        assert again["counts"]["same"] == 1
        empty = admin.get(f"{API}/device-lists/template", params={"format": kind})
        assert read_sheet(empty.content, kind) == []
        assert "attachment" in empty.headers["content-disposition"]


def test_a_list_that_is_too_large_is_refused(admin, monkeypatch) -> None:
    monkeypatch.setattr("server.routes.device_lists.MAX_BYTES", 10)
    answer = admin.post(f"{API}/device-lists/import", content=b"x" * 11)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_http_tokens_open_the_points_of_their_device(served: Served, admin) -> None:
    made(admin, "s-1", gid="a1/s0-w0")
    token = admin.post(f"{API}/devices/s-1/credentials/http").json()
    assert token["kind"] == "http"
    assert served.services.devices.verify(token["secret"]).device == "s-1"
    card = admin.get(f"{API}/devices/s-1")
    assert token["secret"] not in card.text
    assert card.json()["credentials"][0]["created_by"] == "admin"
    assert admin.delete(f"{API}/devices/s-1/credentials/http").status_code == 204
    assert served.services.devices.verify(token["secret"]) is None
    assert admin.delete(f"{API}/devices/s-1/credentials/http").status_code == 404
    assert admin.post(f"{API}/devices/s-1/credentials/ssh").status_code == 422
    history = admin.get(f"{API}/devices/s-1/history").json()["items"]
    assert [row["action"] for row in history] == ["credential-revoke", "credential-issue", "create"]
    assert "secret" not in str(served.services.audit.search(action="device.credential")["items"])


def test_without_live_state_there_is_no_broker(admin) -> None:
    made(admin, "s-1")
    answer = admin.post(f"{API}/devices/s-1/credentials/mqtt")
    assert (answer.status_code, answer.json()["code"]) == (503, "no-live")


def run(served: Served, work) -> object:
    return served.client.portal.call(work)


def look(served: Served) -> None:
    """One tick of the watch; returns when its events are committed."""

    async def tick() -> None:
        await served.services.devices.tick()
        await served.services.runtime.park.store.write([])

    run(served, tick)


def hear(served: Served, *points: str) -> None:
    async def take() -> None:
        runtime = served.services.runtime.park
        index = np.array([runtime.hub.index[name] for name in points])
        many = len(index)
        await runtime.ingest(
            Readings(
                index, np.full(many, 20.0), np.zeros(many, np.int64), np.zeros(many, np.int64), np.zeros(many, bool)
            )
        )

    run(served, take)
    look(served)


def test_who_is_heard_and_since_when(start, park) -> None:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    served = start(runtime=park_runtime)
    admin = served.sign_in()
    made(admin, "s-1", gid="a1/s0-w0")  # the `device` of t1
    made(admin, "s-2", gid="a1/s1-r0", heartbeat_s=600)  # the object of p1, which has no device
    hear(served, "t1", "p1")
    page = admin.get(f"{API}/devices", params={"status": "online"}).json()
    assert [(row["id"], row["heard_at"]) for row in page["items"]] == [
        (n, served.clock.now_ms()) for n in ("s-1", "s-2")
    ]
    served.clock.advance(91)
    look(served)
    assert admin.get(f"{API}/devices").json()["counts"] == {"unknown": 0, "online": 1, "offline": 1, "unreachable": 0}
    card = admin.get(f"{API}/devices/s-1").json()
    assert card["status"] == "offline"
    (value,) = card["points"]
    assert (value["point_id"], value["value"], value["address"]) == ("t1", 20.0, "mqtt:park/t1")
    gone, came = admin.get(f"{API}/device-events", params={"device": "s-1"}).json()["items"]
    assert (gone["state"], came["state"], gone["at"] - came["at"]) == ("offline", "online", 91_000)
    served.clock.advance(9)
    found = admin.get(f"{API}/devices/s-1/availability").json()
    assert (found["online_ms"], found["watched_ms"], found["outages"]) == (91_000, 100_000, 1)
    assert admin.get(f"{API}/devices/s-1/availability", params={"from": 5, "to": 5}).status_code == 422
    assert admin.get(f"{API}/device-groups/none/scope").status_code == 404
    foreign = admin.post(f"{API}/devices/s-1/credentials/mqtt")
    assert (foreign.status_code, foreign.json()["code"]) == (409, "broker-foreign")


def test_a_device_enters_the_embedded_broker_and_is_put_out(start, park) -> None:
    served = start(runtime=park_runtime)
    admin = served.sign_in()
    made(admin, "s-1", gid="a1/s0-w0")
    run(served, served.services.devices.tick)
    given = admin.post(f"{API}/devices/s-1/credentials/mqtt").json()
    assert given["publish"] == ["devices/s-1/#", "park/t1"]
    assert given["subscribe"] == ["devices/s-1/#"]
    host, port = given["address"].split(":")

    def enters() -> bool:
        try:
            asyncio.run(handshake(host, int(port), given["user"], given["secret"]))
        except Denied:
            return False
        return True

    def becomes(state: bool) -> bool:
        end = time.monotonic() + 10
        while enters() is not state and time.monotonic() < end:
            time.sleep(0.05)
        return enters() is state

    assert becomes(True)
    served.close()
    again = start(runtime=park_runtime)
    host, port = again.services.runtime.park.broker.door.host, again.services.runtime.park.broker.door.mqtt_port
    assert enters(), "the credential holds over a restart, from the first moment"
    admin = again.sign_in("admin", served.admin_password)
    admin.post(f"{API}/devices/s-1/retire", json={})
    assert becomes(False)


BRICK = """
@prefix brick: <https://brickschema.org/schema/Brick#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix b: <http://example.org/b#> .
b:fan a brick:Fan ; rdfs:label "Wall 100" ; brick:hasPoint b:t .
b:t a brick:Zone_Temperature_Sensor .
b:nothing a brick:Pump .
"""


def test_a_description_is_bound_reported_and_registered(served: Served, admin) -> None:
    address = f"{API}/device-models/bind"
    found = admin.post(address, content=BRICK).json()
    assert found["counts"]["equipment"] == {"bound": 1, "ambiguous": 0, "unmatched": 1}
    assert (found["import"]["done"], found["import"]["counts"]["add"]) == (False, 1)
    assert [(row["point_id"], row["gid"]) for row in found["points"]] == [("t", "a1/s0-w0")]
    table = admin.post(address, params={"answer": "csv"}, content=BRICK)
    assert table.text.splitlines()[0].endswith("sort,id,class,name,result,target,how,likeness,why,candidates")
    assert admin.get(f"{API}/devices").json()["total"] == 0
    assert admin.post(address, params={"register": True}, content=BRICK).json()["import"]["done"] is True
    assert admin.get(f"{API}/devices/fan").json()["gid"] == "a1/s0-w0"
    assert actions(served) == [("device.bind", "brick", "admin")]
    assert admin.post(address, content=b"no turtle").json()["code"] == "brick"
    for kind, begin in (("brick", "@prefix"), ("haystack", "{"), ("zinc", "ver:")):
        out = admin.get(f"{API}/device-models/export", params={"format": kind})
        assert out.text.startswith(begin)
        again = admin.post(address, params={"format": kind.replace("zinc", "haystack")}, content=out.content).json()
        assert {row["id"]: row["how"] for row in again["rows"]}["device:fan"] == "its gid"


def test_the_parks_own_rules_go_before_ours(served: Served, admin, park) -> None:
    (park.folder / "binding.yaml").write_text(
        "rules:\n  - {name: pumps are walls, class: [Pump], entity: '(?P<key>nothing)', target: '(?P<key>)'}\n"
    )
    rows = admin.post(f"{API}/device-models/bind", content=BRICK).json()["rows"]
    assert [row["result"] for row in rows] == ["unmatched"] * 3
    (park.folder / "binding.yaml").write_text("rules: 3")
    assert admin.post(f"{API}/device-models/bind", content=BRICK).json()["code"] == "binding-rules"
