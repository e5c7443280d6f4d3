"""One change at a time, each with its right answer."""

from __future__ import annotations

import math

import pytest

from scenes.diff.compare import compare
from tests.scenes.diff.models import Office, build, changed, changes, compare_files, move, origin, solid, told


def test_the_same_model_has_no_changes(tmp_path):
    found = changed(tmp_path, lambda _office: None)
    assert found.same
    assert found.matched == 4 + 1 + 16 - 1  # site, building, two storeys; ten walls, six chairs
    folder = tmp_path / "after"
    assert compare(folder, folder).same


def test_a_changed_class_is_retyped(tmp_path):
    office = Office()
    wall = office.walls[3]
    old = office.model.write(tmp_path, "old.ifc")
    lines = [
        line.replace("IFCWALL(", "IFCPLATE(").replace(".SOLIDWALL.", ".SHEET.") if wall.GlobalId in line else line
        for line in old.read_text(encoding="utf-8").split("\n")
    ]
    new = tmp_path / "new.ifc"
    new.write_text("\n".join(lines), encoding="utf-8")
    found = compare_files(tmp_path, old, new)
    assert told(found) == {"Wall 3": ["retyped"]}
    assert changes(found, "Wall 3") == [
        ("retyped", "", "class", "IfcWall", "IfcPlate"),
        ("retyped", "", "predefined type", "SOLIDWALL", "SHEET"),
    ]


def test_another_predefined_type_and_another_type_object_are_retyped(tmp_path):
    def edit(office):
        office.walls[0].PredefinedType = "SHEAR"
        relation = office.file.by_type("IfcRelDefinesByType")[0]
        relation.RelatedObjects = office.walls[:1] + office.walls[2:]
        office.model.make("IfcRelDefinesByType", RelatedObjects=(office.walls[1],), RelatingType=office.kinds[1])

    found = changed(tmp_path, edit)
    assert told(found) == {"Wall 0": ["retyped"], "Wall 1": ["retyped"]}
    assert changes(found, "Wall 0") == [("retyped", "", "predefined type", "SOLIDWALL", "SHEAR")]
    assert changes(found, "Wall 1") == [("retyped", "", "typed_by", "W200", "W300")]


def test_a_changed_placement_is_moved(tmp_path):
    found = changed(tmp_path, lambda office: move(office.walls[2], 0.0, 1.5, 0.0))
    assert told(found) == {"Wall 2": ["moved"]}
    change = found.items[0].changes[0]
    assert (change.name, change.new, change.unit) == ("position", "+0.000, +1.500, +0.000", "m")
    assert change.by == pytest.approx(1.5, abs=1e-6)


def test_less_than_a_millimetre_is_no_move_and_more_is_one(tmp_path):
    def edit(office):
        move(office.walls[2], 0.0, 0.0009, 0.0)
        move(office.walls[4], 0.0, 0.0012, 0.0)

    assert told(changed(tmp_path, edit)) == {"Wall 4": ["moved"]}


@pytest.mark.parametrize("angle", [0.002, math.pi / 2, math.pi])
def test_a_turned_object_is_moved_and_not_reshaped(tmp_path, angle):
    def edit(office):
        axis = office.walls[5].ObjectPlacement.RelativePlacement
        axis.Axis = office.file.create_entity("IfcDirection", (0.0, 0.0, 1.0))
        axis.RefDirection = office.file.create_entity("IfcDirection", (math.cos(angle), math.sin(angle), 0.0))

    found = changed(tmp_path, edit)
    expected = {} if angle == math.pi else {"Wall 5": ["moved"]}  # a box turned by half is the same box
    assert told(found) == expected
    if expected:
        assert found.items[0].changes[-1].by == pytest.approx(math.degrees(angle), rel=1e-4)


def test_another_length_is_reshaped(tmp_path):
    def edit(office):
        solid(office.walls[1]).SweptArea.XDim += 0.05
        solid(office.chairs[0]).Depth += 0.0004  # below the tolerance

    found = changed(tmp_path, edit)
    assert told(found) == {"Wall 1": ["reshaped"]}
    assert [change.name for change in found.items[0].changes] == ["area", "volume"]
    assert found.items[0].changes[1].by == pytest.approx(0.05 * 0.2 * 3.0, rel=1e-4)


def test_a_lost_shape_is_reshaped(tmp_path):
    def edit(office):
        office.walls[1].Representation = None

    assert told(changed(tmp_path, edit)) == {"Wall 1": ["reshaped"]}


def test_another_container_is_re_contained(tmp_path):
    def edit(office):
        relation = next(
            item for item in office.file.by_type("IfcRelContainedInSpatialStructure")
            if item.RelatedElements == (office.walls[4],)
        )  # fmt: skip
        relation.RelatingStructure = office.upper

    found = changed(tmp_path, edit)
    assert told(found) == {"Wall 4": ["re-contained"]}
    assert changes(found, "Wall 4") == [("re-contained", "", "container", "1F", "2F")]


def test_a_container_under_another_id_holds_the_same_things(tmp_path):
    """ifcdiff #9312: what is in a container is not changed by the container's id, nor by how it is said."""

    def edit(office):
        for storey in (office.model.storey, office.upper):
            storey.GlobalId = ifc_guid()
        contained = [
            item for item in office.file.by_type("IfcRelContainedInSpatialStructure")
            if item.RelatingStructure == office.model.storey
        ]  # fmt: skip
        contained[0].RelatedElements = [wall for item in contained for wall in item.RelatedElements]
        for item in contained[1:]:
            office.file.remove(item)

    found = changed(tmp_path, edit)
    assert told(found) == {"1F": ["re-identified"], "2F": ["re-identified"]}


def ifc_guid():
    import ifcopenshell.guid

    return ifcopenshell.guid.new()


def test_a_changed_property_names_set_name_and_values(tmp_path):
    def edit(office):
        office.fire.NominalValue = office.file.create_entity("IfcLabel", "3.00")
        office.u.NominalValue = office.file.create_entity("IfcThermalTransmittanceMeasure", 0.2400000001)

    found = changed(tmp_path, edit)
    assert set(told(found)) == {f"Wall {k}" for k in range(10)}
    assert {tuple(kinds) for kinds in told(found).values()} == {("property-changed",)}
    assert changes(found, "Wall 7") == [("property-changed", "Pset_WallCommon", "FireRating", "2.00", "3.00")]


def test_a_property_that_comes_and_one_that_goes(tmp_path):
    def edit(office):
        office.model.define(
            office.model.pset("Pset_Own", office.model.single("Lease", "IfcLabel", "L-7")), office.chairs[2]
        )
        office.fire.Name = "FireResistanceRating"

    found = changed(tmp_path, edit)
    assert changes(found, "Chair 2") == [("property-changed", "Pset_Own", "Lease", None, "L-7")]
    assert changes(found, "Wall 0") == [
        ("property-changed", "Pset_WallCommon", "FireRating", "2.00", None),
        ("property-changed", "Pset_WallCommon", "FireResistanceRating", None, "2.00"),
    ]


def test_quantity_name_description_and_tag(tmp_path):
    def edit(office):
        office.length.LengthValue = 2.6
        office.walls[1].Name = "North wall"
        office.walls[2].Description = "seen from the street"
        office.walls[3].Tag = "t33"

    found = changed(tmp_path, edit)
    assert told(found) == {
        "Wall 0": ["quantity-changed"],
        "North wall": ["renamed"],
        "Wall 2": ["property-changed"],
        "Wall 3": ["property-changed"],
    }
    change = found.items[0].changes[0]
    assert (change.set, change.name, change.unit) == ("Qto_WallBaseQuantities", "Length", "m")
    assert change.by == pytest.approx(0.1)


def test_material_thickness_is_a_material_change_and_rewriting_it_is_none(tmp_path):
    def edit(office):
        relation = office.file.by_type("IfcRelAssociatesMaterial")[0]
        relation.RelatedObjects = office.walls[:5]
        thicker, same = office.layers(0.25, 0.1), office.layers(0.2 * (1 + 1e-8), 0.1)
        office.model.make("IfcRelAssociatesMaterial", RelatedObjects=office.walls[5:7], RelatingMaterial=thicker)
        office.model.make("IfcRelAssociatesMaterial", RelatedObjects=office.walls[7:9], RelatingMaterial=same)
        office.model.make("IfcRelAssociatesMaterial", RelatedObjects=office.walls[9:], RelatingMaterial=office.brick)

    found = changed(tmp_path, edit)
    assert told(found) == {f"Wall {k}": ["material-changed"] for k in (5, 6, 9)}
    assert changes(found, "Wall 9") == [("material-changed", "", "made_of", "Outer", "Brick")]


def test_classification_and_group(tmp_path):
    def edit(office):
        relation = office.file.by_type("IfcRelAssociatesClassification")[0]
        relation.RelatedObjects = office.walls[1:]
        other = office.model.make("IfcDistributionSystem", Name="AHU-2")
        office.model.make("IfcRelAssignsToGroup", RelatedObjects=office.chairs[3:4], RelatingGroup=other)

    found = changed(tmp_path, edit)
    assert told(found) == {"Wall 0": ["classification-changed"], "Chair 3": ["group-changed"]}
    assert changes(found, "Chair 3") == [("group-changed", "", "member_of", None, "AHU-2")]
    assert [(item.name, item.kinds) for item in found.concepts] == [("AHU-2", ["added"])]


def test_added_and_deleted(tmp_path):
    def edit(office):
        f, wall = office.file, office.walls[9]
        for relation in f.by_type("IfcRelContainedInSpatialStructure"):
            if relation.RelatedElements == (wall,):
                f.remove(relation)
        f.remove(wall)
        office.element("IfcDoor", "New door", (40.0, 0.0, 0.0), (0.9, 0.1, 2.1))

    found = changed(tmp_path, edit)
    assert told(found) == {"New door": ["added"], "Wall 9": ["deleted"]}
    new, gone = found.items
    assert new.box == pytest.approx([39.55, -0.05, 0.0, 40.45, 0.05, 2.1], abs=1e-3)
    assert gone.box is None
    assert gone.old_box is not None
    assert gone.old_ordinal is not None


def test_several_changes_of_one_object_are_all_told(tmp_path):
    def edit(office):
        wall = office.walls[6]
        wall.Name = "Moved wall"
        move(wall, 0.0, 0.0, 0.3)
        solid(wall).Depth = 2.5

    assert told(changed(tmp_path, edit)) == {"Moved wall": ["moved", "renamed", "reshaped"]}


def test_a_moved_storey_takes_its_things_along(tmp_path):
    found = changed(tmp_path, lambda office: move(office.upper, 0.0, 0.0, 0.5))
    expected = {f"Chair {k}": ["carried"] for k in range(6)} | {"2F": ["moved"]}
    assert told(found) == expected
    storey = next(item for item in found.items if item.name == "2F")
    assert {item.carrier for item in found.items if item is not storey} == {storey.gid}
    assert found.whole is None


def test_a_renamed_type_is_told_of_the_type(tmp_path):
    def edit(office):
        office.kinds[0].Name = "W200 concrete"

    found = changed(tmp_path, edit)
    assert found.items == []
    assert changes(found, "W200 concrete") == [("renamed", "", "name", "W200", "W200 concrete")]


def test_repeated_ids_are_told_apart_by_what_they_are(tmp_path):
    """Which of two objects with one GlobalId is the second depends on the order in the file, and means nothing."""
    office = Office()
    office.walls[1].GlobalId = office.walls[0].GlobalId
    office.walls[2].GlobalId = office.walls[0].GlobalId
    old = office.model.write(tmp_path, "old.ifc")
    text = old.read_text(encoding="utf-8")
    numbers = [wall.id() for wall in office.walls[:3]]
    for number, other in zip(numbers, ["#X0", "#X1", "#X2"], strict=True):
        text = (
            text.replace(f"#{number}=", f"{other}=")
            .replace(f"#{number},", f"{other},")
            .replace(f"#{number})", f"{other})")
        )
    for other, number in zip(["#X0", "#X1", "#X2"], reversed(numbers), strict=True):
        text = text.replace(other, f"#{number}")
    new = tmp_path / "new.ifc"
    new.write_text(text, encoding="utf-8")
    assert compare_files(tmp_path, old, new).same


def test_versions_without_fingerprints_are_refused(tmp_path):
    from twin.errors import Conflict
    from twin.graph.tablefile import table_path

    folder = build(Office().model.write(tmp_path), tmp_path / "v1")
    table_path(folder, "fingerprint").unlink()
    other = build(Office().model.write(tmp_path), tmp_path / "v2")
    with pytest.raises(Conflict, match=r"ingest model\.ifc again"):
        compare(folder, other)


def test_the_origin_helper_moves_what_it_says():
    office = Office()
    move(office.walls[0], 1.0, 2.0, 3.0)
    assert origin(office.walls[0]).Coordinates == (1.0, 2.0, 3.0)
