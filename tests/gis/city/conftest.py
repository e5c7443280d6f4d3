from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gis import read_city
from tests.gis.conftest import Read
from twin.geometry.frame import Frame
from twin.geometry.spool import MeshSpool
from twin.layer import ReadContext


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Read a city model into a fresh spool."""
    count = iter(range(1000))

    def run(path: Path, **context) -> Read:
        spool = MeshSpool(tmp_path / f"spool{next(count)}")
        try:
            draft = read_city(ReadContext(source=path, layer="test", **context), spool)
        finally:
            meshes = spool.close()
        return Read(draft, meshes)

    return run


@pytest.fixture
def frame() -> Frame:
    return Frame(114.30, 30.60, 22.0, "EPSG:4547")


def values(found: Read, name: str) -> dict[str, tuple]:
    """(set, value, number, unit) of a property by object id."""
    return {
        row["id"]: (row["set"], row["value"], row["number"], row["unit"])
        for row in found.draft.properties.to_pylist()
        if row["name"] == name
    }
