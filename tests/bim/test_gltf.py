from __future__ import annotations

import io
import json
import struct
import urllib.request

import meshopt
import numpy as np
import pytest
from PIL import Image

from tests.bim.ifc_files import codes, vertices_of
from tests.bim.mesh_files import BOX, CORNERS, Gltf, colours, objects, prop, quantity, read_mesh
from tests.support.textured import shown
from twin.errors import Invalid
from twin.layer import LayerKind


def test_nodes_become_objects_with_their_parents_and_equal_meshes_are_stored_once(tmp_path):
    g = Gltf()
    mesh = g.box("Block", (1, 2, 3))
    left = g.node(root=False, name="左", mesh=mesh, translation=[10, 0, 0])
    right = g.node(
        root=False, name="右", mesh=mesh, rotation=[0, 0.7071067811865476, 0, 0.7071067811865476], scale=[2, 2, 2]
    )
    g.node(name="House", children=[left, right], translation=[0, 5, 0])
    g.node(name="Camera")
    draft, spool = read_mesh(g.glb(tmp_path / "park.glb"), tmp_path)
    assert draft.kind is LayerKind.MODEL
    found = objects(draft)
    assert {k: (r["type"], r["parent"], r["name"]) for k, r in found.items()} == {
        "model": ("Model", None, "park"),
        "House": ("Group", "model", "House"),
        "House/左": ("Part", "House", "左"),
        "House/右": ("Part", "House", "右"),
    }
    assert all(row["ifc_class"] is None for row in found.values())
    assert len(spool.counts) == 1
    # y up becomes z up: (x, y, z) → (x, −z, y); the file's 5 m up and 10 m along x
    low, high = (f(vertices_of(draft, spool, "House/左"), axis=0) for f in (np.min, np.max))
    assert np.allclose(low, [10, -3, 5])
    assert np.allclose(high, [11, 0, 7])
    low, high = (f(vertices_of(draft, spool, "House/右"), axis=0) for f in (np.min, np.max))
    assert np.allclose(low, [0, 0, 5], atol=1e-6)  # a quarter turn about up takes z to x, x to −z
    assert np.allclose(high, [6, 2, 9], atol=1e-6)
    assert quantity(draft, "House/左", "Volume") == pytest.approx(6)
    assert quantity(draft, "House/右", "Volume") == pytest.approx(48)
    assert quantity(draft, "House/右", "SurfaceArea") == pytest.approx(88)
    assert (prop(draft, "House/右", "Triangles"), prop(draft, "House/右", "Closed")) == ("12", "true")
    assert prop(draft, "model", "Format") == "GLB"
    assert codes(draft) == {"model-no-georeference"}


def test_unit_and_up_that_the_user_names_go_before_the_formats(tmp_path):
    g = Gltf()
    g.node(name="a", mesh=g.box(size=(1000, 2000, 3000)))
    path = g.glb(tmp_path / "mm.glb")
    draft, _ = read_mesh(path, tmp_path / "1", unit="mm", up="z")
    assert quantity(draft, "a", "Volume") == pytest.approx(6)
    assert (draft.georef["unit"], draft.georef["up"]) == ("mm", "z")
    box = vertices_of(*read_mesh(path, tmp_path / "2", unit="mm", up="z"), "a")
    assert np.allclose(box.max(axis=0), [1, 2, 3])
    for wrong in ({"unit": "furlong"}, {"up": "w"}):
        with pytest.raises(Invalid, match="expected"):
            read_mesh(path, tmp_path / "3", **wrong)


def test_uneven_scale_and_mirrors_stay_exact(tmp_path):
    g = Gltf()
    mesh = g.box()
    g.node(name="flat", mesh=mesh, scale=[4, 2, -1])
    g.node(name="mirrored", mesh=mesh, scale=[-2, 2, 2])
    g.node(name="gone", mesh=mesh, scale=[0, 1, 1])
    draft, spool = read_mesh(g.glb(tmp_path / "a.glb"), tmp_path)
    assert quantity(draft, "flat", "Volume") == pytest.approx(8)
    assert quantity(draft, "flat", "SurfaceArea") == pytest.approx(2 * (8 + 4 + 2))
    assert quantity(draft, "mirrored", "Volume") == pytest.approx(8)
    assert np.allclose(vertices_of(draft, spool, "flat").max(axis=0), [4, 1, 2])
    assert np.allclose(vertices_of(draft, spool, "mirrored").min(axis=0), [-2, -2, 0])
    assert objects(draft)["gone"]["type"] == "Group"
    linear = spool.matrix[:, :, :3]
    scale = np.abs(np.linalg.det(linear)) ** (1 / 3)
    assert np.allclose(np.einsum("pji,pjk->pik", linear, linear) / scale[:, None, None] ** 2, np.eye(3), atol=1e-6)


def test_instances_quantised_sparse_and_compressed_data(tmp_path):
    g = Gltf()
    mesh = g.box("tree")
    g.json["extensionsUsed"] = ["EXT_mesh_gpu_instancing"]
    moves = g.accessor([[0, 0, 0], [5, 0, 0], [0, 0, 7]])
    g.node(name="trees", mesh=mesh, extensions={"EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": moves}}})
    quantised = g.accessor(CORNERS * 32767, "i2", normalized=True)
    strip = g.add(
        "meshes",
        primitives=[{"attributes": {"POSITION": quantised}, "indices": g.accessor([0, 1, 2, 3], "u1"), "mode": 5}],
    )
    g.node(name="strip", mesh=strip)
    packed = meshopt.encode_gltf_buffer(np.asarray(CORNERS, "<f4"), "ATTRIBUTES")
    start = len(g.bin)
    g.bin += bytes(packed) + b"\0" * (-len(packed) % 4)
    view = g.add(
        "bufferViews", buffer=0, byteLength=96,
        extensions={"EXT_meshopt_compression": {"buffer": 0, "byteOffset": start, "byteLength": len(packed), "byteStride": 12, "count": 8, "mode": "ATTRIBUTES"}},
    )  # fmt: skip
    points = g.add("accessors", bufferView=view, componentType=5126, count=8, type="VEC3")
    g.node(
        name="packed",
        mesh=g.add(
            "meshes", primitives=[{"attributes": {"POSITION": points}, "indices": g.accessor(BOX.ravel(), "u4")}]
        ),
    )
    at, to = g.accessor([7], "u2"), g.accessor([[2, 2, 2]])
    sparse = g.add(
        "accessors", bufferView=g.json["accessors"][0]["bufferView"], componentType=5126, count=8, type="VEC3",
        sparse={"count": 1, "indices": {"bufferView": g.json["accessors"][at]["bufferView"], "componentType": 5123}, "values": {"bufferView": g.json["accessors"][to]["bufferView"]}},
    )  # fmt: skip
    g.node(
        name="sparse",
        mesh=g.add(
            "meshes", primitives=[{"attributes": {"POSITION": sparse}, "indices": g.accessor(BOX.ravel(), "u4")}]
        ),
    )
    draft, spool = read_mesh(g.gltf(tmp_path / "a.gltf"), tmp_path)
    assert prop(draft, "trees", "Placements") == "3"
    assert quantity(draft, "trees", "Volume") == pytest.approx(3)
    assert np.allclose(vertices_of(draft, spool, "trees").max(axis=0), [6, 0, 1])
    assert prop(draft, "strip", "Triangles") == "2"
    assert np.allclose(vertices_of(draft, spool, "strip").max(axis=0), [0, 0, 1])
    assert quantity(draft, "packed", "Volume") == pytest.approx(1)
    assert np.allclose(vertices_of(draft, spool, "sparse").max(axis=0), [2, 0, 2])


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def test_colours_of_factors_vertices_and_textures(tmp_path):
    g = Gltf()
    red = g.add("materials", name="Red", pbrMetallicRoughness={"baseColorFactor": [1, 0, 0, 0.5]}, alphaMode="BLEND")
    g.node(name="red", mesh=g.box(material=red))
    half = g.accessor(np.full((8, 4), 0.5))
    g.node(name="vertex", mesh=g.box(COLOR_0=half))
    (tmp_path / "图 1.png").write_bytes(png([[[255, 0, 0, 255], [0, 0, 255, 255]]]))
    image = g.add("images", uri="%E5%9B%BE%201.png")
    tex = g.add(
        "materials", name="Atlas", pbrMetallicRoughness={"baseColorTexture": {"index": g.add("textures", source=image)}}
    )
    # all faces in the blue half of the atlas
    g.node(name="blue", mesh=g.box(material=tex, TEXCOORD_0=g.accessor(np.tile([[0.75, 0.5]], (8, 1)))))
    wide = g.accessor(np.column_stack([np.arange(8), np.arange(8)]))
    g.node(name="tiled", mesh=g.box(material=tex, TEXCOORD_0=wide))
    lost = g.add(
        "materials",
        pbrMetallicRoughness={"baseColorTexture": {"index": g.add("textures", source=g.add("images", uri="no.png"))}},
    )
    g.node(name="lost", mesh=g.box(material=lost))
    draft, spool = read_mesh(g.gltf(tmp_path / "a.gltf", side="a.bin"), tmp_path)
    assert set(colours(spool, "red")) == {(1.0, 0.0, 0.0, 0.5)}
    assert prop(draft, "red", "Materials") == "Red"
    (grey,) = set(colours(spool, "vertex"))
    assert grey == pytest.approx((0.735, 0.735, 0.735, 1.0), abs=0.04)  # linear 0.5 in sRGB, in steps of 1/15
    assert set(shown(spool, "blue")) == {(0, 0, 255)}
    (mixed,) = set(colours(spool, "tiled"))
    assert mixed == pytest.approx((0.735, 0.0, 0.735, 1.0), abs=0.01)  # from afar: half of the light of each
    assert len(set(shown(spool, "tiled", (0.9, 0.06, 0.04)))) == 2
    assert set(colours(spool, "lost")) == {(1.0, 1.0, 1.0, 1.0)}
    assert "model-missing-file" in codes(draft)


def test_samplers_transforms_and_alpha_of_textures(tmp_path):
    g = Gltf()
    (tmp_path / "a.png").write_bytes(png([[[255, 0, 0, 255], [0, 0, 255, 0]]]))
    image = g.add("images", uri="a.png")
    sampler = g.add("samplers", wrapS=33648, wrapT=33071)
    texture = g.add("textures", source=image, sampler=sampler)
    move = {"KHR_texture_transform": {"offset": [0.5, 0], "scale": [0.1, 1]}}
    base = {"baseColorTexture": {"index": texture, "extensions": move}, "baseColorFactor": [1, 1, 1, 0.5]}
    uv = g.accessor(np.tile([[1.0, 0.5]], (8, 1)))
    for name, more in (("opaque", {}), ("mask", {"alphaMode": "MASK"}), ("blend", {"alphaMode": "BLEND"})):
        g.node(name=name, mesh=g.box(material=g.add("materials", pbrMetallicRoughness=base, **more), TEXCOORD_0=uv))
    draft, spool = read_mesh(g.glb(tmp_path / "a.glb"), tmp_path)
    assert not {"model-missing-file", "model-left-out"} & codes(draft)
    for name in ("opaque", "mask", "blend"):
        assert set(shown(spool, name)) == {(0, 0, 255)}  # u = 0.5 + 0.1
    textures = {item.texture.alpha: item.texture for item in spool.materials}
    assert {alpha: item.tint[3] for alpha, item in textures.items()} == {"opaque": 1, "mask": 1, "blend": 0.5}
    assert {item.wrap for item in textures.values()} == {("mirror", "clamp")}


def test_ids_stay_when_the_file_is_written_in_another_order(tmp_path):
    def made(names):
        g = Gltf()
        for name in names:
            g.node(**({"name": name} if name else {}), mesh=g.box(size=(1, 1, 2 if name else 3)))
        return read_mesh(g.glb(tmp_path / "a.glb"), tmp_path / "-".join(filter(None, names)))[0]

    first, second = made(["a", "b", None]), made([None, "b", "a"])
    assert set(objects(first)) == set(objects(second))
    twice = made(["a", "a"])
    assert set(objects(twice)) == {"model", "a", "a~2"}
    assert "model-same-name" in codes(twice)


def test_what_is_not_read_is_told(tmp_path):
    g = Gltf()
    points = g.accessor(CORNERS)
    g.node(name="b", mesh=g.add("meshes", primitives=[
        {"attributes": {"POSITION": points}, "indices": g.accessor(BOX.ravel(), "u2"), "targets": [{"POSITION": points}]},
        {"attributes": {"POSITION": points}, "mode": 1},
    ]))  # fmt: skip
    g.add("animations", channels=[], samplers=[])
    g.json["scenes"].append({"nodes": []})
    draft, _ = read_mesh(g.glb(tmp_path / "a.glb"), tmp_path)
    (finding,) = [f for f in draft.findings if f.code == "model-left-out"]
    assert finding.data == {"animation": 1, "scene": 1, "morph target": 1, "line or point primitive": 1}


def refused(tmp_path, g, words, name="bad.glb"):
    path = g if hasattr(g, "name") else (g.glb if name.endswith("glb") else g.gltf)(tmp_path / name)
    with pytest.raises(Invalid) as caught:
        read_mesh(path, tmp_path)
    message = caught.value.message
    assert message.startswith(path.name)
    assert "\n" not in message
    assert words in message, message
    return caught.value.code


def good():
    g = Gltf()
    g.node(name="a", mesh=g.box())
    return g


def changed(**edit):
    g = good()
    for path, value in edit.items():
        target = g.json
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        for step in steps:
            target = target[step]
        target[last] = value
    return g


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"asset": {"version": "1.0"}}, "glTF 1.0"),
        ({"asset": 3}, "without a version"),
        ({"nodes": 5}, "no array"),
        ({"nodes__0__mesh": 7}, "mesh 7 of 1"),
        ({"nodes__0__mesh": -1}, "mesh -1 of 1"),
        ({"nodes__0__mesh": "x"}, "mesh 'x'"),
        ({"nodes__0__children": [0]}, "contains itself"),
        ({"nodes__0__children": [9]}, "node 9 of 1"),
        ({"nodes__0__translation": [1e400, 0, 0]}, "not finite"),
        ({"nodes__0__rotation": [1]}, "broken glTF"),
        ({"nodes__0__matrix": "no"}, "broken glTF"),
        ({"accessors__0__count": 10**12}, "values in one accessor"),
        ({"accessors__0__count": 9000}, "needs"),
        ({"accessors__0__count": -5}, "is -5"),
        ({"accessors__0__byteOffset": 10**9}, "needs"),
        ({"accessors__0__componentType": 5130}, "is of type"),
        ({"accessors__0__type": "VEC2"}, "2 coordinates"),
        ({"accessors__1__componentType": 5126, "accessors__1__count": 9}, "no whole numbers"),
        ({"bufferViews__0__byteLength": 10**9}, "exceeds its buffer"),
        ({"bufferViews__0__byteStride": 2}, "stride"),
        ({"bufferViews__0__buffer": 4}, "buffer 4 of 1"),
        ({"meshes__0__primitives__0__material": 3}, "material 3 of 0"),
        ({"meshes__0__primitives": 7}, "broken glTF"),
        ({"extensionsRequired": ["KHR_draco_mesh_compression"]}, "KHR_draco_mesh_compression, which is not read: unpack"),
        ({"extensionsRequired": ["ACME_magic"]}, "ACME_magic"),
        ({"scene": 4}, "scene 4 of 1"),
    ],
)  # fmt: skip
def test_broken_documents_get_one_sentence(tmp_path, edit, words):
    refused(tmp_path, changed(**edit), words)


def test_broken_containers_and_indices(tmp_path):
    whole = good().glb(tmp_path / "w.glb").read_bytes()
    for cut in (13, 40, len(whole) - 10):
        (tmp_path / "cut.glb").write_bytes(whole[:cut])
        assert refused(tmp_path, tmp_path / "cut.glb", "breaks off") == "mesh-truncated"
    (tmp_path / "v.glb").write_bytes(whole[:4] + struct.pack("<I", 9) + whole[8:])
    assert refused(tmp_path, tmp_path / "v.glb", "version 9") == "mesh-version"
    (tmp_path / "deep.gltf").write_bytes(b'{"asset": {"version": "2.0"}, "nodes": ' + b"[" * 100_000)
    assert refused(tmp_path, tmp_path / "deep.gltf", "JSON breaks") == "mesh-syntax"
    g = Gltf()
    g.node(
        mesh=g.add(
            "meshes",
            primitives=[{"attributes": {"POSITION": g.accessor(CORNERS)}, "indices": g.accessor([0, 1, 99], "u2")}],
        )
    )
    refused(tmp_path, g, "names vertex 99 of 8")
    for depth, words in ((200, "deeper than 128"), (0, "shows no triangle")):
        g = Gltf()
        last = g.node(root=False, name="x")
        for _ in range(depth):
            last = g.node(root=False, name="x", children=[last])
        g.json["scenes"][0]["nodes"] = [last]
        refused(tmp_path, g, words)
    g = good()  # a tree whose branches meet again doubles with each level
    for level in range(1, 60):
        g.node(root=False, children=[level - 1, level - 1])
    g.json["scenes"][0]["nodes"] = [59]
    refused(tmp_path, g, "nodes: expected at most")


def test_faces_that_are_not_finite_go_and_the_rest_stays(tmp_path):
    g = Gltf()
    points = CORNERS.copy()
    points[7, 0] = np.nan
    g.node(
        name="a",
        mesh=g.add(
            "meshes",
            primitives=[{"attributes": {"POSITION": g.accessor(points)}, "indices": g.accessor(BOX.ravel(), "u2")}],
        ),
    )
    draft, spool = read_mesh(g.glb(tmp_path / "a.glb"), tmp_path)
    assert prop(draft, "a", "Triangles") == "6"
    assert quantity(draft, "a", "Volume") is None
    assert np.isfinite(vertices_of(draft, spool, "a")).all()
    assert next(f.value for f in draft.findings if f.code == "model-not-finite") == 6


@pytest.mark.parametrize(
    "uri",
    [
        "../secret.bin",
        "/etc/passwd",
        "http://127.0.0.1:9/x.bin",
        "file:///etc/passwd",
        "C:\\x.bin",
        "a/../../x",
        "%2e%2e/secret.bin",
    ],
)
def test_files_elsewhere_are_never_opened(tmp_path, monkeypatch, uri):
    monkeypatch.setattr(urllib.request, "urlopen", None)
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(b"\0" * 10_000)
    g = good()
    path = g.gltf(folder / "bad.gltf")
    document = json.loads(path.read_text())
    document["buffers"][0]["uri"] = uri
    path.write_text(json.dumps(document))
    assert refused(folder, path, "not in its own folder") == "mesh-side-file"
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    document["buffers"][0]["uri"] = "link.bin"
    path.write_text(json.dumps(document))
    assert refused(folder, path, "not in its own folder") == "mesh-side-file"
    document["buffers"][0]["uri"] = "gone.bin"
    path.write_text(json.dumps(document))
    assert refused(folder, path, "does not lie beside it") == "mesh-side-file"


def test_changed_bytes_never_crash_the_reader(tmp_path):
    """Seeded: each change gives a model or one sentence."""
    g = good()
    g.node(name="t", mesh=g.box(material=g.add("materials", name="m")))
    whole = g.glb(tmp_path / "w.glb").read_bytes()
    random = np.random.default_rng(7)
    refusals = []
    for number in range(150):
        data = bytearray(whole)
        for at in random.integers(0, len(data), 3):
            data[at] = random.integers(0, 256)
        (tmp_path / "f.glb").write_bytes(data)
        try:
            read_mesh(tmp_path / "f.glb", tmp_path / str(number))
        except Invalid as error:
            refusals.append(error.message)
    assert len(refusals) > 20
    assert not any("\n" in message for message in refusals)
