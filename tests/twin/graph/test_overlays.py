"""Places of points and views of cameras."""

from __future__ import annotations

import math
from dataclasses import replace as replace_draft

import pyarrow as pa
import pytest

from tests.support.layers import FRAME, house, make_park, make_version, table
from twin.graph import GraphStore
from twin.graph.points import replace
from twin.layer import OBJECTS, PROPERTIES, LayerDraft, LayerKind


@pytest.fixture
def graph(tmp_path):
    store = GraphStore(make_park(tmp_path / "park"))
    yield store
    store.close()


def test_a_point_is_where_its_device_is_else_where_its_object_is(graph):
    make_version(graph.park, "a", "v1", house())
    graph.publish("a", "v1")
    names = ("point_id", "gid", "device", "kind", "unit", "min", "max", "role", "name", "address")
    rows = [("p1", "a/s1-r0", "a/s0-w0", "t"), ("p2", "a/s1-r0", None, "t"), ("p3", "a/none", None, "t")]
    replace(graph.db, pa.table({n: [row[i] if i < 4 else None for row in rows] for i, n in enumerate(names)}))
    wall, room = (graph.item(gid)["box"] for gid in ("a/s0-w0", "a/s1-r0"))
    one, two, three = graph.places()
    assert (one["x"], one["z"]) == ((wall[0] + wall[3]) / 2, 1.5)
    assert two["x"] == (room[0] + room[3]) / 2
    assert one["storey"] == two["storey"] == "a/s1"
    assert three["x"] is None


def test_a_camera_says_where_it_looks(graph):
    objects = [
        {"id": name, "type": "AudioVisualAppliance", "predefined_type": kind, "name": name, "engine": "t"}
        for name, kind in (("c1", "CAMERA"), ("c2", "CAMERA"), ("tv", "DISPLAY"))
    ]
    said = [
        ("c1", "Heading", 90.0, None), ("c1", "方位角", 5.0, None), ("c1", "Pitch", math.radians(-12), "rad"),
        ("c1", "HorizontalAngle", 92.0, None), ("tv", "Heading", 1.0, None),
    ]  # fmt: skip
    properties = [{"id": i, "set": "x", "name": n, "value": str(v), "number": v, "unit": u} for i, n, v, u in said]
    draft = LayerDraft(
        LayerKind.BIM, "c", FRAME, objects=table(OBJECTS, objects), properties=table(PROPERTIES, properties)
    )
    make_version(graph.park, "c", "v1", draft)
    graph.publish("c", "v1")
    one, two = graph.cameras()
    assert (one["gid"], one["heading"], one["width"], one["height"]) == ("c/c1", 90.0, 92.0, None)
    assert (one["name"], one["tag"]) == ("c1", None)
    assert one["pitch"] == pytest.approx(-12)
    assert (two["gid"], two["heading"], two["x"]) == ("c/c2", None, 1.5)


def test_what_has_no_storey_is_found_by_its_height(graph):
    objects = [
        *house().objects.to_pylist(),
        {"id": "shaft", "type": "Wall", "ifc_class": "IfcWall", "name": "shaft", "parent": "b", "engine": "t"},
    ]
    make_version(graph.park, "a", "v1", replace_draft(house(), objects=table(OBJECTS, objects)))
    graph.publish("a", "v1")
    shaft = graph.item("a/shaft")
    assert (shaft["box"][2] + shaft["box"][5]) / 2 == 1.5
    assert graph.state_ranges((0.0, 4.0), layer="a") == [[shaft["state"], shaft["state"]]]
    assert graph.state_ranges((4.0, math.inf), layer="a") == []
    assert graph.state_ranges((-math.inf, 1.5), layer="a") == []
