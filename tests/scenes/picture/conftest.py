"""A built park, and readings of its points."""

from __future__ import annotations

import pytest

from tests.support.export_models import export_park
from twin.graph import GraphStore
from twin.park import Park


@pytest.fixture(scope="session")
def park(tmp_path_factory) -> Park:
    return export_park(tmp_path_factory.mktemp("picture"))


@pytest.fixture(scope="session")
def walls(park) -> dict[str, tuple[str, list[float]]]:
    """(gid, box) of the walls by name."""
    graph = GraphStore(park)
    try:
        rows = graph.search(type="Wall", limit=50)["items"]
        return {f"{row['layer']}/{row['name']}": (row["gid"], row["box"]) for row in rows}
    finally:
        graph.close()
