"""buildingSMART's GRF rules: the service's own files, and the cases those do not have."""

from __future__ import annotations

import ifcopenshell
import pytest

from bim.georef.grf import RULES, check_rules
from bim.units.unit_table import UnitTable
from tests.bim.ifc_files import SHARED, new_model

FILES = sorted((SHARED / "ifc-validation" / "gherkin").glob("GRF*/*.ifc"))


def verdicts(file):
    return {row["rule"]: row["verdict"] for row in check_rules(file, UnitTable.of_model(file))}


@pytest.mark.shared
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_services_files_get_the_verdict_of_their_name(path):
    verdict, rule = path.stem.split("-")[:2]
    assert verdicts(ifcopenshell.open(path))[rule.upper()] == verdict


@pytest.mark.shared
def test_the_services_files_are_there():
    if not SHARED.is_dir():
        pytest.skip("no shared data beside the checkout")
    assert len(FILES) == 26


def test_every_rule_answers_for_every_schema():
    for schema in ("IFC2X3", "IFC4", "IFC4X3_ADD2"):
        found = verdicts(new_model(schema).file)
        assert list(found) == [f"GRF00{n}" for n in range(9)] == [rule.code for rule in RULES]
        if schema == "IFC2X3":
            assert set(found.values()) == {"na"}


def test_a_building_needs_a_system_since_ifc4x3():
    m = new_model("IFC4X3_ADD2")
    assert verdicts(m.file)["GRF003"] == "fail"
    m.map_conversion(0, 0)
    assert verdicts(m.file)["GRF003"] == "pass"


def test_a_system_without_a_code_needs_a_well_known_text():
    m = new_model("IFC4X3_ADD2")
    m.map_conversion(1, 1, crs="厂区坐标系")
    assert verdicts(m.file)["GRF006"] == "fail"
    system = m.file.by_type("IfcProjectedCRS")[0]
    m.file.create_entity("IfcWellKnownText", WellKnownText='LOCAL_CS["x"]', CoordinateReferenceSystem=system)
    assert verdicts(m.file)["GRF006"] == "pass"


def test_the_scale_is_the_ratio_of_units_either_way_and_with_a_grid_factor():
    m = new_model(prefix="MILLI")
    metre = m.file.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")
    conversion = m.map_conversion(1, 1, map_unit=metre)
    for scale, want in ((0.001, "pass"), (0.0009996, "pass"), (1000.0, "pass"), (1.0, "fail"), (0.01, "fail")):
        conversion.Scale = scale
        assert verdicts(m.file)["GRF005"] == want


def test_rigid_coordinates_must_be_of_one_kind():
    m = new_model("IFC4X3_ADD2")
    target = m.file.create_entity("IfcProjectedCRS", Name="EPSG:4547")
    operation = m.file.create_entity(
        "IfcRigidOperation", SourceCRS=m.context, TargetCRS=target,
        FirstCoordinate=m.file.create_entity("IfcLengthMeasure", 1.0),
        SecondCoordinate=m.file.create_entity("IfcPlaneAngleMeasure", 1.0),
    )  # fmt: skip
    assert verdicts(m.file)["GRF008"] == "fail"
    operation.SecondCoordinate = m.file.create_entity("IfcLengthMeasure", 2.0)
    assert verdicts(m.file)["GRF008"] == "pass"
