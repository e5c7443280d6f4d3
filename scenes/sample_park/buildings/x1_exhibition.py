"""X1: the exhibition hall, a white volume floating on a glass base, turned towards the lake."""

from __future__ import annotations

from scenes.sample_park.buildings.common import lifts, stack
from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.model.solids import box
from scenes.sample_park.parts.facade import TURNS, Entrance, Facade
from scenes.sample_park.parts.frame import lines
from scenes.sample_park.parts.plant import row
from scenes.sample_park.parts.roof import canopy, flat_roof, green_roof, skylight
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, Run, outline

BODY: Rect = (0.0, 0.0, 64.0, 40.0)
BASE: Rect = (3.0, 3.0, 61.0, 37.0)
GLASS = Facade("curtain", module=2.0, fin=0.1, glass="glass", metal="white", spandrel="light_grey")
WHITE = Facade("band", module=8.0, sill=4.2, head=5.2, pier=0.9, colour="white", glass="glass_blue", panes=6)
WINDOW = Facade("curtain", module=2.0, fin=0.5, glass="glass_blue", metal="white", spandrel="white")


def _ground() -> list[Room]:
    x0, y0, x1, y1 = BASE
    return [
        Room(x0, y0, 27.0, 27.0, "exhibition", "101", "序厅展区", tenant=0),
        Room(27.0, y0, 37.0, y1, "lobby", "102", "大堂"),
        Room(37.0, y0, x1, 19.0, "exhibition", "103", "光电展区", tenant=1),
        Room(37.0, 19.0, 53.0, y1, "auditorium", "104", tenant=0),
        Room(x0, 33.2, 13.0, y1, "office", "105", door="s"),
        Room(13.0, 33.2, 20.4, y1, "stair", "106", door="e"),
        Room(20.4, 30.2, 22.8, y1, "lift", "107", door="s"),
        Room(22.8, 30.2, 27.0, y1, "store", "108", door="e"),
        Room(x0, 30.2, 9.0, 33.2, "electrical", "109", door="s"),
        Room(9.0, 30.2, 20.4, 33.2, "corridor", "110"),
        Room(x0, 27.0, 27.0, 30.2, "corridor", "111"),
        Room(53.0, 19.0, x1, 24.0, "wc_m", "112", door="n"),
        Room(53.0, 24.0, x1, 26.0, "corridor", "113"),
        Room(53.0, 26.0, x1, 29.5, "wc_f", "114", door="s"),
        Room(53.0, 29.5, x1, 33.2, "plant", "115", door="w"),
        Room(53.0, 33.2, x1, y1, "stair", "116", door="w"),
    ]


def _upper() -> list[Room]:
    return [
        Room(0.0, 0.0, 27.0, 27.0, "exhibition", "201", "主展厅", tenant=0),
        Room(27.0, 0.0, 37.0, 40.0, "atrium", "202", "通高中庭"),
        Room(37.0, 0.0, 64.0, 30.0, "exhibition", "203", "未来展厅", tenant=1),
        Room(0.0, 27.0, 27.0, 30.2, "corridor", "204"),
        Room(0.0, 30.2, 9.0, 40.0, "office", "205", door="s"),
        Room(9.0, 30.2, 13.0, 40.0, "pantry", "206", door="s"),
        Room(13.0, 30.2, 20.4, 33.2, "corridor", "207"),
        Room(13.0, 33.2, 20.4, 36.8, "stair", "208", door="e"),
        Room(13.0, 36.8, 20.4, 40.0, "electrical", "209", door="e"),
        Room(20.4, 30.2, 22.8, 36.8, "lift", "210", door="s"),
        Room(22.8, 30.2, 27.0, 40.0, "meeting", "211"),
        Room(20.4, 36.8, 22.8, 40.0, "shaft", "214"),
        Room(37.0, 30.0, 64.0, 33.2, "corridor", "212"),
        Room(37.0, 33.2, 53.0, 40.0, "store", "213", door="s"),
        Room(53.0, 33.2, 64.0, 40.0, "plant", "215", door="s"),
    ]


def _veil(model: Model, storey: Storey) -> None:
    """White vertical blades before the upper volume, denser towards the corners."""
    for run in outline([BODY]):
        solids = []
        steps = round(run.length / 0.8)
        for index in range(steps + 1):
            t = abs(index / steps - 0.5) * 2
            if index % 2 and t < 0.55:
                continue
            depth = 0.25 + 0.35 * t
            solids.append(box(index * run.length / steps - 0.04, -depth - 0.06, -0.5, 0.08, depth, 7.4, "white"))
        model.element(
            "IfcShadingDevice", storey, "竖向金属幕帘", (run.x, run.y, 0.0), solids, turn=TURNS[run.side],
            tail=("JALOUSIE",),
        )  # fmt: skip


def _facade(run: Run) -> Facade:
    middle = run.x + (run.length / 2 if run.side == "s" else -run.length / 2 if run.side == "n" else 0.0)
    return WINDOW if run.side in "ns" and run.length > 60 and 30 < middle < 34 else WHITE


def layout(model: Model, spaces: Spaces) -> None:
    """Two high storeys round an atrium with a skylight."""
    storeys = stack(model, [5.4, 6.3], roof=4.0)
    levels, roof = storeys[:-1], storeys[-1]
    for floor, storey in enumerate(levels, start=1):
        ground = floor == 1
        plan = Plan(
            [BASE] if ground else [BODY], _ground() if ground else _upper(), (lambda _run: GLASS) if ground else _facade,
            [(lines(3.6, 60.4, 9.5), lines(3.6, 36.4, 8.2))],
            voids=[] if ground else [(28.5, 6.0, 35.5, 30.0)],
            entrances=[Entrance(32.0, 37.0), Entrance(32.0, 3.0)] if ground else [],
            base=ground, stairs=ground, round_columns=True, column=0.55, load_kw=120.0, water=4.0,
        )  # fmt: skip
        placed = build_storey(model, storey, plan, spaces)
        if ground:
            lifts(model, placed, levels)
    _veil(model, levels[1])
    flat_roof(model, roof, [BODY], parapet=1.4, holes=[(28.0, 5.5, 36.0, 30.5)])
    skylight(model, roof, (28.0, 5.5, 36.0, 30.5), rise=1.8)
    green_roof(model, roof, (2.0, 2.0, 25.0, 24.0))
    row(model, roof, "fresh", (42.0, 30.0), (5.0, 0.0), 4, z=0.1)
    canopy(model, levels[0], (24.0, 37.4, 40.0, 44.5), 4.2, columns=[(24.6, 43.9), (39.4, 43.9)])
