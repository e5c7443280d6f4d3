"""Boxes cut by boxes without a kernel: as exact solids leave them, and left to those where that is not certain."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry.box_cuts import is_box, without, without_all
from bim.geometry.prism import BOX
from bim.geometry.solids import beyond, cut, mesh_of, planes_of, solid
from tests.bim.geometry.meshing import measured

WALL = (5.0, 0.2, 3.0)
WINDOW = ((1.0, -0.1, 0.9), (2.0, 0.3, 2.1))
DOOR = ((3.0, 0.0, 0.0), (3.9, 0.2, 2.0))
HEAD = ((0.2, -0.1, 2.5), (0.6, 0.3, 3.2))
END = ((4.6, -0.1, 1.0), (5.2, 0.3, 2.0))
START = ((-0.1, 0.0, 0.4), (0.5, 0.3, 2.2))
CASES = {
    "a window": [WINDOW],
    "a door": [DOOR],
    "several on every side": [WINDOW, DOOR, HEAD, END, START],
    "windows in a line": [WINDOW, ((2.5, -0.1, 0.9), (3.0, 0.3, 2.1)), ((3.5, -0.1, 0.9), (4.5, 0.3, 2.1))],
    "two doors and one beside the wall": [
        DOOR,
        ((0.5, 0.0, -1.0), (1.4, 0.2, 0.8)),
        ((9.0, 0.0, 0.0), (9.9, 0.2, 2.0)),
    ],
    "as near to the foot as is meant to be on it": [((3.0, 0.0, 1e-5), (3.9, 0.2, 2.0))],
    "two flush with the foot by a hair more or less": [((1.0, 0.0, -1e-5), (1.9, 0.2, 2.0)), DOOR],
}
LEFT = {
    "a niche": [((1.0, 0.1, 1.0), (2.0, 0.3, 2.0))],
    "two that overlap": [WINDOW, ((1.5, -0.1, 1.5), (2.5, 0.3, 2.5))],
    "two that touch": [WINDOW, ((2.0, -0.1, 0.9), (2.5, 0.3, 2.1))],
    "a corner": [((4.5, -0.1, 2.5), (5.5, 0.3, 3.5))],
    "as high as the wall": [((2.0, -0.1, -0.1), (3.0, 0.3, 3.1))],
    "through in another direction as well": [WINDOW, ((-0.1, 0.05, 2.5), (5.1, 0.15, 2.7))],
    "beside the wall": [((9.0, 0.0, 0.0), (9.9, 0.2, 2.0))],
    "a slit": [((1.0, -0.1, 1.0), (1.00001, 0.3, 2.0))],
}
RING = np.array(((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)), np.float64)


def box(low, high):
    return np.array(low) + RING * (np.array(high) - low)


def turn(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array(((c, -s, 0), (s, c, 0), (0, 0, 1.0))) @ np.array(((1, 0, 0), (0, c, s), (0, -s, c)))


def exact(vertices, cutters, faces):
    body = solid(vertices, faces)
    planes = planes_of(*mesh_of(body))
    return mesh_of(cut(body, [solid(beyond(cutter, planes), BOX) for cutter in cutters]))


def agree(vertices, cutters, faces=BOX):
    made = without(vertices, np.array(cutters))
    assert made is not None
    mine, other = measured(*made, (), ""), measured(*exact(vertices, cutters, faces), (), "")
    assert mine.volume == pytest.approx(other.volume, rel=1e-4)
    np.testing.assert_allclose((mine.centre, mine.size), (other.centre, other.size), atol=1e-4)
    a, b, c = (made[0][made[1][:, n]] for n in range(3))
    assert np.einsum("ij,ij->", a - vertices[0], np.cross(b - vertices[0], c - vertices[0])) > 0  # outwards
    return made


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("angle", [0.0, 0.7])
def test_holes_and_notches_are_those_of_exact_solids(name, angle):
    frame, at = turn(angle), np.array((4000.0, -300.0, 12.0))
    cutters = [box(*each) @ frame + at for each in CASES[name]]
    agree(box((0, 0, 0), WALL) @ frame + at, cutters)


def test_a_body_that_is_written_downwards_and_cutters_that_are_written_otherwise():
    wall = box((0, 0, 0), WALL)[[4, 5, 6, 7, 0, 1, 2, 3]]
    for corners in (range(8), [4, 5, 6, 7, 0, 1, 2, 3], [1, 2, 6, 5, 0, 3, 7, 4]):
        agree(wall, [box(*WINDOW)[list(corners)], box(*DOOR)], BOX[:, ::-1])


@pytest.mark.parametrize("axes", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_openings_through_any_direction(axes):
    order = list(axes)
    wall, cutters = box((0, 0, 0), WALL)[:, order], [box(*each)[:, order] for each in CASES["several on every side"]]
    assert len(agree(wall, cutters)[0]) == 2 * (4 + 4 * 5)


@pytest.mark.parametrize("name", LEFT)
def test_what_is_less_plain_is_left_to_exact_solids(name):
    assert without(box((0, 0, 0), WALL), np.array([box(*each) for each in LEFT[name]])) is None


def test_a_slanting_body_and_a_slanting_opening_are_left_to_exact_solids():
    wall, window = box((0, 0, 0), WALL), box(*WINDOW)
    slanting = np.array(((1, 0, 0.1), (0, 1, 0), (0, 0, 1.0)))
    assert without(wall, window[None]) is not None
    assert without(wall @ slanting, window[None]) is None
    assert without(wall, (window @ slanting)[None]) is None
    assert without(wall, (window @ turn(0.01))[None]) is None


def test_only_prisms_over_quadrangles_are_taken_for_boxes():
    wall = box((0, 0, 0), WALL)
    assert is_box(wall, BOX)
    assert is_box(wall, BOX[:, ::-1])
    assert not is_box(wall, BOX[1:])
    assert not is_box(wall, BOX[::-1])
    assert not is_box(np.concatenate((wall, wall)), BOX)


def test_many_walls_at_once_are_cut_as_each_alone():
    wall, names = box((0, 0, 0), WALL), [*CASES, *LEFT]
    frames = [turn(0.1 * n) for n in range(len(names))]
    cutters = [
        np.array([box(*each) for each in {**CASES, **LEFT}[name]]) @ frame
        for name, frame in zip(names, frames, strict=True)
    ]
    walls = np.array([wall @ frame for frame in frames])
    made = without_all(walls, np.concatenate(cutters), np.repeat(np.arange(len(names)), list(map(len, cutters))))
    assert [one is not None for one in made] == [name in CASES for name in names]
    for one, body, tools in zip(made, walls, cutters, strict=True):
        alone = without(body, tools)
        if one is not None:
            np.testing.assert_allclose(one[0], alone[0], atol=1e-12)
            np.testing.assert_array_equal(one[1], alone[1])
