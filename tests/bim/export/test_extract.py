"""A part of a model is exactly that part, and stands on its own."""

from __future__ import annotations

import random
import zipfile

import ifcopenshell
import ifcopenshell.validate
import pytest

from bim.export import extract
from bim.graph.id_book import IdBook
from bim.graph.products import find_products
from bim.source.open_model import open_model
from tests.bim.ifc_files import SHARED, new_model, read_model, rows
from tests.support.export_models import CHAIRS, HOSTILE, rich_model
from twin.errors import Conflict, Invalid, ParkError


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return rich_model().write(tmp_path_factory.mktemp("rich"))


@pytest.fixture(scope="module")
def model(source):
    return ifcopenshell.open(source)


def named(model, name):
    return next(product for product in model.by_type("IfcProduct") if product.Name == name)


def issues(model):
    log = ifcopenshell.validate.json_logger()
    ifcopenshell.validate.validate(model, log)
    return {issue(row) for row in log.statements}


def issue(row):
    """The instance and its fault; of an inverse only its name, as a part lists fewer of those that are too many."""
    message, instance = row["message"], row.get("instance")
    number = instance.id() if hasattr(instance, "id") else str(instance)
    return number, message.partition(" : ")[0] if message.startswith("With inverse") else message


def cut(source, model, folder, *names):
    done = extract(source, [named(model, name).GlobalId for name in names], folder / "part.ifc")
    return done, ifcopenshell.open(folder / "part.ifc")


def test_a_wall_brings_its_opening_door_type_sets_material_and_style(source, model, tmp_path):
    done, part = cut(source, model, tmp_path, HOSTILE[0])
    assert (done.selected, done.parts, done.context) == (1, 2, 3)
    assert [wall.Name for wall in part.by_type("IfcWall")] == [HOSTILE[0]]
    assert [door.Name for door in part.by_type("IfcDoor")] == ["门 1"]
    for name in ("IfcOpeningElement", "IfcRelVoidsElement", "IfcRelFillsElement", "IfcWallType", "IfcMaterialLayerSet",
                 "IfcRelAssociatesMaterial", "IfcClassificationReference", "IfcStyledItem", "IfcSurfaceStyle",
                 "IfcElementQuantity", "IfcUnitAssignment", "IfcGeometricRepresentationContext"):  # fmt: skip
        assert len(part.by_type(name)) == 1, name
    assert {pset.Name for pset in part.by_type("IfcPropertySet")} == {"=Set", "Pset_WallCommon"}
    (layer,) = part.by_type("IfcPresentationLayerAssignment")
    assert len(layer.AssignedItems) == 1
    above = sorted(entity.is_a() for entity in part.by_type("IfcSpatialStructureElement"))
    assert above == ["IfcBuilding", "IfcBuildingStorey", "IfcSite"]
    assert not any(part.by_type(name) for name in ("IfcFurniture", "IfcPipeSegment", "IfcSystem"))


def test_instances_keep_their_numbers_and_text(source, model, tmp_path):
    _, part = cut(source, model, tmp_path, HOSTILE[4])
    wall = named(part, HOSTILE[4])
    assert str(part.by_id(wall.id())) == str(model.by_id(wall.id()))
    lines = set((tmp_path / "part.ifc").read_bytes().splitlines())
    changed = lines - set(source.read_bytes().splitlines())
    assert all(b"IFCREL" in line or b"IFCPRESENTATIONLAYER" in line for line in changed)


def test_a_door_brings_its_wall_only_as_what_it_is_placed_by(source, model, tmp_path):
    done, part = cut(source, model, tmp_path, "门 1")
    assert (done.selected, done.parts) == (1, 0)
    assert [wall.Representation for wall in part.by_type("IfcWall")] == [None]
    assert [opening.Representation for opening in part.by_type("IfcOpeningElement")] == [None]
    assert len(part.by_type("IfcRelFillsElement")) == 1
    assert named(part, "门 1").Representation is not None


def test_systems_and_connections_among_what_is_selected(source, model, tmp_path):
    _, part = cut(source, model, tmp_path, "P0", "P1")
    (system,) = part.by_type("IfcDistributionSystem")
    assert sorted(pipe.Name for pipe in system.IsGroupedBy[0].RelatedObjects) == ["P0", "P1"]
    assert sorted(port.Name for port in part.by_type("IfcDistributionPort")) == ["P0.0", "P0.1", "P1.0", "P1.1"]
    (joint,) = part.by_type("IfcRelConnectsPorts")
    assert (joint.RelatingPort.Name, joint.RelatedPort.Name) == ("P0.1", "P1.0")


def test_shared_shapes_stay_shared(source, model, tmp_path):
    _, part = cut(source, model, tmp_path, *(f"椅 {number}" for number in range(0, CHAIRS, 2)))
    assert len(part.by_type("IfcFurniture")) == CHAIRS // 2
    assert len(part.by_type("IfcRepresentationMap")) == 1


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_georeference_is_kept_and_nothing_new_is_invalid(schema, tmp_path):
    made = new_model(schema)
    made.wall("a", ifc_class="IfcWallStandardCase" if schema == "IFC2X3" else "IfcWall")
    if schema != "IFC2X3":
        made.map_conversion(500_000.0, 3_390_000.0, 20.0)
    path = made.write(tmp_path)
    _, part = cut(path, made.file, tmp_path, "a")
    assert not issues(part) - issues(ifcopenshell.open(path))
    assert len(part.by_type("IfcMapConversion") if schema != "IFC2X3" else [1]) == 1


def test_the_part_is_read_as_the_whole_was(source, model, tmp_path):
    names = [HOSTILE[0], HOSTILE[4], "P1", "椅 7"]
    ids = {named(model, name).GlobalId for name in names}
    cut(source, model, tmp_path, *names)
    whole, whole_spool = read_model(source, tmp_path / "whole")
    part, part_spool = read_model(tmp_path / "part.ifc", tmp_path / "part")
    assert ids <= set(part.objects["id"].to_pylist())
    for table in ("objects", "properties", "quantities"):
        before, after = (getattr(draft, table).to_pylist() for draft in (whole, part))
        assert [row for row in before if row["id"] in ids] == [row for row in after if row["id"] in ids], table
    assert set(part_spool.objects) >= ids
    assert not rows(part.objects, ifc_class="IfcWall", name=HOSTILE[1])
    assert whole_spool.objects != part_spool.objects


def test_equal_input_gives_equal_bytes(source, model, tmp_path):
    ids = [wall.GlobalId for wall in model.by_type("IfcWall")]
    extract(source, ids, tmp_path / "a.ifc")
    extract(source, list(reversed(ids)), tmp_path / "b.ifc")
    assert (tmp_path / "a.ifc").read_bytes() == (tmp_path / "b.ifc").read_bytes()


def test_packed_sources_and_repeated_ids(tmp_path):
    made = new_model()
    first = made.wall("first")
    second = made.wall("second", at=(3, 0, 0), GlobalId=first.GlobalId)
    path = made.write(tmp_path)
    with zipfile.ZipFile(tmp_path / "m.ifczip", "w") as archive:
        archive.write(path, "inner.ifc")
    extract(tmp_path / "m.ifczip", [f"{second.GlobalId}~2"], tmp_path / "part.ifc")
    assert [wall.Name for wall in ifcopenshell.open(tmp_path / "part.ifc").by_type("IfcWall")] == ["second"]


def test_raw_text_of_a_code_page_becomes_readable(tmp_path):
    made = new_model()
    wall = made.wall("WANDNAME")
    path = made.write(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"WANDNAME", "外墙面层保温构造".encode("gb18030")))
    extract(path, [wall.GlobalId], tmp_path / "part.ifc")
    assert ifcopenshell.open(tmp_path / "part.ifc").by_type("IfcWall")[0].Name == "外墙面层保温构造"


def test_an_id_that_the_file_lacks(source, tmp_path):
    with pytest.raises(Conflict, match="lacks 1 of the selected objects, such as 'nope'"):
        extract(source, ["nope"], tmp_path / "part.ifc")


def test_a_file_that_breaks_off(source, tmp_path):
    short = tmp_path / "short.ifc"
    short.write_bytes(source.read_bytes()[:-2000])
    with pytest.raises(Invalid, match="breaks off"):
        extract(short, ["x"], tmp_path / "part.ifc")


def shared_files():
    folder = SHARED / "ifc"
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []


@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", shared_files())
def test_a_third_of_every_file_of_others_stands_on_its_own(name, tmp_path):
    path = SHARED / "ifc" / name
    try:
        model = open_model(path).file
    except ParkError:
        pytest.skip("not readable at all")
    products = find_products(model, IdBook())
    if not products.ids:
        pytest.skip("no product in it")
    ids = random.Random(3).sample(products.ids, max(1, len(products.ids) // 3))
    done = extract(path, ids, tmp_path / "part.ifc")
    assert done.selected == len(ids)
    part = open_model(tmp_path / "part.ifc").file
    there = {product.GlobalId for product in part.by_type("IfcProduct")}
    assert {local.split("~")[0] for local in ids} <= there
    if len(products.ids) < 1500:  # the validator takes minutes on large models
        assert not issues(part) - issues(model)
