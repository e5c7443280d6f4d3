"""Tilesets of our builder: fine as they are, faulty once damaged."""

from __future__ import annotations

import json
import shutil
import struct

import numpy as np
import pytest

from scenes.tiles import build, plan, split
from scenes.tiles.check import check_path
from scenes.tiles.check.gltf import validate
from scenes.tiles.glb.container import pack
from tests.scenes.tiles.spools import FRAME, building, forest, terrain, textured
from twin.errors import NotFound, Unavailable
from twin.layer import LayerKind

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (validate.WEB / "node_modules" / "gltf-validator").is_dir(),
    reason="node and web/node_modules with gltf-validator are needed: make setup",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A building in several tiles without compression, so that its bytes can be damaged on purpose."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        for module in (plan, split):
            patch.setattr(module, "TARGET", 1_000)
        patch.setattr(plan, "MAX_TRIANGLES", 1_500)
        patch.setattr("scenes.tiles.groups.MAX_TRIANGLES", 1_500)
        patch.setattr("scenes.tiles.groups.MIN_TRIANGLES", 500)
        scene = building(folder / "spool", storeys=3, per_storey=80)
        table = scene.table()
        build(scene.spool.close(), table, FRAME, LayerKind.BIM, "a1", folder / "out", compress=False)
    return folder / "out"


@pytest.fixture
def out(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "out")


def edit(out, change):
    file = out / "tileset.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    change(document)
    file.write_text(json.dumps(document), encoding="utf-8")


def edit_glb(file, change):
    """Rewrite a GLB after `change(json, binary as a bytearray)`."""
    data = file.read_bytes()
    (size,) = struct.unpack_from("<I", data, 12)
    document, binary = json.loads(data[20 : 20 + size]), bytearray(data[28 + size :])
    change(document, binary)
    file.write_bytes(pack(document, bytes(binary)))


def causes(report):
    return {issue.type for top in report.issues for issue in top.walk() if issue.severity == "ERROR"}


@pytest.mark.parametrize(
    ("make", "kind"),
    [(building, LayerKind.BIM), (forest, LayerKind.VECTOR), (terrain, LayerKind.TERRAIN), (textured, LayerKind.BIM)],
)
@pytest.mark.parametrize("compress", [True, False])
def test_built_tilesets_have_no_issues(tmp_path, make, kind, compress):
    scene = make(tmp_path / "spool")
    build(scene.spool.close(), scene.table(), FRAME, kind, "a1", tmp_path / "out", compress=compress)
    report = check_path(tmp_path / "out" / "tileset.json")
    assert report.issues == []
    assert report.files == 1 + len(list((tmp_path / "out").glob("*.glb")))


@pytest.fixture
def dressed(tmp_path):
    scene = textured(tmp_path / "spool")
    build(scene.spool.close(), scene.table(), FRAME, LayerKind.BIM, "a1", tmp_path / "out", compress=False)
    return tmp_path / "out"


def _first_image(document, binary):
    view = document["bufferViews"][document["images"][0]["bufferView"]]
    return slice(view["byteOffset"], view["byteOffset"] + view["byteLength"])


def _cut_image(document, binary):
    view = document["bufferViews"][document["images"][0]["bufferView"]]
    view["byteLength"] //= 2


def _no_image(document, binary):
    place = _first_image(document, binary)
    binary[place] = b"<svg/>".ljust(place.stop - place.start)


def _other_type(document, binary):
    document["images"][0]["mimeType"] = "image/png"


def _no_source(document, binary):
    document["textures"][0]["extensions"]["EXT_texture_webp"]["source"] = 99


@pytest.mark.parametrize("damage", [_cut_image, _no_image, _other_type, _no_source])
def test_broken_images(dressed, damage):
    edit_glb(dressed / "0.glb", damage)
    report = check_path(dressed / "tileset.json")
    assert [issue.type for issue in report.issues] == ["CONTENT_VALIDATION_ERROR"]


def test_several_tiles(whole):
    report = check_path(whole)
    assert report.issues == []
    assert report.files > 3


def test_park_folder(whole, tmp_path):
    (tmp_path / "park.toml").write_text("", encoding="utf-8")
    tiles = tmp_path / "layers" / "a1" / "abc" / "tiles"
    shutil.copytree(whole, tiles)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "tileset.json").write_text("{}", encoding="utf-8")  # no layer: not judged
    assert check_path(tmp_path).issues == []
    (tiles / "0.glb").unlink()
    (issue,) = check_path(tmp_path).issues
    assert issue.type == "IO_ERROR"
    assert issue.path.startswith("layers/a1/abc/tiles/tileset.json/root")


@pytest.mark.parametrize("keep", [10, 300, -40])
def test_truncated_glb(out, keep):
    data = (out / "1.glb").read_bytes()
    (out / "1.glb").write_bytes(data[:keep])
    report = check_path(out / "tileset.json")
    assert [issue.type for issue in report.issues] == ["CONTENT_VALIDATION_ERROR"]
    assert "1.glb" in report.issues[0].message


def test_feature_id_without_row(out):
    def change(document, binary):
        index = document["meshes"][0]["primitives"][0]["attributes"]["_FEATURE_ID_0"]
        accessor = document["accessors"][index]
        view = document["bufferViews"][accessor["bufferView"]]
        for name in ("min", "max"):
            accessor.pop(name, None)
        struct.pack_into("<H", binary, view["byteOffset"], 60_000)

    edit_glb(out / "0.glb", change)
    report = check_path(out / "tileset.json")
    assert causes(report) == {"CONTENT_VALIDATION_ERROR", "VALUE_NOT_IN_RANGE"}


def test_short_column(out):
    def change(document, _):
        column = document["extensions"]["EXT_structural_metadata"]["propertyTables"][0]["properties"]["ordinal"]
        document["bufferViews"][column["values"]]["byteLength"] -= 4

    edit_glb(out / "0.glb", change)
    assert "METADATA_INVALID_LENGTH" in causes(check_path(out / "tileset.json"))


def test_column_off_its_alignment(out):
    def change(document, _):
        column = document["extensions"]["EXT_structural_metadata"]["propertyTables"][0]["properties"]["ordinal"]
        document["bufferViews"][column["values"]]["byteOffset"] -= 2

    edit_glb(out / "0.glb", change)
    assert "METADATA_INVALID_ALIGNMENT" in causes(check_path(out / "tileset.json"))


def test_too_small_feature_count(out):
    def change(document, _):
        document["meshes"][0]["primitives"][0]["extensions"]["EXT_mesh_features"]["featureIds"][0]["featureCount"] = 1

    edit_glb(out / "0.glb", change)
    assert "FEATURE_COUNT_MISMATCH" in causes(check_path(out / "tileset.json"))


def test_falling_string_offsets(out):
    def change(document, binary):
        column = document["extensions"]["EXT_structural_metadata"]["propertyTables"][0]["properties"]["gid"]
        view = document["bufferViews"][column["stringOffsets"]]
        start, size = view["byteOffset"], {"UINT16": 2, "UINT32": 4}[column["stringOffsetType"]]
        binary[start + size : start + 2 * size] = b"\xff" * size

    edit_glb(out / "0.glb", change)
    assert "METADATA_INVALID_OFFSETS" in causes(check_path(out / "tileset.json"))


def test_child_outside_its_parent(out):
    def change(document):
        child = document["root"]["children"][0]
        child["boundingVolume"]["box"][0] += 1_000

    edit(out, change)
    types = {issue.type for issue in check_path(out / "tileset.json").issues if issue.severity == "ERROR"}
    # The box left both its parent and what it is the box of.
    assert types == {"BOUNDING_VOLUMES_INCONSISTENT", "CONTENT_VALIDATION_ERROR"}


def test_content_outside_its_box(out):
    def change(document):
        box = document["root"]["children"][0]["boundingVolume"]["box"]
        box[3:] = (np.asarray(box[3:]) / 2).tolist()

    edit(out, change)
    assert "CONTENT_OUTSIDE_BOUNDING_VOLUME" in causes(check_path(out / "tileset.json"))


def test_foreign_tileset_is_only_warned(out):
    def change(document):
        document["asset"]["generator"] = "another"
        document["root"]["children"][0]["boundingVolume"]["box"][0] += 1_000

    edit(out, change)
    report = check_path(out / "tileset.json")
    assert report.errors == 0
    assert report.warnings >= 2


@pytest.mark.parametrize("name", ["min", "max"])
def test_wrong_bounds_in_compressed_tile(tmp_path, name):
    scene = forest(tmp_path / "spool")
    build(scene.spool.close(), scene.table(), FRAME, LayerKind.VECTOR, "a1", tmp_path / "out", compress=True)

    def change(document, _):
        index = document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]
        document["accessors"][index][name][1] += -1 if name == "min" else 1

    file = next(tmp_path.glob("out/*.glb"))
    edit_glb(file, change)
    assert f"ACCESSOR_{name.upper()}_MISMATCH" in causes(check_path(tmp_path / "out" / "tileset.json"))


def test_damaged_stream(tmp_path):
    scene = building(tmp_path / "spool", storeys=1, per_storey=20)
    build(scene.spool.close(), scene.table(), FRAME, LayerKind.BIM, "a1", tmp_path / "out", compress=True)

    def change(document, binary):
        for view in document["bufferViews"]:
            packed = view.get("extensions", {}).get("EXT_meshopt_compression")
            if packed:
                start, size = packed["byteOffset"], packed["byteLength"]
                binary[start : start + size] = bytes(size)

    edit_glb(tmp_path / "out" / "0.glb", change)
    assert check_path(tmp_path / "out").errors


def test_without_the_validator_nothing_passes(out, monkeypatch, tmp_path):
    monkeypatch.setattr(validate, "WEB", tmp_path / "nowhere")
    with pytest.raises(Unavailable, match="gltf-validator"):
        check_path(out / "tileset.json")


def test_nothing_to_judge(tmp_path):
    with pytest.raises(NotFound, match=r"tileset\.json"):
        check_path(tmp_path)
    with pytest.raises(NotFound, match="does not exist"):
        check_path(tmp_path / "tileset.json")
