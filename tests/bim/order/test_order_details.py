"""What the single checks must not get wrong."""

from __future__ import annotations

import numpy as np
import pytest

from bim.order.duplicates import twins
from tests.bim.ifc_files import SHARED, new_model, rows
from tests.bim.order.found import found_in
from tests.bim.order.messy import body, space, storey
from tests.support.layers import table
from twin.finding import Severity
from twin.layer import OBJECTS


def tower(*heights):
    """Storeys 1F, 2F … at these heights."""
    m = new_model(elevation=heights[0])
    return m, [m.storey, *(storey(m, f"{number}F", height) for number, height in enumerate(heights[1:], 2))]


def test_a_loose_element_takes_the_storey_and_building_and_keeps_its_place_in_the_tree(tmp_path):
    m, (_, second) = tower(0.0, 4.0)
    wall = body(m, "IfcWall", (0, 0, 4), name="Loose")
    found, draft = found_in(m.write(tmp_path), tmp_path / "x")
    (row,) = rows(draft.objects, id=wall.GlobalId)
    assert (row["storey"], row["building"], row["parent"]) == (second.GlobalId, m.building.GlobalId, None)
    assert found["ifc-storey-assigned"].data["notes"] == {wall.GlobalId: "2F"}
    assert not rows(draft.relations, target=wall.GlobalId)  # the graph holds what the file says


def test_parts_go_where_their_whole_goes_and_only_the_whole_is_told(tmp_path):
    m, (_, second) = tower(0.0, 4.0)
    stair = m.make("IfcStair", Name="Stair", ObjectPlacement=m.placement())
    flights = [body(m, "IfcStairFlight", (0, 9, height), (1, 3, 1.5)) for height in (4.0, 5.5)]
    m.make("IfcRelAggregates", RelatingObject=stair, RelatedObjects=flights)
    found, draft = found_in(m.write(tmp_path), tmp_path / "x")
    storeys = {row["storey"] for row in draft.objects.to_pylist() if row["ifc_class"].startswith("IfcStair")}
    assert storeys == {second.GlobalId}
    assert found["ifc-storey-assigned"].ids == (stair.GlobalId,)
    assert "ifc-empty-storey" in found  # 1F; what was assigned fills 2F
    assert found["ifc-empty-storey"].value == 1


def test_the_fewest_storeys_are_said_to_be_out_of_order(tmp_path):
    m, storeys = tower(0.0, 4.0, 8.0, 12.0, 16.0)
    storeys[1].Name, storeys[3].Name = "4F", "4F"
    found, _ = found_in(m.write(tmp_path), tmp_path / "x")
    assert found["ifc-storey-order"].ids == (storeys[1].GlobalId,)


def test_a_slab_belongs_to_the_level_it_ends_at(tmp_path):
    m, (_, second, _) = tower(0.0, 4.0, 8.0)
    slab = body(m, "IfcSlab", (0, 0, 3.8), (9, 9, 0.2))
    _, draft = found_in(m.write(tmp_path), tmp_path / "x")
    assert rows(draft.objects, id=slab.GlobalId)[0]["storey"] == second.GlobalId


def test_between_two_buildings_nothing_is_assigned(tmp_path):
    m, _ = tower(0.0, 4.0)
    other = m.make("IfcBuilding", Name="B", CompositionType="ELEMENT", ObjectPlacement=m.placement())
    m.make("IfcRelAggregates", RelatingObject=m.site, RelatedObjects=(other,))
    floor = m.make(
        "IfcBuildingStorey", Name="1F", Elevation=0.0, CompositionType="ELEMENT", ObjectPlacement=m.placement()
    )
    m.make("IfcRelAggregates", RelatingObject=other, RelatedObjects=(floor,))
    wall = body(m, "IfcWall", (0, 0, 0))
    found, draft = found_in(m.write(tmp_path), tmp_path / "x")
    assert rows(draft.objects, id=wall.GlobalId)[0]["storey"] is None
    assert found["ifc-uncontained"].ids == (wall.GlobalId,)


def test_what_hangs_under_its_floor_or_spans_several_is_in_no_wrong_storey(tmp_path):
    m, (first, second, _) = tower(0.0, 4.0, 8.0)
    m.contain(body(m, "IfcBeam", (0, 0, 3.4), (5, 0.2, 0.5), "Under"), storey=second)
    m.contain(body(m, "IfcPipeSegment", (0, 1, -2), (0.1, 0.1, 12), "Riser"), storey=first)
    m.contain(body(m, "IfcFooting", (0, 2, -3), (1, 1, 1), "Footing"), storey=first)
    assert "ifc-wrong-storey" not in found_in(m.write(tmp_path), tmp_path / "x")[0]


def test_the_storey_that_a_strayed_element_lies_in_is_told(tmp_path):
    m, (first, *_rest) = tower(0.0, 4.0, 8.0)
    wall = body(m, "IfcWall", (0, 0, 8), name="Strayed")
    m.contain(wall, storey=first)
    found, draft = found_in(m.write(tmp_path), tmp_path / "x")
    assert found["ifc-wrong-storey"].data["notes"] == {wall.GlobalId: "3F"}
    assert rows(draft.objects, id=wall.GlobalId)[0]["storey"] == first.GlobalId


def test_rooms_whose_boxes_cross_but_not_their_walls_do_not_overlap(tmp_path):
    m = new_model()
    space(m, "hall", size=(10, 1, 3))
    turned = space(m, "turned", at=(4.2, 3.4, 0), size=(8, 1, 3))
    f = m.file
    turned.ObjectPlacement.RelativePlacement.Axis = f.create_entity("IfcDirection", (0.0, 0.0, 1.0))
    turned.ObjectPlacement.RelativePlacement.RefDirection = f.create_entity("IfcDirection", (1.0, 0.6, 0.0))
    found, _ = found_in(m.write(tmp_path), tmp_path / "x")
    assert "ifc-space-overlap" not in found


def test_a_room_inside_its_own_whole_or_in_a_gross_area_is_no_overlap(tmp_path):
    m = new_model()
    space(m, "gross", size=(20, 20, 3), PredefinedType="GFA")
    whole = space(m, "flat", size=(8, 8, 3))
    part = body(m, "IfcSpace", (0, 0, 0), (3, 3, 3), "room")
    m.make("IfcRelAggregates", RelatingObject=whole, RelatedObjects=(part,))
    assert "ifc-space-overlap" not in found_in(m.write(tmp_path), tmp_path / "x")[0]


def objects(*kinds, parents=None):
    return table(
        OBJECTS,
        [
            {"id": f"o{number}", "type": kind, "parent": (parents or {}).get(number)}
            for number, kind in enumerate(kinds)
        ],
    )


def test_copies_are_told_by_class_box_and_volume_however_many_there_are():
    count = 4000
    random = np.random.default_rng(5)
    low = random.uniform(0, 500, (count, 3))
    boxes = np.hstack((low, low + random.uniform(0.1, 5, (count, 3))))
    boxes[1000:1500] = boxes[0]
    boxes[2000:2010] += 0  # strangers stay strangers
    boxes[3001], boxes[3003], boxes[3005] = boxes[3000] + 4e-4, boxes[3002], boxes[3004]
    volume = np.full(count, 1.0)
    volume[3003] = 1.1  # same box, another shape
    kinds = ["Wall"] * count
    kinds[3005] = "Slab"  # same shape, another class
    found = twins(objects(*kinds), boxes, volume, np.ones(count), np.ones(count, np.bool_))
    assert found == {**dict.fromkeys(range(1000, 1500), 0), 3001: 3000}


def test_a_part_is_no_copy_of_its_whole():
    boxes = np.array([[0, 0, 0, 1, 1, 1.0]] * 2)
    found = twins(objects("Wall", "Wall", parents={1: "o0"}), boxes, np.ones(2), np.ones(2), np.ones(2, np.bool_))
    assert found == {}


def test_a_finding_lists_some_and_counts_all():
    from bim.order.naming import UNNAMED
    from twin.fault import MAX_IDS

    (finding,) = UNNAMED.found([f"i{number}" for number in range(MAX_IDS + 5)], notes={"i1": "a", "gone": "b"})
    assert (len(finding.ids), finding.value) == (MAX_IDS, MAX_IDS + 5)
    assert finding.data == {"notes": {"i1": "a"}}
    assert UNNAMED.found([]) == []


def test_a_finding_survives_the_manifest():
    from bim.order.naming import UNNAMED
    from twin.finding import Finding

    (finding,) = UNNAMED.found(["a"])
    assert Finding.from_dict(finding.as_dict()) == finding
    old = {key: value for key, value in finding.as_dict().items() if key != "repaired"}  # written by an earlier version
    assert Finding.from_dict(old).repaired is False


SHARED_CASES = {
    "ifc-validation/odd/doubleguids.ifc": {"ifc-repeated-globalid": 3},
    "ifc-validation/odd/3rooms_Heater_AirTerminal_Table_with_SB_errors.ifc": {"ifc-boundary-incomplete": 2},
    "ifc/hvac/B01_4_HeatExchanger_noConnection.ifc": {"ifc-no-connections": 16},
    "ifc/hvac/B01_2_HeatExchanger_Pipes.ifc": {"ifc-no-connections": None, "ifc-unconnected": None},
    "ifc/kit-edc/KIT-EDC_with_SB.ifczip": {
        "ifc-no-space-boundaries": None,
        "ifc-duplicate": None,
        "ifc-wrong-storey": None,
    },
}


@pytest.mark.shared
@pytest.mark.parametrize("name", SHARED_CASES)
def test_files_of_others_give_the_findings_they_should(tmp_path, name):
    """A number: that many cases; None: none may be found."""
    if not (SHARED / name).exists():
        pytest.skip(f"shared data has no {name}")
    found, _ = found_in(SHARED / name, tmp_path / "x")
    assert {code: int(found[code].value) if code in found else None for code in SHARED_CASES[name]} == SHARED_CASES[
        name
    ]
    assert all(finding.severity in Severity for finding in found.values())
