from __future__ import annotations

import pytest

from tests.server.conftest import API, PASSWORD, Served


def test_create_change_disable(served: Served) -> None:
    admin = served.sign_in()
    made = admin.post(f"{API}/users", json={"name": "wang", "display_name": "王工", "roles": ["viewer"]})
    assert made.status_code == 201
    password = made.json()["password"]
    wang = served.sign_in("wang", password)
    assert wang.get(f"{API}/layers").status_code == 200
    assert wang.get(f"{API}/users").status_code == 403
    changed = admin.patch(f"{API}/users/wang", json={"roles": ["reviewer", "operator"]})
    assert changed.json()["roles"] == ["operator", "reviewer"]
    assert wang.get(f"{API}/session").status_code == 401, "other roles end the sessions"
    wang = served.sign_in("wang", password)
    assert admin.patch(f"{API}/users/wang", json={"disabled": True}).json()["disabled"] is True
    assert wang.get(f"{API}/session").status_code == 401
    refused = served.client.post(f"{API}/session", json={"username": "wang", "password": password})
    assert refused.status_code == 401
    assert {user["name"] for user in admin.get(f"{API}/users").json()["items"]} == {"admin", "wang"}


def test_reset_password(served: Served) -> None:
    old = served.user("viewer")
    answer = served.sign_in().patch(f"{API}/users/viewer", json={"reset_password": True}).json()
    assert answer["password"]
    assert old.get(f"{API}/session").status_code == 401
    served.sign_in("viewer", answer["password"])


def test_last_administrator_stays(served: Served) -> None:
    admin = served.sign_in()
    for body in ({"roles": ["viewer"]}, {"disabled": True}):
        answer = admin.patch(f"{API}/users/admin", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "last-administrator")
    served.user("administrator", name="second")
    assert admin.patch(f"{API}/users/admin", json={"roles": ["viewer"]}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "Wang!", "roles": ["viewer"]}, 422, "user-name"),
        ({"name": "li", "roles": ["king"]}, 422, "role"),
        ({"name": "li", "roles": []}, 422, "role"),
        ({"name": "li", "roles": ["viewer"], "password": "short"}, 422, "password-length"),
        ({"name": "li", "roles": ["viewer"], "rolls": 1}, 422, "invalid"),
        ({"name": "admin", "roles": ["viewer"], "password": PASSWORD}, 409, "user-exists"),
    ],
)
def test_bad_users_are_refused(served: Served, body: dict, status: int, code: str) -> None:
    answer = served.sign_in().post(f"{API}/users", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(served.services.accounts.users()) == 1


def test_unknown_user_is_not_found(served: Served) -> None:
    assert served.sign_in().patch(f"{API}/users/nobody", json={"disabled": True}).json()["code"] == "no-user"


def test_initial_admin_is_made_once(served: Served) -> None:
    assert len(served.admin_password) >= 20
    assert served.services.accounts.create_initial_admin() is None


def test_users_survive_a_restart(start) -> None:
    first = start()
    first.user("operator", "planner", name="chen")
    first.close()
    again = start()
    assert [role.value for role in again.services.accounts.user("chen").roles] == ["operator", "planner"]
    again.sign_in("chen", PASSWORD)
