from __future__ import annotations

import pytest

from tests.support.layers import make_park, make_version
from twin.clock import ManualClock
from twin.devices.register import DeviceRegister
from twin.graph import GraphStore


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def graph(tmp_path):
    park = make_park(tmp_path / "park")
    make_version(park, "a1", "v1")
    graph = GraphStore(park)
    graph.publish("a1", "v1", group="building")
    yield graph
    graph.close()


@pytest.fixture
def register(graph, clock):
    return DeviceRegister(graph.db, clock)
