"""The park as a whole: figures, order, settings."""

from __future__ import annotations

import json

import ifcopenshell
import pytest

from scenes.sample_park import generate
from scenes.sample_park.buildings.catalogue import BUILDINGS
from scenes.sample_park.schemes import LIMITS
from twin.errors import Conflict
from twin.park import Park

GROUPS = ["terrain", "base", "building", "underground", "neighbour", "scheme"]


def test_counts(sample, sources):
    assert sample.objects >= 15_000
    assert sample.points >= 1_500
    assert sample.objects == sum(source.count for source in sample.sources)
    assert sample.classes["IfcSensor"] > 500
    assert sample.classes["pipe"] > 100
    assert 60 <= sample.classes["neighbour"] <= 120
    assert all(source.path.stat().st_size == source.size for source in sample.sources)
    assert sum(building.storeys > 1 for building in BUILDINGS.values()) >= 8


def test_declared_counts_are_the_files_counts(sources):
    for key in ("g1", "e1", "scheme-b"):
        file = ifcopenshell.open(str(sources[key].path))
        products = [p for p in file.by_type("IfcProduct") if not p.is_a("IfcOpeningElement")]
        assert len(products) == sources[key].count


def test_order_of_ingest(sample):
    groups = [source.group for source in sample.sources]
    assert [group for i, group in enumerate(groups) if i == 0 or groups[i - 1] != group] == GROUPS


def test_every_class_that_a_park_needs(sample):
    wanted = {
        "IfcWall", "IfcSlab", "IfcColumn", "IfcBeam", "IfcStair", "IfcStairFlight", "IfcDoor", "IfcWindow", "IfcCurtainWall",
        "IfcPlate", "IfcMember", "IfcRoof", "IfcRailing", "IfcFurniture", "IfcDuctSegment", "IfcAirTerminal",
        "IfcAirTerminalBox", "IfcUnitaryEquipment", "IfcChiller", "IfcPump", "IfcCableCarrierSegment", "IfcLightFixture",
        "IfcOutlet", "IfcElectricDistributionBoard", "IfcFlowMeter", "IfcFireSuppressionTerminal", "IfcAlarm",
        "IfcPipeSegment", "IfcSanitaryTerminal", "IfcValve", "IfcSensor", "IfcSpace", "IfcDistributionPort",
        "IfcTransportElement", "IfcRamp",
    }  # fmt: skip
    assert wanted <= set(sample.classes)


def test_park_file(sample):
    park = Park.load(sample.folder)
    assert park.frame is not None
    assert park.frame.crs == "EPSG:4547"
    assert list(park.layers) == [source.layer for source in sample.sources]
    assert {layer for scheme in park.schemes for layer in scheme.layers} <= set(park.layers)
    assert park.tables["plot"]["limits"] == LIMITS
    assert park.tables["plot"]["mark"] == "sample"


def test_a_built_park_is_not_overwritten(tmp_path):
    (tmp_path / "park.duckdb").touch()
    with pytest.raises(Conflict, match="built park"):
        generate(tmp_path)
    assert not (tmp_path / "sources").exists()


def test_same_seed_same_bytes(tmp_path, sample):
    # A second whole run would cost as long again; one building, one scheme, the vectors and tables tell.
    from scenes.sample_park.buildings.catalogue import write_building
    from scenes.sample_park.gis import furniture, open_space, terrain
    from scenes.sample_park.gis.feature import write_gpkg
    from scenes.sample_park.schemes import SCHEMES, write_scheme

    write_building("c1", tmp_path / "c1.ifc", 20261123)
    write_scheme(SCHEMES[0], tmp_path / "scheme-a.ifc", 20261123)
    write_gpkg(tmp_path / "trees.gpkg", furniture.trees(20261123))
    write_gpkg(tmp_path / "green.gpkg", open_space.greens())
    terrain.write_terrain(tmp_path / "terrain.tif")
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (sample.folder / "sources" / path.name).read_bytes(), path.name


def test_another_seed_gives_other_ids(tmp_path):
    from scenes.sample_park.buildings.catalogue import write_building

    guids = []
    for seed in (1, 2):
        write_building("g1", tmp_path / f"{seed}.ifc", seed)
        file = ifcopenshell.open(str(tmp_path / f"{seed}.ifc"))
        guids.append({root.GlobalId for root in file.by_type("IfcRoot")})
    assert len(guids[0]) == len(guids[1])
    assert not guids[0] & guids[1]


def test_geojson_is_in_degrees(sources):
    data = json.loads(sources["plot"].path.read_text(encoding="utf-8"))
    longitude, latitude = data["features"][0]["geometry"]["coordinates"][0][0]
    assert 114.39 < longitude < 114.41
    assert 30.47 < latitude < 30.49
    assert "crs" not in data
