from __future__ import annotations

from tests.server.conftest import API, Served


def test_changes_are_kept_with_who_what_when_where(served: Served) -> None:
    admin = served.sign_in()
    served.clock.advance(60)
    admin.post(f"{API}/users", json={"name": "wang", "roles": ["viewer"]})
    admin.patch(f"{API}/users/wang", json={"roles": ["operator"]})
    admin.post(f"{API}/layers/a1/publish", json={"version": "v2"})
    found = admin.get(f"{API}/audit").json()
    assert [row["action"] for row in found["items"]] == [
        "layer.publish",
        "user.change",
        "user.create",
        "session.create",
    ]
    assert found["total"] == 4
    row = found["items"][1]
    assert (row["user"], row["target"], row["address"]) == ("admin", "wang", "testclient")
    assert row["detail"] == {"roles": ["operator"], "password": False}
    assert row["at"] == "2023-11-14T22:14:20.000Z"


def test_search_filters_and_pages(served: Served) -> None:
    admin = served.sign_in()
    for number in range(5):
        admin.post(f"{API}/users", json={"name": f"user{number}", "roles": ["viewer"]})
    served.client.post(f"{API}/session", json={"username": "mallory", "password": "wrong-password"})

    def search(**query: object) -> dict:
        return admin.get(f"{API}/audit", params=query).json()

    assert search(q="USER3")["items"][0]["target"] == "user3"
    assert search(action="user.")["total"] == 5
    page = search(action="user.", limit=2, offset=2)
    assert [row["target"] for row in page["items"]] == ["user2", "user1"]
    assert page["total"] == 5
    refused = search(user="mallory")
    assert [row["action"] for row in refused["items"]] == ["session.refused"]
    assert search(**{"from": served.clock.now_ms() + 1})["total"] == 0
    assert search(to=served.clock.now_ms() + 1)["total"] == 7


def test_refused_changes_leave_no_row(served: Served) -> None:
    admin = served.sign_in()
    admin.patch(f"{API}/users/admin", json={"roles": ["viewer"]})
    admin.post(f"{API}/layers/a1/publish", json={"version": "nothing"})
    assert admin.get(f"{API}/audit").json()["total"] == 1


def test_passwords_never_stand_in_the_audit(served: Served) -> None:
    admin = served.sign_in()
    admin.post(f"{API}/users", json={"name": "wang", "roles": ["viewer"], "password": "secret-pass-word"})
    admin.patch(f"{API}/users/wang", json={"password": "another-secret-1"})
    assert "secret" not in admin.get(f"{API}/audit").text
