"""A built park, and exports of it in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scenes.export.export import export
from scenes.export.request import Exported, ExportRequest, Format
from tests.support.export_models import export_park
from twin.graph import GraphStore
from twin.graph.selection import Selection, layers_of
from twin.park import Park

WHEN = "2026-11-26T08:00:00Z"


@pytest.fixture(scope="session")
def park(tmp_path_factory) -> Park:
    return export_park(tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="session")
def graph(park):
    """The published park, open for comparison; its database is never changed."""
    store = GraphStore(park)
    yield store
    store.close()


Run = Callable[..., Exported]


@pytest.fixture
def run(park: Park, graph: GraphStore, tmp_path: Path) -> Run:
    """Export a selection; the result stands in a folder of its own."""

    def one(form: str, selection: Selection | None = None, **options) -> Exported:
        request = ExportRequest(selection or Selection(), Format(form), made_at=WHEN, **options)
        folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        layers = layers_of(request.selection, graph.layers())
        return export(park, layers, request, folder, lambda _done, _phase: None)

    return one
