"""Lines of flow are turned the way they flow, and say how that is known."""

from __future__ import annotations

import pyarrow as pa
import pytest

from scenes.flow.lines import lines
from tests.support.layers import FRAME, make_park, make_version, table
from twin.errors import NotFound
from twin.graph import GraphStore
from twin.graph.layerfile import version_folder
from twin.graph.schema import AXIS
from twin.graph.tablefile import table_path, write_table
from twin.layer import CONCEPTS, OBJECTS, PROPERTIES, RELATIONS, LayerDraft, LayerKind

EAST = [0.0, 0.0, 2.0, 10.0, 0.0, 0.0]
WEST = [10.0, 0.0, 0.0, 0.0, 0.0, 2.0]


def draft() -> LayerDraft:
    """A falling and a rising sewer, a water pipe, and ducts; make_version stands the meshed ones in a row along x."""
    things = {
        "grille": "IfcAirTerminal", "falling": None, "rising": None, "water": None, "road": None, "duct": "IfcDuctSegment", "last": "IfcDuctSegment",
        "lone": "IfcDuctSegment", "fan": "IfcFan",
    }  # fmt: skip
    kinds = {None: "PipeSegment", "IfcDuctSegment": "DuctSegment", "IfcFan": "Fan", "IfcAirTerminal": "AirTerminal"}
    rows = [
        {"id": name, "type": "Road" if name == "road" else kinds[cls], "ifc_class": cls, "name": name, "engine": "t"}
        for name, cls in things.items()
    ]
    media = {"falling": "污水", "rising": "sewage", "water": "supply"}
    return LayerDraft(
        kind=LayerKind.VECTOR,
        title="pipes",
        frame=FRAME,
        objects=table(OBJECTS, rows),
        concepts=table(CONCEPTS, [{"id": "s", "kind": "system", "ifc_class": "IfcDistributionSystem", "name": "送风"}]),
        relations=table(
            RELATIONS,
            [
                {"source": "duct", "kind": "feeds", "target": "grille"},  # whose box stands at x = 0 … 1
                {"source": "fan", "kind": "feeds", "target": "last"},  # at x = 8 … 9
                {"source": "duct", "kind": "member_of", "target": "s"},
            ],
        ),
        properties=table(
            PROPERTIES, [{"id": name, "set": "a", "name": "medium", "value": value} for name, value in media.items()]
        ),
    )


@pytest.fixture
def graph(tmp_path):
    store = GraphStore(make_park(tmp_path / "park"))
    made = draft()
    make_version(store.park, "p", "v1", made)
    folder = version_folder(store.park, "p", "v1")
    drawn = {"rising": WEST}
    ids = [one for one in made.objects.column("id").to_pylist() if one not in ("fan", "grille")]
    axes = {
        "layer": ["p"] * len(ids),
        "gid": [f"p/{one}" for one in ids],
        "points": [drawn.get(one, EAST) for one in ids],
    }
    write_table(folder, AXIS, pa.table(axes))
    store.publish("p", "v1")
    yield store
    store.close()


def test_the_way_of_the_flow(graph):
    found = {row["name"]: row for row in lines(graph, "p")}
    ways = {name: (row["direction"], row["points"][0][0] < row["points"][-1][0]) for name, row in found.items()}
    assert ways == {
        "falling": ("fall", True),
        "rising": ("fall", True),  # drawn upwards, turned downhill
        "water": ("drawn", True),
        "road": ("drawn", True),
        "duct": ("ports", False),  # towards what it feeds, at x = 0
        "last": ("ports", False),  # away from the fan, at x = 8
        "lone": ("none", True),
    }
    assert found["falling"]["medium"] == "sewage"
    assert found["duct"]["system"] == "送风"
    assert found["water"]["points"] == [[0, 0, 2], [10, 0, 0]]
    assert graph.by_state(found["water"]["state"])["gid"] == "p/water"


def test_layers_with_lines_are_listed_and_old_versions_have_none(graph):
    assert graph.lined() == [{"layer": "p", "lines": 7}]
    table_path(version_folder(graph.park, "p", "v1"), AXIS).unlink()
    assert graph.lined() == []
    assert lines(graph, "p") == []
    with pytest.raises(NotFound, match="'q'"):
        lines(graph, "q")
