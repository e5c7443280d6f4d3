"""Mesh models through the whole build, and how sources are told apart."""

from __future__ import annotations

import zipfile

import duckdb
import numpy as np
import pytest

from scenes.build import ingest as build
from scenes.build.readers import kind_of
from scenes.build.side_files import side_files
from scenes.tiles.check.check import check_path
from server.cli.ingest import plan_layers
from tests.bim.ifc_files import new_model
from tests.bim.ifcxml_files import nested, part28
from tests.bim.mesh_files import CORNERS, Gltf
from tests.bim.test_mesh_formats import box_obj, ply, stl, stl_text
from twin.errors import Invalid
from twin.graph.tablefile import attach
from twin.park import Park


@pytest.fixture
def park(tmp_path):
    folder = tmp_path / "park"
    folder.mkdir()
    (folder / "park.toml").write_text(
        '[park]\nid = "p"\nname = "园区"\n\n[origin]\nlongitude = 114.3\nlatitude = 30.5\nheight = 20\n',
        encoding="utf-8",
    )
    return Park.load(folder)


def issues(park, version):
    tileset = park.layers_folder / version.layer / version.version / "tiles" / "tileset.json"
    return [str(issue) for issue in check_path(tileset).issues]


def test_a_gltf_model_becomes_valid_tiles_and_a_graph(park, tmp_path):
    g = Gltf()
    mesh = g.box(
        "Tree",
        (1, 4, 1),
        material=g.add("materials", name="Leaf", pbrMetallicRoughness={"baseColorFactor": [0, 1, 0, 1]}),
    )
    trees = [
        g.node(root=False, name=f"tree {n}", mesh=mesh, translation=[3 * n, 0, 0], scale=[1, 1 + n % 3, 1])
        for n in range(80)
    ]
    g.node(name="Trees", children=trees)
    version = build(park, g.gltf(tmp_path / "trees.gltf", side="trees.bin")).version
    assert issues(park, version) == []
    assert (version.kind, version.count, version.stats["triangles"]) == ("model", 82, 80 * 12)
    assert version.stats["engines"] == {"source mesh": 80}
    assert version.box == pytest.approx((0, -1, 0, 3 * 79 + 1, 0, 12), abs=2e-3)
    with duckdb.connect() as con:
        attach(con, park.layers_folder / "trees" / version.version, "made")
        con.execute("USE made")
        row = con.execute("SELECT type, parent, max_z FROM object WHERE gid = 'trees/Trees/tree 7'").fetchone()
        assert row[:2] == ("Part", "trees/Trees")
        assert row[2] == pytest.approx(8, abs=1e-6)
        volume = con.execute("SELECT sum(value) FROM quantity WHERE name = 'Volume'").fetchone()[0]
        assert volume == pytest.approx(sum(4 * (1 + n % 3) for n in range(80)))


@pytest.mark.parametrize("name", ["m.stl", "m.ply", "m.obj"])
def test_the_other_formats_build_too(park, tmp_path, name):
    points, faces = box_obj()
    content = {"m.stl": stl(), "m.ply": ply("binary_little_endian", "float"), "m.obj": (points + faces).encode()}[name]
    (tmp_path / name).write_bytes(content)
    version = build(park, tmp_path / name, unit="ft", up="z").version
    assert issues(park, version) == []
    assert version.box == pytest.approx((0, 0, 0, 0.3048, 0.3048, 0.3048), abs=1e-3)
    assert version.georef["unit"] == "ft"
    assert build(park, tmp_path / name, unit="ft", up="z").reused
    assert not build(park, tmp_path / name, unit="in", up="z").reused


def test_a_side_file_that_changes_makes_another_version(park, tmp_path):
    points, faces = box_obj()
    (tmp_path / "m.obj").write_text("mtllib m.mtl\nusemtl a\n" + points + faces)
    library = tmp_path / "m.mtl"
    library.write_text("newmtl a\nKd 1 0 0\nmap_Kd -s 1 1 1 sub/t 1.png\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "t 1.png").write_bytes(b"x")
    assert [path.name for path in side_files(tmp_path / "m.obj")] == ["m.mtl", "t 1.png"]
    first = build(park, tmp_path / "m.obj").version
    assert build(park, tmp_path / "m.obj").reused
    library.write_text("newmtl a\nKd 0 0 1\n")
    second = build(park, tmp_path / "m.obj")
    assert not second.reused
    assert second.version.version != first.version
    assert second.version.stats["digest"] != first.stats["digest"]


def test_names_of_side_files_are_found_in_gltf_and_lead_nowhere_else(tmp_path):
    g = Gltf()
    g.node(mesh=g.box())
    g.add("images", uri="%E5%9B%BE.png")
    g.add("images", uri="../out.png")
    (tmp_path / "out.png").write_bytes(b"x")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "图.png").write_bytes(b"x")
    assert [path.name for path in side_files(g.gltf(folder / "a.gltf", side="a.bin"))] == ["a.bin", "图.png"]
    assert side_files(g.glb(folder / "a.glb")) == []


def test_images_of_ifc_and_city_models_are_side_files(tmp_path):
    (tmp_path / "maps").mkdir()
    for name in ("砖.png", "c.jpg"):
        (tmp_path / "maps" / name).write_bytes(b"x")
    texts = {
        "a.ifc": "#1=IFCIMAGETEXTURE(.T.,.T.,'DIFFUSE',#2,('p'),'maps/\\X2\\7816\\X0\\.png');\n#3= IFCIMAGETEXTURE (.T.,.T.,$,$,$,'../c.jpg' );",
        "a.city.json": '{"textures":[{"image": "maps/%E7%A0%96.png"},{"image":"http://x/c.jpg"}]}',
        "a.gml": "<app:imageURI>\n maps/砖.png </app:imageURI>",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        assert [path.name for path in side_files(tmp_path / name)] == ["砖.png"], name


def test_kinds_are_told_by_content_before_names(tmp_path):
    model = new_model()
    points, faces = box_obj()
    g = Gltf()
    g.node(mesh=g.box())
    cases = {
        "a.xml": (nested(model.file), "bim"),
        "b.json": (part28(model.file, "IFC4"), "bim"),
        "c.ifc": (g.glb(tmp_path / "x.glb").read_bytes(), "model"),
        "d.json": (g.gltf(tmp_path / "x.gltf").read_bytes(), "model"),
        "e.dat": (stl(), "model"),
        "f.dat": (stl_text("a").encode(), "model"),
        "g.dat": (ply(), "model"),
        "h.dat": ((points + faces).encode(), "model"),
        "i.json": (b'{"type": "FeatureCollection", "features": []}', "vector"),
        "j.ply": (b"SQLite format 3\0", "vector"),
        "k.obj": (b"II*\0", "raster"),
        "l.obj": (b"# nothing that looks like a mesh", "model"),
        "m.ifc": (b"anything", "bim"),
        "n.ifcxml": ("\ufeff<?xml version='1.0'?><!-- <a> --><ifc:ifcXML/>".encode("utf-16-le"), "bim"),
    }
    for name, (content, kind) in cases.items():
        (tmp_path / name).write_bytes(content)
        assert kind_of(tmp_path / name) == kind, name
    (tmp_path / "o.dat").write_bytes(b"<html></html>")
    with pytest.raises(Invalid, match=r"\.glb \.gltf"):
        kind_of(tmp_path / "o.dat")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("m.obj", points + faces)
    with pytest.raises(Invalid, match=r"\.obj"):
        kind_of(tmp_path / "p.zip")


def test_what_was_said_of_a_layers_unit_holds_until_something_else_is_said(park, tmp_path):
    published = [{"layer": "m", "source": "m.stl", "kind": "model", "georef": {"unit": "mm", "up": "y"}}]
    (job,) = plan_layers(published, [tmp_path / "m.stl"], None, None)
    assert (job.mesh_setting("unit", "model"), job.mesh_setting("up", "model")) == ("mm", "y")
    assert (job.mesh_setting("unit", "bim"), job.mesh_setting("up", "bim")) == (None, None)
    (job,) = plan_layers(published, [tmp_path / "m.stl"], "m", None, unit="in")
    assert (job.mesh_setting("unit", "model"), job.mesh_setting("up", "model")) == ("in", "y")
    (job,) = plan_layers(published, [tmp_path / "other.stl"], None, None)
    assert job.mesh_setting("unit", "model") is None
    model = new_model()
    with pytest.raises(Invalid, match="mesh models"):
        build(park, model.write(tmp_path), unit="mm")


def test_broken_models_leave_nothing(park, tmp_path):
    (tmp_path / "m.stl").write_bytes(stl(np.full_like(CORNERS, np.nan)))
    with pytest.raises(Invalid, match="shows no triangle"):
        build(park, tmp_path / "m.stl")
    assert not list(park.layers_folder.rglob("*"))
