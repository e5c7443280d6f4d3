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


def test_many_at_once_are_stored_as_one_by_one(tmp_path):
    random = np.random.default_rng(3)
    parts = [(random.uniform(1e5, 2e5, (n, 3)), random.integers(0, n, (n + 2, 3))) for n in (3, 4, 7)]
    matrices = np.stack([np.eye(4)] * 3)
    matrices[:, :3, :3] = random.uniform(-1, 1, (3, 3, 3))
    single, many = MeshSpool(tmp_path / "single"), MeshSpool(tmp_path / "many")
    for number, (vertices, faces) in enumerate(parts):
        single.place(f"o{number % 2}", single.shape(vertices, faces, number), matrices[number])
    shapes = many.shapes(
        np.concatenate([part[0] for part in parts]),
        [len(part[0]) for part in parts],
        np.concatenate([part[1] for part in parts]),
        [len(part[1]) for part in parts],
        np.repeat([0, 1, 2], [len(part[1]) for part in parts]),
    )
    many.place_all(["o0", "o1", "o0"], shapes, matrices)
    one, other = single.close(), many.close()
    assert one.objects == other.objects
    assert np.allclose(one.matrix, other.matrix)
    for number in shapes:
        for left, right in zip(vars(one.shape(number)).values(), vars(other.shape(number)).values(), strict=True):
            assert np.array_equal(left, right)


def test_many_at_once_refuse_what_one_refuses(tmp_path):
    spool = MeshSpool(tmp_path / "spool")
    corners = np.zeros((6, 3))
    with pytest.raises(Invalid, match="does not have"):  # the second shape has three vertices, no fourth
        spool.shapes(corners, [3, 3], [[0, 1, 2], [1, 2, 3]], [1, 1], [0, 0])
    with pytest.raises(Invalid, match="not finite"):
        spool.shapes(corners + np.nan, [3, 3], [[0, 1, 2], [0, 1, 2]], [1, 1], [0, 0])
    spool.close()
