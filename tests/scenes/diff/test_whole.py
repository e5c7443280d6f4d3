"""Changes of the model as a whole are told once, not of every object."""

from __future__ import annotations

import math

import pytest

from tests.scenes.diff.models import Office, changed, move, origin, told

EAST, NORTH = 538_400.0, 3_373_400.0
"""EPSG:4547."""


def placed(*conversion):
    office = Office()
    office.model.map_conversion(*conversion)
    return office


def test_another_map_conversion_is_one_change_with_its_distance(tmp_path):
    def edit(office):
        conversion = office.file.by_type("IfcMapConversion")[0]
        conversion.Eastings += 250.0
        conversion.XAxisAbscissa, conversion.XAxisOrdinate = math.cos(0.1), math.sin(0.1)

    found = changed(tmp_path, edit, placed(EAST, NORTH))
    assert told(found) == {"Site": ["re-georeferenced"]}
    by = {change.name: change.by for change in found.georeference}
    assert by == {
        "map-conversion x": pytest.approx(250.0),
        "map-conversion rotation_deg": pytest.approx(math.degrees(0.1)),
    }
    assert found.whole is None


def test_a_conversion_that_comes_is_one_change(tmp_path):
    found = changed(tmp_path, lambda office: office.model.map_conversion(EAST, NORTH))
    assert told(found) == {"Site": ["re-georeferenced"]}
    assert [(change.name, change.old) for change in found.georeference] == [("map-conversion", None)]


def test_site_latitude_height_and_true_north(tmp_path):
    office = Office()
    office.model.site.RefLatitude, office.model.site.RefLongitude = (30, 28, 0, 0), (114, 24, 0, 0)
    office.model.site.RefElevation = 20.0

    def edit(office):
        office.model.site.RefLatitude = (30, 29, 0, 0)
        office.model.site.RefElevation = 21.5
        office.model.context.TrueNorth = office.file.create_entity("IfcDirection", (0.1, 1.0))

    found = changed(tmp_path, edit, office)
    assert told(found) == {"Site": ["re-georeferenced"]}
    by = {change.name: change.by for change in found.georeference}
    assert by == {
        "site latitude": pytest.approx(1 / 60),
        "site height": pytest.approx(1.5),
        "site true_north_deg": pytest.approx(-math.degrees(math.atan2(0.1, 1.0))),
    }


def test_a_moved_site_takes_everything_along_and_is_told_alone(tmp_path):
    found = changed(tmp_path, lambda office: move(office.model.site, 120.0, -40.0, 2.0))
    assert told(found) == {"Site": ["re-georeferenced"]}
    assert [change.name for change in found.georeference] == ["site placement position"]
    assert found.georeference[0].by == pytest.approx(math.hypot(120, 40, 2))
    assert found.whole is not None
    assert found.whole.carrier == found.items[0].gid
    assert found.whole.objects == found.matched


def test_a_turned_site_does_so_too(tmp_path):
    def edit(office):
        axis = office.model.site.ObjectPlacement.RelativePlacement
        axis.Axis = office.file.create_entity("IfcDirection", (0.0, 0.0, 1.0))
        axis.RefDirection = office.file.create_entity("IfcDirection", (math.cos(0.3), math.sin(0.3), 0.0))
        move(office.model.site, 5.0, 0.0, 0.0)

    found = changed(tmp_path, edit)
    assert told(found) == {"Site": ["re-georeferenced"]}
    assert found.whole is not None
    assert found.whole.angle_deg == pytest.approx(math.degrees(0.3), abs=1e-4)


def test_who_does_not_follow_the_site_is_told(tmp_path):
    def edit(office):
        move(office.model.site, 100.0, 0.0, 0.0)
        move(office.walls[3], -100.0, 0.0, 0.0)  # stays where it was
        move(office.walls[5], 0.0, 0.7, 0.0)

    found = changed(tmp_path, edit)
    assert told(found) == {"Site": ["re-georeferenced"], "Wall 3": ["moved"], "Wall 5": ["moved"]}
    shifts = {item.name: item.changes[0].new for item in found.items if item.name != "Site"}
    assert shifts == {"Wall 3": "-100.000, +0.000, +0.000", "Wall 5": "+0.000, +0.700, +0.000"}


def test_a_common_move_without_container_is_told_once(tmp_path):
    def edit(office):
        for element in [*office.walls, *office.chairs]:
            move(element, 0.0, 25.0, 0.0)
        move(office.chairs[0], 0.25, 0.0, 0.0)

    found = changed(tmp_path, edit)
    assert told(found) == {"Chair 0": ["moved"]}
    assert found.whole is not None
    assert found.whole.shift == pytest.approx((0.0, 25.0, 0.0), abs=1e-6)
    assert (found.whole.objects, found.whole.carrier) == (15, None)


def test_far_from_the_origin_a_millimetre_still_counts(tmp_path):
    office = Office()
    move(office.model.site, 538_400.0, 3_373_400.0, 0.0)
    found = changed(tmp_path, lambda office: move(office.walls[2], 0.0, 0.004, 0.0), office)
    assert told(found) == {"Wall 2": ["moved"]}
    assert origin(office.model.site).Coordinates[0] == 538_400.0
