"""A room that has become a space: what later parts need to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scenes.sample_park.model.file import Storey
from scenes.sample_park.plan.rooms import Room, Side

WALL = 0.2
"""Thickness of interior walls, metres."""
SLAB = 0.2
"""Thickness of floor slabs, metres."""


@dataclass(frozen=True)
class Placed:
    """A space of the model. clear: height from floor finish to the slab above, metres."""

    room: Room
    entity: Any
    guid: str
    gid: str
    storey: Storey
    clear: float
    door_side: Side | None = None
    door_at: tuple[float, float] | None = None  # the middle of its door, building coordinates

    @property
    def inner(self) -> tuple[float, float, float, float]:
        """The free rectangle inside its walls: min x, min y, max x, max y."""
        half = WALL / 2
        return self.room.x0 + half, self.room.y0 + half, self.room.x1 - half, self.room.y1 - half
