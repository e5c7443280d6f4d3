"""A GLB of a selection: valid, complete, in the right place."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import trimesh

from scenes.export.glb import export_glb
from scenes.export.glb.pieces import contents
from scenes.tiles import build
from scenes.tiles.check.gltf.document import Document
from scenes.tiles.check.source import Place
from tests.scenes.tiles.decode import rotation
from tests.scenes.tiles.spools import FRAME, Scene, building, forest, terrain, textured
from tests.support.export_models import CHAIRS, HOSTILE
from twin.errors import Invalid
from twin.graph.selection import Selection
from twin.layer import LayerKind

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"


def document(path):
    data = path.read_bytes()
    magic, version, total = struct.unpack_from("<4sII", data)
    assert (magic, version, total) == (b"glTF", 2, len(data))
    (size,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + size])


def judge(*paths, folder):
    """Errors and warnings of gltf-validator."""
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules" / "gltf-validator").is_dir():
        pytest.skip("node and web/node_modules with gltf-validator are needed: make setup")
    for number, path in enumerate(paths):
        shutil.copy(path, folder / f"{number}.glb")
    script = ROOT / "tests" / "scenes" / "tiles" / "validate.mjs"
    done = subprocess.run([node, script, WEB, folder], capture_output=True, text=True, check=True, timeout=120)
    return [report["issues"] for report in json.loads(done.stdout).values()]


def nodes_by_gid(found):
    return {node["extras"]["gid"]: node for node in found["nodes"] if "gid" in node.get("extras", {})}


def test_nodes_names_extras_and_materials(run, park, graph):
    done = run("glb", Selection(layer="a1"))
    found = document(done.path)
    nodes = nodes_by_gid(found)
    shaped = graph.db.rows("SELECT * FROM object WHERE layer = 'a1' AND engine IS NOT NULL")
    assert set(nodes) == {row["gid"] for row in shaped}
    assert done.figures["written"] == len(nodes)
    assert done.figures["without_shape"] == done.objects - len(nodes) > 0
    for row in shaped:
        node = nodes[row["gid"]]
        assert node["name"] == row["name"]
        assert (node["extras"]["class"], node["extras"]["type"]) == (row["ifc_class"], row["type"])
    red = nodes[next(row["gid"] for row in shaped if row["name"] == HOSTILE[0])]
    (surface,) = found["meshes"][red["mesh"]]["primitives"]
    shown = found["materials"][surface["material"]]["name"]
    colour = [int(shown[place : place + 2], 16) for place in (1, 3, 5)]
    np.testing.assert_allclose(colour, [204, 51, 26], atol=3)  # the tiles keep 8 bits of linear light
    extras = found["asset"]["extras"]
    assert extras["origin"]["longitude"] == park.frame.longitude
    assert set(extras["layers"]) == {"a1"}
    root = found["nodes"][0]
    assert (root["name"], [extras["offset"][i] for i in (0, 2, 1)]) == (
        park.name, [root["translation"][0], root["translation"][1], -root["translation"][2]]
    )  # fmt: skip


def test_instances_share_their_mesh(run, graph):
    found = document(run("glb", Selection(layer="a1", type="Furniture")).path)
    nodes = nodes_by_gid(found)
    assert len(nodes) == CHAIRS
    assert len({node["mesh"] for node in nodes.values()}) == len(found["meshes"]) == 1


def volumes(path):
    """(volume, area) by name of object, as trimesh reads the file."""
    scene = trimesh.load(path, process=False)
    found = {}
    for name in scene.graph.nodes_geometry:
        matrix, key = scene.graph[name]
        mesh = scene.geometry[key].copy().apply_transform(matrix)
        mesh.merge_vertices(merge_tex=True, merge_norm=True)
        found[name] = (mesh.volume, mesh.area)
    return found


def decoded_boxes(path):
    """Box by gid in park axes, for objects of one part; compressed views are unpacked."""
    file = Document.read(path, Place(path.parent))
    nodes, found = file.json["nodes"], {}
    offset = np.array(nodes[0]["translation"])
    for gid, node in nodes_by_gid(file.json).items():
        points = np.concatenate(
            [file.accessor(p["attributes"]["POSITION"]) for p in file.json["meshes"][node["mesh"]]["primitives"]]
        ) * np.array(node.get("scale", [1, 1, 1]))  # fmt: skip
        points = points @ rotation(node.get("rotation", [0, 0, 0, 1])).T + node.get("translation", [0, 0, 0]) + offset
        low, high = points.min(axis=0), points.max(axis=0)
        found[gid] = [low[0], -high[2], low[1], high[0], -low[2], high[1]]
    return found


@pytest.mark.parametrize("compact", [False, True])
def test_shapes_stand_where_the_graph_says(run, graph, compact):
    path = run("glb", Selection(layer="a1"), compact=compact).path
    found = decoded_boxes(path)
    assert len(found) > CHAIRS
    for gid, box in found.items():
        np.testing.assert_allclose(box, graph.item(gid)["box"], atol=0.001, err_msg=gid)
    required = document(path).get("extensionsRequired", [])
    assert required == (["EXT_meshopt_compression", "KHR_mesh_quantization"] if compact else [])


def test_volumes_are_those_that_were_measured(run, graph):
    found = volumes(run("glb", Selection(layer="a1")).path)
    rows = graph.db.rows(
        "SELECT o.name, q.value FROM quantity q JOIN object o USING (gid)"
        " WHERE q.name = 'Volume' AND q.origin = 'measured' AND o.layer = 'a1' AND o.type IN ('Wall', 'PipeSegment')"
    )
    assert len(rows) == len(HOSTILE) + 3
    for row in rows:
        volume, area = found[row["name"]]
        assert abs(volume - row["value"]) <= 0.0005 * area, row["name"]  # every face off by the tiles' rounding


def test_all_kinds_of_files_are_valid(run, tmp_path):
    judged = tmp_path / "judged"
    judged.mkdir()
    paths = [
        run("glb").path,
        run("glb", compact=True).path,
        run("glb", Selection(layer="houses")).path,
        run("glb", Selection(layer="a1", type="Furniture"), compact=True).path,
    ]
    assert judge(*paths, folder=judged) == [[]] * len(paths)


def test_equal_input_gives_equal_bytes(run):
    assert run("glb").path.read_bytes() == run("glb").path.read_bytes()


def test_nothing_with_a_shape(run):
    with pytest.raises(Invalid, match="None of the 1 selected objects has a shape") as caught:
        run("glb", Selection(layer="a1", type="Site"))
    assert caught.value.code == "no-geometry"


class Drawn:
    """Stands for chosen objects whose tiles were built from a synthetic spool."""

    def __init__(self, scene, kind, folder, wanted):
        table = scene.table()
        result = build(scene.spool.close(), table, FRAME, kind, "x", folder / "tiles")
        rows = [row for row, name in enumerate(table["id"].to_pylist()) if wanted(name)]
        self.boxes = {table["id"][row].as_py(): result.boxes[row] for row in rows}
        objects = pa.table(
            {
                "gid": [f"x/{table['id'][row]}" for row in rows],
                "ordinal": pa.array([int(result.ordinal[row]) for row in rows], pa.int32()),
            }
        )
        self.layers = {"x": (folder, objects)}
        names = ("layer", "type", "ifc_class", "predefined_type", "tag", "storey_name", "building_name", "discipline")
        self._rows = [
            {"id": table["id"][row].as_py(), "gid": f"x/{table['id'][row]}", "name": None,
             "ordinal": int(result.ordinal[row]), **dict.fromkeys(names), "layer": "x", "type": "T"}
            for row in rows
        ]  # fmt: skip
        self.connection = self

    def query(self, _table):
        return ""

    def __len__(self):
        return len(self._rows)

    def execute(self, _query):
        return self

    def to_arrow_table(self):
        return pa.Table.from_pylist(self._rows)


def write(drawn, tmp_path, *, compact=False):
    (tmp_path / "scratch").mkdir(exist_ok=True)
    asset = {"name": "p", "layers": {"x": {}}}
    path = tmp_path / "out.glb"
    report = export_glb(drawn, path, tmp_path / "scratch", asset, compact=compact, progress=lambda *_: None)
    return path, report


@pytest.mark.parametrize(("make", "kind"), [(building, LayerKind.BIM), (forest, LayerKind.VECTOR)])
def test_boxes_of_many_objects(make, kind, tmp_path):
    """Instanced, turned, scaled, mirrored and merged ones, each at its place within the tiles' rounding."""
    drawn = Drawn(make(tmp_path / "spool"), kind, tmp_path, lambda name: not name.endswith("7"))
    path, report = write(drawn, tmp_path)
    shaped = {name: box for name, box in drawn.boxes.items() if np.isfinite(box).all()}
    assert report.objects == len(shaped)
    assert report.without_shape == len(drawn) - len(shaped)
    found = boxes(path)
    assert set(found) == set(shaped)
    for name, box in shaped.items():
        np.testing.assert_allclose(found[name], box, atol=0.0015, err_msg=name)


@pytest.mark.parametrize("compact", [False, True])
def test_images_come_along(tmp_path, compact):
    """The file shows what the tiles show, each image once, and only those that selected objects have."""
    drawn = Drawn(textured(tmp_path / "spool"), LayerKind.BIM, tmp_path, lambda name: name not in {"mask", "clamp"})
    path, report = write(drawn, tmp_path, compact=compact)
    assert report.objects == 16
    (tmp_path / "judged").mkdir()
    assert judge(path, folder=tmp_path / "judged") == [[]]
    found = document(path)
    assert len(found["images"]) == 3  # the atlas, the repeated and the mirrored stripes (equal bytes), the glassy one
    file = Document.read(path, Place(tmp_path))
    nodes = {node["name"]: node for node in found["nodes"] if "gid" in node.get("extras", {})}
    for index in range(12):
        (primitive,) = found["meshes"][nodes[f"once{index}"]["mesh"]]["primitives"]
        material = found["materials"][primitive["material"]]
        image = file.image(material["pbrMetallicRoughness"]["baseColorTexture"]["index"])
        position, uv = (file.real(primitive["attributes"][name]) for name in ("POSITION", "TEXCOORD_0"))
        for place, (u, v) in zip(position, (uv - uv.mean(axis=0)) * 0.8 + uv.mean(axis=0), strict=True):
            colour = image[int(v * len(image)), int(u * len(image[0]))]
            wanted = (20 * index, 40, 200) if place[0] < 0 else (250, 20 * index, 30)
            assert np.abs(colour.astype(int) - wanted).max() < 20
    glassy = found["meshes"][nodes["blend"]["mesh"]]["primitives"][0]["material"]
    assert found["materials"][glassy]["alphaMode"] == "BLEND"
    assert found["materials"][glassy]["pbrMetallicRoughness"]["baseColorFactor"][3] == pytest.approx(0.4, abs=0.01)
    (plain,) = found["meshes"][nodes["plain"]["mesh"]]["primitives"]
    assert "baseColorTexture" not in found["materials"][plain["material"]]["pbrMetallicRoughness"]


def boxes(path):
    """Box by name of an object's node, its parts together, in park axes."""
    scene, json_ = trimesh.load(path, process=False), document(path)
    owner = {}
    for node in json_["nodes"]:
        if "gid" in node.get("extras", {}):
            owner[node["name"]] = node
    result = {}
    for name in scene.graph.nodes_geometry:
        matrix, key = scene.graph[name]
        # A part's node has no name of its own: its parent's is the object's.
        holder = name if name in owner else scene.graph.transforms.parents[name]
        while holder not in owner:
            holder = scene.graph.transforms.parents[holder]
        low, high = scene.geometry[key].copy().apply_transform(matrix).bounds
        box = np.array([low[0], -high[2], low[1], high[0], -low[2], high[1]])
        known = result.setdefault(holder, box)
        result[holder] = np.concatenate((np.minimum(known[:3], box[:3]), np.maximum(known[3:], box[3:])))
    return result


def test_terrain_at_full_detail(tmp_path):
    scene = terrain(tmp_path / "spool", chunks=2)
    drawn = Drawn(scene, LayerKind.TERRAIN, tmp_path, lambda name: name == "chunk0-1")
    assert len(contents(tmp_path / "tiles")) < len(list((tmp_path / "tiles").glob("*.glb")))
    path, report = write(drawn, tmp_path)
    assert report.triangles >= 2 * 120 * 120  # and the skirts that hide seams between tiles
    box, known = boxes(path)["chunk0-1"], drawn.boxes["chunk0-1"]
    np.testing.assert_allclose(box[[0, 1, 3, 4, 5]], known[[0, 1, 3, 4, 5]], atol=0.01)


def test_far_objects_are_near_the_root(tmp_path):
    scene = Scene(tmp_path / "spool")
    scene.box("far", (80_000.25, -60_000.5, 12.0), (1, 2, 3))
    path, _ = write(Drawn(scene, LayerKind.BIM, tmp_path, lambda _name: True), tmp_path)
    found = document(path)
    np.testing.assert_allclose(found["nodes"][0]["translation"], [80_000, 12, 60_000], atol=1)
    assert np.abs(found["nodes"][2]["translation"]).max() < 1


def test_broken_tiles_are_told(tmp_path):
    drawn = Drawn(building(tmp_path / "spool", 1, 5), LayerKind.BIM, tmp_path, lambda _name: True)
    (tile,) = (tmp_path / "tiles").glob("*.glb")
    tile.write_bytes(tile.read_bytes()[:400])
    with pytest.raises(Invalid, match=r"is broken: .*; build the layer again"):
        write(drawn, tmp_path)
