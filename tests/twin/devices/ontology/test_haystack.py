from __future__ import annotations

import json

import pytest

from tests.support.shared import SHARED
from twin.devices.ontology.haystack import read_haystack, write_haystack
from twin.errors import Invalid

FILE = SHARED / "data" / "telemetry" / "haystack" / "carytown.hayson.json"


@pytest.mark.shared
@pytest.mark.skipif(not FILE.exists(), reason="the shared data folder is not there")
def test_a_real_site():
    found = read_haystack(FILE.read_bytes())
    rows = json.loads(FILE.read_bytes())["rows"]
    assert len(found.entities) + sum(found.skipped.values()) == len(rows)
    assert found.counts()["point"] == sum("point" in row for row in rows)
    by_name = {one.name: one for one in found.entities.values()}
    unit = by_name["RTU-1"]
    assert (unit.sort, unit.kind, found.entities[unit.location].name) == ("equipment", "ahu", "Carytown")
    zone = by_name["ZoneTemp"]
    assert (zone.kind, zone.role, zone.unit, zone.parent) == ("temperature", "measured", "°F", unit.id)
    assert (by_name["ZoneTempSp"].role, by_name["Fan"].role) == ("setpoint", "command")
    assert by_name["DischargeTemp"].kind == "supply_air_temperature"
    assert by_name["Cost"].kind == ""


@pytest.mark.shared
@pytest.mark.skipif(not FILE.exists(), reason="the shared data folder is not there")
def test_it_comes_back_as_it_was():
    found = read_haystack(FILE.read_bytes())
    assert read_haystack(write_haystack(found)).entities == found.entities


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "no JSON"),
        (b"[]", "no Haystack grid"),
        (b'{"rows": [1]}', "no Haystack grid"),
        (b'{"rows": [{"point": {"_kind": "marker"}}]}', "Row 1 of the grid has no id"),
    ],
)
def test_what_is_no_grid_is_told(data, said):
    with pytest.raises(Invalid, match=said):
        read_haystack(data)
