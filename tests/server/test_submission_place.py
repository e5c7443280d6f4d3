"""A model under review at another place: built and reviewed anew, and the review that stands kept until then."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.jobs import JobState
from server.submissions import service
from tests.bim.ifc_files import new_model
from tests.server.conftest import API, Served, begin
from tests.server.test_georef import EAST, LAT, LON, NORTH
from twin.errors import Conflict, Unavailable
from twin.geometry.frame import Frame
from twin.graph import GraphStore
from twin.park import Park


def wait(served: Served, answer: Any) -> Any:
    assert answer.status_code == 202, answer.text
    return served.services.jobs.wait(answer.json()["job"], 120)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A park in which a model with two sources of its place was handed in and reviewed."""
    folder = tmp_path_factory.mktemp("place") / "park"
    GraphStore(Park.create(folder, name="园区", frame=Frame(LON, LAT, 22.0, "EPSG:4547"))).close()
    m = new_model()
    m.wall(at=(10.0, 0.0, 0.0))
    m.map_conversion(EAST, NORTH, height=22.0)
    m.site.RefLatitude, m.site.RefLongitude = (30, 28, 57, 740000), (114, 24, 0)
    source = m.write(folder.parent, "塔楼.ifc")
    served = begin(folder)
    answer = served.user("reviewer").post(f"{API}/submissions", files={"file": (source.name, source.read_bytes())})
    assert wait(served, answer).state is JobState.DONE
    served.close()
    return folder, answer.json()["submission"]


@pytest.fixture
def server(reviewed: tuple[Path, str], tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(reviewed[0], tmp_path / "park")
    running = begin(tmp_path / "park")
    yield running
    running.close()


@pytest.fixture
def ident(reviewed: tuple[Path, str]) -> str:
    return reviewed[1]


def georef(client: Any, ident: str) -> Any:
    answer = client.get(f"{API}/layers/submission-{ident}/georef")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_placed_reviewed_audited_and_reset(server: Served, ident: str) -> None:
    client = server.user("reviewer")
    url = f"{API}/submissions/{ident}"
    before = client.get(url).json()
    body = georef(client, ident)
    assert (body["georef"]["used"], body["placing"], body["kept"], body["job"]) == ("map-conversion", {}, True, None)

    wanted = {"longitude": 114.401, "latitude": 30.481, "height": 25.0, "rotation_deg": 90.0}
    done = wait(server, client.post(f"{url}/georef", json={"place": wanted}))
    assert done.state is JobState.DONE, done.error
    body, row = georef(client, ident), client.get(url).json()
    assert (body["georef"]["used"], body["placing"]) == ("placed", wanted)
    assert (row["state"], row["placing"]) == ("reviewed", wanted)
    assert row["version"] == body["version"] != before["version"]
    wall = server.services.graph.search(layer=f"submission-{ident}", type="Wall")["items"][0]["box"]
    want = Frame(LON, LAT, 22.0).from_lonlat([[114.401, 30.481, 25.0]])[0]
    assert wall[4] - wall[1] == pytest.approx(5.0, abs=0.01)
    assert wall[0] == pytest.approx(want[0], abs=20)
    assert client.get(f"{url}/findings").json()["rules"]
    assert "塔楼.ifc" in client.get(f"{url}/report.html").text
    audit = server.user("administrator").get(f"{API}/audit", params={"action": "submission.place"}).json()["items"]
    assert [(item["user"], item["target"], item["detail"]["longitude"]) for item in audit] == [
        ("reviewer", ident, 114.401)
    ]

    assert wait(server, client.post(f"{url}/georef", json={})).state is JobState.DONE
    body, row = georef(client, ident), client.get(url).json()
    assert (body["georef"]["used"], body["placing"], row["placing"]) == ("map-conversion", {}, {})
    assert row["counts"] == before["counts"]


def test_what_fails_leaves_the_review_that_stands(server: Served, ident: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = server.user("reviewer")
    url = f"{API}/submissions/{ident}"
    before, shown = client.get(url).json(), georef(client, ident)
    report = client.get(f"{url}/report.html").content

    def unchanged() -> None:
        row, body = client.get(url).json(), georef(client, ident)
        assert {**row, "job": ""} == {**before, "job": ""}
        assert (body["version"], body["placing"], body["job"]) == (shown["version"], {}, None)
        assert client.get(f"{url}/report.html").content == report

    far = wait(server, client.post(f"{url}/georef", json={"place": {"longitude": 113.0, "latitude": 23.0}}))
    assert (far.state, far.error["code"]) == (JobState.FAILED, "far-away")
    unchanged()

    def broken(_folder: Path, out: Path, *_: object) -> Any:
        (out / "report.html").write_text("half", encoding="utf-8")
        raise Unavailable("the rules died")

    with monkeypatch.context() as patch:
        patch.setattr(server.services.submissions, "_review", broken)
        assert wait(server, client.post(f"{url}/georef", json={"use": "site"})).state is JobState.FAILED
    unchanged()

    def refuse(*_: object, **__: object) -> None:
        raise Conflict("not now")

    with monkeypatch.context() as patch:
        patch.setattr(server.services.publisher, "publish", refuse)
        assert wait(server, client.post(f"{url}/georef", json={"use": "site"})).state is JobState.FAILED
    unchanged()
    assert not list((server.services.submissions.folder / ident).glob(".review*"))


def test_one_review_at_a_time_and_a_crash_keeps_the_earlier(
    server: Served, ident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, began = threading.Event(), threading.Event()

    def held(*_: object, **__: object) -> None:
        began.set()
        hold.wait(30)
        raise Conflict("held")

    monkeypatch.setattr(service, "ingest", held)
    client = server.user("reviewer")
    url = f"{API}/submissions/{ident}/georef"
    first = client.post(url, json={"use": "site"})
    assert began.wait(30)
    assert georef(client, ident)["job"] == first.json()["job"]
    second = client.post(url, json={"use": "local"})
    assert (second.status_code, second.json()["code"]) == (409, "review-running")
    server.services.submissions._tidy()  # as at the start after a crash
    assert client.get(f"{API}/submissions/{ident}").json()["state"] == "reviewed"
    hold.set()
    server.services.jobs.wait(first.json()["job"], 30)


def test_who_may_and_what_makes_no_sense(server: Served, ident: str) -> None:
    url = f"{API}/submissions/{ident}/georef"
    assert server.client.post(url, json={}).status_code == 401
    assert server.user("viewer").post(url, json={"use": "site"}).status_code == 403
    client = server.user("reviewer")
    assert client.post(url, json={"use": "nowhere"}).json()["code"] == "placing"
    assert client.post(url, json={"crs": "EPSG:1"}).json()["code"] == "crs"
    assert client.post(f"{API}/submissions/0123456789ab/georef", json={}).json()["code"] == "no-submission"
    layer = server.user("administrator").post(f"{API}/layers/submission-{ident}/georef", json={"use": "site"})
    assert (layer.status_code, layer.json()["code"]) == (409, "placing-submission")
    next((server.services.submissions.folder / ident).glob("*.ifc")).unlink()
    gone = client.post(url, json={"use": "site"})
    assert (gone.status_code, gone.json()["code"]) == (404, "no-source")
    assert georef(client, ident)["kept"] is False
