"""C1: the canteen, a glass pavilion under a folded wooden roof."""

from __future__ import annotations

from scenes.sample_park.buildings.common import lifts, stack
from scenes.sample_park.model.file import Model
from scenes.sample_park.parts.facade import Entrance, Facade
from scenes.sample_park.parts.frame import lines
from scenes.sample_park.parts.plant import row
from scenes.sample_park.parts.roof import balustrade, flat_roof, folded_roof, plant_screen
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, Run

HALL: Rect = (16.0, 0.0, 52.0, 36.0)
BACK: Rect = (0.0, 0.0, 16.0, 36.0)
GLASS = Facade("curtain", module=3.0, fin=0.35, glass="glass", metal="wood_light", spandrel="warm_white")
SOLID = Facade("band", module=6.0, sill=2.2, head=3.6, pier=1.0, colour="wood_light", glass="glass_blue", panes=3)


def _facade(run: Run) -> Facade:
    return SOLID if run.x <= 16.0 and not (run.side == "s" and run.x >= 16.0) else GLASS


def _ground() -> list[Room]:
    return [
        Room(34.0, 6.0, 52.0, 30.0, "dining", "101", "一层餐厅", tenant=0),
        Room(34.0, 0.0, 52.0, 6.0, "cafe", "102", tenant=1),
        Room(34.0, 30.0, 52.0, 36.0, "shop", "103", tenant=1),
        Room(28.0, 0.0, 34.0, 36.0, "servery", "104", tenant=0),
        Room(16.0, 7.4, 28.0, 24.0, "kitchen", "105", tenant=0),
        Room(16.0, 0.0, 28.0, 7.4, "kitchen", "106", "备餐间", tenant=0),
        Room(16.0, 24.0, 22.0, 30.0, "wc_m", "107", door="e"),
        Room(16.0, 30.0, 22.0, 36.0, "wc_f", "108", door="e"),
        Room(22.0, 24.0, 28.0, 36.0, "corridor", "109"),
        Room(12.0, 0.0, 16.0, 36.0, "corridor", "110"),
        Room(0.0, 0.0, 12.0, 8.0, "store", "111", "冷库", door="e"),
        Room(0.0, 8.0, 12.0, 16.0, "store", "112", door="e"),
        Room(0.0, 16.0, 12.0, 22.0, "electrical", "113", door="e"),
        Room(0.0, 22.0, 12.0, 28.4, "plant", "114", door="e"),
        Room(4.4, 28.4, 12.0, 32.0, "stair", "115", door="e"),
        Room(4.4, 32.0, 12.0, 36.0, "office", "116", door="e"),
        Room(2.0, 28.4, 4.4, 36.0, "shaft", "117"),
        Room(0.0, 28.4, 2.0, 36.0, "shaft", "118"),
    ]


def _upper() -> list[Room]:
    rooms = [room for room in _ground() if room.x1 <= 16.0 or (room.x0 >= 16.0 and room.x1 <= 28.0 and room.y0 >= 24.0)]
    changed = [Room(r.x0, r.y0, r.x1, r.y1, r.usage, "2" + r.number[1:], r.name, r.door) for r in rooms]
    return [
        Room(28.0, 0.0, 52.0, 28.6, "dining", "201", "二层餐厅", tenant=1),
        Room(28.0, 28.6, 44.6, 36.0, "servery", "202", tenant=1),
        Room(44.6, 28.6, 52.0, 32.2, "stair", "203", door="w"),
        Room(44.6, 32.2, 52.0, 36.0, "store", "204", door="w"),
        Room(16.0, 0.0, 28.0, 24.0, "kitchen", "205", tenant=1),
        *changed,
    ]


def layout(model: Model, spaces: Spaces) -> None:
    """Two storeys; the dining halls look east to the lawn."""
    storeys = stack(model, [4.8, 5.4], roof=4.0)
    levels, roof = storeys[:-1], storeys[-1]
    for floor, storey in enumerate(levels, start=1):
        plan = Plan(
            [HALL, BACK], _ground() if floor == 1 else _upper(), _facade,
            [(lines(16.0, 51.4, 9.0), lines(0.6, 35.4, 9.0)), ([0.6, 8.0], lines(0.6, 35.4, 9.0))],
            entrances=[Entrance(52.0, 18.0), Entrance(30.5, 0.0), Entrance(0.0, 12.0, "exit")] if floor == 1 else [],
            base=floor == 1, stairs=floor == 1, round_columns=True, column=0.5, load_kw=150.0, water=20.0,
        )  # fmt: skip
        placed = build_storey(model, storey, plan, spaces)
        if floor == 1:
            lifts(model, placed, levels)
    balustrade(model, levels[1], (51.9, 0.2), 35.6, "e")
    flat_roof(model, roof, [BACK], parapet=1.4, colour="wood_light")
    plant_screen(model, roof, (1.0, 1.0, 15.0, 24.0), 2.4, "wood_light")
    row(model, roof, "exhaust", (3.5, 4.0), (0.0, 3.0), 6, z=0.1)
    row(model, roof, "fresh", (10.0, 4.0), (0.0, 4.0), 4, z=0.1)
    folded_roof(model, roof, (14.6, -1.6, 53.8, 37.6), folds=4, rise=2.3)
