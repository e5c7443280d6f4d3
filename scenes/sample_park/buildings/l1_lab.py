"""L1: laboratories in two bars, joined by a glass link whose front looks at the lake."""

from __future__ import annotations

from dataclasses import replace

from scenes.sample_park.buildings.common import lifts, stack
from scenes.sample_park.model.file import Model
from scenes.sample_park.parts.facade import Entrance, Facade
from scenes.sample_park.parts.frame import lines
from scenes.sample_park.parts.plant import row
from scenes.sample_park.parts.roof import canopy, flat_roof, green_roof, plant_screen, skylight
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, Run
from scenes.sample_park.plan.wing import Cell, Wing

SOUTH: Rect = (0.0, 0.0, 72.0, 20.4)
LINK: Rect = (21.6, 20.4, 36.0, 35.6)
NORTH: Rect = (0.0, 35.6, 72.0, 56.0)
DEPTHS = (9.0, 2.4, 9.0)
BAND = Facade("band", module=7.2, sill=1.0, head=3.3, pier=1.2, colour="warm_white", glass="glass_blue", panes=4)
FINS = Facade("curtain", module=2.4, fin=0.4, glass="glass", metal="terracotta", spandrel="warm_white")
GLASS = Facade("curtain", module=2.4, fin=0.12, glass="glass", metal="white", spandrel="glass_fritted")


def _facade(run: Run) -> Facade:
    if 20.0 < run.y < 36.0 and run.side in "ew":
        return GLASS
    return FINS if run.side == "w" or (run.side == "s" and run.y < 1.0) else BAND


def _rooms(floor: int, *, north: bool) -> list[Room]:
    use = {1: "instrument", 2: "clean"}.get(floor, "lab")
    south_low: list[Cell] = [
        ("lab", 14.4),
        (use, 7.2),
        ("lab", 14.4),
        (use, 14.4),
        ("office", 7.2),
        ("lab", 10.8),
        ("stair", 3.6),
    ]
    south_high: list[Cell] = [
        ("stair", 3.6), ("wc_m", 3.6), ("wc_f", 3.6), ("plant", 7.2), ("electrical", 3.6), ("corridor", 14.4),
        ("lab", 14.4), (use, 10.8), ("store", 7.2), ("shaft", 3.6),
    ]  # fmt: skip
    rooms = Wing(0.0, 0.0, DEPTHS, south_low, south_high).rooms(f"{floor}S")
    rooms.append(
        Room(
            21.6,
            20.4,
            36.0,
            35.6,
            "atrium" if floor == 1 else "lobby",
            f"{floor}M1",
            "中庭" if floor == 1 else "交流厅",
        )
    )
    if north:
        low: list[Cell] = [
            ("office", 7.2), ("meeting", 7.2), ("lift", 2.4), ("lift", 2.4), ("shaft", 2.4), ("corridor", 14.4),
            ("lab", 14.4), (use, 10.8), ("pantry", 3.6), ("electrical", 3.6), ("stair", 3.6),
        ]  # fmt: skip
        high: list[Cell] = [
            ("stair", 3.6),
            ("office", 7.2),
            ("lab", 14.4),
            (use, 14.4),
            ("lab", 14.4),
            ("lab", 10.8),
            ("plant", 7.2),
        ]
        rooms += Wing(0.0, 35.6, DEPTHS, low, high).rooms(f"{floor}N")
    # The corridor's bay beside the link is one open hall with it.
    return [replace(r, name="门厅") if r.usage == "corridor" and r.width > 14 and r.depth > 5 else r for r in rooms]


def layout(model: Model, spaces: Spaces) -> None:
    """Four storeys, the south bar three."""
    storeys = stack(model, [4.8, 4.5, 4.5, 4.5])
    levels, roof = storeys[:-1], storeys[-1]
    for floor, storey in enumerate(levels, start=1):
        south = floor < 4
        plates = [SOUTH, LINK, NORTH] if south else [LINK, NORTH]
        grids = [(lines(0.5, 71.5, 7.2), lines(36.2, 55.5, 9.6))]
        if south:
            grids.append((lines(0.5, 71.5, 7.2), lines(0.5, 19.9, 9.6)))
        rooms = [room for room in _rooms(floor, north=True) if south or room.y0 >= 20.0]
        rooms = [replace(room, tenant=0 if room.y0 < 20.0 else 1) for room in rooms]
        plan = Plan(
            plates, rooms, _facade, grids, voids=[(24.0, 22.6, 33.6, 33.4)] if floor in (2, 3) else [],
            entrances=[Entrance(21.6, 28.0), Entrance(36.0, 28.0), Entrance(72.0, 10.2, "exit")] if floor == 1 else [],
            base=floor == 1, stairs=floor < 4, load_kw=140.0, water=10.0, column=0.7,
        )  # fmt: skip
        placed = build_storey(model, storey, plan, spaces)
        if floor == 1:
            lifts(model, placed, levels)
    terrace = levels[3]
    flat_roof(model, terrace, [SOUTH], parapet=1.2, surface="gravel", colour="warm_white")
    green_roof(model, terrace, (3.0, 3.0, 40.0, 17.0))
    plant_screen(model, terrace, (46.0, 3.0, 69.0, 17.0), 2.6)
    row(model, terrace, "exhaust", (49.0, 6.5), (3.4, 0.0), 6, z=0.1)
    row(model, terrace, "fresh", (49.0, 12.5), (4.6, 0.0), 4, z=0.1)
    flat_roof(model, roof, [NORTH, LINK], parapet=1.2, colour="warm_white", holes=[(23.6, 22.4, 34.0, 33.6)])
    skylight(model, roof, (23.6, 22.4, 34.0, 33.6))
    plant_screen(model, roof, (30.0, 40.0, 69.0, 53.0), 3.0)
    row(model, roof, "exhaust", (33.0, 43.0), (3.4, 0.0), 10, z=0.1, first=11)
    row(model, roof, "cooling_tower", (36.0, 49.0), (6.0, 0.0), 3, z=0.1)
    canopy(model, levels[0], (14.0, 23.0, 21.2, 33.0), 3.9, columns=[(14.6, 23.6), (14.6, 32.4)])
