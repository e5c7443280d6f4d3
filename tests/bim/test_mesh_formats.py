"""OBJ, STL and PLY."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from bim.mesh_model import limits
from bim.mesh_model.formats import MeshFormat, mesh_format
from bim.mesh_model.polygons import triangulate
from tests.bim.ifc_files import codes, vertices_of
from tests.bim.mesh_files import BOX, CORNERS, colours, objects, prop, quantity, read_mesh
from tests.support.textured import shown
from twin.errors import Invalid
from twin.geometry.frame import Frame

QUADS = [[1, 2, 4, 3], [5, 7, 8, 6], [1, 5, 6, 2], [3, 4, 8, 7], [1, 3, 7, 5], [2, 6, 8, 4]]


def obj(folder, text, name="m.obj", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def box_obj(shift=(0, 0, 0), first=0):
    points = "".join(f"v {x + shift[0]!r} {y + shift[1]!r} {z + shift[2]!r}\n" for x, y, z in CORNERS.tolist())
    return points, "".join("f " + " ".join(str(i + first) for i in quad) + "\n" for quad in QUADS)


def refused(path, folder, words):
    with pytest.raises(Invalid) as caught:
        read_mesh(path, folder / "r")
    message = caught.value.message
    assert message.startswith(path.name)
    assert "\n" not in message
    assert words in message, message
    return caught.value.code


def test_obj_objects_and_groups_with_materials(tmp_path):
    (tmp_path / "库 a.mtl").write_text(
        "# c\nnewmtl 红\nKd 1 0 0\nd 0.25\nnewmtl img\nKd 1 1 1\nmap_Kd -s 1 1 1 t x.png\n", encoding="utf-8"
    )
    buffer = io.BytesIO()
    Image.fromarray(np.array([[[0, 255, 0]], [[0, 0, 255]]], np.uint8)).save(buffer, "PNG")  # green on top, blue below
    (tmp_path / "t x.png").write_bytes(buffer.getvalue())
    points, faces = box_obj()
    more, others = box_obj((5, 0, 0), 8)
    textured = "".join(f"f {a}/-1 {b}/-1 {c}/-1 {d}/-1\n" for a, b, c, d in np.add(QUADS, 8).tolist())
    text = (
        f"mtllib 库 a.mtl\no 房子\ng 墙\nusemtl 红\n{points}{faces}g 窗\nusemtl img\n{more}vt 0.5 0.9\n{textured}"
        f"o Alone\nusemtl nowhere\n{others}l 1 2\n"
    )
    draft, spool = read_mesh(obj(tmp_path, text), tmp_path)
    assert {k: (r["type"], r["parent"]) for k, r in objects(draft).items()} == {
        "model": ("Model", None), "房子": ("Group", "model"), "房子/墙": ("Part", "房子"), "房子/窗": ("Part", "房子"),
        "Alone": ("Part", "model"),
    }  # fmt: skip
    assert set(colours(spool, "房子/墙")) == {(1.0, 0.0, 0.0, 0.25)}
    assert set(shown(spool, "房子/窗")) == {(0, 255, 0)}  # OBJ's v runs upwards
    assert quantity(draft, "房子/墙", "Volume") == pytest.approx(1)
    assert prop(draft, "房子/窗", "Triangles") == "12"
    assert np.allclose(vertices_of(draft, spool, "Alone").min(axis=0), [5, -1, 0])  # y up by default
    assert {"model-unit", "model-left-out"} <= codes(draft)


def test_obj_notations(tmp_path):
    points, _ = box_obj()
    vertices = points.rstrip("\n").split("\n")
    negative = "".join(
        "f " + " ".join(f"{i - 9}/{i}/{i}" if i % 2 else f"{i - 9}//{i}" for i in quad) + "\n" for quad in QUADS
    )
    text = "\r\n".join(vertices).replace(" ", "  ").replace("v", "\tv") + "\r\n" + negative.replace(" ", " \\\n ", 1)
    draft, _ = read_mesh(obj(tmp_path, text), tmp_path / "1", up="z")
    assert quantity(draft, next(k for k in objects(draft) if k != "model"), "Volume") == pytest.approx(1)
    coloured = "".join(f"{line} 1 0 0\n" for line in vertices) + "f 1 2 4 3\n"
    draft, spool = read_mesh(obj(tmp_path, coloured), tmp_path / "2")
    assert set(colours(spool, spool.objects[0])) == {(1.0, 0.0, 0.0, 1.0)}
    mixed = vertices[0] + " 1 0 0\n" + "\n".join(vertices[1:]) + "\nf 1 2 4 3\n"
    assert prop(read_mesh(obj(tmp_path, mixed), tmp_path / "3")[0], spool.objects[0], "Triangles") in {"2", None}


def test_large_coordinates_keep_their_millimetres(tmp_path):
    east, north = 528_000.123, 3_374_000.456
    frame = Frame(114.3, 30.5, 20.0, "EPSG:4547")
    points, faces = box_obj((east, north, 20.0))
    draft, spool = read_mesh(obj(tmp_path, points + faces), tmp_path, frame=None, crs="EPSG:4547", up="z")
    local = next(k for k in objects(draft) if k != "model")
    at = draft.frame.to_crs(vertices_of(draft, spool, local), "EPSG:4547")
    assert np.allclose(np.sort(at[:, 0])[[0, -1]], [east, east + 1], atol=2e-3)
    assert np.allclose(np.sort(at[:, 1])[[0, -1]], [north, north + 1], atol=2e-3)
    assert quantity(draft, local, "Volume") == pytest.approx(1, rel=1e-6)
    assert draft.crs == "EPSG:4547"
    assert draft.georef["used"] == "crs-override"
    with pytest.raises(Invalid, match="km from"):
        read_mesh(tmp_path / "m.obj", tmp_path / "far", frame=Frame(2.0, 48.0), crs="EPSG:4547", up="z")
    with pytest.raises(Invalid, match="no projected system"):
        read_mesh(tmp_path / "m.obj", tmp_path / "geo", frame=frame, crs="EPSG:4326", up="z")
    draft, spool = read_mesh(tmp_path / "m.obj", tmp_path / "none", frame=frame, up="z")
    assert "model-georef-coordinates" in codes(draft)  # they fit the park's own system
    assert np.abs(vertices_of(draft, spool, local)).max() < 2000


def test_large_coordinates_of_no_system_are_brought_to_the_origin(tmp_path):
    points, faces = box_obj((9_000_000.0, 8_000_000.0, 20.0))
    frame = Frame(114.3, 30.5, 20.0, "EPSG:4547")
    draft, spool = read_mesh(obj(tmp_path, points + faces), tmp_path, frame=frame, up="z")
    assert {"model-huge-coordinates", "model-no-georeference"} <= codes(draft)
    local = next(k for k in objects(draft) if k != "model")
    assert np.abs(vertices_of(draft, spool, local)).max() < 30


def test_concave_polygons_are_cut_right(tmp_path):
    ring = [(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)]
    text = "".join(f"v {x} {y} 0\n" for x, y in ring) + "f 1 2 3 4 5\nf 5 4 3 2 1\n"
    draft, _ = read_mesh(obj(tmp_path, text), tmp_path, up="z")
    local = next(k for k in objects(draft) if k != "model")
    assert quantity(draft, local, "SurfaceArea") == pytest.approx(2 * 10)
    points = np.array([(*p, 0) for p in ring], np.float64)
    places, owner = triangulate(points, np.arange(5), np.array([5]))
    normals = np.cross(points[places[:, 1]] - points[places[:, 0]], points[places[:, 2]] - points[places[:, 0]])
    assert (normals[:, 2] > 0).all()
    assert owner.tolist() == [0, 0, 0]


def stl(points=CORNERS, faces=BOX, count=None, head=b"solid binary with a text head"):
    data = np.zeros(len(faces), np.dtype([("n", "<f4", 3), ("c", "<f4", (3, 3)), ("a", "<u2")]))
    data["c"] = points[faces]
    return head.ljust(80, b" ") + (len(faces) if count is None else count).to_bytes(4, "little") + data.tobytes()


def stl_text(name, shift=0.0):
    facets = "".join(
        "facet normal 0 0 0\n outer loop\n" + "".join(f"  vertex {x + shift:e} {y} {z}\n" for x, y, z in CORNERS[face]) + " endloop\nendfacet\n"
        for face in BOX
    )  # fmt: skip
    return f"solid {name}\n{facets}endsolid {name}\n"


def test_stl_binary_and_text(tmp_path):
    (tmp_path / "b.stl").write_bytes(stl())
    draft, spool = read_mesh(tmp_path / "b.stl", tmp_path / "1", unit="in")
    local = next(k for k in objects(draft) if k != "model")
    assert quantity(draft, local, "Volume") == pytest.approx(0.0254**3)
    assert spool.counts.tolist() == [[8, 12]]
    assert np.allclose(vertices_of(draft, spool, local).max(axis=0), 0.0254)  # z up, no axis turned
    assert objects(draft)[local]["name"] == "b"
    (tmp_path / "t.stl").write_text(stl_text("墙 1") + stl_text("墙 2", 3), encoding="utf-8")
    draft, spool = read_mesh(tmp_path / "t.stl", tmp_path / "2")
    assert set(objects(draft)) == {"model", "墙 1", "墙 2"}
    assert quantity(draft, "墙 2", "Volume") == pytest.approx(1)
    assert np.allclose(vertices_of(draft, spool, "墙 2").min(axis=0), [3, 0, 0])


def ply(order="ascii", kind="double", faces=None, mixed=False):
    polygons = [[i - 1 for i in quad] for quad in QUADS] if faces is None else faces
    if mixed:
        polygons = [*polygons[1:], polygons[0][:3], [polygons[0][0], *polygons[0][2:]]]
    head = (
        f"ply\nformat {order} 1.0\ncomment x\nelement vertex 8\nproperty {kind} x\nproperty {kind} y\nproperty {kind} z\n"
        "property uchar red\nproperty uchar green\nproperty uchar blue\n"
        f"element face {len(polygons)}\nproperty list uchar int vertex_indices\nend_header\n"
    ).encode()
    shift = np.array([500_000.001, 0, 0]) if kind == "double" else 0
    if order == "ascii":
        rows = [f"{x!r} {y!r} {z!r} 255 0 0" for x, y, z in (CORNERS + shift).tolist()]
        rows += [" ".join(map(str, [len(p), *p])) for p in polygons]
        return head + "\n".join(rows).encode()
    sign = "<" if "little" in order else ">"
    vertices = np.zeros(8, [("p", f"{sign}{'f8' if kind == 'double' else 'f4'}", 3), ("c", "u1", 3)])
    vertices["p"], vertices["c"] = CORNERS + shift, (255, 0, 0)
    body = b"".join(bytes([len(p)]) + np.array(p, f"{sign}i4").tobytes() for p in polygons)
    return head + vertices.tobytes() + body


@pytest.mark.parametrize("order", ["ascii", "binary_little_endian", "binary_big_endian"])
@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("kind", ["double", "float"])
def test_ply(tmp_path, order, mixed, kind):
    (tmp_path / "m.ply").write_bytes(ply(order, kind, mixed=mixed))
    draft, spool = read_mesh(tmp_path / "m.ply", tmp_path)
    local = next(k for k in objects(draft) if k != "model")
    assert quantity(draft, local, "Volume") == pytest.approx(1, rel=1e-9)
    assert set(colours(spool, local)) == {(1.0, 0.0, 0.0, 1.0)}
    low = vertices_of(draft, spool, local).min(axis=0) + np.array(draft.georef["offset"])
    assert low[0] == pytest.approx(500_000.001 if kind == "double" else 0, abs=1e-6)


def test_broken_files_get_one_sentence(tmp_path):
    points, faces = box_obj()
    cases = [
        ("a.obj", points + "f 1 2 9\n", "line 9 that names vertex 9 of 8"),
        ("b.obj", points + "f 1 2 -9\n", "names vertex -9 of 8"),
        ("c.obj", points + "f 1 2 0\n", "names vertex 0 of 8"),
        ("d.obj", points + "f 1 2 x\n", "no number"),
        ("e.obj", points.replace("0.0", "0.x", 1) + faces, "no number"),
        ("f.obj", points, "no face"),
        ("g.obj", "v 1 2\nf 1 1 1\n", "three coordinates"),
        ("h.obj", points + "f 1 2 99999999999999999999999\n", "no number"),
        ("i.obj", "mtllib ../../x.mtl\n" + points + faces, "not in its own folder"),
        ("j.obj", points + faces.replace("f 1 2 4 3", "f 1 2"), ""),
        ("a.stl", stl(count=10**9), "at most"),
        ("b.stl", stl()[:-60], "breaks off after"),
        ("c.stl", b"\x01" * 50, "breaks off in its header"),
        ("d.stl", stl_text("x")[:400], "breaks off in solid 'x'"),
        ("e.stl", stl_text("x").replace("vertex 0", "vertex nope", 1), "no number"),
        ("f.stl", stl_text("x").replace("vertex ", "vertx ", 1), "nine a triangle"),
        ("g.stl", "solid x\nendsolid x\n", "shows no triangle"),
        ("a.ply", ply()[:-30], "breaks off"),
        ("b.ply", ply("binary_little_endian")[:-30], "breaks off"),
        ("c.ply", ply("binary_little_endian", mixed=True)[:-30], "breaks off"),
        ("d.ply", ply().replace(b"element vertex 8", b"element vertex 99999999999"), "at most"),
        ("e.ply", ply().replace(b"element vertex 8", b"element vertex 40000000"), "breaks off"),
        ("f.ply", ply("binary_big_endian").replace(b"element vertex 8", b"element vertex 40000000"), "breaks off"),
        ("g.ply", ply().replace(b"double", b"quaternion"), "no PLY"),
        ("h.ply", ply().replace(b"property double z", b"property double w"), "without z"),
        ("i.ply", ply(faces=[]), "points and no face"),
        ("j.ply", ply(faces=[[0, 1, 8]]), "names vertex 8 of 8"),
        ("k.ply", ply(faces=[[0, 1, -2]]), "names vertex -2 of 8"),
        ("l.ply", ply().replace(b"end_header", b"end"), "no end_header"),
        ("m.ply", ply().replace(b"format ascii 1.0\n", b""), "names no format"),
        ("n.ply", ply() + b" x", "no number"),
        ("a.glb", b"nothing", "JSON breaks"),
    ]  # fmt: skip
    for name, content, words in cases:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if words:
            refused(path, tmp_path, words)
        else:
            read_mesh(path, tmp_path / "fine")  # a face of two corners has no triangle; the others stay


def test_limits_are_named(tmp_path, monkeypatch):
    (tmp_path / "m.stl").write_bytes(stl())
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 100)
    assert refused(tmp_path / "m.stl", tmp_path, "in one mesh file") == "mesh-size"


def test_a_model_that_must_be_in_another_unit_is_told(tmp_path):
    (tmp_path / "m.stl").write_bytes(stl(CORNERS * 25_000))
    draft, _ = read_mesh(tmp_path / "m.stl", tmp_path)
    (finding,) = [f for f in draft.findings if f.code == "model-unit"]
    assert finding.severity == "major"
    assert "2.5e+04 m" in finding.en or "25,000 m" in finding.en
    assert "model-unit" not in codes(read_mesh(tmp_path / "m.stl", tmp_path / "2", unit="mm")[0])


def test_missing_libraries_leave_the_shape(tmp_path):
    points, faces = box_obj()
    draft, _ = read_mesh(obj(tmp_path, "mtllib gone.mtl\n" + points + faces), tmp_path)
    assert "model-missing-file" in codes(draft)


def test_formats_are_told_apart_by_content():
    points, faces = box_obj()
    cases = {
        b"glTF\x02\0\0\0": MeshFormat.GLB,
        b'{"asset": {"version": "2.0"}, "meshes": []}': MeshFormat.GLTF,
        ply(): MeshFormat.PLY,
        stl(): MeshFormat.STL,
        stl_text("a b").encode(): MeshFormat.STL_TEXT,
        (points + faces).encode(): MeshFormat.OBJ,
        b"# a comment\n\nmtllib x.mtl\no x\nv 1 2 3\n": MeshFormat.OBJ,
        b'{"asset": {"version": "1.1"}, "geometricError": 5, "root": {}}': None,
        b'{"type": "FeatureCollection", "features": []}': None,
        b"solid ground is what we want\n": None,
        b"v is a letter\nv 1 2 3\n": None,
        b"": None,
    }
    for content, found in cases.items():
        assert mesh_format(content, len(content)) is found, content[:40]
