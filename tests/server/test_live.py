"""The live connection over a real hub: snapshots, deltas, alarms, scene events, and who may have one."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from server.live.client import MESSAGES, LiveClient
from server.live.events import LOST, WAITING, Events, Follower
from server.live.park import LivePark, park_runtime
from server.live.places import Places
from server.models.live import AlarmEvent, AlarmPage, Delta, Indicator, ParkShape, Snapshot
from tests.server.conftest import API, PASSWORD, Served
from twin.clock import ManualClock
from twin.connectors.connector import Readings
from twin.errors import Unavailable
from twin.state.binary_frame import BinaryFrame

LIVE = f"ws://park.test{API}/live"
PROTOCOL = ["parktwin.json"]
RULES = """
- id: hot
  kind: temperature
  op: ">"
  limit: 30
  severity: major
  message_zh: 温度过高
  message_en: Too hot
"""


@pytest.fixture
def live(start, park) -> Served:
    """A park with its runtime; its broker is a closed port, so that nothing outside this process takes part."""
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    (park.folder / "alarms.yaml").write_text(RULES)
    return start(runtime=park_runtime)


def sign_in(served: Served, role: str = "operator") -> TestClient:
    """The application's own client signs in: live state runs on its event loop."""
    if role not in {user.name for user in served.services.accounts.users()}:
        served.services.accounts.create(role, PASSWORD, [role])
    answer = served.client.post(f"{API}/session", json={"username": role, "password": PASSWORD})
    served.client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return served.client


def feed(served: Served, **values: float) -> None:
    """Readings arrive; returns when they are committed, and the tick is closed."""

    async def take() -> None:
        runtime = served.services.runtime
        assert isinstance(runtime, LivePark)
        indices = np.array([runtime.hub.index[name] for name in values])
        count = len(indices)
        readings = Readings(
            indices,
            np.array([*values.values()]),
            np.zeros(count, np.int64),
            np.zeros(count, np.int64),
            np.zeros(count, bool),
        )
        await runtime.park.ingest(readings)
        runtime.park.tick()

    served.client.portal.call(take)


def subscribe(socket: Any, ident: int = 1, **scope: list[str]) -> dict:
    socket.send_json({"type": "subscribe", "id": ident, "scope": scope, "max_rate_hz": 5})
    return until(socket, "snapshot", "error")


def until(socket: Any, *kinds: str) -> dict:
    """The next message of these types."""
    while (message := socket.receive_json())["type"] not in kinds:
        pass
    return message


def test_snapshot_then_deltas(live: Served) -> None:
    client = sign_in(live)
    feed(live, t1=21.5)
    with client.websocket_connect(LIVE, subprotocols=PROTOCOL) as socket:
        assert socket.accepted_subprotocol == "parktwin.json"
        hello = socket.receive_json()
        assert hello == {"type": "hello", "revision": 1, "time": live.clock.now_ms(), "tick_ms": 200}
        snapshot = subscribe(socket)
        Snapshot.model_validate(snapshot)
        columns = client.get(f"{API}/points").json()
        by_id = {columns["point_id"][p]: v for p, v in zip(snapshot["points"], snapshot["values"], strict=True)}
        assert by_id == {"t1": 21.5, "p1": None}
        assert dict(zip(snapshot["points"], snapshot["quality"], strict=True)) == {0: 3, 1: 0}
        live.clock.advance(1)
        feed(live, t1=22.0)
        delta = until(socket, "delta")
        Delta.model_validate(delta)
        assert (delta["points"], delta["values"]) == ([1], [22.0])
        assert delta["seq"] > snapshot["seq"]
        assert delta["changed_at"] == [live.clock.now_ms()]


def test_scope_and_unsubscribe(live: Served) -> None:
    with sign_in(live).websocket_connect(LIVE, subprotocols=PROTOCOL) as socket:
        assert len(subscribe(socket, 1, kinds=["power"])["points"]) == 1
        assert len(subscribe(socket, 2, storeys=["a1/s0"])["points"]) == 1
        socket.send_json({"type": "unsubscribe", "id": 2})
        feed(live, t1=20.0, p1=99.0)
        assert until(socket, "delta")["id"] == 1
        socket.send_json({"type": "ping", "id": "x"})
        assert until(socket, "pong", "delta") == {"type": "pong", "id": "x", "time": live.clock.now_ms()}


def test_binary_frames_beside_texts_and_a_box(live: Served) -> None:
    feed(live, t1=21.5)
    with sign_in(live).websocket_connect(LIVE, subprotocols=["parktwin.binary", "parktwin.json"]) as socket:
        assert socket.accepted_subprotocol == "parktwin.binary"
        assert socket.receive_json()["type"] == "hello"
        box = live.client.get(f"{API}/objects/card", params={"gid": "a1/s0-r0"}).json()["box"]
        inside = [low + 0.1 for low in box[:3]] * 2
        socket.send_json({"type": "subscribe", "id": 3, "scope": {"box": inside}})
        frame = BinaryFrame(socket.receive_bytes())
        assert (frame.kind, frame.ident, frame.points.tolist(), frame.values.tolist()) == ("snapshot", 3, [1], [21.5])
        feed(live, t1=22.5, p1=7.0)
        frame = BinaryFrame(socket.receive_bytes())
        assert (frame.kind, frame.values.tolist(), frame.past) == ("delta", [22.5], False)
        socket.send_json({"type": "subscribe", "id": "three"})
        assert socket.receive_json()["code"] == "live-id"


WRONG = {
    "{": "live-message",
    "[]": "live-message",
    '{"type": "sing"}': "live-message",
    '{"type": "subscribe"}': "live-id",
    '{"type": "subscribe", "id": true}': "live-id",
    '{"type": "subscribe", "id": 1, "scope": {"colour": []}}': "live-scope",
    '{"type": "subscribe", "id": 1, "scope": []}': None,  # an empty scope, written oddly
    '{"type": "subscribe", "id": 1, "max_rate_hz": 0}': "live-rate",
    '{"type": "subscribe", "id": 1, "max_rate_hz": "fast"}': "live-rate",
    '{"type": "unsubscribe", "id": 7}': "live-subscription",
}


def test_wrong_messages_are_told_and_the_connection_stays(live: Served) -> None:
    with sign_in(live).websocket_connect(LIVE) as socket:
        socket.receive_json()
        for message, code in WRONG.items():
            socket.send_text(message)
            answer = until(socket, "error", "snapshot")
            assert answer.get("code") == code, message
        assert subscribe(socket)["type"] == "snapshot"


def test_alarm_from_reading_to_acknowledgement(live: Served) -> None:
    client = sign_in(live)
    with client.websocket_connect(LIVE) as socket:
        feed(live, t1=35.0)
        raised = until(socket, "alarm")
        AlarmEvent.model_validate(raised)
        alarm = raised["alarm"]
        assert (raised["event"], alarm["state"], alarm["severity"], alarm["value"]) == (
            "raised",
            "active",
            "major",
            35.0,
        )
        assert alarm["gid"] == "a1/s0-r0"
        item = client.get(f"{API}/objects/by-state/{alarm['object_state']}").json()
        assert (item["gid"], item["box"]) == ("a1/s0-r0", alarm["box"])
        page = client.get(f"{API}/alarms?state=open")
        AlarmPage.model_validate_json(page.content)
        assert page.json()["items"] == [alarm]
        done = client.post(f"{API}/alarms/{alarm['id']}/acknowledge", json={"comment": "派人查看"})
        assert done.status_code == 200
        assert done.json()["acknowledged_by"] == "operator"
        told = until(socket, "alarm")
        assert (told["event"], told["alarm"]["state"]) == ("acknowledged", "acknowledged")
        again = client.post(f"{API}/alarms/{alarm['id']}/acknowledge", json={})
        assert again.status_code == 409
        feed(live, t1=20.0)
        assert until(socket, "alarm")["event"] == "cleared"
    assert client.get(f"{API}/alarms").json()["total"] == 0
    audit = live.services.audit.search(action="alarm.")["items"]
    assert [(row["user"], row["detail"]["comment"]) for row in audit] == [("operator", "派人查看")]


def test_history_indicators_card_and_status(live: Served) -> None:
    client = sign_in(live)
    start_ms = live.clock.now_ms()
    for value in (20.0, 24.0, 22.0):
        live.clock.advance(10)
        feed(live, t1=value)
    body = client.get(
        f"{API}/points/history", params={"point_id": "t1", "from": start_ms, "to": start_ms + 60_000, "buckets": 1}
    )
    assert body.status_code == 200
    found = body.json()
    assert (found["min"], found["mean"], found["max"]) == ([20.0], [22.0], [24.0])
    assert client.get(f"{API}/points/history", params={"point_id": "zz"}).status_code == 404
    assert client.get(f"{API}/points/history", params={"point_id": "t1", "from": 5, "to": 4}).status_code == 422
    card = client.get(f"{API}/objects/card", params={"gid": "a1/s0-r0"}).json()
    assert [(row["point_id"], row["value"], row["quality"]) for row in card["points"]] == [("t1", 22.0, 0)]
    for row in client.get(f"{API}/indicators").json():
        Indicator.model_validate(row)
    park = client.get(f"{API}/park")
    ParkShape.model_validate_json(park.content)
    assert park.json()["points"] == {"count": 2, "good": 1, "stale": 0, "bad": 0, "never": 1}
    assert park.json()["updates"] == {"updates": 3, "late": 0, "bad": 0, "skewed": 0}
    assert park.json()["connections"][0]["kind"] == "mqtt"
    assert "parktwin_points 2" in client.get("/metrics").text
    assert client.get("/readyz").status_code == 200


def test_publishing_tells_everyone_and_binds_anew(live: Served) -> None:
    client = sign_in(live, "administrator")
    feed(live, t1=21.0)
    with client.websocket_connect(LIVE) as socket:
        socket.receive_json()
        subscribe(socket)
        (live.services.graph.park.folder / "points.csv").write_text(
            "point_id,gid,kind\na0,a1/s0-r1,co2\nt1,a1/s0-r0,temperature\n", encoding="utf-8"
        )
        threading.Thread(target=live.services.publisher.load_points).start()
        assert until(socket, "scene") == {"type": "scene", "revision": 1}
        snapshot = until(socket, "snapshot")
        assert len(snapshot["points"]) == 2
        columns = client.get(f"{API}/points").json()
        values = {columns["point_id"][p]: v for p, v in zip(snapshot["points"], snapshot["values"], strict=True)}
        assert values == {"a0": None, "t1": 21.0}, "what was heard is carried over to the new index"
        assert client.post(f"{API}/layers/a1/publish", json={"version": "v2"}).status_code == 200
        assert until(socket, "scene")["revision"] == 2


def test_live_state_that_cannot_follow_is_not_ready(live: Served, tmp_path: Path) -> None:
    original = (live.services.graph.park.folder / "points.csv").read_text()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("point_id,gid,kind,min,max\nt1,a1/s0-r0,temperature,5,4\n")
    live.services.publisher.load_points(wrong)
    answer = live.client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert "min 5.0 is above max 4.0" in answer.json()["detail"]
    right = tmp_path / "right.csv"
    right.write_text(original)
    live.services.publisher.load_points(right)
    assert live.client.get("/readyz").status_code == 200


def test_wrong_alarm_rules_do_not_hold_up_publishing(live: Served) -> None:
    (live.services.graph.park.folder / "alarms.yaml").write_text("- id: [")
    live.services.publisher.publish("a1", "v2")
    assert live.client.get("/readyz").status_code == 200
    client = sign_in(live)
    assert "alarms.yaml, line 1" in client.get(f"{API}/park").json()["rules_error"]
    feed(live, t1=35.0)
    assert client.get(f"{API}/alarms").json()["total"] == 1  # the rules before go on


def refused(served: Served, **headers: str) -> int:
    with pytest.raises(WebSocketDenialResponse) as denial, served.client.websocket_connect(LIVE, headers=headers):
        pass
    return denial.value.status_code


def test_only_signed_in_users_of_this_page(live: Served) -> None:
    assert refused(live) == 401
    sign_in(live)
    assert refused(live, origin="https://evil.example") == 403
    with live.client.websocket_connect(LIVE, headers={"origin": "http://park.test"}) as socket:
        assert socket.receive_json()["type"] == "hello"


def test_unknown_subprotocol_is_refused(live: Served) -> None:
    sign_in(live)
    with pytest.raises(WebSocketDenialResponse) as denial, live.client.websocket_connect(LIVE, subprotocols=["mqtt"]):
        pass
    assert denial.value.status_code == 422


def test_places_are_limited(start, park) -> None:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    served = start(runtime=park_runtime, settings={"live_clients_per_user": 1})
    client = sign_in(served)
    with client.websocket_connect(LIVE):
        assert refused(served) == 503
    with client.websocket_connect(LIVE):
        pass
    assert served.services.live.taken == 0


def test_without_live_state_scene_events_still_come(served: Served) -> None:
    with sign_in(served).websocket_connect(LIVE) as socket:
        assert socket.receive_json()["tick_ms"] == 0
        assert subscribe(socket)["code"] == "no-live"
        threading.Thread(target=served.services.publisher.publish, args=("a1", "v2")).start()
        assert until(socket, "scene")["revision"] == 2


class FakeSocket:
    """A socket in memory: `given` is what the client sends."""

    def __init__(self, *given: str) -> None:
        self.given: asyncio.Queue[str] = asyncio.Queue()
        for text in given:
            self.given.put_nowait(text)
        self.sent: list[dict] = []
        self.closed: tuple[int, str] | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def receive_text(self) -> str:
        return await self.given.get()

    async def send_text(self, text: str) -> None:
        await self.gate.wait()
        if self.closed:
            raise WebSocketDisconnect
        self.sent.append(json.loads(text))

    async def close(self, code: int, reason: str) -> None:
        self.closed = code, reason


async def test_ended_session_closes_the_connection() -> None:
    socket = FakeSocket()
    answers = iter([True, False])
    client = LiveClient(socket, None, Events(), ManualClock(), still_allowed=lambda: next(answers), check_s=0.001)
    await asyncio.wait_for(client.serve(1), 10)
    assert socket.closed[0] == 4401


async def test_flood_of_messages_ends_the_connection() -> None:
    socket = FakeSocket(*['{"type": "ping"}'] * (MESSAGES + 1))
    client = LiveClient(socket, None, Events(), ManualClock(), still_allowed=lambda: True, check_s=60)
    await asyncio.wait_for(client.serve(1), 10)
    assert socket.closed[0] == 1008
    assert len(socket.sent) == MESSAGES + 1  # hello and one answer to each allowed message


async def test_events_of_a_slow_client_are_bounded_and_the_loss_is_told() -> None:
    follower = Follower()
    for number in range(WAITING + 10):
        follower.push(str(number).encode())
    assert await follower.next() == LOST
    assert await follower.next() == b"10"


def test_places_count_by_user() -> None:
    places = Places(2, 1)
    with places.take("wang"):
        with pytest.raises(Unavailable), places.take("wang"):
            pass
        with places.take("li"), pytest.raises(Unavailable), places.take("chen"):
            pass
    assert places.taken == 0
