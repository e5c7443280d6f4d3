"""The same model written again has no changes; real files and their revisions."""

from __future__ import annotations

import zipfile

import ifcopenshell
import pytest

from tests.bim.ifc_files import SHARED
from tests.scenes.diff.models import Office, compare_files, told
from tests.scenes.diff.reexport import reexport

IFC = SHARED / "ifc"
REAL = [
    "pcert/Building-Architecture.ifc", "cjk/zh-revit2023-chs-complex.ifc", "webifc/IfcOpenHouse_IFC4.ifc",
    "hvac/B01_2_HeatExchanger_Pipes.ifc", "compare/compare_by_guid_rev_2.ifc", "duplex/Ifc2x3_Duplex_Architecture.ifczip",
]  # fmt: skip
REAL_SLOW = [
    "hvac/hvac_heating.ifc", "fzk-haus/AC20-FZK-Haus.ifczip", "mini-project/ISSUE_021_Mini_Project.ifczip",
    "office_a/Office_A_20110811.ifczip", "kit-edc/KIT-EDC_with_SB.ifczip", "pcert/Infra-Bridge.ifczip",
    "bim-whale/LargeBuilding.ifczip", "samplehouse/Ifc4_SampleHouse.ifczip",
]  # fmt: skip
real = pytest.mark.skipif(not IFC.exists(), reason="the shared data folder does not stand beside the checkout")


def unpacked(name, folder):
    path = IFC / name
    if path.suffix != ".ifczip":
        return path
    with zipfile.ZipFile(path) as archive:
        return next(
            (folder / archive.extract(item, folder)) for item in archive.namelist() if item.lower().endswith(".ifc")
        )


FRAGILE = {"Ifc4_SampleHouse.ifc"}
"""The kernel loses a face of one clipped wall, or not, by the corner at which its outline begins: two meshes of one wall."""


def same_again(source, folder):
    again = reexport(source, folder / "again.ifc", outlines=source.name not in FRAGILE)
    before, after = ifcopenshell.open(str(source)), ifcopenshell.open(str(again))
    assert {e.id() for e in before.by_type("IfcProduct")} != {e.id() for e in after.by_type("IfcProduct")}
    found = compare_files(folder, source, again)
    assert told(found) == {}
    assert found.same
    assert found.matched > 0


def test_a_reexport_of_the_office_has_no_changes(tmp_path):
    same_again(Office().model.write(tmp_path), tmp_path)


@real
@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_a_reexport_of_a_real_file_has_no_changes(name, tmp_path):
    same_again(unpacked(name, tmp_path), tmp_path)


@real
@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", REAL_SLOW)
def test_a_reexport_of_a_larger_file_has_no_changes(name, tmp_path):
    same_again(unpacked(name, tmp_path), tmp_path)


@real
@pytest.mark.apart
@pytest.mark.shared
def test_two_revisions_differ_by_a_door_and_the_wall_it_is_cut_into(tmp_path):
    found = compare_files(
        tmp_path, IFC / "compare/compare_by_guid_rev_1.ifc", IFC / "compare/compare_by_guid_rev_2.ifc"
    )
    assert told(found) == {
        "DOO - 001": ["added"],
        "SW - 010": ["property-changed", "quantity-changed", "reshaped"],
    }


@real
@pytest.mark.apart
@pytest.mark.shared
def test_a_model_given_a_georeference_has_that_change_alone(tmp_path):
    found = compare_files(
        tmp_path,
        IFC / "duplex/Ifc2x3_Duplex_Architecture.ifczip",
        IFC / "duplex/Duplex_A_20110907_georeferenced.ifczip",
    )
    assert [item.kinds for item in found.items] == [["re-georeferenced"]]
    assert found.matched == 245
