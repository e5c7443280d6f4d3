"""Every route says who may call it, and the server holds everyone to it."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from server.access import SAFE_METHODS, ConnectorAccess, Control, Public, Requires, trail_of
from server.accounts import Permission, Role
from server.accounts.roles import ROLES
from server.app import describe_only
from tests.server.conftest import API, Served

PUBLIC_CHANGES = {("POST", f"{API}/session")}


def routes() -> list[tuple[str, str, BaseRoute]]:
    found = []
    for context in iter_route_contexts(describe_only().routes):
        route = getattr(context, "starlette_route", None) or context
        methods = ["WEBSOCKET"] if not getattr(route, "methods", None) else sorted(route.methods)
        found += [(method, route.path, route) for method in methods]
    return found


ROUTES = routes()


def calls(route: BaseRoute) -> list[object]:
    def walk(dependant: object) -> list[object]:
        return [call for item in dependant.dependencies for call in (item.call, *walk(item))]

    return walk(route.dependant)


def declared(route: BaseRoute) -> list[object]:
    return [call for call in calls(route) if isinstance(call, Requires | Public | Control | ConnectorAccess)]


def test_the_walk_sees_the_system() -> None:
    seen = {(method, path) for method, path, _ in ROUTES}
    for expected in (
        ("WEBSOCKET", f"{API}/live"),
        ("POST", f"{API}/session"),
        ("POST", f"{API}/submissions"),
        ("GET", "/tiles/scene.json"),
        ("GET", "/"),
        ("GET", "/metrics"),
        ("POST", f"{API}/control/sql"),
    ):
        assert expected in seen
    assert len(seen) > 50


@pytest.mark.parametrize(("method", "path", "route"), ROUTES, ids=[f"{m} {p}" for m, p, _ in ROUTES])
def test_route_declares_exactly_one_permission(method: str, path: str, route: BaseRoute) -> None:
    assert hasattr(route, "dependant"), f"{path} is no route of FastAPI, so nothing guards it"
    found = declared(route)
    assert len(found) == 1, (
        f"{method} {path} declares {found or 'nothing'}: give it requires(…), public(…) or control()"
    )
    if method not in SAFE_METHODS | {"WEBSOCKET"}:
        assert not isinstance(found[0], Public) or (method, path) in PUBLIC_CHANGES
        # Readings are data and no change: they stand in the history, with their connector.
        if (method, path) not in PUBLIC_CHANGES and not isinstance(found[0], ConnectorAccess):
            assert trail_of in calls(route), f"{method} {path} changes something and leaves no audit row"


def test_public_routes_are_few_and_say_why() -> None:
    public = {path for _, path, route in ROUTES if isinstance(declared(route)[0], Public)}
    assert {path for path in public if path.startswith(API)} == {f"{API}/session", f"{API}/openapi.json"}
    assert not any(path.startswith("/tiles") for path in public)
    assert all(len(declared(route)[0].why) > 20 for _, _, route in ROUTES if isinstance(declared(route)[0], Public))


def test_every_permission_guards_a_route_and_has_a_role() -> None:
    used = {declared(route)[0].permission for _, _, route in ROUTES if isinstance(declared(route)[0], Requires)}
    assert used == set(Permission)
    assert set().union(*ROLES.values()) == set(Permission)


def guarded() -> list[tuple[str, str, Permission]]:
    return [
        (method, re.sub(r"\{[^}]*\}", "x", path), declared(route)[0].permission)
        for method, path, route in ROUTES
        if isinstance(declared(route)[0], Requires) and method != "WEBSOCKET"
    ]


@pytest.mark.parametrize("role", list(Role))
def test_role_matrix(same: Served, role: Role) -> None:
    """Each guarded route refuses with 403 exactly the roles that lack its permission."""
    client = same.user(role.value)
    for method, path, permission in guarded():
        if (method, path) == ("DELETE", f"{API}/session"):
            continue  # it would end the session of this test
        answer = client.request(method, path)
        refused = answer.status_code == 403 and "permission" in answer.text
        if method == "HEAD":
            refused = answer.status_code == 403
        assert refused == (permission not in ROLES[role]), (
            f"{role} {method} {path}: {answer.status_code} {answer.text[:200]}"
        )


def test_without_session_everything_guarded_is_refused(same: Served) -> None:
    for method, path, _ in guarded():
        assert same.client.request(method, path).status_code == 401, f"{method} {path}"


def test_changes_need_the_csrf_value(served: Served) -> None:
    client = served.user("administrator")
    for wrong in ("", "wrong", served.user("viewer").headers["X-CSRF-Token"]):
        client.headers["X-CSRF-Token"] = wrong
        for method, path, _ in guarded():
            if method not in SAFE_METHODS:
                answer = client.request(method, path)
                assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), f"{method} {path}"


def test_control_routes_need_the_token(start) -> None:
    served = start(control_token="right")
    admin = served.sign_in()
    for method, path, route in ROUTES:
        if isinstance(declared(route)[0], Control):
            assert admin.request(method, path).status_code == 403
            assert served.client.request(method, path, headers={"X-Control-Token": "wrong"}).status_code == 403


def test_without_a_token_control_routes_are_closed(served: Served) -> None:
    assert served.client.get(f"{API}/control/layers", headers={"X-Control-Token": ""}).status_code == 403
