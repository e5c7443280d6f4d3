"""A2: a research office of three wings round a court that opens to the lake; the south wing steps down."""

from __future__ import annotations

from scenes.sample_park.buildings.common import lifts, stack
from scenes.sample_park.model.file import Model
from scenes.sample_park.parts.facade import Entrance, Facade
from scenes.sample_park.parts.frame import lines
from scenes.sample_park.parts.plant import row
from scenes.sample_park.parts.roof import (
    balustrade,
    canopy,
    flat_roof,
    green_roof,
    plant_screen,
    solar_field,
)
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, Run
from scenes.sample_park.plan.wing import Cell, Wing

SOUTH: Rect = (0.0, 0.0, 64.8, 18.0)
WEST: Rect = (0.0, 18.0, 18.0, 46.8)
NORTH: Rect = (0.0, 46.8, 64.8, 64.8)
DEPTHS = (7.8, 2.4, 7.8)
BAND = Facade(
    "band", module=7.2, sill=0.85, head=3.1, pier=0.7, ledge=0.55, colour="white", glass="glass_blue", panes=5
)
GLASS = Facade("curtain", module=1.8, fin=0.22, glass="glass", metal="wood_light", spandrel="warm_white")


def _facade(run: Run) -> Facade:
    court = run.side == "e" and 17.0 < run.x < 19.0
    return GLASS if court or (run.side == "e" and run.x > 60.0) else BAND


def _south(floor: int) -> list[Cell]:
    first: list[Cell] = (
        [("lobby", 10.8), ("cafe", 14.4)] if floor == 1 else [("open_office", 14.4), ("open_office", 10.8)]
    )
    return [*first, ("meeting", 7.2), ("open_office", 14.4), ("office", 7.2), ("office", 7.2), ("stair", 3.6)]


def _rooms(floor: int, *, south: bool) -> list[Room]:
    prefix = f"{floor}"
    rooms: list[Room] = []
    if south:
        high: list[Cell] = [
            ("wc_m", 3.6), ("wc_f", 3.6), ("corridor", 3.6), ("plant", 3.6), ("electrical", 3.6), ("director", 3.6),
            ("open_office", 14.4), ("meeting", 7.2), ("open_office", 14.4), ("director", 3.6), ("pantry", 3.6),
        ]  # fmt: skip
        rooms += Wing(0.0, 0.0, DEPTHS, _south(floor), high).rooms(f"{prefix}S")
    west_low: list[Cell] = [
        ("lift", 2.4),
        ("lift", 2.4),
        ("stair", 3.6),
        ("open_office", 13.2),
        ("shaft", 2.4),
        ("pantry", 4.8),
    ]
    west_high: list[Cell] = (
        [("atrium", 28.8)] if floor == 1 else [("lounge", 7.2), ("open_office", 14.4), ("meeting", 7.2)]
    )
    rooms += Wing(0.0, 18.0, DEPTHS, west_low, west_high, along="y").rooms(f"{prefix}W")
    low: list[Cell] = [
        ("wc_m", 3.6), ("wc_f", 3.6), ("corridor", 3.6), ("plant", 3.6), ("electrical", 3.6), ("director", 3.6),
        ("office", 7.2), ("office", 7.2), ("meeting", 7.2), ("open_office", 14.4), ("office", 7.2),
    ]  # fmt: skip
    north: list[Cell] = [
        ("stair", 3.6), ("open_office", 14.4), ("open_office", 14.4), ("meeting", 7.2), ("open_office", 14.4),
        ("office", 7.2), ("stair", 3.6),
    ]  # fmt: skip
    return rooms + Wing(0.0, 46.8, DEPTHS, low, north).rooms(f"{prefix}N")


def layout(model: Model, spaces: Spaces) -> None:
    """Four storeys; the south wing has three and carries a planted terrace."""
    storeys = stack(model, [4.8, 4.2, 4.2, 4.2])
    levels = storeys[:-1]
    for floor, storey in enumerate(levels, start=1):
        south = floor < 4
        plates = [SOUTH, WEST, NORTH] if south else [WEST, NORTH]
        grids = [
            (lines(0.4, 17.6, 8.6), lines(18.6, 46.2, 7.2)),
            (lines(0.4, 64.4, 7.2), lines(47.2, 64.4, 8.6)),
        ]
        if south:
            grids.append((lines(0.4, 64.4, 7.2), lines(0.4, 17.6, 8.6)))
        rooms = [
            Room(r.x0, r.y0, r.x1, r.y1, r.usage, r.number, r.name, r.door, tenant=0 if floor <= 2 else 1)
            for r in _rooms(floor, south=south)
        ]
        entrances = [Entrance(18.0, 32.4), Entrance(64.8, 9.0, "exit")] if floor == 1 else []
        placed = build_storey(
            model,
            storey,
            Plan(
                plates, rooms, _facade, grids, entrances=entrances, base=floor == 1, stairs=floor < 4, dense=False,
                load_kw=85.0,
            ),
            spaces,
        )  # fmt: skip
        if floor == 1:
            lifts(model, placed, levels)
    terrace, roof = levels[3], storeys[-1]
    flat_roof(model, terrace, [SOUTH], parapet=1.2, surface="gravel")
    green_roof(model, terrace, (2.0, 2.0, 40.0, 16.0))
    green_roof(model, terrace, (46.0, 2.0, 63.0, 7.0))
    balustrade(model, terrace, (18.0, 17.7), 46.0, "s")
    flat_roof(model, roof, [WEST, NORTH], parapet=1.2)
    plant_screen(model, roof, (3.0, 50.0, 24.0, 61.5), 2.4)
    row(model, roof, "fresh", (6.0, 53.0), (4.0, 0.0), 4, z=0.1)
    row(model, roof, "exhaust", (6.0, 58.5), (4.0, 0.0), 4, z=0.1)
    solar_field(model, roof, (27.0, 48.5, 63.0, 63.0))
    canopy(
        model, levels[0], (18.3, 26.0, 25.0, 38.8), 3.9,
        columns=[(24.4, 26.6), (24.4, 38.2)],
    )  # fmt: skip
