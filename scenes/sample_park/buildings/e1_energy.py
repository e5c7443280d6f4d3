"""E1: the energy station, plant in a crisp metal box; its file is in millimetres on purpose."""

from __future__ import annotations

from scenes.sample_park.buildings.common import stack
from scenes.sample_park.model.file import QUARTER, Model
from scenes.sample_park.parts.facade import Entrance, Facade
from scenes.sample_park.parts.frame import lines
from scenes.sample_park.parts.mains import segment
from scenes.sample_park.parts.plant import row
from scenes.sample_park.parts.roof import flat_roof, plant_screen
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, Run

BODY: Rect = (0.0, 0.0, 40.0, 26.0)
METAL = Facade("louvre", module=5.0, sill=6.0, fin=0.18, colour="mid_grey", metal="galvanised")
SHOW = Facade("curtain", module=2.5, fin=0.15, glass="glass_blue", metal="charcoal", spandrel="mid_grey")


def _facade(run: Run) -> Facade:
    return SHOW if run.side == "s" else METAL


def _rooms(floor: int) -> list[Room]:
    if floor == 1:
        return [
            Room(0.0, 0.0, 22.0, 15.0, "chiller_room", "101"),
            Room(22.0, 0.0, 32.0, 15.0, "pump_room", "102"),
            Room(32.0, 0.0, 40.0, 11.4, "control", "103", "能源站控制室"),
            Room(0.0, 15.0, 40.0, 17.4, "corridor", "104"),
            Room(0.0, 17.4, 20.0, 26.0, "substation", "105"),
            Room(20.0, 17.4, 32.0, 26.0, "substation", "106", "发电机房"),
            Room(32.0, 17.4, 40.0, 26.0, "store", "107"),
            Room(32.0, 11.4, 40.0, 15.0, "stair", "108", door="w"),
        ]
    return [
        Room(0.0, 0.0, 22.0, 15.0, "boiler_room", "201"),
        Room(22.0, 0.0, 32.0, 15.0, "battery", "202"),
        Room(32.0, 0.0, 40.0, 11.4, "office", "203"),
        Room(0.0, 15.0, 40.0, 17.4, "corridor", "204"),
        Room(0.0, 17.4, 20.0, 26.0, "pump_room", "205", "水处理间"),
        Room(20.0, 17.4, 32.0, 26.0, "electrical", "206"),
        Room(32.0, 17.4, 40.0, 26.0, "meeting", "207"),
        Room(32.0, 11.4, 40.0, 15.0, "stair", "208", door="w"),
    ]


def layout(model: Model, spaces: Spaces) -> None:
    """Chillers, pumps and substation below, heat pumps and batteries above, cooling towers on the roof."""
    storeys = stack(model, [6.0, 4.8], roof=4.0)
    levels, roof = storeys[:-1], storeys[-1]
    for floor, storey in enumerate(levels, start=1):
        build_storey(
            model,
            storey,
            Plan(
                [BODY], _rooms(floor), _facade, [(lines(0.5, 39.5, 8.0), lines(0.5, 25.5, 8.0))],
                entrances=[Entrance(36.0, 0.0, "exit"), Entrance(11.0, 0.0, "exit")] if floor == 1 else [],
                base=floor == 1, stairs=floor == 1, load_kw=380.0, water=30.0,
            ),
            spaces,
        )  # fmt: skip
    ground, upper = levels
    row(model, ground, "chiller", (4.5, 3.5), (0.0, 3.6), 3)
    row(model, ground, "pump", (11.0, 2.5), (0.0, 2.2), 6)
    row(model, ground, "pump", (16.0, 2.5), (0.0, 2.2), 4, first=7)
    row(model, ground, "fire_pump", (24.0, 3.0), (2.2, 0.0), 3)
    row(model, ground, "tank", (25.0, 9.0), (3.6, 0.0), 2)
    row(model, ground, "transformer", (4.0, 21.5), (4.2, 0.0), 4)
    row(model, ground, "generator", (26.0, 21.5), (0.0, 0.0), 1)
    row(model, upper, "heat_pump", (3.0, 3.5), (3.4, 0.0), 5)
    row(model, upper, "heat_pump", (3.0, 9.5), (3.4, 0.0), 5, first=6)
    row(model, upper, "battery", (24.0, 3.5), (1.6, 0.0), 4, turn=QUARTER)
    row(model, upper, "battery", (24.0, 8.5), (1.6, 0.0), 4, turn=QUARTER, first=5)
    for index in range(3):
        for shape, lift in (("chilled", 4.6), ("chilled", 4.2), ("water", 3.8)):
            segment(model, ground, shape, (2.0, 3.5 + 3.6 * index, lift), 18.0)
    flat_roof(model, roof, [BODY], parapet=1.2, colour="mid_grey")
    plant_screen(model, roof, (2.0, 2.0, 38.0, 24.0), 3.6, "galvanised")
    row(model, roof, "cooling_tower", (7.0, 8.0), (5.2, 0.0), 6, z=0.1)
    row(model, roof, "exhaust", (7.0, 18.0), (4.0, 0.0), 4, z=0.1)
