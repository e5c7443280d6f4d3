"""Measures of shapes, all at once."""

from __future__ import annotations

import numpy as np
import pytest

from tests.twin.geometry.test_spool import BOX, FACES
from twin.geometry import measure
from twin.geometry.measure import projected_areas, shape_measures
from twin.geometry.spool import MeshSpool


@pytest.mark.parametrize("chunk", [200_000, 5])
def test_volume_and_covered_area_of_boxes_and_an_open_mesh(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(measure, "CHUNK", chunk)
    spool = MeshSpool(tmp_path)
    spool.shape(BOX, FACES, 0)
    spool.shape(BOX, FACES[:0], 0)  # a shape without faces
    spool.shape(BOX, FACES[:-1], 0)  # an open one
    spool.shape(BOX[:, [1, 0, 2]] * 2, FACES, 0)  # mirrored: inside out
    reader = spool.close()
    measures = shape_measures(reader)
    volume, covered = measures.volume, measures.covered
    assert measures.area[[0, 3]] == pytest.approx([62.0, 248.0])
    assert volume[[0, 3]] == pytest.approx([30.0, 240.0])
    assert np.isnan(volume[[1, 2]]).all()
    assert covered[[0, 3]] == pytest.approx([6.0, 24.0])
    sideways = projected_areas(reader, np.array([0, 1, 3, 0]), np.array([[1.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]))
    assert sideways == pytest.approx([15.0, 0.0, 60.0, 6.0])
