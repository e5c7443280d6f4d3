from __future__ import annotations

import pytest

from tests.server.conftest import API, PASSWORD, Served


def test_sign_in_sets_a_guarded_cookie_and_says_who(served: Served) -> None:
    answer = served.client.post(f"{API}/session", json={"username": "admin", "password": served.admin_password})
    assert answer.status_code == 200
    body = answer.json()
    assert body["user"] == "admin"
    assert body["roles"] == ["administrator"]
    assert "user.manage" in body["permissions"]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert served.client.get(f"{API}/session").json() == body


def test_cookie_is_secure_over_https_and_where_told(start) -> None:
    served = start()
    body = {"username": "admin", "password": served.admin_password}
    assert "secure" in served.client.post(f"https://park.test{API}/session", json=body).headers["set-cookie"].lower()


def test_cookie_is_secure_by_setting(start) -> None:
    served = start(settings={"secure_cookies": True})
    body = {"username": "admin", "password": served.admin_password}
    assert "secure" in served.client.post(f"{API}/session", json=body).headers["set-cookie"].lower()


def test_token_and_password_are_only_kept_hashed(served: Served) -> None:
    client = served.sign_in()
    token = client.cookies["parktwin_session"]
    rows = served.services.graph.db.rows
    kept = (
        str(rows("SELECT * FROM session")) + str(rows("SELECT * FROM user_account")) + str(rows("SELECT * FROM audit"))
    )
    assert token not in kept
    assert served.admin_password not in kept
    assert "$argon2id$" in kept


def test_wrong_password_and_unknown_user_look_the_same(served: Served) -> None:
    answers = [
        served.client.post(f"{API}/session", json={"username": name, "password": "wrong-password"})
        for name in ("admin", "nobody")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert served.client.get(f"{API}/session").status_code == 401


def test_form_post_from_another_page_cannot_sign_in(served: Served) -> None:
    """A cross-site form can only send form types or text: a body without the JSON type is refused."""
    text = f'{{"username": "admin", "password": "{served.admin_password}"}}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = served.client.post(f"{API}/session", content=text, headers={"Content-Type": kind})
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers


def test_sign_out_ends_the_session_at_once(served: Served) -> None:
    client = served.sign_in()
    token = client.cookies["parktwin_session"]
    assert client.delete(f"{API}/session").status_code == 204
    client.cookies.set("parktwin_session", token)
    assert client.get(f"{API}/session").status_code == 401


def test_signing_in_again_ends_the_old_session(served: Served) -> None:
    client = served.sign_in()
    old = client.cookies["parktwin_session"]
    client.post(f"{API}/session", json={"username": "admin", "password": served.admin_password})
    assert client.cookies["parktwin_session"] != old
    assert served.services.accounts.authenticate(old) is None


def test_idle_session_ends(served: Served) -> None:
    client = served.sign_in()
    for _ in range(3):
        served.clock.advance(7 * 3600)
        assert client.get(f"{API}/session").status_code == 200
    served.clock.advance(8 * 3600 + 1)
    assert client.get(f"{API}/session").status_code == 401


def test_session_ends_after_its_longest_time_even_when_used(served: Served) -> None:
    client = served.sign_in()
    for _ in range(24):
        served.clock.advance(7 * 3600)
        assert client.get(f"{API}/session").status_code == 200
    served.clock.advance(3600)
    assert client.get(f"{API}/session").status_code == 401


def test_session_survives_a_restart(start) -> None:
    served = start()
    token = served.sign_in().cookies["parktwin_session"]
    served.clock.advance(3600)
    served.services.accounts.authenticate(token)
    served.close()
    again = start(clock=served.clock)
    assert again.admin_password == ""
    found = again.services.accounts.authenticate(token)
    assert found is not None
    assert found[1].seen_ms == served.clock.now_ms()


def test_lockout_grows_and_ends(served: Served) -> None:
    def attempt(password: str, user: str = "admin") -> int:
        return served.client.post(f"{API}/session", json={"username": user, "password": password}).status_code

    for _ in range(5):
        assert attempt("wrong-password") == 401
    answer = served.client.post(f"{API}/session", json={"username": "admin", "password": served.admin_password})
    assert answer.status_code == 429
    assert answer.json()["code"] == "too-many-attempts"
    assert int(answer.headers["retry-after"]) == 30
    served.clock.advance(31)
    assert attempt("wrong-password") == 401
    served.clock.advance(31)
    assert attempt(served.admin_password) == 429, "the second pause is longer"
    served.clock.advance(30)
    assert attempt(served.admin_password) == 200
    assert attempt("wrong-password") == 401, "the count began anew"


def test_lockout_of_one_user_leaves_others_alone(served: Served) -> None:
    served.user("viewer")
    for _ in range(6):
        served.client.post(f"{API}/session", json={"username": "admin", "password": "wrong-password"})
    assert served.sign_in("viewer", PASSWORD).get(f"{API}/session").status_code == 200


def test_guessing_many_users_from_one_address_is_slowed(served: Served) -> None:
    codes = [
        served.client.post(f"{API}/session", json={"username": f"user{n}", "password": "wrong-password"}).status_code
        for n in range(31)
    ]
    assert codes == [401] * 30 + [429]


def test_password_change_ends_other_sessions_and_keeps_this_one(served: Served) -> None:
    here, there = served.user("operator"), served.user("operator")
    body = {"old": PASSWORD, "new": "basalt-heron-93"}
    assert here.post(f"{API}/session/password", json=body).status_code == 204
    assert here.get(f"{API}/session").status_code == 200
    assert there.get(f"{API}/session").status_code == 401
    assert served.sign_in("operator", "basalt-heron-93")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("not-the-old-one", "basalt-heron-93", "wrong-password"),
        (PASSWORD, "short", "password-length"),
        (PASSWORD, "operator12", "password-name"),
        (PASSWORD, "abababababab", "password-simple"),
    ],
)
def test_bad_password_changes_are_refused(served: Served, old: str, new: str, code: str) -> None:
    client = served.user("operator")
    answer = client.post(f"{API}/session/password", json={"old": old, "new": new})
    assert answer.json()["code"] == code
    assert served.sign_in("operator", PASSWORD)
