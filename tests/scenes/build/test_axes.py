"""Middle lines: of a model's segments measured, of a map's lines as drawn."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.build.axes import principal_axis, segment_axes
from tests.support.layers import table
from twin.geometry.spool import MeshSpool
from twin.layer import OBJECTS

BOX = np.array([[x, y, z] for x in (0.0, 6.0) for y in (0.0, 0.4) for z in (0.0, 0.3)])
FACES = np.array([[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5]])


def turned(degrees: float) -> np.ndarray:
    """(4, 4): about z, then moved."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0, 100.0], [s, c, 0, 50.0], [0, 0, 1, 3.0], [0, 0, 0, 1]])


def test_the_axis_runs_through_the_middle_of_a_long_body():
    ends = principal_axis(BOX)
    assert ends is not None
    assert np.sort(ends[:, 0]) == pytest.approx([0, 6])
    assert ends[:, 1:] == pytest.approx(np.array([[0.2, 0.15]] * 2))


def test_a_stout_body_has_none():
    assert principal_axis(BOX * [0.1, 1, 1]) is None


def test_placed_segments_have_their_axes_and_other_things_none(tmp_path):
    spool = MeshSpool(tmp_path / "spool")
    shape = spool.shape(BOX, FACES, spool.material((0.5, 0.5, 0.5, 1.0)))
    for name, degrees in (("duct", 0.0), ("turned", 90.0), ("wall", 0.0)):
        spool.place(name, shape, turned(degrees))
    kinds = {"duct": "DuctSegment", "turned": "PipeSegment", "wall": "Wall"}
    objects = table(OBJECTS, [{"id": name, "type": kind} for name, kind in kinds.items()])
    axes = {row["id"]: np.reshape(row["points"], (-1, 3)) for row in segment_axes(objects, spool.close()).to_pylist()}
    assert set(axes) == {"duct", "turned"}
    assert np.sort(axes["duct"][:, 0]) == pytest.approx([100, 106])
    assert np.sort(axes["turned"][:, 1]) == pytest.approx([50, 56])
    assert axes["turned"][:, 0] == pytest.approx([99.8, 99.8])
    assert axes["turned"][:, 2] == pytest.approx([3.15, 3.15])
