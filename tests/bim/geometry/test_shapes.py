"""Bodies in runs become shapes: outside out, without what cannot be drawn, equal ones once."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry.shapes import ShapeStore
from twin.geometry.spool import MeshSpool

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float64)
INWARD = np.array([[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]], np.int32)
OUTWARD = INWARD[:, ::-1]


def store(shapes, *bodies, uv=None):
    """Store bodies (vertices, faces, material) in one call. uv: by body, None where it has none."""
    vertices, faces, material = zip(*bodies, strict=True)
    return shapes.store(
        np.concatenate(vertices),
        np.array([len(one) for one in vertices]),
        np.concatenate(faces),
        np.array([len(one) for one in faces]),
        np.concatenate([np.full(len(one), number, np.uint16) for one, number in zip(faces, material, strict=True)]),
        None
        if uv is None
        else np.concatenate(
            [np.full((len(one), 3, 2), np.nan) if own is None else own for one, own in zip(faces, uv, strict=True)]
        ),
    )


def test_a_closed_shell_is_turned_outside_out_and_an_open_one_left(tmp_path):
    spool = MeshSpool(tmp_path)
    shapes = ShapeStore(spool)
    broken = np.array([[0, 0, 1], [0, 1, 9], [0, 1, 2]], np.int32)
    found = store(shapes, (CORNERS, INWARD, 0), (CORNERS, INWARD[:3], 0), (CORNERS, broken, 0), (CORNERS, OUTWARD, 0))
    reader = spool.close()
    shape = reader.shape(0)
    a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
    assert np.einsum("ij,ij->", a, np.cross(b, c)) > 0
    assert reader.shape(1).faces.tolist() == INWARD[:3].tolist()
    assert (len(reader.shape(2).vertices), len(reader.shape(2).faces)) == (3, 1)
    assert shapes.turned == {0}
    assert found.index.tolist() == [0, 1, 2, 0]  # turned, the first is what the last is
    assert found.triangles.tolist() == [4, 3, 1, 4]


def test_bodies_of_which_nothing_can_be_drawn_have_no_shape(tmp_path):
    spool = MeshSpool(tmp_path)
    shapes = ShapeStore(spool)
    nowhere = np.where(CORNERS == 1, np.nan, CORNERS)
    nothing = np.empty((0, 3))
    bodies = [(nothing, INWARD[:0], 0), (nowhere, INWARD, 0), (CORNERS, OUTWARD, 0), (nothing, OUTWARD, 0)]
    found = store(shapes, *bodies)
    assert found.index.tolist() == [-1, -1, 0, -1]
    assert found.triangles.tolist() == [0, 0, 4, 0]
    assert store(shapes, *bodies[:2]).index.tolist() == [-1, -1]
    assert len(spool.close().counts) == 1


@pytest.mark.parametrize("seed", range(8))
def test_many_at_once_are_stored_as_one_by_one(tmp_path, seed):
    random = np.random.default_rng(seed)
    bodies = [(CORNERS, OUTWARD, 1), (CORNERS + 1e6, OUTWARD, 1), (CORNERS + 4e-6, INWARD, 1), (CORNERS, OUTWARD, 2)]
    for _ in range(20):
        vertices = random.uniform(-5, 5, (random.integers(0, 9), 3)) + random.uniform(-1e5, 1e5, 3)
        vertices[random.random(len(vertices)) < 0.1] = np.inf
        faces = random.integers(-1, 9, (random.integers(0, 7), 3)).astype(np.int32)
        bodies += [(vertices, faces, 0), (vertices + 1.0, faces, 0), (CORNERS * random.integers(1, 4), INWARD, 0)]
    bodies = [bodies[index] for index in random.permutation(len(bodies))]
    one, many = MeshSpool(tmp_path / "one"), MeshSpool(tmp_path / "many")
    single, batched = ShapeStore(one), ShapeStore(many)
    alone = [store(single, body) for body in bodies]
    half = len(bodies) // 2
    together = [store(batched, *bodies[:half]), store(batched, *bodies[half:])]
    for name in ("index", "centre", "half", "triangles"):
        left, right = (np.concatenate([getattr(found, name) for found in parts]) for parts in (alone, together))
        assert np.array_equal(left, right)
    assert single.turned == batched.turned != set()
    left, right = one.close(), many.close()
    assert len(left.counts) == len(right.counts) < len(bodies)
    for index in range(len(left.counts)):
        for a, b in zip(vars(left.shape(index)).values(), vars(right.shape(index)).values(), strict=True):
            assert np.array_equal(a, b)


def test_vertices_are_split_where_texture_coordinates_differ_and_plain_bodies_stay(tmp_path):
    spool = MeshSpool(tmp_path)
    shapes = ShapeStore(spool)
    places = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    smooth, seam = places[INWARD], places[INWARD]
    seam[3, 0] = 0.25, 0.75  # one corner of the last face
    half = smooth.copy()
    half[2:] = np.nan
    plain = CORNERS * 2, OUTWARD, 0
    found = store(
        shapes,
        plain,
        *[(CORNERS, INWARD, 1)] * 4,
        (CORNERS, OUTWARD, 1),
        uv=[None, smooth, seam, smooth, half, smooth[:, ::-1]],
    )
    assert found.index.tolist() == [0, 1, 2, 1, 3, 1]  # turned, the first mapped one is what the last is
    assert found.closed.all()
    assert store(shapes, plain).index.tolist() == [0]
    reader = spool.close()
    assert [len(reader.shape(index).vertices) for index in range(4)] == [4, 4, 5, 8]
    assert reader.shape(0).uv is None
    assert np.allclose(reader.shape(0).vertices, CORNERS * 2 - 1)
    for index, uv in ((1, smooth), (2, seam)):
        shape = reader.shape(index)
        assert np.allclose(shape.uv[shape.faces], uv[:, ::-1])
        assert np.allclose(shape.vertices[shape.faces], CORNERS[OUTWARD] - 0.5)


def test_faces_that_are_left_out_take_their_texture_coordinates_along(tmp_path):
    spool = MeshSpool(tmp_path)
    faces = np.array([[0, 0, 1], [0, 1, 9], [0, 1, 2]], np.int32)
    uv = np.arange(18.0).reshape(3, 3, 2)
    assert store(ShapeStore(spool), (CORNERS, faces, 0), uv=[uv]).triangles.tolist() == [1]
    shape = spool.close().shape(0)
    assert np.allclose(shape.uv[shape.faces], uv[2:])
