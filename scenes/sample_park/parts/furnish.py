"""Furniture laid out in rooms by their usage."""

from __future__ import annotations

import math
from collections.abc import Iterator

from scenes.sample_park.model.file import HALF, QUARTER, THREE_QUARTERS, Model, Turn
from scenes.sample_park.parts.furniture import furniture
from scenes.sample_park.parts.placed import Placed

Spot = tuple[float, float]


def grid(placed: Placed, cell: tuple[float, float], *, margin: float = 0.7, most: int = 99) -> Iterator[Spot]:
    """Centres of cells that fill the room, at most `most` of them, spread evenly."""
    x0, y0, x1, y1 = placed.inner
    x0, y0, x1, y1 = x0 + margin, y0 + margin, x1 - margin, y1 - margin
    columns, rows = int((x1 - x0) // cell[0]), int((y1 - y0) // cell[1])
    if columns < 1 or rows < 1:
        return
    total = columns * rows
    step = max(1, math.ceil(total / most))
    for index in range(0, total, step):
        column, row = index % columns, index // columns
        yield (
            round(x0 + (column + 0.5) * (x1 - x0) / columns, 3),
            round(y0 + (row + 0.5) * (y1 - y0) / rows, 3),
        )


def put(model: Model, placed: Placed, key: str, at: Spot, turn: Turn | None = None) -> None:
    """One piece of furniture on the floor."""
    model.place(furniture(model, key), placed.storey, (at[0], at[1], 0.0), turn)


def _workplaces(model: Model, placed: Placed, most: int) -> None:
    for x, y in grid(placed, (3.6, 3.5), margin=0.5, most=most):
        put(model, placed, "workstation", (x, y))


def _director(model: Model, placed: Placed) -> None:
    x, y = placed.room.centre
    put(model, placed, "desk_big", (x, y + 0.4))
    put(model, placed, "chair", (x, y - 0.4))
    x0, y0, x1, _ = placed.inner
    put(model, placed, "cabinet", (x1 - 0.6, y0 + 0.35))
    if placed.room.area > 20:
        put(model, placed, "sofa", (x0 + 0.6, y), THREE_QUARTERS)


def _meeting(model: Model, placed: Placed) -> None:
    x, y = placed.room.centre
    along_y = placed.room.depth > placed.room.width
    put(model, placed, "meeting_set", (x, y), QUARTER if along_y else None)


def _lab(model: Model, placed: Placed) -> None:
    for index, (x, y) in enumerate(grid(placed, (3.2, 2.4), most=6)):
        put(model, placed, "lab_bench", (x, y))
        if index % 2 == 0:
            put(model, placed, "chair", (x, y - 0.8))


def _flat(model: Model, placed: Placed) -> None:
    x0, y0, x1, y1 = placed.inner
    head = placed.door_side == "s"  # the bed stands away from the door
    y_bed = y1 - 1.9 if head else y0 + 1.9
    put(model, placed, "bed", (x0 + 0.6, y_bed), None if head else HALF)
    put(model, placed, "desk", (x1 - 0.9, y_bed), QUARTER)
    put(model, placed, "wardrobe", (x0 + 0.7, y0 + 3.4 if head else y1 - 3.4))
    put(model, placed, "chair", (x1 - 1.6, y_bed), THREE_QUARTERS)


def _dining(model: Model, placed: Placed) -> None:
    for x, y in grid(placed, (2.3, 2.3), margin=1.0, most=48):
        put(model, placed, "dining_set", (x, y))


_ROWS: dict[str, tuple[str, Spot, int]] = {
    "store": ("shelf", (2.4, 1.8), 8),
    "instrument": ("lab_bench", (3.0, 2.6), 4),
    "clean": ("lab_bench", (3.4, 2.6), 4),
    "auditorium": ("seat_row", (3.2, 1.15), 40),
    "exhibition": ("showcase", (4.2, 4.2), 14),
    "gym": ("treadmill", (1.8, 2.8), 10),
    "kitchen": ("range", (3.0, 2.6), 8),
    "servery": ("counter", (2.8, 3.0), 6),
    "laundry": ("cabinet", (1.4, 1.6), 6),
    "shop": ("shelf", (2.6, 2.0), 6),
    "lobby": ("sofa", (5.0, 4.0), 4),
    "lounge": ("sofa", (3.0, 2.6), 4),
    "cafe": ("dining_set", (2.4, 2.2), 12),
    "atrium": ("plant", (6.0, 6.0), 6),
}


def furnish(model: Model, placed: Placed, *, dense: bool = True) -> None:
    """Furnish one room. dense: open offices get every workplace, else about half."""
    usage = placed.room.usage
    if usage == "open_office":
        _workplaces(model, placed, 12 if dense else 6)
    elif usage == "office":
        _workplaces(model, placed, 2)
    elif usage == "director":
        _director(model, placed)
    elif usage == "meeting":
        _meeting(model, placed)
    elif usage == "lab":
        _lab(model, placed)
    elif usage == "flat":
        _flat(model, placed)
    elif usage == "dining":
        _dining(model, placed)
    elif usage in ("control", "guard"):
        x, y = placed.room.centre
        put(model, placed, "console", (x, y + 0.5))
        put(model, placed, "chair", (x, y - 0.5))
    elif usage == "pantry":
        x, y = placed.room.centre
        put(model, placed, "dining_set", (x, y))
    elif usage in _ROWS:
        key, cell, most = _ROWS[usage]
        for spot in grid(placed, cell, margin=0.9, most=most):
            put(model, placed, key, spot)
    if usage == "lobby":
        x, y = placed.room.centre
        put(model, placed, "reception", (x, y), HALF)
