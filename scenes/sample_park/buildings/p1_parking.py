"""P1: the parking garage, four decks behind wooden blades, solar roof; every bay is a space with a sensor."""

from __future__ import annotations

from scenes.sample_park.buildings.common import lifts, stack
from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.model.solids import box, side_prism
from scenes.sample_park.parts.facade import Entrance, Facade
from scenes.sample_park.parts.frame import lines
from scenes.sample_park.parts.mains import Ducts, corridor_mains
from scenes.sample_park.parts.placed import Placed
from scenes.sample_park.parts.roof import flat_roof, parapets, solar_field
from scenes.sample_park.parts.sensors import add_point
from scenes.sample_park.parts.services import put
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, Run

DECK: Rect = (0.0, 0.0, 72.0, 38.0)
BAY = (2.5, 5.4)
"""A bay's width and length, metres."""
RAMP: Rect = (8.0, 32.0, 50.0, 37.4)
_ROWS = ((0.6, 1), (11.6, -1), (17.4, 1), (26.2, -1))
"""Rows of bays: y of the row, and which way cars stand."""
BLADES = Facade("louvre", module=6.0, sill=1.1, fin=0.32, colour="white", metal="wood_light")
BLADES_WHITE = Facade("louvre", module=6.0, sill=1.1, fin=0.32, colour="white", metal="white")


def _facade(floor: int, run: Run) -> Facade:
    return BLADES if (floor + "senw".index(run.side)) % 2 else BLADES_WHITE


def _rooms(floor: int) -> list[Room]:
    return [
        Room(0.0, 0.0, 64.0, 38.0, "parking", f"{floor}00", f"{floor}层停车区"),
        Room(64.0, 0.0, 72.0, 3.6, "stair", f"{floor}01", door="w"),
        Room(64.0, 3.6, 72.0, 8.0, "electrical" if floor > 1 else "guard", f"{floor}02", door="w"),
        Room(69.6, 8.0, 72.0, 10.4, "lift", f"{floor}03", door="w"),
        Room(64.0, 8.0, 69.6, 10.4, "lift_lobby", f"{floor}04"),
        Room(64.0, 10.4, 72.0, 34.4, "store" if floor > 1 else "electrical", f"{floor}05", door="w"),
        Room(64.0, 34.4, 72.0, 38.0, "stair", f"{floor}06", door="w"),
    ]


def _bays(model: Model, deck: Placed, floor: int) -> None:
    """Bays as partial spaces of the deck, each with an ultrasonic sensor; some with a charger."""
    sensor = model.kind(
        "IfcSensor", "超声波车位探测器", [box(-0.06, -0.06, -0.05, 0.12, 0.12, 0.05, "porcelain")], "MOVEMENTSENSOR"
    )
    line = model.kind(
        "IfcCovering", "车位标线 2500×5400",
        [box(0.0, 0.0, 0.0, 0.1, BAY[1], 0.01, "white"), box(0.0, 0.0, 0.0, BAY[0], 0.1, 0.01, "white")], "FLOORING",
    )  # fmt: skip
    shape = model.shapes.map([box(0, 0, 0, BAY[0], BAY[1], 2.2, "space")])
    number = 0
    for y, way in _ROWS:
        if y + BAY[1] > RAMP[1] and floor > 1:
            continue
        for column in range(24):
            x = round(1.2 + column * BAY[0] + (column // 8) * 0.5, 3)
            number += 1
            name = f"P{floor}{number:03d}"
            storey = deck.storey
            bay = model.element("IfcSpace", storey, name, (x, y, 0.0), tail=(), whole=deck.entity, object_type="停车位")
            bay.Representation = model.shapes.mapped(shape)
            bay.LongName, bay.CompositionType, bay.PredefinedType = "停车位", "PARTIAL", "PARKING"
            electric = number % 6 == 0
            model.properties.give(
                bay,
                "Pset_SpaceParking",
                {
                    "ParkingUse": "充电车位" if electric else "小型车位",
                    "ParkingUnits": ("IfcCountMeasure", 1),
                    "IsAisle": False,
                },
            )
            model.properties.measure(
                bay, "Qto_SpaceBaseQuantities", {"NetFloorArea:m2": BAY[0] * BAY[1], "Height:m": 2.2}
            )
            model.place(line, storey, (x, y, 0.0))
            eye = model.place(sensor, storey, (x + BAY[0] / 2, y + BAY[1] / 2, deck.clear - 0.4), system="control")
            row = add_point(
                model, storey, name.lower(), "bay_occupied", shows=f"{model.title.key}/{bay.GlobalId}", device=eye,
                name=f"停车楼 {name}",
            )  # fmt: skip
            model.properties.give(eye, "Park_Device", {"PointId": row.point_id, "Address": row.address})
            if electric:
                charger = put(model, deck, "charger", (x, y + (0.2 if way > 0 else BAY[1] - 0.2), 0.0))
                add_point(
                    model, storey, f"{name.lower()}-ch", "power", shows=f"{model.title.key}/{charger.GlobalId}",
                    device=charger, name=f"{name} 充电桩", maximum=7.0,
                )  # fmt: skip


def _ramp(model: Model, storey: Storey) -> None:
    """A straight ramp along the north side up to the next deck."""
    x0, y0, x1, y1 = RAMP
    rise = storey.height
    outline = ((0.0, 0.0), (x1 - x0, rise), (x1 - x0, rise - 0.3), (1.2, 0.0))
    ramp = model.element("IfcRamp", storey, "汽车坡道", (x0, y0, 0.0), tail=("STRAIGHT_RUN_RAMP",))
    model.element(
        "IfcRampFlight", storey, "坡道段", (x0, y0, 0.0), [side_prism(outline, 0.0, y1 - y0, "concrete")],
        tail=("STRAIGHT",), whole=ramp,
    )  # fmt: skip


def layout(model: Model, spaces: Spaces) -> None:
    """Four decks and a solar roof on steel."""
    storeys = stack(model, [3.9, 3.3, 3.3, 3.3], roof=3.0)
    levels, roof = storeys[:-1], storeys[-1]
    for floor, storey in enumerate(levels, start=1):
        plan = Plan(
            [DECK], _rooms(floor), lambda run, f=floor: _facade(f, run),  # type: ignore[misc]
            [(lines(0.5, 71.5, 8.0), [0.5, 8.8, 17.2, 23.0, 31.6, 37.5])],
            voids=[RAMP] if floor > 1 else [], base=floor == 1, stairs=floor < 4, column=0.55,
            entrances=[Entrance(33.0, 0.0, "drive"), Entrance(39.0, 0.0, "drive")] if floor == 1 else [],
            load_kw=60.0, water=2.0, floor_colour="concrete",
        )  # fmt: skip
        placed = build_storey(model, storey, plan, spaces)
        if floor == 1:
            lifts(model, placed, levels)
        _bays(model, placed[0], floor)
        corridor_mains(model, placed[0], Ducts(), ("tray", "fire"))
        if floor < 4:
            _ramp(model, storey)
    flat_roof(model, roof, [DECK], parapet=0.0, surface="concrete")
    parapets(model, roof, [DECK], 1.1, "white")
    solar_field(model, roof, (3.0, 3.0, 69.0, 35.0), pitch=3.4, base=0.4)
