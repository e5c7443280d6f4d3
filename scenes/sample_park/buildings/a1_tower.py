"""A1: the landmark, a sixteen-storey glass tower with a waist and a crown on a three-storey podium."""

from __future__ import annotations

from scenes.sample_park.buildings.common import everywhere, lifts, stack
from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.model.solids import box
from scenes.sample_park.parts.facade import TURNS, Entrance, Facade
from scenes.sample_park.parts.frame import Grid, lines
from scenes.sample_park.parts.plant import row
from scenes.sample_park.parts.roof import balustrade, canopy, flat_roof, green_roof, solar_field
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, outline

PODIUM: Rect = (0.0, 0.0, 75.6, 50.4)
TOWER: Rect = (22.5, 9.9, 53.1, 40.5)
CORE: Rect = (30.6, 18.0, 45.0, 32.4)
RING: Rect = (28.2, 15.6, 47.4, 34.8)
WAIST = (9, 16)
"""Storeys whose façade stands back behind a terrace: the waist and the crown."""
GLASS = Facade("curtain", module=3.0, sub=2, fin=0.3, glass="glass_blue", metal="white", spandrel="light_grey")
INSET = Facade("curtain", module=3.0, fin=0.1, glass="glass", metal="wood_light", spandrel="wood_light")
STONE = Facade(
    "curtain", module=4.2, fin=0.45, glass="glass", metal="warm_white", spandrel="warm_white", sub=2,
    spandrel_low=-0.6, spandrel_high=0.5,
)  # fmt: skip


def _core(floor: int) -> list[Room]:
    x, y = CORE[0], CORE[1]
    rows: list[tuple[float, float, float, float, str, str | None]] = [
        (0.0, 5.7, 14.4, 8.7, "lift_lobby", None),
        (0.0, 2.9, 3.6, 5.7, "electrical", "n"),
        (3.6, 2.9, 6.0, 5.7, "lift", "n"),
        (6.0, 2.9, 8.4, 5.7, "lift", "n"),
        (8.4, 2.9, 10.8, 5.7, "lift", "n"),
        (10.8, 2.9, 14.4, 5.7, "plant", "n"),
        (0.0, 8.7, 3.6, 11.5, "pantry", "s"),
        (3.6, 8.7, 6.0, 11.5, "lift", "s"),
        (6.0, 8.7, 8.4, 11.5, "lift", "s"),
        (8.4, 8.7, 10.8, 11.5, "lift", "s"),
        (10.8, 8.7, 14.4, 11.5, "shaft", "s"),
        (0.0, 0.0, 7.4, 2.9, "stair", "w"),
        (7.4, 0.0, 14.4, 2.9, "wc_m", "s"),
        (0.0, 11.5, 7.0, 14.4, "wc_f", "n"),
        (7.0, 11.5, 14.4, 14.4, "stair", "e"),
    ]
    return [
        Room(x + a, y + b, x + c, y + d, usage, f"{floor}C{index:02d}", door=door)  # type: ignore[arg-type]
        for index, (a, b, c, d, usage, door) in enumerate(rows, start=1)
    ]


def _ring(floor: int) -> list[Room]:
    x0, y0, x1, y1 = RING
    a0, b0, a1, b1 = CORE
    rects = [(x0, y0, x1, b0), (x0, b1, x1, y1), (x0, b0, a0, b1), (a1, b0, x1, b1)]
    return [Room(*rect, "corridor", f"{floor}R{index}") for index, rect in enumerate(rects, start=1)]


def _offices(floor: int, inset: float) -> list[Room]:
    """Rooms between the ring and the façade: a cycle of three arrangements."""
    x0, y0, x1, y1 = TOWER[0] + inset, TOWER[1] + inset, TOWER[2] - inset, TOWER[3] - inset
    a0, b0, a1, b1 = RING
    variant = floor % 3
    long = {
        0: [(x0, 34.8, "open_office"), (34.8, 40.8, "meeting"), (40.8, x1, "open_office")],
        1: [(x0, 37.8, "open_office"), (37.8, x1, "open_office")],
        2: [(x0, 31.8, "open_office"), (31.8, 36.0, "director"), (36.0, 42.0, "meeting"), (42.0, x1, "open_office")],
    }[variant]
    short = {0: [(b0, 25.2), (25.2, b1)], 1: [(b0, b1)], 2: [(b0, 22.0), (22.0, 28.4), (28.4, b1)]}[variant]
    rooms, number = [], 0
    for low, high in ((y0, b0), (b1, y1)):
        for left, right, usage in long:
            number += 1
            rooms.append(Room(left, low, right, high, usage, f"{floor}{number:02d}", tenant=0 if floor <= 9 else 1))
    for left, right in ((x0, a0), (a1, x1)):
        for index, (low, high) in enumerate(short):
            number += 1
            usage = "meeting" if len(short) == 3 and index == 1 else "open_office"
            rooms.append(Room(left, low, right, high, usage, f"{floor}{number:02d}", tenant=0 if floor <= 9 else 1))
    return rooms


def _podium(floor: int) -> list[Room]:
    west = {1: ("exhibition", "cafe", "shop", "gym"), 2: ("dining", "meeting", "open_office", "open_office")}
    names = west.get(floor, ("open_office", "open_office", "open_office", "meeting"))
    rooms = [
        Room(28.2, 0.0, 47.4, 15.6, "lobby", f"{floor}A0", "大堂" if floor == 1 else "休息厅"),
        Room(28.2, 34.8, 47.4, 50.4, "auditorium" if floor == 2 else "lounge", f"{floor}A9"),
    ]
    for side, (x0, x1) in enumerate(((0.0, 28.2), (47.4, 75.6))):
        middle = (x0 + x1) / 2
        stair_x = (x0, x0 + 3.6) if side == 0 else (x1 - 3.6, x1)
        rest = (stair_x[1], x1) if side == 0 else (x0, stair_x[0])
        tag = f"{floor}{'WE'[side]}"
        rooms += [
            Room(x0, 24.0, x1, 26.4, "corridor", f"{tag}0"),
            Room(x0, 0.0, middle, 24.0, names[0], f"{tag}1", tenant=side),
            Room(middle, 0.0, x1, 24.0, names[1], f"{tag}2", tenant=side),
            Room(*(stair_x[0], 26.4, stair_x[1], 33.8), "stair", f"{tag}5", door="s"),
            Room(*(stair_x[0], 33.8, stair_x[1], 50.4), "store", f"{tag}6", door="e" if side == 0 else "w"),
            Room(rest[0], 26.4, (rest[0] + rest[1]) / 2, 50.4, names[2], f"{tag}3", tenant=side),
            Room((rest[0] + rest[1]) / 2, 26.4, rest[1], 50.4, names[3], f"{tag}4", tenant=side),
        ]
    return rooms


def _crown(model: Model, roof: Storey) -> None:
    """A free-standing screen of vertical fins around the roof."""
    x0, y0, x1, y1 = TOWER
    for run in outline([(x0, y0, x1, y1)]):
        count = round(run.length / 1.5)
        step = run.length / count
        fins = [box(index * step - 0.03, -0.4, -0.6, 0.08, 0.5, 6.4, "white") for index in range(count + 1)]
        rails = [box(0.0, 0.02, z, run.length, 0.1, 0.14, "white") for z in (0.4, 2.9, 5.4)]
        model.element(
            "IfcShadingDevice", roof, "塔冠格栅", (run.x, run.y, 0.0), fins + rails, turn=TURNS[run.side],
            tail=("USERDEFINED",), object_type="塔冠格栅",
        )  # fmt: skip


def _grids(podium: bool) -> list[Grid]:
    tower: Grid = ([23.1, 28.2, 37.8, 47.4, 52.5], [10.5, 15.6, 25.2, 34.8, 39.9])
    if not podium:
        return [tower]
    return [
        tower,
        (lines(0.6, 23.1, 10.0)[:-1], lines(0.6, 49.8, 8.2)),
        (lines(52.5, 75.0, 10.0)[1:], lines(0.6, 49.8, 8.2)),
    ]


def layout(model: Model, spaces: Spaces) -> None:
    """Podium of three storeys, tower of thirteen more."""
    storeys = stack(model, [5.4, 5.1, 5.1] + [4.2] * 13, roof=6.0)
    levels, roof = storeys[:-1], storeys[-1]
    atrium: Rect = (29.4, 1.2, 46.2, 13.8)
    for floor, storey in enumerate(levels, start=1):
        if floor <= 3:
            plan = Plan(
                [PODIUM], [*_core(floor), *_ring(floor), *_podium(floor)], everywhere(STONE), _grids(podium=True),
                voids=[atrium] if floor == 2 else [],
                entrances=[Entrance(37.8, 0.0), Entrance(32.4, 0.0, "exit"), Entrance(43.2, 0.0, "exit"), Entrance(37.8, 50.4)]
                if floor == 1
                else [],
                base=floor == 1, beams=True, dense=False, load_kw=160.0, water=12.0, column=0.9, no_columns=[CORE],
            )  # fmt: skip
        else:
            inset = 1.8 if floor in WAIST else 0.0
            x0, y0, x1, y1 = TOWER
            plan = Plan(
                [TOWER], [*_core(floor), *_ring(floor), *_offices(floor, inset)],
                everywhere(INSET if inset else GLASS), _grids(podium=False), beams=floor % 2 == 0,
                facade_plates=[(x0 + inset, y0 + inset, x1 - inset, y1 - inset)], stairs=floor < 16,
                dense=False, load_kw=95.0, column=0.9, no_columns=[CORE],
            )  # fmt: skip
        placed = build_storey(model, storey, plan, spaces)
        if floor == 1:
            lifts(model, placed, levels)
        if floor in WAIST:
            for run in outline([TOWER]):
                balustrade(model, storey, (run.x, run.y), run.length, run.side)
    _podium_roof(model, levels[3])
    flat_roof(model, roof, [TOWER], parapet=0.0)
    _crown(model, roof)
    row(model, roof, "cooling_tower", (26.0, 13.0), (5.0, 0.0), 2, z=0.1)
    row(model, roof, "exhaust", (37.0, 12.5), (3.5, 0.0), 4, z=0.1)
    row(model, roof, "fresh", (25.5, 38.0), (4.5, 0.0), 6, z=0.1)
    model.element(
        "IfcBuildingElementProxy", roof, "电梯机房", (31.8, 20.4, 0.08),
        [box(0, 0, 0, 12.0, 9.6, 4.2, "light_grey")], tail=("NOTDEFINED",),
    )  # fmt: skip
    canopy(
        model, levels[0], (25.0, -7.5, 50.6, -0.5), 4.6, thickness=0.45,
        columns=[(25.8, -6.9), (33.8, -6.9), (41.8, -6.9), (49.8, -6.9)],
    )  # fmt: skip


def _podium_roof(model: Model, storey: Storey) -> None:
    x0, y0, x1, y1 = TOWER
    flat_roof(
        model, storey, [(0.0, 0.0, x0, 50.4), (x1, 0.0, 75.6, 50.4), (x0, 0.0, x1, y0), (x0, y1, x1, 50.4)],
        parapet=0.0, surface="gravel",
    )  # fmt: skip
    for run in outline([PODIUM]):
        balustrade(model, storey, (run.x, run.y), run.length, run.side, z=0.08)
    for area in (
        (2.0, 2.0, 18.0, 20.0),
        (2.0, 24.0, 18.0, 48.0),
        (57.5, 2.0, 73.5, 20.0),
        (22.0, 1.5, 36.0, 7.2),
        (40.0, 1.5, 54.0, 7.2),
    ):
        green_roof(model, storey, area)
    solar_field(model, storey, (57.5, 23.0, 74.0, 48.5))
