from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.server.conftest import Served


@pytest.fixture(scope="module")
def dist(same: Served) -> Path:
    folder = same.services.settings.web_dist
    (folder / "assets").mkdir(parents=True)
    (folder / "embed").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>the app</title>")
    (folder / "assets" / "index-a1B2c3D4.js").write_text("export {}")
    (folder / "assets" / "index-a1B2c3D4.js.gz").write_bytes(gzip.compress(b"export {}"))
    (folder / "assets" / "decoder-a1B2c3D4.wasm").write_bytes(b"\0asm")
    (folder / "embed" / "index.html").write_text("<!doctype html><title>embedded</title>")
    (folder / "embed" / "park-viewer.js").write_text("export {}")
    (folder / "embed" / "park-viewer.js.gz").write_bytes(gzip.compress(b"export {}"))
    (folder.parent / "outside.js").write_text("secret")
    return folder


@pytest.mark.parametrize(
    "path", ["/", "/brain", "/planning", "/review", "/compare", "/devices", "/admin", "/login", "/review/0a0b0c"]
)
def test_screens_are_one_page(same: Served, dist: Path, path: str) -> None:
    answer = same.client.get(path)
    assert "the app" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert same.client.get(path, headers=tag).status_code == 304


def test_hashed_files_are_kept_for_ever_and_the_widget_is_not(same: Served, dist: Path) -> None:
    script = same.client.get("/assets/index-a1B2c3D4.js")
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-type"].startswith("text/javascript")
    assert same.client.get("/assets/decoder-a1B2c3D4.wasm").headers["content-type"] == "application/wasm"
    widget = same.client.get("/embed/park-viewer.js")
    assert widget.headers["cache-control"] == "no-cache"
    assert "embedded" in same.client.get("/embed").text


@pytest.mark.parametrize("path", ["/assets/index-a1B2c3D4.js", "/embed/park-viewer.js"])
def test_what_the_build_compressed_travels_so_to_whoever_takes_that(same: Served, dist: Path, path: str) -> None:
    packed = same.client.get(path, headers={"Accept-Encoding": "gzip"})
    plain = same.client.get(path, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == "export {}"
    assert packed.headers["content-type"] == plain.headers["content-type"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["/assets/../../outside.js", "/assets/..%2f..%2foutside.js", "/embed/%2e%2e/index.html"]
)
def test_no_path_leaves_the_build(same: Served, dist: Path, path: str) -> None:
    answer = same.client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_a_build_the_page_says_what_to_do(served: Served) -> None:
    answer = served.client.get("/brain")
    assert answer.status_code == 503
    assert "make setup" in answer.text


def test_pages_may_load_nothing_from_elsewhere(same: Served, dist: Path) -> None:
    policy = same.client.get("/brain").headers["content-security-policy"]
    assert "http" not in policy
    assert "'wasm-unsafe-eval'" in policy
    assert "worker-src 'self' blob:" in policy
    assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
    assert "frame-ancestors 'self'" in policy


def test_an_address_that_is_none_is_a_page_for_people_and_a_problem_for_programs(same: Served) -> None:
    page = same.client.get("/nothing/<b>", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这个页面" in page.text
    assert "/nothing/&lt;b&gt;" in page.text
    problem = same.client.get("/nothing", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.json()["code"]) == (404, "not-found")
