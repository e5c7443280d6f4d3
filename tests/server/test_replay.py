"""A live connection goes into the past and comes back: no frame of now in between, none of then afterwards."""

from __future__ import annotations

import pytest

from server.live.park import park_runtime
from server.models.live import Indicator, PastAlarms, ReplayState, Snapshot
from tests.server.conftest import API, Served
from tests.server.test_live import LIVE, PROTOCOL, RULES, feed, sign_in, subscribe, until


@pytest.fixture
def live(start, park) -> Served:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    (park.folder / "alarms.yaml").write_text(RULES)
    served = start(runtime=park_runtime)
    for value in (20.0, 35.0):
        feed(served, t1=value)
        served.clock.advance(60)
    feed(served, t1=21.0)
    served.clock.advance(60)
    return served


def test_there_and_back(live: Served) -> None:
    now = live.clock.now_ms()
    with sign_in(live).websocket_connect(LIVE, subprotocols=PROTOCOL) as socket:
        assert subscribe(socket)["values"][1] == 21.0
        socket.send_json({"type": "replay", "from": now - 90_000, "speed": 0.1})
        state = until(socket, "replay", "snapshot", "delta")
        ReplayState.model_validate(state)
        assert (state["state"], state["at"], state["to"]) == ("playing", now - 90_000, now)
        alarms = until(socket, "past-alarms")
        PastAlarms.model_validate(alarms)
        assert [(row["state"], row["value"], row["gid"]) for row in alarms["items"]] == [("active", 35.0, "a1/s0-r0")]
        assert alarms["items"][0]["object_state"] is not None
        shown = until(socket, "snapshot")
        Snapshot.model_validate(shown)
        assert shown["past"] is True
        assert shown["values"][1] == 35.0
        socket.send_json({"type": "pause"})
        assert until(socket, "replay")["state"] == "paused"
        feed(live, t1=40.0)
        socket.send_json({"type": "seek", "at": now - 150_000})
        assert until(socket, "replay", "alarm")["at"] == now - 150_000
        assert until(socket, "snapshot")["values"][1] == 20.0
        socket.send_json({"type": "live"})
        state = until(socket, "replay")
        assert state["state"] == "live"
        back = until(socket, "snapshot", "delta")
        assert (back["type"], back["values"][1], back.get("past")) == ("snapshot", 40.0, None)
        feed(live, t1=22.0)
        assert until(socket, "delta")["values"] == [22.0]


def test_wrong_wishes_leave_all_as_it_was(live: Served) -> None:
    now = live.clock.now_ms()
    wrong = [
        ({"type": "pause"}, "replay-none"),
        ({"type": "live"}, "replay-none"),
        ({"type": "replay"}, "replay-span"),
        ({"type": "replay", "from": "yesterday"}, "replay-span"),
        ({"type": "replay", "from": now + 1000}, "replay-span"),
        ({"type": "replay", "from": now - 1000, "speed": "fast"}, "replay-speed"),
    ]
    with sign_in(live).websocket_connect(LIVE) as socket:
        subscribe(socket)
        for message, code in wrong:
            socket.send_json(message)
            assert until(socket, "error")["code"] == code
        feed(live, t1=22.0)
        while (told := until(socket, "delta", "snapshot"))["values"][-1] != 22.0:
            assert "past" not in told
    runtime = live.services.runtime
    assert not runtime.park._replays, "nothing is left open"


def test_a_closed_connection_ends_its_replay(live: Served) -> None:
    with sign_in(live).websocket_connect(LIVE) as socket:
        subscribe(socket)
        socket.send_json({"type": "replay", "from": live.clock.now_ms() - 60_000})
        until(socket, "replay")
        assert len(live.services.runtime.park._replays) == 1
    assert not live.services.runtime.park._replays


def test_indicators_of_a_past_instant(live: Served) -> None:
    now = live.clock.now_ms()
    client = sign_in(live)

    def told(**asked: int) -> dict:
        answer = client.get(f"{API}/indicators", params=asked)
        assert answer.status_code == 200, answer.text
        return {Indicator.model_validate(row).name: row for row in answer.json()}

    then = told(at=now - 90_000)
    assert (then["temperature"]["value"], then["temperature"]["at"]) == (35.0, now - 90_000)
    assert then["alarms"]["value"] == 1
    before = told(at=now - 150_000)
    assert (before["temperature"]["value"], before["alarms"]["value"]) == (20.0, 0)
    assert told()["temperature"]["value"] == 21.0
    late = client.get(f"{API}/indicators", params={"at": now + 1})
    assert (late.status_code, late.json()["code"]) == (422, "past-instant")
