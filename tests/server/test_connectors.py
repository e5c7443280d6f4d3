"""Connectors over HTTP: the mapping is read, tried, saved and audited; gateways push with their token."""

from __future__ import annotations

import json

import pytest

from server.live.park import park_runtime
from tests.server.conftest import API, Served
from twin.connectors.push import MAX_ITEMS
from twin.errors import Unavailable

ENTRY = {"connector": "gw", "address": "meter/7", "point": "p1"}


@pytest.fixture
def live(start, park) -> Served:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
        stream.write('[[connectors]]\nkind = "http-push"\nname = "gw"\n[[connectors]]\nkind = "mqtt"\n')
    return start(runtime=park_runtime)


@pytest.fixture
def gateway(live):
    admin = live.user("administrator")
    token = admin.post(f"{API}/connectors/gw/token").json()["token"]

    def push(body, name="gw", bearer=token):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {bearer}"}
        return live.client.post(f"{API}/connectors/{name}/readings", content=content, headers=headers)

    return admin, push


def value(live, point):
    hub = live.services.runtime.hub
    index = hub.index[point]
    return float(hub.values[index]), int(hub.quality[index])


def save(admin, entry, **more):
    return admin.put(f"{API}/connectors/mapping", json={"entry": entry, **more})


def test_pushed_readings_are_kept_and_what_is_wrong_is_told(live, gateway) -> None:
    admin, push = gateway
    assert save(admin, {**ENTRY, "unit": "W"}).status_code == 200
    answer = push(
        [
            {"address": "meter/7", "v": 1500},
            {"point": "p1", "v": 2500, "t": 1},
            {"point": "t1", "v": 20},
            {"address": "new", "v": 5},
            {"address": "meter/7", "v": "much", "t": 2},
            {"address": "meter/7"},
            {"address": "meter/7", "v": 1, "t": "yesterday"},
            7,
        ]
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["accepted"] == 3
    assert [(one["item"], one["kept"]) for one in told["errors"]] == [
        (2, False), (3, False), (4, True), (5, False), (6, False), (7, False),
    ]  # fmt: skip
    assert "Point 't1' has no address of connector 'gw'" in told["errors"][0]["message"]
    assert value(live, "p1")[0] == 1.5  # the later ones are older by their own time
    history = live.services.runtime.park.store.status()
    assert history["committed_rows"] >= 3
    listed = admin.get(f"{API}/connectors").json()
    assert [(row["connector"], row["address"], row["sample"]) for row in listed["candidates"]] == [
        ("gw", "new", '{"address":"new","v":5}')
    ]
    row = next(row for row in listed["items"] if row["name"] == "gw")
    assert (row["state"], row["mapped"], row["candidates"], row["acknowledged"]) == ("connected", 1, 1, 3)
    assert row["token_at"] == live.clock.now_ms()


def test_one_item_and_lines_are_taken_too(live, gateway) -> None:
    admin, push = gateway
    save(admin, ENTRY)
    assert push({"address": "meter/7", "v": 3}).json()["accepted"] == 1
    assert push(b'{"address": "meter/7", "v": 4}\n\n{"address": "meter/7", "v": true}\n').json()["accepted"] == 2
    assert value(live, "p1") == (1.0, 0)
    for body, says in (
        (b'{"address": "meter/7", "v": 4}\n{', "Line 2 is no JSON"),
        (b"v=4", "The body is no JSON"),
        (b"[]", "The request has no items"),
        ([{"v": 4}], "No item can be used: Expected either address or point"),
        ([{"address": "a", "v": 4, "vv": 1}], "'vv' is unknown"),
        ([{"address": "a", "v": [4]}], "expected a number"),
        ([0] * (MAX_ITEMS + 1), f"more than {MAX_ITEMS} items"),
    ):
        answer = push(body)
        assert answer.status_code == 422, answer.text
        assert says in answer.json()["detail"]
    assert push(b"[" + b" " * (1 << 20) + b"]").status_code == 413


def test_only_the_connectors_own_token_opens_it(live, gateway) -> None:
    admin, push = gateway
    item = {"address": "meter/7", "v": 1}
    for bearer in ("", "push_wrong"):
        answer = push(item, bearer=bearer)
        assert (answer.status_code, answer.json()["code"]) == (401, "connector-token")
    assert push(item, name="mqtt").status_code == 401
    assert push(item, name="none").status_code == 401
    assert admin.post(f"{API}/connectors/mqtt/token").status_code == 409
    again = admin.post(f"{API}/connectors/gw/token").json()["token"]
    assert push(item).status_code == 401
    assert push(item, bearer=again).status_code == 200
    kept = live.services.graph.db.rows("SELECT * FROM connector_token")
    assert len(kept) == 1
    assert again not in str(kept)


def test_a_devices_own_token_opens_its_own_points(live, gateway) -> None:
    admin, push = gateway
    save(admin, ENTRY)
    assert admin.post(f"{API}/devices", json={"id": "m-1", "gid": "a1/s1-r0"}).status_code == 201
    assert admin.post(f"{API}/devices", json={"id": "m-2"}).status_code == 201
    own, other = (admin.post(f"{API}/devices/{name}/credentials/http").json()["secret"] for name in ("m-1", "m-2"))
    live.client.portal.call(live.services.devices.tick)
    assert push({"address": "meter/7", "v": 41}, bearer=own).json()["accepted"] == 1
    assert value(live, "p1")[0] == 41
    for item in ({"address": "meter/7", "v": 1}, {"address": "new", "v": 1}):
        refused = push(item, bearer=other)
        assert (refused.status_code, refused.json()["code"]) == (422, "readings")
        assert "no point of the device" in refused.json()["detail"]
    assert value(live, "p1")[0] == 41
    assert admin.delete(f"{API}/devices/m-1/credentials/http").status_code == 204
    assert push({"address": "meter/7", "v": 1}, bearer=own).status_code == 401


def test_a_full_history_answers_503_and_when_to_come_again(live, gateway, monkeypatch) -> None:
    admin, push = gateway
    save(admin, ENTRY)

    def full(*_args: object) -> None:
        raise Unavailable("History has 200000 rows waiting for the disk", code="history-full")

    monkeypatch.setattr(live.services.runtime.park.store, "append", full)
    answer = push({"address": "meter/7", "v": 1})
    assert (answer.status_code, answer.json()["code"]) == (503, "history-full")
    assert int(answer.headers["Retry-After"]) >= 1


def test_an_entry_is_tried_before_it_is_saved(live, gateway) -> None:
    admin, push = gateway
    push({"address": "meter/7", "v": 212})

    def tried(**fields):
        answer = admin.post(f"{API}/connectors/mapping/preview", json={**ENTRY, **fields})
        assert answer.status_code == 200, answer.text
        return answer.json()

    good = tried(point="t1", unit="°F", offset=-162)
    assert (good["value"], good["unit"], good["problem"]) == (212, "°C", "")
    assert good["converted"] == pytest.approx(10)
    assert good["raw"] == '{"address":"meter/7","v":212}'
    assert good["paths"] == ["$.address", "$.v"]
    assert "212 lies outside -20 … 60 of point 't1'" in tried(point="t1")["problem"]
    assert "'kWh' cannot be converted to 'kW'" in tried(unit="kWh")["problem"]
    assert "Point 'x' is unknown" in tried(point="x")["problem"]
    assert "Connector 'x' is unknown: expected one of gw, mqtt" in tried(connector="x")["problem"]
    assert "Nothing has come from address 'other'" in tried(address="other")["problem"]
    assert "scale is 0" in tried(scale=0)["problem"]
    unbound = tried(point="")
    assert (unbound["raw"], unbound["value"], unbound["converted"]) == (good["raw"], 212, None)
    assert "No point is chosen" in unbound["problem"]
    assert not (live.services.graph.park.folder / "mappings.yaml").exists()


def test_entries_are_saved_replaced_removed_and_audited(live, gateway) -> None:
    admin, _ = gateway
    page = save(admin, ENTRY).json()
    assert [(row["address"], row["problem"]) for row in page["entries"]] == [("meter/7", "")]
    assert "°F" in page["units"]["temperature"]
    moved = save(admin, {**ENTRY, "address": "meter/8"}, replaces={"connector": "gw", "address": "meter/7"})
    assert [row["address"] for row in moved.json()["entries"]] == ["meter/8"]
    stale = save(admin, ENTRY, revision=page["revision"])
    assert (stale.status_code, stale.json()["code"]) == (409, "mapping-changed")
    query = {"connector": "gw", "address": "meter/8", "revision": moved.json()["revision"]}
    assert admin.delete(f"{API}/connectors/mapping", params=query).json()["entries"] == []
    assert admin.delete(f"{API}/connectors/mapping", params={"connector": "gw", "address": "x"}).status_code == 404
    rows = admin.get(f"{API}/audit", params={"action": "mapping"}).json()["items"]
    assert [row["action"] for row in rows] == ["mapping.remove", "mapping.save", "mapping.save"]
    assert save(admin, {**ENTRY, "point": "gone"}).status_code == 422
    assert save(admin, {**ENTRY, "connector": "gone"}).status_code == 404
    assert live.user("viewer").get(f"{API}/connectors/mapping").status_code == 403


def test_what_was_edited_by_hand_is_read_at_publishing(live, gateway) -> None:
    admin, push = gateway
    path = live.services.graph.park.folder / "mappings.yaml"
    path.write_text("- {connector: gw, address: a, point: p1}\n- {connector: gw, address: b, point: gone}\n")
    live.services.publisher.load_points(None)
    assert push({"address": "a", "v": 9}).json()["accepted"] == 1
    rows = admin.get(f"{API}/connectors/mapping").json()["entries"]
    assert [bool(row["problem"]) for row in rows] == [False, True]
