"""Every real file goes through ingest: all its products, valid tiles, or one clear sentence."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from server.cli.app import run

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason="the shared data folder does not stand beside the checkout"),
]
REFUSED = {
    "ifc/alignment/IFC4X1-terrain-and-alignment.ifc": "withdrawn",
    "ifc/alignment/xbim-IFC4X3_RC4-test1.ifc": "withdrawn",
    "ifc/ifc2x/FJK-Project-Final.ifc": "breaks off",
    "ifc/ifc2x/Vogel_Gesamt.ifc": "withdrawn",
    "ifc/road/KIT-Simple-Road-Test-Web-IFC4x3_RC2.ifc": "withdrawn",
    "ifc/cjk/zh-foum.ifc": "cannot be parsed",
}
"""Files that IfcOpenShell 0.9 does not open, and a word of the sentence that says so."""
ORTHO = {"landsat7-rgb1.tif", "rmnp-rgb.tif", "sentinel2-TCI.tif"}
"""Pictures, no elevation: refused with a sentence."""


def files(folder, *suffixes):
    root = DATA / folder
    return sorted(str(path.relative_to(DATA)) for path in root.rglob("*") if path.suffix.lower() in suffixes)


def call(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return code, out.getvalue(), err.getvalue()


def products(path):
    """IfcProducts with a GlobalId, openings excluded, counted by IfcOpenShell alone."""
    import ifcopenshell

    if path.suffix == ".ifcxml":
        return products_in_xml(path)
    if path.suffix == ".ifczip":
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            name = next(item for item in archive.namelist() if item.lower().endswith((".ifc", ".ifcxml")))
            model = ifcopenshell.open(archive.extract(name, folder))
    else:
        model = ifcopenshell.open(str(path))
    return sum(1 for item in model.by_type("IfcProduct") if item.GlobalId and not item.is_a("IfcOpeningElement"))


def products_in_xml(path):
    """The same in ifcXML, by its elements: those of a product's class that are no references."""
    from ifcopenshell import ifcopenshell_wrapper

    schema = ifcopenshell_wrapper.schema_by_name("IFC2X3" if b"IFC2x3" in path.read_bytes()[:4096] else "IFC4")
    waiting = [schema.declaration_by_name("IfcProduct")]
    classes = set()
    while waiting:
        declaration = waiting.pop()
        classes.add(declaration.name())
        waiting += declaration.subtypes()
    count = 0
    for element in ET.parse(path).iter():  # noqa: S314 - files that we know
        keys = {key.rpartition("}")[2] for key in element.attrib}
        name = element.tag.rpartition("}")[2]
        count += name in classes and name != "IfcOpeningElement" and not keys & {"ref", "href"} and "id" in keys
    return count


def ingested(tmp_path, name):
    park = tmp_path / "park"
    assert call("new", park)[0] == 0
    code, out, err = call("ingest", park, DATA / name, "--json")
    return park, code, out, err


def checked(park):
    code, out, _ = call("tiles", "check", park, "--json")
    report = json.loads(out)
    assert code == 0, [issue for issue in report["issues"] if issue["severity"] == "ERROR"][:5]
    assert report["errors"] == 0


@pytest.mark.parametrize("name", files("ifc", ".ifc", ".ifczip", ".ifcxml"))
def test_every_ifc_file(tmp_path, name):
    park, code, out, err = ingested(tmp_path, name)
    if name in REFUSED:
        assert code == 3
        assert len(err.strip().splitlines()) == 1
        assert REFUSED[name] in err.lower()
        return
    assert code == 0, err
    made = json.loads(out)
    expected = products(DATA / name)
    assert made["objects"] == expected
    rows = json.loads(call("sql", park, "SELECT count(*), count(DISTINCT gid) FROM object", "--json")[1])["rows"]
    assert rows == [[expected, expected]]
    checked(park)


MESHES = [name for name in files("tiles3d/samples", ".glb", ".gltf") if "Metadata" in name or "EXT_" in name]


@pytest.mark.parametrize("name", MESHES)
def test_mesh_models_of_others(tmp_path, name):
    park, code, out, err = ingested(tmp_path, name)
    if code == 3:  # point clouds
        assert "PointCloud" in name
        assert "shows no triangle" in err
        return
    assert code == 0, err
    assert json.loads(out)["kind"] == "model"
    assert json.loads(out)["triangles"] > 0
    checked(park)


VECTORS = files("gis", ".geojson", ".gpkg")


@pytest.mark.parametrize("name", VECTORS)
def test_every_vector_file(tmp_path, name):
    park, code, out, err = ingested(tmp_path, name)
    assert code == 0, err
    assert json.loads(out)["objects"] > 0
    checked(park)


CITY_MODELS = [name for name in files("gis", ".json", ".gml") if name.startswith(("gis/cityjson", "gis/citygml"))]


@pytest.mark.parametrize("name", CITY_MODELS)
def test_every_city_model(tmp_path, name):
    park, code, out, err = ingested(tmp_path, name)
    assert code == 0, err
    made = json.loads(out)
    query = "SELECT count(DISTINCT gid), count(ordinal), count(cim_level) FROM object"
    assert json.loads(call("sql", park, query, "--json")[1])["rows"] == [[made["objects"]] * 3]
    assert made["triangles"] > 0
    checked(park)


@pytest.mark.parametrize("name", [*files("dem", ".tif"), *files("ortho", ".tif")])
def test_every_raster(tmp_path, name):
    park, code, out, err = ingested(tmp_path, name)
    if Path(name).name in ORTHO:
        assert code == 3
        assert len(err.strip().splitlines()) == 1
        return
    assert code == 0, err
    assert json.loads(out)["triangles"] > 0
    checked(park)
