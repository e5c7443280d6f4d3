"""Alarm routes over a real runtime: what people may do, what is told, what is kept in the audit."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from server.live.park import park_runtime
from server.models.alarms import AlarmFigures, AlarmGroup, AlarmRules, AlarmsDone, HoldShape
from server.models.live import AlarmEvent, AlarmPage
from tests.server.conftest import API, Served
from tests.server.test_live import LIVE, feed, sign_in, until

RULES = """
- id: hot
  kind: temperature
  op: ">"
  limit: 30
  severity: major
  latching: true
  cause: cooling
  message_zh: 温度过高
  message_en: Too hot
- {id: load, kind: power, op: ">", limit: 50, severity: minor, message_zh: 负荷高, message_en: High load}
"""


@pytest.fixture
def live(start, park) -> Served:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    (park.folder / "alarms.yaml").write_text(RULES, encoding="utf-8")
    return start(runtime=park_runtime)


def opened(client: TestClient, state: str = "open") -> dict[str, dict]:
    page = client.get(f"{API}/alarms", params={"state": state})
    AlarmPage.model_validate_json(page.content)
    return {row["point_id"]: row for row in page.json()["items"]}


def send(client: TestClient, path: str, **body: object) -> dict:
    answer = client.post(f"{API}/alarms/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_shelve_acknowledge_and_reset_over_http(live: Served) -> None:
    client = sign_in(live)
    with client.websocket_connect(LIVE) as socket:
        feed(live, t1=35.0, p1=80.0)
        ids = {name: row["id"] for name, row in opened(client).items()}
        assert set(ids) == {"t1", "p1"}
        done = send(client, "shelve", ids=[ids["p1"], "x"], seconds=60, reason="检修")
        AlarmsDone.model_validate(done)
        assert [row["code"] for row in done["refused"]] == ["no-alarm"]
        assert done["items"][0]["held_by"] == "operator"
        while (told := until(socket, "alarm"))["event"] != "shelved":
            pass
        AlarmEvent.model_validate(told)
        assert (told["alarm"]["state"], told["alarm"]["process"]) == ("shelved", "active")
        assert set(opened(client)) == {"t1"}
        assert set(opened(client, "held")) == {"p1"}
        (hold,) = client.get(f"{API}/alarms/holds").json()
        HoldShape.model_validate(hold)
        assert (hold["reason"], hold["until"]) == ("检修", live.clock.now_ms() + 60_000)
        send(client, "unshelve", ids=[ids["p1"]])
        assert set(opened(client)) == {"t1", "p1"}
        send(client, "acknowledge", ids=[ids["t1"], ids["p1"]], comment="知道了")
        feed(live, t1=20.0)
        assert opened(client)["t1"]["state"] == "latched-acknowledged"
        send(client, "reset", ids=[ids["t1"]])
        assert set(opened(client)) == {"p1"}
    audit = live.services.audit.search(action="alarm.")["items"]
    assert sorted(row["action"] for row in audit) == [
        "alarm.acknowledge",
        "alarm.acknowledge",
        "alarm.reset",
        "alarm.shelve",
        "alarm.unshelve",
    ]


def test_out_of_service_is_for_administrators(live: Served) -> None:
    operator = sign_in(live)
    feed(live, t1=35.0)
    body = {"gid": "a1/s0-r0", "reason": "改造"}
    assert operator.post(f"{API}/alarms/out-of-service", json=body).status_code == 403
    admin = sign_in(live, "administrator")
    hold = send(admin, "out-of-service", **body)
    assert opened(admin, "held")["t1"]["state"] == "out-of-service"
    assert admin.post(f"{API}/alarms/out-of-service", json=body).status_code == 409
    assert admin.post(f"{API}/alarms/out-of-service", json={"reason": "x"}).json()["code"] == "alarm-hold"
    assert admin.post(f"{API}/alarms/out-of-service", json={**body, "gid": "a1/none"}).status_code == 404
    operator = sign_in(live)
    assert operator.post(f"{API}/alarms/holds/{hold['id']}/end").status_code == 403
    admin = sign_in(live, "administrator")
    send(admin, f"holds/{hold['id']}/end")
    assert set(opened(admin)) == {"t1"}
    assert admin.post(f"{API}/alarms/holds/{hold['id']}/end").status_code == 404
    actions = [(row["action"], row["target"]) for row in live.services.audit.search(action="alarm.")["items"]]
    assert actions == [("alarm.return", "a1/s0-r0"), ("alarm.out-of-service", "a1/s0-r0")]


def test_groups_and_statistics(live: Served) -> None:
    client = sign_in(live)
    feed(live, t1=35.0, p1=80.0)
    groups = client.get(f"{API}/alarms/groups", params={"by": "cause"}).json()
    for group in groups:
        AlarmGroup.model_validate(group)
    assert [(group["key"], group["count"]) for group in groups] == [("cooling", 1), ("load", 1)]
    rooms = client.get(f"{API}/alarms/groups", params={"by": "object"}).json()
    assert all(group["first"]["gid"] == group["key"] for group in rooms)
    assert client.get(f"{API}/alarms/groups", params={"by": "colour"}).status_code == 422
    live.clock.advance(30)
    send(client, "acknowledge", ids=[opened(client)["t1"]["id"]])
    answer = client.get(f"{API}/alarms/statistics")
    found = AlarmFigures.model_validate_json(answer.content)
    assert (found.raised, found.acknowledged, found.mtta_s, found.standing) == (2, 1, 30.0, 2)
    assert client.get(f"{API}/alarms/statistics", params={"from": 5, "to": 4}).json()["code"] == "alarm-span"


def test_a_wrong_rule_file_keeps_the_rules_before_and_says_so(live: Served, park) -> None:
    admin = sign_in(live, "administrator")
    feed(live, t1=35.0)
    file = park.folder / "alarms.yaml"
    file.write_text(RULES.replace("limit: 30", "limit: warm"), encoding="utf-8")
    refused = admin.post(f"{API}/alarms/rules/reload")
    assert refused.status_code == 422
    assert "line 5: rule 'hot': limit is 'warm'" in refused.json()["detail"]
    found = admin.get(f"{API}/alarms/rules").json()
    AlarmRules.model_validate(found)
    assert "alarms.yaml" in found["error"]
    assert [rule["id"] for rule in found["items"]] == ["hot", "load"]
    assert "limit is 'warm'" in admin.get(f"{API}/park").json()["rules_error"]
    assert set(opened(admin)) == {"t1"}
    file.write_text(RULES.replace("limit: 30", "limit: 40"), encoding="utf-8")
    assert admin.post(f"{API}/alarms/rules/reload").json()["error"] == ""
    feed(live, t1=35.0)
    assert opened(admin)["t1"]["state"] == "latched"


def test_viewers_look_and_do_nothing(live: Served) -> None:
    viewer = sign_in(live, "viewer")
    feed(live, t1=35.0)
    ident = opened(viewer)["t1"]["id"]
    for path, body in (
        ("acknowledge", {"ids": [ident]}),
        ("shelve", {"ids": [ident], "seconds": 5, "reason": "x"}),
        ("unshelve", {"ids": [ident]}),
        ("reset", {"ids": [ident]}),
        ("rules/reload", {}),
    ):
        assert viewer.post(f"{API}/alarms/{path}", json=body).status_code == 403, path


def test_a_park_without_live_state_has_no_alarms(start) -> None:
    served = start()
    admin = served.sign_in()
    assert admin.get(f"{API}/alarms/groups").json() == []
    assert admin.get(f"{API}/alarms/holds").json() == []
    assert admin.get(f"{API}/alarms/statistics").json()["code"] == "no-live"
    assert admin.post(f"{API}/alarms/unshelve", json={"ids": ["x"]}).json()["code"] == "no-live"
