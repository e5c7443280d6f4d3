"""Every IFC file: valid by the schema, georeferenced, with the structure the twin reads."""

from __future__ import annotations

import math

import ifcopenshell
import ifcopenshell.util.unit
import ifcopenshell.validate
import pytest

from scenes.sample_park import ground, site
from scenes.sample_park.buildings.catalogue import BUILDINGS

FILES = [*BUILDINGS, "scheme-a", "scheme-b"]


@pytest.fixture(scope="module", params=FILES)
def model(request, sources):
    return request.param, ifcopenshell.open(str(sources[request.param].path))


@pytest.mark.slow
def test_valid(model):
    _, file = model
    logger = ifcopenshell.validate.json_logger()
    ifcopenshell.validate.validate(file, logger)
    assert [str(row["message"])[:200] for row in logger.statements] == []


def test_ids_are_unique(model):
    _, file = model
    guids = [root.GlobalId for root in file.by_type("IfcRoot")]
    assert len(guids) == len(set(guids))


def test_georeferenced_on_its_pad(model):
    key, file = model
    (conversion,) = file.by_type("IfcMapConversion")
    assert conversion.TargetCRS.Name == "EPSG:4547"
    level = ground.pads()["scheme" if key.startswith("scheme") else key]
    assert abs(conversion.OrthogonalHeight - level) <= 0.1
    unit = ifcopenshell.util.unit.calculate_unit_scale(file)
    assert conversion.Scale == pytest.approx(unit)
    if key in BUILDINGS:
        rotation = math.degrees(math.atan2(conversion.XAxisOrdinate, conversion.XAxisAbscissa))
        assert rotation == pytest.approx(site.LOTS[key].rotation_deg)


def test_one_file_in_millimetres_one_turned():
    assert [key for key, building in BUILDINGS.items() if building.millimetres] == ["e1"]
    assert [key for key, lot in site.LOTS.items() if lot.rotation_deg] == ["x1"]


def test_every_element_has_one_container(model):
    _, file = model
    for element in file.by_type("IfcElement"):
        if element.is_a("IfcOpeningElement"):
            assert element.VoidsElements
            continue
        assert len(element.ContainedInStructure) + len(element.Decomposes) == 1, element


def test_tenants_systems_and_ports(model):
    key, file = model
    if key not in BUILDINGS:
        pytest.skip(f"{key} is a massing scheme: no tenants")
    occupants = file.by_type("IfcOccupant")
    assert len(occupants) == 2
    assert all(rel.RelatedObjects for occupant in occupants for rel in occupant.IsActingUpon)
    assert len(file.by_type("IfcOccupant")) == len({o.Name for o in occupants})
    assert file.by_type("IfcDistributionSystem")
    assert all(system.IsGroupedBy for system in file.by_type("IfcDistributionSystem"))


def test_ports_join_ducts(sources):
    file = ifcopenshell.open(str(sources["a2"].path))
    joined = file.by_type("IfcRelConnectsPorts")
    assert len(joined) > 50
    for rel in joined:
        hosts = [port.Nests[0].RelatingObject for port in (rel.RelatingPort, rel.RelatedPort)]
        assert hosts[0] != hosts[1]
        assert {host.is_a() for host in hosts} == {"IfcDuctSegment"}


def test_fire_doors_have_ratings(model):
    _, file = model
    for kind in file.by_type("IfcDoorType"):
        common = {p.Name: p.NominalValue.wrappedValue for p in kind.HasPropertySets[0].HasProperties}
        assert ("防火门" in kind.Name) == ("FireRating" in common), kind.Name


def test_sensors_are_typed(sources):
    file = ifcopenshell.open(str(sources["l1"].path))
    types = {sensor.PredefinedType for sensor in file.by_type("IfcSensor")}
    assert {"TEMPERATURESENSOR", "HUMIDITYSENSOR", "CO2SENSOR", "MOVEMENTSENSOR", "SMOKESENSOR"} <= types


def test_scheme_areas(sources):
    for key in ("scheme-a", "scheme-b"):
        file = ifcopenshell.open(str(sources[key].path))
        spaces = file.by_type("IfcSpace")
        assert {space.PredefinedType for space in spaces} == {"GFA"}
        total = 0.0
        for space in spaces:
            (quantities,) = [
                rel.RelatingPropertyDefinition
                for rel in space.IsDefinedBy
                if rel.RelatingPropertyDefinition.is_a("IfcElementQuantity")
            ]
            total += next(q.AreaValue for q in quantities.Quantities if q.Name == "GrossFloorArea")
        ratio = total / site.SCHEME_PLOT.area
        assert 1.0 < ratio < 2.5
