"""A double-loaded wing: rooms on both sides of a corridor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scenes.sample_park.plan.rooms import Room, Side

Cell = tuple[str, float]
"""Usage and length along the wing, metres."""
_TURNED: dict[Side, Side] = {"s": "w", "n": "e", "w": "s", "e": "n"}


@dataclass(frozen=True)
class Wing:
    """Rooms along a corridor. low: the row below (or left of) it, high: the row above (or right).

    The wing starts at (x, y); depths are those of the low row, the corridor and the high row.
    """

    x: float
    y: float
    depths: tuple[float, float, float]
    low: Sequence[Cell]
    high: Sequence[Cell]
    along: Literal["x", "y"] = "x"
    corridor: str = "corridor"

    def rooms(self, prefix: str) -> list[Room]:
        """Rooms numbered prefix+01 …, the corridor first."""
        low, middle, high = self.depths
        length = max(sum(size for _, size in self.low), sum(size for _, size in self.high))
        made = [Room(0.0, low, length, low + middle, self.corridor, f"{prefix}00")]
        number = 0
        for cells, y0, y1 in ((self.low, 0.0, low), (self.high, low + middle, low + middle + high)):
            x = 0.0
            for usage, size in cells:
                number += 1
                made.append(Room(x, y0, x + size, y1, usage, f"{prefix}{number:02d}", door=_stair_door(usage, y0)))
                x = round(x + size, 4)
        return [self._placed(room) for room in made]

    def _placed(self, room: Room) -> Room:
        if self.along == "x":
            return replace(room, x0=self.x + room.x0, x1=self.x + room.x1, y0=self.y + room.y0, y1=self.y + room.y1)
        door = _TURNED[room.door] if room.door else None
        return replace(
            room, x0=self.x + room.y0, x1=self.x + room.y1, y0=self.y + room.x0, y1=self.y + room.x1, door=door
        )


def _stair_door(usage: str, y0: float) -> Side | None:
    if usage in ("stair", "lift"):
        return "n" if y0 == 0.0 else "s"
    return None
