"""The files as others read them: gltf-validator, meshoptimizer's decoder."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from scenes.tiles import build
from tests.scenes.tiles.decode import Glb
from tests.scenes.tiles.judging import check_tileset
from tests.scenes.tiles.spools import FRAME, Scene, building, forest, terrain, textured
from twin.layer import LayerKind

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"


def far_apart(folder):
    scene = Scene(folder)
    scene.box("a", (0, 0, 0), (1, 1, 1))
    scene.box("b", (900, 0, 0), (1, 1, 1))
    return scene


def nothing_drawn(folder):
    scene = Scene(folder)
    shape = scene.spool.shape([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2]], scene.grey)
    scene.spool.place(scene.row("degenerate"), shape)
    return scene


CASES = [
    (building, LayerKind.BIM),
    (forest, LayerKind.VECTOR),
    (terrain, LayerKind.TERRAIN),
    (far_apart, LayerKind.BIM),
    (nothing_drawn, LayerKind.BIM),
    (textured, LayerKind.BIM),
]


def reports(*folders):
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules" / "gltf-validator").is_dir():
        pytest.skip("node and web/node_modules with gltf-validator are needed: make setup")
    script = Path(__file__).with_name("validate.mjs")
    done = subprocess.run(
        [node, str(script), str(WEB), *map(str, folders)], capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(done.stdout)


def decoded(path):
    glb, total = Glb(Path(path).read_bytes()), hashlib.sha256()
    for index, view in enumerate(glb.json["bufferViews"]):
        if "extensions" in view:
            total.update(glb.view(index, octahedral=False))
    return total.hexdigest()


def test_validator_finds_nothing_and_decoders_agree(tmp_path):
    folders = []
    for make, kind in CASES:
        for compress in (True, False):
            folder = tmp_path / make.__name__ / str(compress)
            scene = make(folder / "spool")
            build(scene.spool.close(), scene.table(), FRAME, kind, "a1", folder / "out", compress=compress)
            folders.append(folder / "out")
    found = reports(*folders)
    assert len(found) >= 2 * len(CASES)
    assert {path: item["issues"] for path, item in found.items() if item["issues"]} == {}
    for path, item in found.items():
        assert item["hash"] == decoded(path)


def test_validator_sees_a_broken_file(tmp_path):
    scene = far_apart(tmp_path / "spool")
    out = tmp_path / "out"
    build(scene.spool.close(), scene.table(), FRAME, LayerKind.BIM, "a1", out, compress=False)
    data = (out / "0.glb").read_bytes()
    (out / "0.glb").write_bytes(data.replace(b'"type":"VEC3"', b'"type":"VEC2"', 1))
    (item,) = reports(out).values()
    assert item["issues"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["office_a/Office_A_20110811.ifczip", "fzk-haus/AC20-FZK-Haus.ifczip"])
def test_real_building(tmp_path, name):
    from bim import read
    from twin.geometry.spool import MeshSpool
    from twin.layer import ReadContext

    source = ROOT.parent / "shared" / "data" / "ifc" / name
    if not source.is_file():
        pytest.skip(f"the shared data folder beside the checkout lacks ifc/{name}")
    spool = MeshSpool(tmp_path / "spool")
    draft = read(ReadContext(source=source, layer="a1", frame=FRAME, crs=None), spool)
    out = tmp_path / "out"
    result = build(spool.close(), draft.objects, draft.frame, draft.kind, "a1", out)
    check_tileset(out, draft.objects, result)
    assert result.statistics["triangles"] > 10_000
    assert result.statistics["tile_bytes"] < 16 * result.statistics["triangles"]
    assert all(not item["issues"] for item in reports(out).values())
