"""Walls from rooms, outlines from plates, stairs from heights."""

from __future__ import annotations

import pytest

from scenes.sample_park.guid import global_id
from scenes.sample_park.parts.stairs import LANDING, stair_size, stair_void
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import between, door_walls, outline
from scenes.sample_park.plan.wing import Wing

CORRIDOR = Room(0, 5, 10, 7, "corridor", "0")
LEFT = Room(0, 0, 4, 5, "office", "1")
RIGHT = Room(4, 0, 10, 5, "office", "2")


def test_walls_between_rooms():
    walls = between([CORRIDOR, LEFT, RIGHT])
    assert {(w.along, w.line, w.a, w.b) for w in walls} == {("x", 5, 0, 4), ("x", 5, 4, 10), ("y", 4, 0, 5)}


def test_one_door_per_room_towards_circulation():
    doors = door_walls(between([CORRIDOR, LEFT, RIGHT]))
    assert {room.number: wall.along for wall, room in doors.items()} == {"1": "x", "2": "x"}


def test_outline_of_touching_plates():
    runs = outline([(0, 0, 10, 4), (0, 4, 4, 9)])
    assert sum(run.length for run in runs) == pytest.approx(2 * (10 + 9))
    assert {(run.side, run.x, run.y, run.length) for run in runs} >= {("n", 10, 4, 6), ("e", 4, 4, 5)}


def test_outline_is_walked_with_the_building_on_the_left():
    starts = {(run.x, run.y) for run in outline([(0, 0, 3, 2)])}
    ends = {run.end for run in outline([(0, 0, 3, 2)])}
    assert starts == ends == {(0, 0), (3, 0), (3, 2), (0, 2)}


def test_wing_along_y_is_the_wing_along_x_turned():
    cells = [("stair", 3.0), ("office", 5.0)]
    flat = Wing(1, 2, (4, 2, 4), cells, [("lab", 8.0)]).rooms("1")
    turned = Wing(1, 2, (4, 2, 4), cells, [("lab", 8.0)], along="y").rooms("1")
    for a, b in zip(flat, turned, strict=True):
        assert (a.x0 - 1, a.y0 - 2, a.x1 - 1, a.y1 - 2) == (b.y0 - 2, b.x0 - 1, b.y1 - 2, b.x1 - 1)
    assert [room.door for room in flat if room.usage == "stair"] == ["n"]
    assert [room.door for room in turned if room.usage == "stair"] == ["e"]


@pytest.mark.parametrize("height", [3.3, 4.2, 5.4])
def test_stairs_keep_the_riser(height):
    size = stair_size(height)
    assert size.riser <= 0.165 + 1e-9
    assert 2 * size.risers * size.riser == pytest.approx(height, abs=1e-3)


def test_stair_void_leaves_the_landing_at_the_door():
    room = Room(0, 0, 3.6, 8.0, "stair", "s")
    x0, y0, x1, y1 = stair_void(room, "n")
    assert y0 < 0.2
    assert 8.0 - y1 == pytest.approx(0.12 + LANDING - 0.05)
    assert x0 > 0
    assert x1 < 3.6


def test_global_ids():
    first = global_id(1, "a")
    assert len(first) == 22
    assert first[0] in "0123"
    assert first == global_id(1, "a")
    assert len({global_id(seed, key) for seed in (1, 2) for key in "abc"}) == 6
