"""Triangles that were turned at random are turned back, whatever the shape and the number of pieces."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry.orientation import imbalance, oriented

CUBE = np.array(
    ((0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6),
     (3, 0, 4), (3, 4, 7)),
)  # fmt: skip
CORNERS = np.array([(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))], np.float64)


def cubes(count):
    """Cubes apart from each other."""
    points = (CORNERS + 3.0 * np.arange(count)[:, None, None] * (1, 0, 0)).reshape(-1, 3)
    return points, (CUBE + 8 * np.arange(count)[:, None, None]).reshape(-1, 3)


def sheet(length):
    """A long strip of triangles in the plane: from one end to the other there are `length` squares."""
    points = np.array([(x, y, 0.0) for x in range(length + 1) for y in (0, 1)])
    at = 2 * np.arange(length)[:, None]
    return points, np.concatenate((np.add(at, (0, 2, 3)), np.add(at, (0, 3, 1))))


def spoilt(triangles, seed):
    """Some turned, and in another order."""
    random = np.random.default_rng(seed)
    turned = np.where(random.random(len(triangles))[:, None] < 0.5, triangles[:, ::-1], triangles)
    return turned[random.permutation(len(turned))]


@pytest.mark.parametrize("count", [1, 7, 400])
@pytest.mark.parametrize("parts", [1, 2])
def test_closed_pieces_are_turned_outside_out(count, parts):
    points, triangles = cubes(count)
    halves = [spoilt(half, seed) for seed, half in enumerate((triangles, triangles + len(points))[:parts])]
    part = np.repeat(np.arange(parts), len(triangles))
    every = np.concatenate([points] * parts)
    made = oriented(every, np.concatenate(halves), part, parts)
    assert not imbalance(made, part, parts, len(every)).any()
    a, b, c = (every[made[:, n]] for n in range(3))
    six = np.einsum("ij,ij->i", a, np.cross(b, c))
    assert six.sum() / 6 == pytest.approx(count * parts)


@pytest.mark.parametrize("length", [1, 2, 1000])
def test_an_open_surface_looks_one_way(length):
    points, triangles = sheet(length)
    made = oriented(points, spoilt(triangles, 3), np.zeros(2 * length, np.int64), 1)
    a, b, c = (points[made[:, n]] for n in range(3))
    up = np.cross(b - a, c - a)[:, 2]
    assert len(set(up.tolist())) == 1
    assert {tuple(sorted(row)) for row in made.tolist()} == {tuple(sorted(row)) for row in triangles.tolist()}


def test_a_surface_with_one_side_keeps_its_triangles():
    count = 21  # a strip of squares whose end is joined to its beginning upside down
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    middle = np.column_stack((np.cos(angle), np.sin(angle), 0 * angle)) * 5
    arm = np.column_stack((np.cos(angle) * np.cos(angle / 2), np.sin(angle) * np.cos(angle / 2), np.sin(angle / 2)))
    points = np.concatenate((middle + arm, middle - arm))
    here, there = np.arange(count), np.arange(1, count + 1)
    low, high = np.append(np.arange(count), count), np.append(np.arange(count) + count, 0)
    triangles = np.concatenate(
        (np.column_stack((low[here], low[there], high[there])), np.column_stack((low[here], high[there], high[here])))
    )
    made = oriented(points, spoilt(triangles, 5), np.zeros(len(triangles), np.int64), 1)
    assert {tuple(sorted(row)) for row in made.tolist()} == {tuple(sorted(row)) for row in triangles.tolist()}
