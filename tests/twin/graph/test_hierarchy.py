"""Gateways and controllers above their devices, as the graph's relations tell."""

import pytest

from twin.graph.database import Database
from twin.graph.hierarchy import device_tree
from twin.graph.schema import MIGRATIONS

OBJECTS = [
    ("a1/gw", "IfcCommunicationsAppliance", "网关", None),
    ("a1/gw2", "IfcCommunicationsAppliance", "网关二", None),
    ("a1/ctl", "IfcController", "控制器", None),
    ("a1/s1", "IfcSensor", "s1", None),
    ("a1/s2", "IfcSensor", "s2", None),
    ("a1/s3", "IfcSensor", "s3", "a1/ctl"),
    ("a1/valve", "IfcValve", "valve", None),
    ("a1/room", "IfcSpace", "room", None),
]
RELATIONS = [
    ("a1/gw", "connects", "a1/s1"),
    ("a1/s2", "connects", "a1/gw"),
    ("a1/gw", "connects", "a1/gw2"),
    ("a1/gw", "feeds", "a1/ctl"),
    ("a1/ctl", "controls", "a1/valve"),
    ("a1/s1", "monitors", "a1/room"),
    ("a1/s1", "member_of", "a1/sys"),
]


@pytest.fixture
def db(tmp_path):
    db = Database(tmp_path / "park.duckdb")
    db.migrate("graph", MIGRATIONS)
    with db.transaction() as cursor:
        cursor.executemany(
            "INSERT INTO object (gid, layer, ifc_class, name, parent) VALUES (?, 'a1', ?, ?, ?)", OBJECTS
        )
        cursor.executemany("INSERT INTO relation VALUES ('a1', ?, ?, ?)", RELATIONS)
        cursor.execute("INSERT INTO concept VALUES ('a1/sys', 'a1', 'system', 'IfcSystem', '楼宇自控', '')")
        cursor.execute("INSERT INTO point (point_id, gid, device) VALUES ('p', 'a1/room', 'a1/s1')")
    yield db
    db.close()


def test_what_hangs_on_what(db):
    tree = device_tree(db)
    assert tree.above == {
        "a1/s1": "a1/gw",
        "a1/s2": "a1/gw",
        "a1/ctl": "a1/gw",
        "a1/s3": "a1/ctl",
        "a1/valve": "a1/ctl",
    }
    assert tree.names["a1/ctl"] == "控制器"
    assert tree.systems == {"a1/s1": "楼宇自控"}
