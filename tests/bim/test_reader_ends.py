"""A reader that fails on the way leaves no geometry process behind."""

from __future__ import annotations

import psutil
import pytest

from bim import reader
from tests.bim.ifc_files import new_model, read_model


def test_a_failure_in_the_graph_ends_the_geometry_child(tmp_path, monkeypatch):
    started = []
    original = reader.Isolated

    def isolated(*values, **named):
        job = original(*values, **named)
        started.append(job._child._pid)
        return job

    def fails(*_values):
        raise TypeError("an entity of the wrong type")

    monkeypatch.setattr(reader, "Isolated", isolated)
    monkeypatch.setattr(reader, "read_graph", fails)
    m = new_model()
    m.wall()
    with pytest.raises(TypeError, match="wrong type"):
        read_model(m.write(tmp_path), tmp_path)
    assert len(started) == 1
    assert not psutil.pid_exists(started[0])
