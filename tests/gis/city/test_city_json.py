"""CityJSON: objects, levels, shapes, colours, attributes."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from tests.gis.city.city_files import block, building, document, solid, surface, write
from tests.gis.city.conftest import values


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_a_box_stands_where_it_was_surveyed(read, tmp_path, frame, version):
    found = read(write(tmp_path, document({"b": building([solid()])}, block(), version)), frame=frame)
    points, faces = found.mesh("b")
    assert len(faces) == 12
    assert found.volume("b") == pytest.approx(1000, rel=2e-4)  # the grid's scale
    assert found.quantity("b", "Volume") == pytest.approx(found.volume("b"), rel=1e-5)
    assert found.quantity("b", "ProjectedArea") == pytest.approx(200, rel=2e-4)
    assert found.quantity("b", "Height") == pytest.approx(5, abs=1e-3)
    assert points[:, 2].min() == pytest.approx(20 - 22, abs=1e-3)
    expected = frame.from_crs([[528770.0, 3386660.0, 20.0], [528780.0, 3386680.0, 25.0]], "EPSG:4547")
    assert points.min(axis=0) == pytest.approx(expected[0], abs=0.05)
    assert points.max(axis=0) == pytest.approx(expected[1], abs=0.05)
    row = found.objects()["b"]
    assert (row["type"], row["discipline"], row["cim_level"], row["engine"]) == (
        "Building",
        "architecture",
        3,
        "polygons",
    )
    assert found.codes() == {}
    assert (found.draft.crs, found.draft.georef["how"], found.draft.kind) == ("EPSG:4547", "declared", "vector")


def test_a_sequence_gives_what_the_document_gives(read, tmp_path, frame):
    vertices = block() + block(x=30)
    whole = read(
        write(tmp_path, document({"a": building([solid()]), "b": building([solid(8)])}, vertices)), frame=frame
    )
    lines = [document({}, [])] + [
        {"type": "CityJSONFeature", "id": name, "CityObjects": {name: building([solid()])}, "vertices": block(x=x)}
        for name, x in (("a", 0), ("b", 30))
    ]
    for name in ("s.city.jsonl", "s.json"):
        path = tmp_path / name
        path.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
        parts = read(path, frame=frame)
        for object_id in "ab":
            assert np.allclose(parts.mesh(object_id)[0], whole.mesh(object_id)[0], atol=1e-4)
        assert parts.draft.objects.equals(whole.draft.objects)


def test_the_highest_level_is_drawn_and_a_solid_before_its_surfaces(read, tmp_path, frame):
    vertices = block() + block(height=8)
    roof = surface([12, 13, 14, 15], lod="2.2")
    geometry = [solid(0, "1.3"), solid(8, "2.2"), roof, {"type": "MultiPoint", "lod": "3", "boundaries": [0]}]
    found = read(write(tmp_path, document({"b": building(geometry)}, vertices)), frame=frame)
    assert found.quantity("b", "Volume") == pytest.approx(1600, rel=2e-4)
    assert len(found.mesh("b")[1]) == 12
    assert found.codes() == {"city-lods": 1}
    assert values(found, "lod")["b"][1:3] == ("2.2", 2.2)


def test_holes_and_courts(read, tmp_path, frame):
    outer, hole = [0, 1, 2, 3], [7, 6, 5, 4]
    vertices = block()[:4] + block(4, 4, 1, x=3, y=3)[:4]
    road = {"type": "Road", "geometry": [surface(outer, hole)]}
    found = read(write(tmp_path, document({"r": road}, vertices)), frame=frame)
    assert found.quantity("r", "Area") == pytest.approx(200 - 16, rel=2e-4)
    assert found.plan_area("r") == pytest.approx(200 - 16, rel=2e-4)


def test_surfaces_on_the_ground_look_up_whichever_way_they_are_turned(read, tmp_path, frame):
    vertices = block()[:4]
    objects = {
        kind: {"type": kind, "geometry": [surface([3, 2, 1, 0])]}
        for kind in ("Road", "LandUse", "WaterBody", "PlantCover")
    }
    found = read(write(tmp_path, document(objects, vertices)), frame=frame)
    for name in objects:
        assert found.plan_area(name) == pytest.approx(200, rel=2e-4)
    assert found.types()["PlantCover"] == "GreenArea"
    assert values(found, "class name")["PlantCover"][1] == "PlantCover"


def test_inner_shells_and_many_solids(read, tmp_path, frame):
    vertices = block() + block(2, 2, 2, x=1, y=1, z=1) + block(1, 1, 1, x=40)
    shell = solid()["boundaries"][0]
    cavity = [[list(reversed([8 + v for v in face[0]]))] for face in solid()["boundaries"][0]]
    hollow = {"type": "Solid", "lod": "2", "boundaries": [shell, cavity]}
    several = {"type": "MultiSolid", "lod": "2", "boundaries": [solid()["boundaries"], solid(16)["boundaries"]]}
    objects = {"hollow": building([hollow]), "several": building([several])}
    found = read(write(tmp_path, document(objects, vertices)), frame=frame)
    assert found.quantity("hollow", "Volume") == pytest.approx(1000 - 8, rel=2e-4)
    assert found.quantity("several", "Volume") == pytest.approx(1001, rel=2e-4)
    assert found.codes() == {}


def test_meanings_and_materials_colour_the_faces(read, tmp_path, frame):
    semantics = {
        "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}, {"type": "Window"}],
        "values": [[0, 1, 2, 2, 3, None]],
    }
    painted = {"material": {"theme": {"values": [[0, None, 0, 0, 0, 0]]}}}
    objects = {
        "meaning": building([solid(semantics=semantics)]),
        "painted": building([solid(semantics=semantics, **painted)]),
        "whole": building([solid(material={"theme": {"value": 0}})]),
        "plain": building([solid()]),
    }
    red = {"materials": [{"name": "brick", "diffuseColor": [1, 0, 0], "transparency": 0.25}]}
    found = read(write(tmp_path, document(objects, block(), appearance=red)), frame=frame)
    assert found.looks("meaning") == {"ground surface", "building roof", "building wall", "window"}
    assert found.looks("painted") == {"brick", "building roof"}
    assert found.looks("whole") == {"brick"}
    assert found.looks("plain") == {"building wall", "building roof"}
    brick = next(item for item in found.spool.materials if item.name == "brick")
    assert brick.rgba == (1, 0, 0, 0.75)
    assert found.quantity("meaning", "RoofArea") == pytest.approx(200, rel=2e-4)
    assert found.quantity("meaning", "WallArea") == pytest.approx(150, rel=2e-4)


def test_templates_are_stored_once_and_turned_with_the_grid(read, tmp_path, frame):
    templates = {
        "templates": [surface([0, 1, 2, 3], lod="3"), solid(4, "3")],
        "vertices-templates": [[float(v) / 1000 for v in point] for point in block(2, 2, 4)[:4] + block(2, 2, 4)],
    }
    double = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    plain = np.eye(4).ravel().tolist()

    def tree(vertex, matrix):
        return {
            "type": "SolitaryVegetationObject",
            "geometry": [
                {"type": "GeometryInstance", "template": 1, "boundaries": [vertex], "transformationMatrix": matrix}
            ],
        }

    objects = {"small": tree(0, plain), "large": tree(6, double)}
    path = write(tmp_path, document(objects, block(), **{"geometry-templates": templates}))
    found = read(path, frame=frame)
    assert found.quantity("small", "Volume") == pytest.approx(16)
    assert found.quantity("large", "Volume") == pytest.approx(128)
    assert found.types() == {"small": "Tree", "large": "Tree"}
    assert len(set(found.spool.placed_shape.tolist())) == 1
    low = found.mesh("large")[0].min(axis=0)
    assert low == pytest.approx(frame.from_crs([[528780.0, 3386680.0, 25.0]], "EPSG:4547")[0], abs=0.02)
    turned = found.spool.matrix[0, :, :3]
    east = np.diff(frame.from_crs([[528770.0, 3386660.0, 20.0], [528771.0, 3386660.0, 20.0]], "EPSG:4547"), axis=0)[0]
    assert turned[:, 0] == pytest.approx(east / np.linalg.norm(east), abs=1e-6)
    assert values(found, "lod")["small"][1] == "3"


def test_parents_groups_and_relations(read, tmp_path, frame):
    vertices = block() + block(x=20)
    objects = {
        "b": {"type": "Building", "children": ["p", "i"]},
        "p": {"type": "BuildingPart", "parents": ["b"], "geometry": [solid()], "children": ["i2"]},
        "i": {"type": "BuildingInstallation", "geometry": [solid(8)]},
        "i2": {"type": "BuildingInstallation", "parents": ["p"]},
        "g": {"type": "CityObjectGroup", "children": ["b", "nobody"]},
    }
    found = read(write(tmp_path, document(objects, vertices)), frame=frame)
    rows = found.objects()
    assert [rows[name]["parent"] for name in ("b", "p", "i", "i2", "g")] == [None, "b", "b", "p", None]
    assert [rows[name]["building"] for name in ("b", "p", "i", "i2")] == [None, "b", "b", "b"]
    relations = {(row["source"], row["kind"], row["target"]) for row in found.draft.relations.to_pylist()}
    assert relations == {
        ("b", "aggregates", "p"), ("b", "aggregates", "i"), ("p", "aggregates", "i2"), ("b", "member_of", "g"),
    }  # fmt: skip
    assert found.codes() == {"city-member-missing": 1, "city-parent-one-sided": 1}


def test_a_coarse_building_gives_way_to_its_parts(read, tmp_path, frame):
    objects = {
        "b": building([solid(0, "1")], children=["p"]),
        "p": {"type": "BuildingPart", "parents": ["b"], "geometry": [solid(0, "2")]},
    }
    found = read(write(tmp_path, document(objects, block())), frame=frame)
    assert found.spool.objects == ["p"]
    assert found.codes() == {"city-coarse-parent": 1}


def test_attributes_become_properties(read, tmp_path, frame):
    attributes = {
        "name": "图书馆", "measuredHeight": 22.5, "storeys": 4, "listed": True, "nothing": None, "blank": " ", "code": "0503",
        "year": "1904", "area": {"value": 2, "uom": "ha"}, "energy": {"class": "A", "demand": {"value": 3, "uom": "bananas"}},
        "uses": ["office", "shop"], "floods": [{"rank": 1}, {"rank": 2}],
    }  # fmt: skip
    objects = {"b": building([solid()], attributes=attributes, address=[{"City": "武汉", "location": {}}])}
    found = read(write(tmp_path, document(objects, block())), frame=frame)
    assert found.objects()["b"]["name"] == "图书馆"

    def of(name):
        return values(found, name)["b"]

    assert of("measuredHeight") == ("CityGML", "22.5", 22.5, "m")
    assert of("storeys") == ("CityGML", "4", 4.0, None)
    assert of("listed") == ("CityGML", "true", 1.0, None)
    assert of("code") == ("CityGML", "0503", None, None)
    assert of("year") == ("CityGML", "1904", 1904.0, None)
    assert of("area") == ("CityGML", "2", 20000.0, "m2")
    assert of("class") == ("energy", "A", None, None)
    assert of("demand") == ("energy", "3", 3.0, "bananas")
    assert of("uses")[1] == "office, shop"
    assert of("City") == ("Address", "武汉", None, None)
    assert {row["set"] for row in found.draft.properties.to_pylist() if row["name"] == "rank"} == {"floods", "floods 2"}
    assert not {"nothing", "blank", "location"} & set(found.draft.properties["name"].to_pylist())


def test_a_model_in_a_zip_archive(read, tmp_path, frame):
    inner = write(tmp_path, document({"b": building([solid()])}, block()))
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "deep/a.city.json")
        archive.writestr("readme.xml", "<nothing/>")
    assert found_ids(read(path, frame=frame)) == ["b"]


def found_ids(found):
    return found.draft.objects["id"].to_pylist()


def test_what_lies_outside_the_extent_is_left_out_with_its_building(read, tmp_path, frame):
    vertices = block() + block(x=9000)
    objects = {
        "near": building([solid()]),
        "far": {"type": "Building", "children": ["part"]},
        "part": {"type": "BuildingPart", "parents": ["far"], "geometry": [solid(8)]},
        "bare": {"type": "Building"},
    }
    path = write(tmp_path, document(objects, vertices))
    found = read(path, frame=frame, extent_m=500.0)
    assert found_ids(found) == ["near", "bare"]
    assert found.spool.objects == ["near"]
    assert found.codes() == {"outside-extent": 2}
    assert set(found.draft.properties["id"].to_pylist()) == {"near", "bare"}
