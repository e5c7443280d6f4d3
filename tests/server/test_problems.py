"""One shape of error over the whole interface: RFC 9457, a stable code, no trace."""

from __future__ import annotations

import inspect
import json
import logging

import pytest

from server import errors as server_errors
from server.problems import STATUS, problem_of, status_of
from tests.server.conftest import API, Served
from twin import errors

CASES = [
    ("GET", f"{API}/nowhere", None, 404, "not-found"),
    ("GET", "/nowhere", None, 404, "not-found"),
    ("PUT", f"{API}/session", None, 405, "method-not-allowed"),
    ("GET", f"{API}/layers/nothing", None, 404, "not-found"),
    ("GET", f"{API}/layers/Not%20A%20Layer", None, 422, "layer-name"),
    ("GET", f"{API}/objects/card?gid=a1/none", None, 404, "no-object"),
    ("GET", f"{API}/objects/card", None, 422, "invalid"),
    ("GET", f"{API}/objects?limit=0", None, 422, "invalid"),
    ("GET", f"{API}/objects/by-state/99999", None, 404, "no-object"),
    ("GET", f"{API}/objects/by-state/minus", None, 422, "invalid"),
    ("GET", f"{API}/points/history?point_id=t1", None, 503, "no-live"),
    ("GET", f"{API}/jobs/none", None, 404, "no-job"),
    ("GET", f"{API}/submissions/none", None, 404, "no-submission"),
    ("GET", f"{API}/submissions/none/report.doc", None, 422, "invalid"),
    ("GET", f"{API}/alarms?state=loud", None, 422, "invalid"),
    ("POST", f"{API}/alarms/x/acknowledge", {}, 503, "no-live"),
    ("POST", f"{API}/schemes/decision", {"scheme": "z", "reason": "because"}, 404, "no-scheme"),
    ("POST", f"{API}/users", {"name": "x"}, 422, "invalid"),
    ("POST", f"{API}/submissions", {}, 415, "content-type"),
    ("POST", f"{API}/layers/a1/publish", {"version": "../x"}, 422, "invalid"),
    ("POST", f"{API}/layers/a1/publish", {"version": "v9"}, 404, "no-version"),
    ("DELETE", f"{API}/layers/none", None, 404, "not-found"),
    ("GET", "/tiles/a1/v9/tileset.json", None, 404, "no-tile"),
    ("GET", "/assets/none.js", None, 404, "no-file"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_shape(same: Served, method: str, path: str, body: object, status: int, code: str) -> None:
    answer = same.user("administrator").request(method, path, json=body)
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert (answer.status_code, found["status"], found["code"]) == (status, status, code)
    assert found["type"] == f"urn:parktwin:problem:{code}"
    assert found["title"]
    assert len(found["detail"]) > 5
    assert answer.headers["x-request-id"]


def test_validation_names_the_fields(served: Served) -> None:
    found = served.sign_in().post(f"{API}/users", json={"name": 5, "roles": "viewer"}).json()
    assert {row["field"] for row in found["fields"]} == {"body.name", "body.roles"}
    assert "body.name" in found["detail"]


def test_the_unexpected_leaves_an_incident_and_no_trace(served: Served, monkeypatch, caplog) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(served.services.graph, "type_counts", burst)
    client = served.sign_in()
    with caplog.at_level(logging.ERROR):
        answer = client.get(f"{API}/types")
    assert answer.status_code == 500
    found = answer.json()
    assert found["code"] == "internal"
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"]
    record = next(record for record in caplog.records if getattr(record, "incident", "") == found["incident"])
    assert record.exc_info
    assert found["incident"] in record.getMessage()


def test_a_body_over_the_limit_is_refused(served: Served) -> None:
    body = json.dumps({"username": "admin", "password": "x" * 2_000_000})
    answer = served.client.post(f"{API}/session", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_every_error_class_has_a_status() -> None:
    classes = {
        cls
        for module in (errors, server_errors)
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, errors.ParkError)
    }
    assert classes == set(STATUS)
    assert status_of(errors.Invalid("x")) == 422

    class Special(errors.Conflict):
        code = "special"

    assert problem_of(Special("It clashes", since=5))["status"] == 409
    assert problem_of(Special("It clashes", since=5))["since"] == 5


def test_detail_cannot_overwrite_the_members() -> None:
    found = problem_of(errors.NotFound("Gone", status=200, title="fine"))
    assert (found["status"], found["title"]) == (404, "Not Found")
