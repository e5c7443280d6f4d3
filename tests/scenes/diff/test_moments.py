"""Integrals over surfaces: exact, and the same however the surface is cut and whichever way it faces."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.diff.fingerprint import object_moments
from scenes.diff.moments import integrate, packed, turned, united, unpacked
from scenes.diff.shape import Seen, congruent, same_form, same_size
from twin.geometry.spool import MeshSpool


def box(size, at=(0.0, 0.0, 0.0)):
    """Vertices (8, 3) and faces (12, 3) of a box with a corner at `at`."""
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float) * size + at
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return corners, np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))])


def wedge():
    """A shape that differs from its mirror image: four points without any symmetry."""
    return np.array([[0, 0, 0], [3, 0, 0], [0, 2, 0], [0.4, 0.3, 1]], float), np.array(
        [[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]]
    )


def split(vertices, faces, rounds):
    """The same surface in four times as many triangles each round, faces in another order and some turned round."""
    random = np.random.default_rng(5)
    triangles = vertices[faces]
    for _ in range(rounds):
        a, b, c = (triangles[:, k] for k in range(3))
        ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
        triangles = np.concatenate([np.stack(t, axis=1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
    random.shuffle(triangles)
    triangles[::3] = triangles[::3, ::-1]
    return triangles


def of(triangles):
    return integrate(triangles, np.array([0, len(triangles)]))


def seen(moments):
    second, third = packed(moments.second, moments.third)
    area = moments.area[:, None]
    return Seen(moments.area, moments.centre, second / area, third / area)


def test_a_box_has_the_area_centre_volume_and_moments_of_the_formula():
    vertices, faces = box((4.0, 2.0, 1.0), (10.0, 20.0, 30.0))
    found = of(vertices[faces])
    assert found.area[0] == pytest.approx(28.0)
    assert found.centre[0] == pytest.approx([12.0, 21.0, 30.5])
    assert found.volume[0] == pytest.approx(8.0)
    # Along x: the two ends (2 m2 each) at 2 m, four sides (4·2 + 4·1, twice) spread evenly over 4 m: L²/12.
    assert found.second[0, 0, 0] == pytest.approx(2 * 2 * 4 + 24 * 16 / 12)
    assert found.third[0] == pytest.approx(np.zeros((3, 3, 3)), abs=1e-9)


@pytest.mark.parametrize("shape", [box((4.0, 2.0, 1.0)), wedge()], ids=["box", "wedge"])
def test_moments_do_not_depend_on_triangles_their_order_or_their_turn(shape):
    once, again = of(shape[0][shape[1]]), of(split(*shape, 3))
    for name in ("area", "centre", "second", "third"):
        assert getattr(again, name) == pytest.approx(getattr(once, name), abs=1e-9), name


def test_an_open_surface_has_no_volume():
    vertices, faces = box((1.0, 1.0, 1.0))
    assert np.isnan(of(vertices[faces[:-1]]).volume[0])


def test_parts_add_up_wherever_they_are_far_from_the_origin_too():
    vertices, faces = wedge()
    vertices = vertices + np.array([500_000.0, 3_400_000.0, 20.0])
    parts = integrate(vertices[faces], np.array([0, 1, 2, 4]))
    whole, sum_ = of(vertices[faces]), united(parts, np.zeros(3, np.int64), 1)
    assert sum_.second == pytest.approx(whole.second, abs=1e-6)
    assert sum_.third == pytest.approx(whole.third, abs=1e-6)


def test_turning_the_tensors_is_turning_the_shape():
    vertices, faces = wedge()
    c, s = np.cos(0.7), np.sin(0.7)
    rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    plain, moved = of(vertices[faces]), of((vertices @ rotation.T)[faces])
    second, third = turned(plain.second, plain.third, rotation[None])
    assert second == pytest.approx(moved.second)
    assert third == pytest.approx(moved.third)
    assert unpacked(*packed(second, third))[1] == pytest.approx(third)


def test_a_mirrored_shape_is_another_and_a_turned_one_is_not():
    vertices, faces = wedge()
    by = np.array([1e-4])
    turned_round = vertices @ np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]]).T
    mirrored = vertices * [1, 1, -1]
    plain = seen(of(vertices[faces]))
    assert congruent(plain, seen(of(turned_round[faces])), by).all()
    assert not same_form(plain, seen(of(turned_round[faces])), by).any()
    assert not congruent(plain, seen(of(mirrored[faces])), by).any()


@pytest.mark.parametrize(("more", "same"), [(0.0009, True), (0.01, False)])
def test_the_tolerance_has_no_edge_of_rounding(more, same):
    """Sizes a hair apart are the same wherever they stand, also on both sides of a round number."""
    by = np.array([1e-3])
    for length in (1.9995, 2.0, 2.00049, 2.0005):
        (a, faces), (b, _) = box((length, 0.2, 3.0)), box((length + more, 0.2, 3.0))
        first, second = seen(of(a[faces])), seen(of(b[faces]))
        assert bool((same_size(first, second, by) & same_form(first, second, by))[0]) is same


def test_stretched_and_mirrored_placements_are_integrated_as_placed(tmp_path):
    vertices, faces = wedge()
    spool = MeshSpool(tmp_path / "spool")
    colour = spool.material((1, 1, 1, 1))
    shape = spool.shape(vertices, faces, colour)
    park = np.eye(4)
    park[:3, 3] = [100.0, 0.0, 0.0]
    stretch = np.diag([2.0, 1.0, -1.0, 1.0])
    spool.place("plain", shape, park)
    spool.place("stretched", shape, park @ stretch)
    spool.place("twice", shape, park)
    spool.place("twice", spool.shape(vertices + np.array([5.0, 0.0, 0.0]), faces, colour), park)
    found = object_moments(spool.close(), park)
    expected = [
        of(vertices[faces]),
        of((vertices * [2.0, 1.0, -1.0])[faces]),
        of(np.concatenate((vertices[faces], vertices[faces] + [5.0, 0.0, 0.0]))),
    ]
    for row, one in enumerate(expected):
        assert found.volume[row] == pytest.approx(abs(one.volume[0]), abs=1e-4)
        for name in ("area", "centre", "second", "third"):
            assert getattr(found, name)[row] == pytest.approx(getattr(one, name)[0], abs=1e-4), name
