"""Exports over HTTP: a job of the caller, a file, an audit row."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from server import exporting
from server.exporting import KEPT_MS
from tests.server.conftest import API, Served
from twin.errors import Unavailable


def begin(client: TestClient, **body: object) -> dict:
    answer = client.post(f"{API}/exports", json={"format": "csv", "selection": {}, **body})
    assert answer.status_code == 202, answer.text
    return answer.json()


def ended(served: Served, client: TestClient, export: dict) -> dict:
    served.services.jobs.wait(export["id"], 120)
    return client.get(f"{API}/exports/{export['id']}").json()


def test_from_a_wish_to_a_file(served: Served, park) -> None:
    client = served.user("viewer")
    made = begin(client, selection={"under": "a1/s0"}, name="首层/清单")
    assert made["file"] == "首层_清单.csv"
    done = ended(served, client, made)
    assert (done["state"], done["progress"], done["error"]) == ("done", 1.0, None)
    assert done["result"]["objects"] == 5
    answer = client.get(f"{API}/exports/{made['id']}/file")
    assert answer.status_code == 200
    assert "attachment; filename*=UTF-8''%E9%A6%96" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert len(answer.content.splitlines()) == 6
    assert client.get(f"{API}/exports").json()["total"] == 1
    rows = served.sign_in().get(f"{API}/audit?action=export.create").json()["items"]
    assert [(row["user"], row["target"], row["detail"]["selection"]) for row in rows] == [
        ("viewer", made["id"], "under=a1/s0")
    ]
    assert client.delete(f"{API}/exports/{made['id']}").status_code == 200
    gone = client.get(f"{API}/exports/{made['id']}/file")
    assert (gone.status_code, gone.json()["code"]) == (404, "export-gone")
    assert not (park.folder / "exports" / made["id"]).exists()


def test_what_a_viewer_shows(served: Served) -> None:
    client = served.user("viewer")
    scene = client.get("/tiles/scene.json").json()
    ranges = client.get(f"{API}/states?type=Wall").json()["ranges"]
    made = begin(client, selection={"states": ranges, "revision": scene["revision"]})
    assert ended(served, client, made)["result"]["objects"] == 4
    text = client.get(f"{API}/exports/{made['id']}/file").content.decode("utf-8-sig")
    assert {line.split(",")[4].strip('"') for line in text.splitlines()[1:]} == {"Wall"}
    served.services.graph.publish("a1", "v2", group="building")
    answer = client.post(
        f"{API}/exports", json={"format": "csv", "selection": {"states": ranges, "revision": scene["revision"]}}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "scene-changed")


def test_all_tables_in_one_archive(served: Served) -> None:
    client = served.user("viewer")
    made = begin(client, format="parquet", table="all")
    assert made["file"].endswith(".zip")
    assert ended(served, client, made)["result"]["figures"]["objects"] == 12


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"selection": {"gids": ["a1/nope"]}}, 404, "no-object"),
        ({"selection": {"type": "Dragon"}}, 422, "empty-selection"),
        ({"selection": {"layer": "zz"}}, 404, "no-layer"),
        ({"selection": {"gids": ["nonsense"]}}, 422, "gid"),
        ({"selection": {"states": [[0, 3]]}}, 409, "scene-changed"),
        ({"selection": {"states": [[0, 3], [9]]}}, 422, "invalid"),
        ({"format": "dwg"}, 422, "invalid"),
        ({"selection": {"colour": "red"}}, 422, "invalid"),
        ({"selection": {"gids": ["a1/x"] * 20_001}}, 422, "invalid"),
    ],
)
def test_wrong_wishes_are_refused_at_once(same: Served, body: dict, status: int, code: str) -> None:
    answer = same.user("viewer").post(f"{API}/exports", json={"format": "csv", "selection": {}, **body})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_failed_export_says_why(served: Served) -> None:
    client = served.user("viewer")
    made = begin(client, format="ifc")
    done = ended(served, client, made)
    assert (done["state"], done["error"]["code"]) == ("failed", "no-source")
    answer = client.get(f"{API}/exports/{made['id']}/file")
    assert (answer.status_code, answer.json()["code"]) == (409, "export-not-done")
    assert not (served.services.exports.folder / made["id"]).exists()


def test_exports_are_their_owners(served: Served) -> None:
    client, other = served.user("viewer"), served.user("planner")
    made = begin(client)
    ended(served, client, made)
    for answer in (
        other.get(f"{API}/exports/{made['id']}"),
        other.get(f"{API}/exports/{made['id']}/file"),
        other.delete(f"{API}/exports/{made['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no-export")
    assert other.get(f"{API}/exports").json()["items"] == []


def test_models_under_review_are_for_reviewers(same: Served) -> None:
    body = {"format": "csv", "selection": {"under": "submission-x/y"}}
    assert same.user("viewer").post(f"{API}/exports", json=body).status_code == 403
    assert same.user("reviewer").post(f"{API}/exports", json=body).status_code == 404


def test_an_embedded_view_without_a_session_takes_nothing_away(start, park) -> None:
    text = (park.folder / "park.toml").read_text(encoding="utf-8")
    (park.folder / "park.toml").write_text(text + "\n[embed]\npublic = true\n", encoding="utf-8")
    served = start()
    from server.accounts.sessions import csrf_of

    client = served.client
    assert client.get(f"{API}/objects").status_code == 200
    answer = client.post(
        f"{API}/exports", json={"format": "csv", "selection": {}}, headers={"X-CSRF-Token": csrf_of("")}
    )
    assert answer.status_code == 401


def test_few_at_a_time_and_stopped_when_asked(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(*_args, cancelled, progress, **_options):
        progress(0.5, "geometry")
        cancelled.__self__._stop.wait(60)
        raise Unavailable("stopped", code="cancelled")

    monkeypatch.setattr(exporting, "run_export", forever)
    client = served.user("viewer")
    made = [begin(client) for _ in range(exporting.MAX_ACTIVE)]
    answer = client.post(f"{API}/exports", json={"format": "csv", "selection": {}})
    assert (answer.status_code, answer.json()["code"]) == (503, "too-many-exports")
    for one in made:
        assert client.delete(f"{API}/exports/{one['id']}").status_code == 200
    assert {ended(served, client, one)["state"] for one in made} == {"cancelled"}


def test_results_are_kept_for_a_day(served: Served) -> None:
    client = served.user("viewer")
    old = begin(client)
    ended(served, client, old)
    served.clock.advance(KEPT_MS / 1000 + 1)
    client = served.user("viewer")  # the session has ended as well
    new = begin(client)
    ended(served, client, new)
    assert client.get(f"{API}/exports/{old['id']}/file").json()["code"] == "export-gone"
    assert client.get(f"{API}/exports/{new['id']}/file").status_code == 200


def test_a_restart_keeps_results_and_drops_halves(start, park) -> None:
    served = start()
    client = served.user("viewer")
    made = begin(client)
    ended(served, client, made)
    half = served.services.exports.folder / ("0" * 32)
    (half / "working").mkdir(parents=True)
    strange = served.services.exports.folder / "notes"
    strange.mkdir()
    served.close()
    again = start()
    client = again.user("viewer")
    assert client.get(f"{API}/exports/{made['id']}/file").status_code == 200
    assert not half.exists()
    assert strange.exists()  # not ours
