"""The mesh spool gives back what was put in."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import Invalid
from twin.geometry.spool import MeshSpool

BOX = np.array([[x, y, z] for x in (0, 2) for y in (0, 3) for z in (0, 5)], float)
FACES = np.array(
    [
        [0, 1, 3],
        [0, 3, 2],
        [4, 6, 7],
        [4, 7, 5],
        [0, 4, 5],
        [0, 5, 1],
        [2, 3, 7],
        [2, 7, 6],
        [0, 2, 6],
        [0, 6, 4],
        [1, 5, 7],
        [1, 7, 3],
    ]
)


def test_shapes_far_from_their_origin_keep_millimetres(tmp_path):
    spool = MeshSpool(tmp_path)
    grey = spool.material((0.5, 0.5, 0.5, 1.0), "grey")
    far = BOX + np.array([38_528_770.237, 3_386_666.251, 12.0])
    shape = spool.shape(far, FACES, grey)
    matrix = np.eye(4)
    matrix[:3, 3] = [-38_528_770.237, -3_386_666.251, -12.0]
    spool.place("w1", shape, matrix)
    reader = spool.close()
    placed = reader.shape(0).vertices @ reader.matrix[0, :, :3].T + reader.matrix[0, :, 3]
    assert np.abs(placed - BOX).max() < 1e-5


def test_equal_materials_are_one_and_placements_share_shapes(tmp_path):
    spool = MeshSpool(tmp_path)
    assert spool.material((1, 1, 1, 1)) == spool.material((1.0, 1.0, 1.0, 1.0))
    shape = spool.shape(BOX, FACES, spool.material((1, 0, 0, 1)))
    for number in range(3):
        spool.place(f"o{number}", shape, np.eye(4))
    reader = spool.close()
    assert reader.objects == ["o0", "o1", "o2"]
    assert len(reader.counts) == 1
    assert reader.placed_shape.tolist() == [0, 0, 0]


def test_an_empty_spool_reads_back(tmp_path):
    reader = MeshSpool(tmp_path).close()
    assert (reader.objects, len(reader.counts)) == ([], 0)


def test_bad_meshes_are_refused(tmp_path):
    spool = MeshSpool(tmp_path)
    with pytest.raises(Invalid, match="vertex 9 of 8"):
        spool.shape(BOX, [[0, 1, 9]], 0)
    with pytest.raises(Invalid, match="not finite"):
        spool.shape(np.where(BOX == 5, np.nan, BOX), FACES, 0)
    spool.close()


def test_many_placements_at_once_are_as_one_by_one(tmp_path):
    turned = np.array([[[0.0, -1, 0, 7], [1, 0, 0, 8], [0, 0, 1, 9]], [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]])
    one, many = MeshSpool(tmp_path / "one"), MeshSpool(tmp_path / "many")
    for spool in (one, many):
        spool.shape(BOX, FACES, 0)
        spool.shape(BOX * 2, FACES, 0)
    for name, shape, matrix in zip(("a", "b"), (1, 0), turned, strict=True):
        one.place(name, shape, np.vstack((matrix, [[0, 0, 0, 1]])))
    many.place_many(["a", "b"], np.array([1, 0]), turned)
    left, right = one.close(), many.close()
    assert left.objects == right.objects
    assert left.placed_shape.tolist() == right.placed_shape.tolist() == [1, 0]
    assert np.array_equal(left.matrix, right.matrix)
