"""Scheme figures by hand-computed massing."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest

from scenes.schemes import DecisionStore, comparison, figures
from tests.support.layers import FRAME, house, make_park, make_version, table
from twin.clock import ManualClock
from twin.errors import Invalid, NotFound
from twin.graph import GraphStore
from twin.layer import OBJECTS, QUANTITIES, LayerDraft, LayerKind
from twin.park import Park


def space(gid: str, storey: str, elevation: float, area: float, height: float, **more: object) -> dict[str, object]:
    return {
        "gid": gid,
        "layer": "s",
        "type": "Space",
        "predefined_type": "GFA",
        "name": gid,
        "storey": storey,
        "storey_elevation": elevation,
        "min_z": elevation,
        "max_z": elevation + height,
        "volume": area * height,
        "area": area,
        "height": height,
        **more,
    }


def test_areas_are_split_at_the_ground_and_low_storeys_do_not_count():
    rows = [
        space("b1", "B1", -4.0, 900.0, 4.0),
        space("f1", "F1", 0.0, 600.005, 5.0),
        space("f2", "F2", 5.0, 500.0, 2.1),
        space("f3", "F3", 7.1, 400.0, 3.9),
        {**space("x", "F1", 0.0, 0.0, 5.0), "type": "BuildingStorey", "gid": "F1", "name": "1F", "area": None},
    ]
    found = figures(rows)
    assert found.below == 900.0
    assert found.above == pytest.approx(600.0 + 400.0, abs=0.011)  # F2 is 2.10 m high: k = 0
    assert found.footprint == pytest.approx(600.0, abs=0.011)
    assert found.height == pytest.approx(11.0)
    assert found.storeys == 3


def test_spaces_stand_in_where_there_is_no_gfa_space_and_slabs_where_there_is_none():
    rooms = [
        space("a", "F1", 0.0, 30.0, 3.0, predefined_type="INTERNAL"),
        space("b", "F1", 0.0, 20.0, 3.0, predefined_type=None),
    ]
    assert figures(rooms).blocks[0].basis == "spaces"
    assert figures(rooms).above == 50.0
    slab = [space("a", "F1", 0.0, 80.0, 3.0, type="Slab", predefined_type="FLOOR")]
    assert (figures(slab).blocks[0].basis, figures(slab).above) == ("slabs", 80.0)


def test_no_storeys_no_figures():
    assert figures([]).above == 0.0


@pytest.fixture
def graph(tmp_path):
    make_park(tmp_path / "park")
    path = tmp_path / "park" / "park.toml"
    path.write_text(
        path.read_text()
        + '\n[plot]\ngid = "land/plot"\nmark = "sample"\nlimits = {far = 0.5, height = 9.0, coverage = 50}\n'
        + '[[schemes]]\nid = "a"\nname = "方案 A"\nlayers = ["scheme-a"]\n[[schemes]]\nid = "b"\nname = "方案 B"\nlayers = ["scheme-b"]\n'
    )
    store = GraphStore(Park.load(tmp_path / "park"))
    plot = LayerDraft(
        kind=LayerKind.VECTOR,
        title="Land",
        frame=FRAME,
        objects=table(OBJECTS, [{"id": "plot", "type": "PlotBoundary"}]),
        quantities=table(
            QUANTITIES,
            [{"id": "plot", "set": "Measured", "name": "Area", "value": 100.0, "unit": "m2", "origin": "measured"}],
        ),
    )
    make_version(store.park, "land", "v1", plot)
    store.publish("land", "v1")
    for scheme, storeys in (("scheme-a", 1), ("scheme-b", 3)):
        draft = house(storeys=storeys, spaces=1)
        measured = [
            {"id": f"s{floor}-r0", "set": "Measured", "name": name, "value": value, "unit": "m2", "origin": "measured"}
            for floor in range(storeys)
            for name, value in (("ProjectedArea", 40.0), ("Volume", 120.0), ("Height", 3.0))
        ]
        merged = pa.concat_tables([draft.quantities, table(QUANTITIES, measured)])
        make_version(store.park, scheme, "v1", dataclasses.replace(draft, quantities=merged))
        store.publish(scheme, "v1")
    yield store
    store.close()


def test_the_table_compares_schemes_with_the_plots_limits(graph):
    rows = {row["name"]: row for row in comparison(graph)["rows"]}
    assert rows["far"]["values"]["a"]["value"] == 0.4
    assert rows["far"]["values"]["b"]["value"] == 1.2
    assert [rows["far"]["values"][s]["verdict"] for s in "ab"] == ["pass", "fail"]
    assert rows["coverage"]["values"]["a"]["value"] == 40.0
    assert rows["far"]["limit"] == {"op": "<=", "value": 0.5, "mark": "sample"}
    assert rows["far"]["values"]["b"]["objects"] == [f"scheme-b/s{floor}-r0" for floor in range(3)]
    assert "120.00 / 100.00 = 1.20" in rows["far"]["values"]["b"]["formula"]
    assert rows["green"]["values"]["a"]["verdict"] == "insufficient"


def test_a_decision_needs_a_known_scheme_and_a_reason(graph):
    store = DecisionStore(graph.db, ManualClock())
    with pytest.raises(NotFound, match="known are a, b"):
        store.decide(graph.park, "c", "because", "zhang")
    with pytest.raises(Invalid, match="reason"):
        store.decide(graph.park, "a", "  ", "zhang")
    made = store.decide(graph.park, "a", "日照更好", "zhang")
    assert store.all() == [made]
