"""References to things of a wrong class: a finding each, and the rest is read."""

from __future__ import annotations

import re

import pytest

from bim.properties.values import plain_value
from tests.bim.ifc_files import new_model, read_model, rows

ABOUT = {
    "parts": ("IfcRelAggregates", 5, "IfcRelAggregates.RelatedObjects"),
    "whole": ("IfcRelAggregates", 4, "IfcRelAggregates.RelatingObject"),
    "contained": ("IfcRelContainedInSpatialStructure", 4, "IfcRelContainedInSpatialStructure.RelatedElements"),
    "container": ("IfcRelContainedInSpatialStructure", 5, "IfcRelContainedInSpatialStructure.RelatingStructure"),
    "type": ("IfcRelDefinesByType", 5, "IfcRelDefinesByType.RelatingType"),
    "set": ("IfcRelDefinesByProperties", 5, "IfcRelDefinesByProperties.RelatingPropertyDefinition"),
    "property": ("IfcPropertySet", 4, "IfcPropertySet.HasProperties"),
    "placement": ("IfcWall", 5, "IfcProduct.ObjectPlacement"),
    "axes": ("IfcLocalPlacement", 1, "IfcLocalPlacement.RelativePlacement"),
    "above": ("IfcLocalPlacement", 0, "IfcLocalPlacement.PlacementRelTo"),
}


def odd_model():
    """Two walls, one of them with a type and a set, and a person whom nothing refers to."""
    m = new_model()
    wall = m.wall("good")
    m.wall("bad", at=(0.0, 9.0, 0.0))
    m.define(m.pset("P", m.single("Width", "IfcLengthMeasure", 0.2)), wall)
    kind = m.make("IfcWallType", Name="T", PredefinedType="SOLIDWALL")
    m.make("IfcRelDefinesByType", RelatedObjects=(wall,), RelatingType=kind)
    return m, m.file.create_entity("IfcPerson", FamilyName="P").id()


def spoil(m, tmp_path, ifc_class, index, value):
    """The model as a file, in which the last entity of a class has `value` as an argument."""
    entity = m.file.by_type(ifc_class)[-1]
    path = m.write(tmp_path)
    line = next(row for row in path.read_text().splitlines() if row.startswith(f"#{entity.id()}="))
    arguments = re.findall(r"\((?:#\d+,?)*\)|'[^']*'|[^,()]+", line[line.index("(") + 1 : line.rindex(")")])
    arguments[index] = value
    path.write_text(path.read_text().replace(line, f"{line[: line.index('(')]}({','.join(arguments)});"))
    return path


@pytest.mark.parametrize("about", ABOUT)
def test_a_person_in_the_place_of_something_else_is_a_finding_and_the_rest_is_read(tmp_path, about):
    ifc_class, index, where = ABOUT[about]
    m, person = odd_model()
    many = isinstance(m.file.by_type(ifc_class)[-1][index], tuple)
    path = spoil(m, tmp_path, ifc_class, index, f"(#{person})" if many else f"#{person}")
    draft, _ = read_model(path, tmp_path)
    found = [one for one in draft.findings if one.code == "ifc-misfit"]
    assert [one.en.split(" holds ")[0] for one in found] == [where]
    assert f"#{person}=IfcPerson" in found[0].en
    assert {"good", "bad"} <= set(draft.objects["name"].to_pylist())
    assert len(draft.placements) == len(draft.objects)


@pytest.mark.parametrize("value", ["$", "'x'", "1.5", "()", "($)", "IFCLABEL('x')"])
@pytest.mark.parametrize("about", ABOUT)
def test_nothing_and_bare_values_in_the_place_of_entities_stop_no_reading(tmp_path, about, value):
    ifc_class, index, _ = ABOUT[about]
    m, _person = odd_model()
    draft, _ = read_model(spoil(m, tmp_path, ifc_class, index, value), tmp_path)
    assert {"good", "bad"} <= set(draft.objects["name"].to_pylist())


@pytest.mark.parametrize("value", ["#{person}", "(#{person})", "'METRE'", "$"])
def test_units_that_are_none_are_told_and_metres_assumed(tmp_path, value):
    m, person = odd_model()
    draft, _ = read_model(spoil(m, tmp_path, "IfcUnitAssignment", 0, value.format(person=person)), tmp_path)
    told = [one.en for one in draft.findings if one.code == "ifc-unit"]
    assert any("metres are assumed" in one for one in told)
    assert any("IfcPerson" in one for one in told) == ("person" in value)


def test_a_model_in_order_has_no_misfits(tmp_path):
    m, _ = odd_model()
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    assert not [one for one in draft.findings if one.code in {"ifc-misfit", "ifc-unit"}]


def test_a_sequence_that_names_no_process_costs_only_itself(tmp_path):
    m, _ = odd_model()
    point = m.point(1, 2).id()
    tasks = [m.make("IfcTask", Name=name, IsMilestone=False) for name in "ab"]
    m.make("IfcRelSequence", RelatingProcess=tasks[0], RelatedProcess=tasks[1], SequenceType="FINISH_START")
    draft, _ = read_model(spoil(m, tmp_path, "IfcRelSequence", 4, f"#{point}"), tmp_path)
    assert any("IfcRelSequence.RelatingProcess" in one.en for one in draft.findings)
    assert {"a", "b"} <= set(draft.concepts["name"].to_pylist())


@pytest.mark.parametrize("parts", [(30,), (30, 6), ()])
def test_angles_of_a_site_with_parts_missing_stop_no_reading(tmp_path, parts):
    m, _ = odd_model()
    m.site.RefLatitude, m.site.RefLongitude = parts, parts
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    assert "good" in draft.objects["name"].to_pylist()


def test_an_angle_made_of_texts_is_read_as_texts():
    assert plain_value(("x", 1), measure="IfcCompoundPlaneAngleMeasure").text == "x, 1"


def test_an_entity_where_a_value_belongs_is_no_value(tmp_path):
    m, person = odd_model()
    draft, _ = read_model(spoil(m, tmp_path, "IfcPropertySingleValue", 2, f"#{person}"), tmp_path)
    assert [row["value"] for row in rows(draft.properties, set="P", name="Width")] == [None]
