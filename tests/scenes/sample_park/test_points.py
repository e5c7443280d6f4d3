"""Points and alarms speak of objects that exist."""

from __future__ import annotations

import json

import ifcopenshell
import pyogrio
import pytest

from scenes.sample_park.points.row import KINDS, PointRow
from scenes.sample_park.points.table import write_points
from twin.errors import Conflict
from twin.rules.rule_file import read_rules
from twin.state.point import read_points


@pytest.fixture(scope="module")
def gids(sources):
    """Every gid the sources can give."""
    found = set()
    for source in sources.values():
        if source.path.suffix == ".ifc":
            file = ifcopenshell.open(str(source.path))
            found |= {f"{source.layer}/{product.GlobalId}" for product in file.by_type("IfcProduct")}
        elif source.path.suffix == ".gpkg":
            ids = pyogrio.read_dataframe(source.path, columns=["id"], read_geometry=False)["id"]
            found |= {f"{source.layer}/{value}" for value in ids}
        elif source.path.suffix == ".geojson":
            rows = json.loads(source.path.read_text(encoding="utf-8"))["features"]
            found |= {f"{source.layer}/{row['properties']['id']}" for row in rows}
    return found


def test_every_gid_exists(sample, gids):
    points = read_points(sample.folder / "points.csv")
    assert len(points) == sample.points
    lost = [p.point_id for p in points if p.gid not in gids or p.device not in gids]
    assert lost == []


def test_kinds_units_and_addresses(sample):
    points = read_points(sample.folder / "points.csv")
    assert {p.kind for p in points} <= set(KINDS)
    wanted = {
        "temperature", "humidity", "co2", "occupancy", "lighting_power", "power", "energy", "water_flow", "smoke", "door",
        "lift_position", "supply_temperature", "pressure", "pm25", "noise", "air_temperature", "bay_occupied",
        "lamp_power", "manhole_level", "solar_power",
    }  # fmt: skip
    assert wanted <= {p.kind for p in points}
    for p in points:
        assert p.unit == KINDS[p.kind].unit
        assert p.source == "mqtt:park/" + p.point_id.replace(".", "/")
        assert p.min is not None
        assert p.max is not None
        assert p.min < p.max
    assert len({p.source for p in points}) == len(points)


def test_rooms_show_what_sensors_measure(sample):
    rows = [p for p in read_points(sample.folder / "points.csv") if p.kind == "temperature" and ".f" in p.point_id]
    assert len(rows) > 200
    assert all(p.gid != p.device for p in rows)


def test_alarm_rules_are_read(sample):
    rules = read_rules(sample.folder / "alarms.yaml")
    assert len(rules) == sample.alarms >= 10
    points = read_points(sample.folder / "points.csv")
    ids, kinds = {p.point_id for p in points}, {p.kind for p in points}
    assert all(rule.kind in kinds or rule.point_id in ids for rule in rules)
    assert all(rule.source and rule.mark in {"GK", "sample"} for rule in rules)


def test_a_point_id_made_twice_is_refused(tmp_path):
    row = PointRow("a", "g", "d", "power", "kW", 0, 1, "measured", "n", "mqtt:park/a")
    with pytest.raises(Conflict, match="'a'"):
        write_points(tmp_path / "points.csv", [row, row])
