"""D1: flats on both sides of a corridor, balconies to the south, a lifted common hall in the middle."""

from __future__ import annotations

from dataclasses import replace

from scenes.sample_park.buildings.common import lifts, stack
from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.model.solids import box
from scenes.sample_park.parts.facade import Entrance, Facade
from scenes.sample_park.parts.frame import lines
from scenes.sample_park.parts.roof import balustrade, canopy, flat_roof, green_roof, solar_field
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, Run

BAR: Rect = (0.0, 0.0, 86.4, 18.6)
CORRIDOR = (8.1, 10.5)
BAY = 7.2
SOUTH = Facade("band", module=7.2, sill=0.15, head=2.45, pier=2.2, colour="warm_white", glass="glass_blue", panes=4)
NORTH = Facade("band", module=3.6, sill=0.9, head=2.4, pier=1.6, colour="warm_white", glass="glass_blue", panes=2)
ENDS = Facade("band", module=6.2, sill=0.9, head=2.4, pier=3.4, colour="wood_light", glass="glass_blue", panes=2)
BASE = Facade("curtain", module=2.4, fin=0.15, glass="glass", metal="wood_light", spandrel="warm_white")


def _facade(floor: int, run: Run) -> Facade:
    if floor == 1:
        return BASE
    return {"s": SOUTH, "n": NORTH}.get(run.side, ENDS)


def _flat(x: float, number: str, *, south: bool) -> list[Room]:
    """A flat of one bay: living room at the façade, entrance hall and bathroom at the corridor."""
    c0, c1 = CORRIDOR
    if south:
        return [
            Room(x, 0.0, x + BAY, c0 - 2.7, "flat", f"{number}", door="n"),
            Room(x, c0 - 2.7, x + 4.0, c0, "entry", f"{number}a", door="n"),
            Room(x + 4.0, c0 - 2.7, x + BAY, c0, "bath", f"{number}b", door="w"),
        ]
    return [
        Room(x, c1 + 2.7, x + BAY, 18.6, "flat", f"{number}", door="s"),
        Room(x, c1, x + 4.0, c1 + 2.7, "entry", f"{number}a", door="s"),
        Room(x + 4.0, c1, x + BAY, c1 + 2.7, "bath", f"{number}b", door="w"),
    ]


def _core(floor: int) -> list[Room]:
    c0, c1 = CORRIDOR
    return [
        Room(39.6, c1, 42.0, 18.6 - 4.5, "lift", f"{floor}L1", door="s"),
        Room(42.0, c1, 44.4, 18.6 - 4.5, "lift", f"{floor}L2", door="s"),
        Room(39.6, 14.1, 46.8, 18.6, "laundry", f"{floor}L3", door="e"),
        Room(44.4, c1, 46.8, 14.1, "electrical", f"{floor}L4", door="s"),
        Room(46.8, c1, 50.4, 18.6, "stair", f"{floor}L5", door="s"),
        Room(0.0, 0.0, 3.6, c0, "stair", f"{floor}L6", door="n"),
        Room(82.8, 0.0, 86.4, c0, "stair", f"{floor}L7", door="n"),
        Room(39.6, 0.0, 46.8, c0, "lounge", f"{floor}L8"),
        Room(36.0, c1, 39.6, 18.6, "store", f"{floor}L9", door="s"),
    ]


def _typical(floor: int) -> list[Room]:
    rooms = [Room(0.0, CORRIDOR[0], 86.4, CORRIDOR[1], "corridor", f"{floor}00"), *_core(floor)]
    number = 0
    for x in (3.6, 10.8, 18.0, 25.2, 32.4, 46.8, 54.0, 61.2, 68.4, 75.6):
        number += 1
        rooms += _flat(x, f"{floor}{number:02d}", south=True)
    for x in (0.0, 7.2, 14.4, 21.6, 28.8, 50.4, 57.6, 64.8, 72.0, 79.2):
        number += 1
        rooms += _flat(x, f"{floor}{number:02d}", south=False)
    return [replace(room, tenant=0 if room.x0 < 43.2 else 1) for room in rooms]


def _ground() -> list[Room]:
    c0, c1 = CORRIDOR
    return [
        Room(0.0, c0, 86.4, c1, "corridor", "100"),
        *(room for room in _core(1) if room.usage != "lounge"),
        Room(36.0, 0.0, 50.4, c0, "lobby", "101", "公寓大堂"),
        Room(3.6, 0.0, 18.0, c0, "gym", "102"),
        Room(18.0, 0.0, 36.0, c0, "cafe", "103"),
        Room(50.4, 0.0, 64.8, c0, "shop", "104"),
        Room(64.8, 0.0, 82.8, c0, "lounge", "105"),
        Room(0.0, c1, 18.0, 18.6, "laundry", "106"),
        Room(18.0, c1, 36.0, 18.6, "meeting", "107"),
        Room(50.4, c1, 68.4, 18.6, "shop", "108"),
        Room(68.4, c1, 86.4, 18.6, "pump_room", "109"),
    ]


def _balconies(model: Model, storey: Storey) -> None:
    kind = model.kind(
        "IfcSlab", "阳台板 4200×1500", [box(0.0, -1.5, -0.15, 4.2, 1.5, 0.15, "white")], "FLOOR",
        {"Pset_SlabCommon": {"IsExternal": True, "LoadBearing": True}},
    )  # fmt: skip
    screen = model.kind(
        "IfcShadingDevice", "阳台木格栅", [box(0.0, -1.5, 0.0, 0.06, 1.5, 3.0, "wood_light")], "SHUTTER",
    )  # fmt: skip
    for index in range(12):
        x = round(index * 7.2 + 1.5, 3)
        if 37.0 < x < 46.0:
            continue
        model.place(kind, storey, (x, 0.0, 0.0), name="阳台")
        model.place(screen, storey, (x, 0.0, 0.0))
        balustrade(model, storey, (x, -1.5), 4.2, "s")


def layout(model: Model, spaces: Spaces) -> None:
    """A public ground floor and five storeys of flats."""
    storeys = stack(model, [4.2] + [3.3] * 5)
    levels, roof = storeys[:-1], storeys[-1]
    for floor, storey in enumerate(levels, start=1):
        plan = Plan(
            [BAR], _ground() if floor == 1 else _typical(floor), lambda run, f=floor: _facade(f, run),  # type: ignore[misc]
            [(lines(0.4, 86.0, 7.2), [0.4, 8.1, 10.5, 18.2])] if floor == 1 else [(lines(0.4, 86.0, 14.4), [8.1, 10.5])],
            entrances=[Entrance(43.2, 0.0), Entrance(43.2, 18.6, "exit")] if floor == 1 else [],
            base=floor == 1, stairs=floor < 6, beams=floor == 1, column=0.5, load_kw=70.0, water=14.0,
        )  # fmt: skip
        placed = build_storey(model, storey, plan, spaces)
        if floor == 1:
            lifts(model, placed, levels)
        else:
            _balconies(model, storey)
    flat_roof(model, roof, [BAR], parapet=1.2, colour="warm_white")
    solar_field(model, roof, (2.0, 2.0, 38.0, 17.0))
    green_roof(model, roof, (52.0, 2.0, 84.0, 16.0))
    canopy(model, levels[0], (37.0, -5.0, 49.4, -0.5), 3.6, columns=[(37.6, -4.4), (48.8, -4.4)])
