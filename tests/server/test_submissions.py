from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from server.jobs import JobState
from server.models.work import Findings, SubmissionDetail, SubmissionList
from server.submissions import service
from server.submissions.upload import safe_name
from tests.server.conftest import API, Served, begin
from tests.support.layers import make_version
from twin.errors import Invalid, Unavailable
from twin.park import Park

SUBMIT = f"{API}/submissions"
IFC = b"ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n"


@pytest.fixture
def build(monkeypatch) -> dict[str, Any]:
    """The build of the uploaded file, replaced by a house: `wait` holds it, `error` fails it."""
    how: dict[str, Any] = {"wait": None, "error": None, "began": threading.Event()}

    def ingest(park: Park, path: Path, *, layer: str, progress, cancelled, **_: object) -> object:
        how["read"] = path.read_bytes()
        progress(0.5, "geometry")
        how["began"].set()
        if how["wait"]:
            how["wait"].wait(20)
        if cancelled():
            raise Unavailable("The build was cancelled", code="cancelled")
        if how["error"]:
            raise how["error"]
        return SimpleNamespace(version=make_version(park, layer, "v1"))

    monkeypatch.setattr(service, "ingest", ingest)
    return how


def upload(client: Any, name: str = "塔楼.ifc", content: bytes = IFC) -> Any:
    return client.post(SUBMIT, files={"file": (name, content)})


def test_from_upload_to_report(served: Served, build: dict) -> None:
    client = served.user("reviewer")
    answer = upload(client)
    assert answer.status_code == 202, answer.text
    ident, job = answer.json()["submission"], answer.json()["job"]
    done = served.services.jobs.wait(job, 60)
    assert done.state is JobState.DONE, done
    assert build["read"] == IFC

    detail = client.get(f"{SUBMIT}/{ident}")
    SubmissionDetail.model_validate_json(detail.content)
    row = detail.json()
    assert (row["state"], row["name"], row["owner"]) == ("reviewed", "塔楼.ifc", "reviewer")
    assert row["sha256"] == hashlib.sha256(IFC).hexdigest()
    assert row["scene_layer"]["layer"] == f"submission-{ident}"
    SubmissionList.model_validate_json(client.get(SUBMIT).content)

    findings = client.get(f"{SUBMIT}/{ident}/findings")
    Findings.model_validate_json(findings.content)
    body = findings.json()
    assert len(body["rules"]) >= 12
    assert body["items"]
    lit = next(item for item in body["items"] if item["states"])
    item = client.get(f"{API}/objects/by-state/{lit['states'][0]}").json()
    assert item["gid"] in lit["gids"]
    assert sum(row["counts"].get(name, 0) for name in ("critical", "major", "minor", "notice")) == len(body["items"])

    html = client.get(f"{SUBMIT}/{ident}/report.html")
    assert "塔楼.ifc" in html.text
    assert "sandbox" in html.headers["content-security-policy"]
    pdf = client.get(f"{SUBMIT}/{ident}/report.pdf")
    if pdf.status_code == 200:
        assert pdf.content.startswith(b"%PDF")
    else:
        assert "fonts" in pdf.json()["detail"]
    assert [row["action"] for row in served.services.audit.search(action="submission.")["items"]] == [
        "submission.create"
    ]
    assert list(served.services.submissions.folder.glob(".incoming-*")) == []


def test_failed_build_tells_why(served: Served, build: dict) -> None:
    build["error"] = Invalid("塔楼.ifc ends in the middle of line 5", code="ifc-truncated")
    client = served.user("reviewer")
    made = upload(client).json()
    served.services.jobs.wait(made["job"], 20)
    row = client.get(f"{SUBMIT}/{made['submission']}").json()
    assert (row["state"], row["error"]["code"], row["scene_layer"]) == ("failed", "ifc-truncated", None)
    assert client.get(f"{SUBMIT}/{made['submission']}/findings").json()["code"] == "not-reviewed"
    assert client.get(f"{SUBMIT}/{made['submission']}/report.html").status_code == 409
    assert served.services.graph.layer_names() == ["a1"]


def test_cancel(served: Served, build: dict) -> None:
    build["wait"] = threading.Event()
    client = served.user("reviewer")
    made = upload(client).json()
    assert build["began"].wait(20)
    assert client.get(f"{API}/jobs/{made['job']}").json()["phase"] == "geometry"
    assert client.delete(f"{API}/jobs/{made['job']}").status_code == 200
    build["wait"].set()
    served.services.jobs.wait(made["job"], 20)
    assert client.get(f"{SUBMIT}/{made['submission']}").json()["state"] == "cancelled"


def test_cancel_before_it_began(start, build: dict) -> None:
    served = start(settings={"job_workers": 1})
    build["wait"] = threading.Event()
    client = served.user("reviewer")
    first, second = upload(client).json(), upload(client).json()
    client.delete(f"{API}/jobs/{second['job']}")
    assert client.get(f"{SUBMIT}/{second['submission']}").json()["state"] == "cancelled"
    build["wait"].set()
    served.services.jobs.wait(first["job"], 60)


def test_only_so_many_at_once(start, build: dict) -> None:
    served = start(settings={"upload_max_active": 1})
    build["wait"] = threading.Event()
    client = served.user("reviewer")
    assert upload(client).status_code == 202
    refused = upload(client)
    assert (refused.status_code, refused.json()["code"]) == (503, "too-many-reviews")
    build["wait"].set()


@pytest.fixture(scope="module")
def small(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that takes files up to 1000 bytes."""
    folder = tmp_path_factory.mktemp("small") / "park"
    shutil.copytree(template, folder)
    served = begin(folder, settings={"upload_max_bytes": 1000})
    yield served
    served.close()


def form(*parts: tuple[str, str | None, bytes], end: bool = True) -> tuple[bytes, dict[str, str]]:
    body = b""
    for name, filename, content in parts:
        label = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
        body += f"--BOUND\r\nContent-Disposition: {label}\r\n\r\n".encode() + content + b"\r\n"
    return body + (b"--BOUND--\r\n" if end else b""), {"Content-Type": "multipart/form-data; boundary=BOUND"}


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (*form(("file", "a.ifc", b"")), 422, "empty-file"),
        (*form(("other", "a.ifc", IFC)), 422, "no-file"),
        (*form(("file", None, IFC)), 422, "no-file"),
        (*form(("file", "a.ifc", IFC), ("file", "b.ifc", IFC)), 413, "too-many-files"),
        (*form(*[("x", None, b"1")] * 9), 413, "too-many-parts"),
        (*form(("file", "a.ifc", IFC), end=False), 422, "upload-broken"),
        (*form(("file", "a.exe", IFC)), 422, "unknown-format"),
        (*form(("file", "a.ifc", b"x" * 2000)), 413, "too-large"),
        (*form(("file", "a.ifc", b"x" * 200_000)), 413, "too-large"),
        (*form(("x" * 9000, "a.ifc", IFC)), 422, "upload-broken"),
        (b"no form at all", {"Content-Type": "multipart/form-data; boundary=BOUND"}, 422, "upload-broken"),
        (IFC, {"Content-Type": "application/octet-stream"}, 415, "content-type"),
        (b"", {"Content-Type": "multipart/form-data"}, 415, "content-type"),
    ],
)
def test_bad_uploads_leave_nothing(
    small: Served, build: dict, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = small.user("reviewer").post(SUBMIT, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    folder = small.services.submissions.folder
    assert not folder.exists() or list(folder.iterdir()) == []
    assert small.services.submissions.list() == []
    assert not build["began"].is_set()


def test_chunked_upload_is_counted_too(small: Served, build: dict) -> None:
    body, headers = form(("file", "a.ifc", b"x" * 500_000))
    chunks = (body[place : place + 4096] for place in range(0, len(body), 4096))
    answer = small.user("reviewer").post(SUBMIT, content=chunks, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("model.ifc", "model.ifc"),
        ("../../etc/passwd.ifc", "passwd.ifc"),
        ("C:\\models\\塔楼 1.ifc", "塔楼 1.ifc"),
        (".hidden.ifc", "hidden.ifc"),
        ("a\x00b\nc.ifc", "a_b_c.ifc"),
        ('a<b>"c".ifc', "a_b__c_.ifc"),
        ("", "model"),
        ("...", "model"),
        ("\u202efci.ifc", "fci.ifc"),
        ("x" * 300 + ".ifc", "x" * 116 + ".ifc"),
        ("楼" * 100 + ".ifc", "楼" * 38 + ".ifc"),
    ],
)
def test_file_names_are_only_names(given: str, expected: str) -> None:
    assert safe_name(given) == expected


def test_a_review_cut_off_by_a_crash_is_told(start, build: dict) -> None:
    first = start()
    build["wait"] = threading.Event()
    made = upload(first.user("reviewer")).json()
    assert build["began"].wait(20)
    row = first.services.submissions._store.get(made["submission"])
    build["wait"].set()
    first.services.jobs.wait(made["job"], 60)
    first.services.submissions._store.write(row)  # as the file stood when the process died
    (first.services.submissions.folder / ".incoming-dead").mkdir()
    first.close()
    again = start()
    shown = again.user("reviewer").get(f"{SUBMIT}/{made['submission']}").json()
    assert (shown["state"], shown["error"]["code"]) == ("failed", "server-stopped")
    assert not (again.services.submissions.folder / ".incoming-dead").exists()


@pytest.mark.shared
def test_a_real_model_from_upload_to_findings(served: Served) -> None:
    source = Path(__file__).parents[3] / "shared" / "data" / "ifc" / "samplehouse"
    files = sorted(source.glob("*.ifczip"))
    if not files:
        pytest.skip("the shared data folder with ifc/samplehouse is not beside the checkout")
    client = served.user("reviewer")
    made = upload(client, files[0].name, files[0].read_bytes()).json()
    done = served.services.jobs.wait(made["job"], 300)
    assert done.state is JobState.DONE, done.error
    row = client.get(f"{SUBMIT}/{made['submission']}").json()
    assert row["scene_layer"]["count"] > 50
    tileset = client.get(row["scene_layer"]["tileset"])
    assert tileset.status_code == 200
    uri = (
        tileset.json()["root"].get("content", {}).get("uri") or tileset.json()["root"]["children"][0]["content"]["uri"]
    )
    assert client.get(f"/tiles/{row['layer']}/{row['version']}/{uri}").content.startswith(b"glTF")
    findings = client.get(f"{SUBMIT}/{made['submission']}/findings").json()
    assert {rule["verdict"] for rule in findings["rules"]} - {"na"}
