from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.server.conftest import API, Served
from tests.support.layers import make_version
from twin.graph.layerfile import version_folder

GLB = b"glTF" + bytes(range(200))


@pytest.fixture(scope="module")
def tiles(same: Served) -> Path:
    folder = version_folder(same.services.graph.park, "a1", "v1") / "tiles"
    (folder / "deep").mkdir()
    (folder / "deep" / "t0.glb").write_bytes(GLB)
    (folder / "deep" / "t0.glb.gz").write_bytes(gzip.compress(GLB, mtime=0))
    (folder / "notes.txt").write_text("no tile")
    (folder.parent / "secret.json").write_text('"treasure"')
    (folder / "link.json").symlink_to(folder.parent / "secret.json")
    return folder


def test_tiles_never_change_so_browsers_keep_them(same: Served, tiles: Path) -> None:
    client = same.user("viewer")
    answer = client.get("/tiles/a1/v1/deep/t0.glb", headers={"Accept-Encoding": "identity"})
    assert answer.content == GLB
    assert answer.headers["content-type"] == "model/gltf-binary"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in answer.headers
    again = client.get(
        "/tiles/a1/v1/deep/t0.glb",
        headers={"If-None-Match": answer.headers["etag"], "Accept-Encoding": "identity"},
    )
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/tiles/a1/v1/tileset.json").headers["content-type"] == "application/json"


def test_packed_file_is_sent_to_who_takes_it(same: Served, tiles: Path) -> None:
    client = same.user("viewer")
    packed = client.get("/tiles/a1/v1/deep/t0.glb", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) == (tiles / "deep" / "t0.glb.gz").stat().st_size
    assert packed.content == GLB
    plain = client.get("/tiles/a1/v1/deep/t0.glb", headers={"Accept-Encoding": "identity"})
    assert plain.headers["etag"] != packed.headers["etag"]
    assert client.head("/tiles/a1/v1/deep/t0.glb", headers={"Accept-Encoding": "gzip"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "a1/v1/../../layer.json",
        "a1/v1/..%2f..%2flayer.json",
        "a1/v1/%2e%2e/layer.json",
        "a1/v1/deep/..%5c..%5csecret.json",
        "a1/v1//etc/passwd",
        "a1/v1/deep//t0.glb",
        "a1/v1/.hidden.json",
        "a1/v1/link.json",
        "a1/v1/notes.txt",
        "a1/v1/deep",
        "a1/v1/deep/t0.glb.gz",
        "a1/v1/deep/t0.glb%00.json",
        "a1/../v1/tileset.json",
        "a1/%2e%2e/v1/tileset.json",
        "../a1/v1/tileset.json",
        "A1/v1/tileset.json",
    ],
)
def test_no_path_leaves_the_tiles(same: Served, tiles: Path, path: str) -> None:
    answer = same.user("viewer").get(f"/tiles/{path}")
    assert answer.status_code in (404, 422), answer.text
    assert "treasure" not in answer.text


def test_manifest_is_asked_for_each_time(served: Served) -> None:
    client = served.user("viewer")
    answer = client.get("/tiles/scene.json")
    assert answer.headers["cache-control"] == "no-cache"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert client.get("/tiles/scene.json", headers=tag).status_code == 304
    served.services.publisher.publish("a1", "v2")
    assert client.get("/tiles/scene.json", headers=tag).json()["layers"][0]["version"] == "v2"


def test_models_under_review_are_for_those_who_may_read_them(served: Served) -> None:
    park = served.services.graph.park
    make_version(park, "submission-0a0b0c", "v1")
    served.services.publisher.publish("submission-0a0b0c", "v1", group="submission")
    viewer, reviewer = served.user("viewer"), served.user("reviewer")
    assert [layer["layer"] for layer in viewer.get("/tiles/scene.json").json()["layers"]] == ["a1"]
    assert viewer.get("/tiles/scene.json?submission=0a0b0c").status_code == 403
    assert viewer.get("/tiles/submission-0a0b0c/v1/tileset.json").status_code == 403
    for path in ("layers/submission-0a0b0c", "objects/card?gid=submission-0a0b0c/b", "tree?parent=submission-0a0b0c/b"):
        assert viewer.get(f"{API}/{path}").status_code == 403
        assert reviewer.get(f"{API}/{path}").status_code == 200
    state = reviewer.get(f"{API}/objects/card?gid=submission-0a0b0c/b").json()["state"]
    assert viewer.get(f"{API}/objects/by-state/{state}").status_code == 403
    for path in ("layers", "tree"):
        assert {row["layer"] for row in viewer.get(f"{API}/{path}").json()} == {"a1"}
    layers = reviewer.get("/tiles/scene.json?submission=0a0b0c").json()["layers"]
    assert {layer["layer"] for layer in layers} == {"a1", "submission-0a0b0c"}
    assert reviewer.get("/tiles/submission-0a0b0c/v1/tileset.json").status_code == 200


def test_tileset_is_what_was_built(served: Served) -> None:
    body = served.user("viewer").get("/tiles/a1/v1/tileset.json")
    assert json.loads(body.content)["asset"]["version"] == "1.1"
