"""Walls derived from rooms: what lies between two rectangles, and the outline of a storey's plates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scenes.sample_park.plan.rooms import Room, Side

Rect = tuple[float, float, float, float]
Interval = tuple[float, float]
_EPS = 1e-6
_HOSTS = ("entry", "flat", "kitchen", "exhibition", "dining", "lounge")
"""Rooms that another room may be entered from."""
_CLOSED = ("stair", "lift", "shaft")


@dataclass(frozen=True)
class Between:
    """A wall line between two rooms: along x (at y = line) or along y (at x = line), from a to b.

    low is the room below or left of the line, high the other.
    """

    along: Literal["x", "y"]
    line: float
    a: float
    b: float
    low: Room
    high: Room

    @property
    def length(self) -> float:
        """Metres."""
        return self.b - self.a

    def side_of(self, room: Room) -> Side:
        """Which side of `room` the wall is."""
        if self.along == "x":
            return "n" if room is self.low else "s"
        return "e" if room is self.low else "w"


@dataclass(frozen=True)
class Run:
    """A stretch of outline, walked with the building on the left: outside is to the right."""

    x: float
    y: float
    length: float
    side: Side  # which way it faces

    @property
    def end(self) -> tuple[float, float]:
        """Where it ends."""
        dx, dy = DIRECTION[self.side]
        return self.x + dx * self.length, self.y + dy * self.length


DIRECTION: dict[Side, tuple[float, float]] = {"s": (1.0, 0.0), "e": (0.0, 1.0), "n": (-1.0, 0.0), "w": (0.0, -1.0)}


def between(rooms: Sequence[Room]) -> list[Between]:
    """All wall lines shared by two rooms, in a stable order."""
    found = []
    for low in rooms:
        for high in rooms:
            if abs(low.y1 - high.y0) < _EPS:
                a, b = max(low.x0, high.x0), min(low.x1, high.x1)
                if b - a > 0.05:
                    found.append(Between("x", low.y1, a, b, low, high))
            if abs(low.x1 - high.x0) < _EPS:
                a, b = max(low.y0, high.y0), min(low.y1, high.y1)
                if b - a > 0.05:
                    found.append(Between("y", low.x1, a, b, low, high))
    return found


def door_walls(walls: Sequence[Between]) -> dict[Between, Room]:
    """One wall for each room that is not circulation: where its door goes.

    Preferred: its hinted side, then the longest wall to circulation, then (a bathroom in a flat) the
    longest wall to any other room that has a door.
    """
    chosen: dict[Between, Room] = {}
    rooms = list(dict.fromkeys(room for wall in walls for room in (wall.low, wall.high)))
    for room in rooms:
        if room.use.walk:
            continue
        mine = [wall for wall in walls if room is wall.low or room is wall.high]
        others = {wall: (wall.high if room is wall.low else wall.low) for wall in mine}
        walk = [wall for wall in mine if others[wall].use.walk and wall.length > 1.0]
        if not walk:
            walk = [wall for wall in mine if others[wall].usage in _HOSTS]
        hinted = [
            wall for wall in mine if room.door and wall.side_of(room) == room.door and others[wall].usage not in _CLOSED
        ]
        if hinted or walk:
            best = max(hinted or walk, key=lambda wall: round(wall.length, 3))
            chosen[best] = room
    return chosen


def _subtract(whole: Interval, cuts: Sequence[Interval]) -> list[Interval]:
    rest = [whole]
    for a, b in cuts:
        rest = [
            piece
            for low, high in rest
            for piece in ((low, min(high, a)), (max(low, b), high))
            if piece[1] - piece[0] > _EPS
        ]
    return rest


def outline(plates: Sequence[Rect]) -> list[Run]:
    """The outer edges of a union of rectangles that may touch but not overlap."""
    runs = []
    for x0, y0, x1, y1 in plates:
        south = [(p[0], p[2]) for p in plates if abs(p[3] - y0) < _EPS]
        north = [(p[0], p[2]) for p in plates if abs(p[1] - y1) < _EPS]
        west = [(p[1], p[3]) for p in plates if abs(p[2] - x0) < _EPS]
        east = [(p[1], p[3]) for p in plates if abs(p[0] - x1) < _EPS]
        runs += [Run(a, y0, b - a, "s") for a, b in _subtract((x0, x1), south)]
        runs += [Run(x1, a, b - a, "e") for a, b in _subtract((y0, y1), east)]
        runs += [Run(b, y1, b - a, "n") for a, b in _subtract((x0, x1), north)]
        runs += [Run(x0, b, b - a, "w") for a, b in _subtract((y0, y1), west)]
    return runs
