"""Commands over HTTP: who may, what is recorded, and that live clients hear of it."""

from __future__ import annotations

import pytest

from server.live.park import park_runtime
from server.models.commands import CommandPage, CommandShape
from server.models.live import CommandEvent
from tests.server.conftest import API, Served
from tests.server.test_live import LIVE, sign_in, until
from tests.twin.commands.test_commands import Valve, taken


@pytest.fixture
def live(start, park, monkeypatch) -> Served:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n[[connectors]]\nkind = "valve"\n')
    points = park.folder / "points.csv"
    points.write_text(points.read_text() + "z1,a1/s0-r0,,temperature,°C,16,30,setpoint,Room 100 set,valve:z1\n")

    def valve(name, *_):
        made = Valve(name)
        made.answer = taken
        return made

    monkeypatch.setattr("server.live.park.KINDS", {"valve": valve})
    served = start(runtime=park_runtime)
    served.services.publisher.load_points()
    return served


def ask(client, value=21.0, **more):
    return client.post(f"{API}/commands", json={"point_id": "z1", "value": value, **more})


def test_an_operator_commands_and_everyone_sees_what_became_of_it(live: Served) -> None:
    client = sign_in(live)
    with client.websocket_connect(LIVE) as socket:
        answer = ask(client, key="one", comment="冷")
        assert answer.status_code == 201
        made = answer.json()
        CommandShape.model_validate(made)
        states = []
        while not states or states[-1] != "confirmed":
            told = until(socket, "command")
            CommandEvent.model_validate(told)
            assert told["command"]["id"] == made["id"]
            states.append(told["command"]["state"])
        assert states == ["asked", "sent", "confirmed"]
    assert ask(client, key="one").json()["id"] == made["id"]
    assert ask(client, key="one", value=22.0).status_code == 409
    one = client.get(f"{API}/commands/{made['id']}").json()
    assert (one["state"], one["value"], one["user"], one["comment"]) == ("confirmed", 21.0, "operator", "冷")
    page = client.get(f"{API}/commands", params={"point_id": "z1"})
    CommandPage.model_validate_json(page.content)
    assert page.json()["total"] == 1
    assert client.post(f"{API}/commands/{made['id']}/cancel").status_code == 409
    audit = live.services.audit.search(action="command.")["items"]
    assert [(row["user"], row["target"], row["detail"]["value"]) for row in audit][-1] == ("operator", "z1", 21.0)


def test_what_does_not_fit_is_refused(live: Served) -> None:
    client = sign_in(live)
    assert ask(client, 99.0).status_code == 422
    assert client.post(f"{API}/commands", json={"point_id": "t1", "value": 1}).json()["code"] == "command-role"
    assert client.post(f"{API}/commands", json={"point_id": "nobody", "value": 1}).status_code == 404
    assert client.get(f"{API}/commands/none").status_code == 404


def test_a_viewer_may_look_but_not_command(live: Served) -> None:
    client = sign_in(live, "viewer")
    assert ask(client).status_code == 403
    assert client.get(f"{API}/commands").json()["total"] == 0


def test_without_live_state_nothing_is_commanded(served: Served) -> None:
    assert ask(sign_in(served)).json()["code"] == "no-live"
