from __future__ import annotations

import re

import pytest

from tests.bim.ifc_files import codes, new_model, read_model, rows


def test_every_product_but_openings_is_one_row_with_parent_storey_and_building(tmp_path):
    m = new_model()
    wall = m.wall()
    opening = m.make("IfcOpeningElement", Name="O", ObjectPlacement=m.placement())
    m.make("IfcRelVoidsElement", RelatingBuildingElement=wall, RelatedOpeningElement=opening)
    door = m.make("IfcDoor", Name="D", OverallHeight=2.1)
    m.make("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=door)
    part = m.make("IfcBuildingElementPart", Name="Part")
    m.make("IfcRelAggregates", RelatingObject=wall, RelatedObjects=(part,))
    port = m.make("IfcDistributionPort", Name="P")
    pump = m.make("IfcPump", Name="Pump")
    m.make("IfcRelNests", RelatingObject=pump, RelatedObjects=(port,))
    space = m.make("IfcSpace", Name="101", LongName="办公室")
    m.make("IfcRelAggregates", RelatingObject=m.storey, RelatedObjects=(space,))
    m.contain(pump, storey=space)
    m.make("IfcAnnotation", Name="A")
    m.make("IfcVirtualElement", Name="V")
    draft, _ = read_model(m.write(tmp_path), tmp_path)

    found = {row["name"]: row for row in draft.objects.to_pylist()}
    assert set(found) == {"Site", "研发楼", "1F", "W", "D", "Part", "P", "Pump", "101", "A", "V"}
    assert found["D"]["parent"] == wall.GlobalId  # by the opening that it fills
    assert found["Part"]["parent"] == wall.GlobalId
    assert found["P"]["parent"] == pump.GlobalId
    for name in ("W", "D", "Part", "P", "Pump", "101"):
        assert found[name]["storey"] == m.storey.GlobalId
        assert found[name]["building"] == m.building.GlobalId
    assert found["1F"]["storey"] is None
    assert found["Site"]["parent"] is None
    assert {name: found[name]["discipline"] for name in ("W", "Pump", "101", "Site")} == {
        "W": "architecture", "Pump": "plumbing", "101": "space", "Site": "site",
    }  # fmt: skip
    assert (door.GlobalId, "fills", wall.GlobalId) in {tuple(row.values()) for row in draft.relations.to_pylist()}
    assert "ifc-uncontained" in codes(draft)  # annotation aside, the virtual element stands nowhere


def test_repeated_globalids_are_told_apart_and_reported(tmp_path):
    m = new_model()
    first = m.wall("A")
    m.wall("B", GlobalId=first.GlobalId)
    m.wall("C", GlobalId=first.GlobalId)
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    named = {row["name"]: row["id"] for row in draft.objects.to_pylist()}
    assert [named[name] for name in "ABC"] == [first.GlobalId, f"{first.GlobalId}~2", f"{first.GlobalId}~3"]
    finding = next(f for f in draft.findings if f.code == "ifc-repeated-globalid")
    assert finding.value == 2
    assert set(spool.objects) >= {named[name] for name in "ABC"}  # each has its own mesh


def test_a_cycle_is_cut_and_reported(tmp_path):
    m = new_model()
    a, b, c = (m.make("IfcElementAssembly", Name=name) for name in "abc")
    for whole, part in ((a, b), (b, c), (c, a)):
        m.make("IfcRelAggregates", RelatingObject=whole, RelatedObjects=(part,))
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    parents = {row["name"]: row["parent"] for row in draft.objects.to_pylist()}
    assert sum(parents[name] is None for name in "abc") == 1
    assert "ifc-cycle" in codes(draft)


def test_missing_links_and_a_missing_project_are_findings(tmp_path):
    m = new_model()
    m.make("IfcRelAggregates", RelatingObject=m.storey)
    lonely = m.make("IfcColumn", Name="lonely")
    m.file.remove(m.project)
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    assert rows(draft.objects, name="lonely")[0]["parent"] is None
    assert {"ifc-no-project", "ifc-uncontained", "ifc-dangling-relation"} <= codes(draft)
    assert lonely.GlobalId in next(f for f in draft.findings if f.code == "ifc-uncontained").ids


def test_predefined_types_and_disciplines_come_from_type_and_system_too(tmp_path):
    m = new_model()
    pipe = m.make("IfcPipeSegment", Name="pipe")
    sensor = m.make("IfcSensor", Name="smoke", PredefinedType="SMOKESENSOR")
    odd = m.make("IfcSensor", Name="odd", PredefinedType="USERDEFINED", ObjectType="RADAR")
    kind = m.make("IfcPipeSegmentType", Name="DN100", PredefinedType="RIGIDSEGMENT")
    m.make("IfcRelDefinesByType", RelatedObjects=(pipe,), RelatingType=kind)
    system = m.make("IfcDistributionSystem", Name="喷淋", PredefinedType="FIREPROTECTION")
    m.make("IfcRelAssignsToGroup", RelatedObjects=(pipe,), RelatingGroup=system)
    m.contain(pipe, sensor, odd)
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    found = {row["name"]: row for row in draft.objects.to_pylist()}
    assert found["pipe"]["predefined_type"] == "RIGIDSEGMENT"
    assert found["odd"]["predefined_type"] == "RADAR"
    assert found["pipe"]["discipline"] == "fire"
    assert found["smoke"]["discipline"] == "fire"
    assert found["odd"]["discipline"] == "electrical"


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_all_three_schemas_are_read(tmp_path, schema):
    m = new_model(schema)
    m.wall(ifc_class="IfcWallStandardCase" if schema == "IFC2X3" else "IfcWall")
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    assert draft.objects.num_rows == 4
    assert rows(draft.objects, name="W")[0]["type"] == "Wall"
    assert len(spool.objects) == 1
    assert draft.title == "研发楼"


def test_progress_runs_from_zero_to_one_through_the_phases(tmp_path):
    m = new_model()
    m.wall()
    seen: list[tuple[float, str]] = []
    read_model(m.write(tmp_path), tmp_path, progress=lambda done, phase: seen.append((done, phase)))
    shares = [done for done, _ in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert {phase for _, phase in seen} == {"read", "graph", "geometry"}


def test_globalids_with_line_breaks_and_text_where_a_material_belongs(tmp_path):
    m = new_model()
    wall = m.wall()
    m.file.create_entity("IfcMaterialProperties", Name="Odd", Material=m.file.create_entity("IfcMaterial", Name="X"))
    path = tmp_path / "model.ifc"
    m.file.write(str(path))
    text = path.read_text()
    text = text.replace(wall.GlobalId, r"a\X2\000A\X0\b")
    text = re.sub(r"(IFCMATERIALPROPERTIES\('Odd',[^,]*,[^,]*,)#\d+", r"\1'steel'", text)
    assert "'steel'" in text
    path.write_text(text)
    draft, _ = read_model(path, tmp_path)
    assert "a_b" in draft.objects["id"].to_pylist()
