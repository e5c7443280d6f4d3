"""What each storey gets beside its rooms: boards, meters, air handling, hydrants, alarms, cameras."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scenes.sample_park.model.file import Model, Turn
from scenes.sample_park.parts.mains import Ducts, branch, corridor_mains
from scenes.sample_park.parts.placed import Placed
from scenes.sample_park.parts.sensors import add_point, room_sensor, sensor_kind
from scenes.sample_park.parts.services import put, wall_spot

_VIEW = {"Pitch": -12.0, "HorizontalAngle": 92.0, "VerticalAngle": 52.0, "Range": 18.0}
"""Of a 2.8 mm lens on a 1/2.8 inch sensor: degrees; the range, metres, is where a person is still made out."""
_AIR_ROOMS = {"open_office", "meeting", "lab", "clean", "instrument"}


def storey_services(model: Model, spaces: Sequence[Placed], *, load_kw: float, water: float) -> None:
    """Mains, boards, meters and safety devices of one storey. load_kw, water: the storey's largest readings."""
    ducts = Ducts()
    for placed in (s for s in spaces if s.room.usage == "corridor"):
        length = max(placed.room.width, placed.room.depth)
        if length > 15.0:
            corridor_mains(model, placed, ducts)
        if length > 5.0:
            _safety(model, placed)
    for placed in spaces:
        if placed.room.usage in _AIR_ROOMS:
            branch(model, placed, ducts)
        elif placed.room.usage in ("lobby", "atrium", "servery", "dining", "exhibition", "parking"):
            _safety(model, placed)
    board_room = next((s for s in spaces if s.room.usage in ("electrical", "substation")), spaces[0])
    _power(model, board_room, load_kw)
    wet = next((s for s in spaces if s.room.use.wet), None)
    if wet is not None:
        _water(model, wet, water)
    for placed in spaces:
        if placed.room.usage == "plant":
            _air_handling(model, placed)


def _along(placed: Placed) -> tuple[str, str, float]:
    """The two long sides of a room and their length."""
    if placed.room.width >= placed.room.depth:
        return "n", "s", placed.inner[2] - placed.inner[0]
    return "e", "w", placed.inner[3] - placed.inner[1]


def _safety(model: Model, placed: Placed) -> None:
    near, far, length = _along(placed)
    count = max(1, round(length / 22.0))
    for index in range(count):
        along = round((index + 0.5) * length / count, 3)
        put(model, placed, "hydrant", *wall_spot(placed, near, along, 0.3))
        at, turn = wall_spot(placed, near, along + 0.75, 0.2)
        put(model, placed, "extinguisher", at, turn)
        put(model, placed, "alarm_button", *wall_spot(placed, near, along + 1.1, 1.4))
        put(model, placed, "exit_sign", *wall_spot(placed, far, along, 2.3))
        if index % 2 == 0:
            _camera(model, placed, *wall_spot(placed, far, along + 0.8, min(2.8, placed.clear - 0.3)))
            put(model, placed, "sounder", *wall_spot(placed, near, along + 1.5, 2.3))


def _camera(model: Model, placed: Placed, at: tuple[float, float, float], turn: Turn) -> None:
    """A camera on a wall that looks into its room, and where it looks: its front is −y, turned with the wall and the lot."""
    made = put(model, placed, "camera", at, turn)
    cos, sin = turn
    heading = (math.degrees(math.atan2(sin, -cos)) - math.degrees(model.anchor.rotation)) % 360
    model.properties.give(made, "Park_Camera", {"Heading": round(heading, 2), **_VIEW})


def _power(model: Model, placed: Placed, load_kw: float) -> None:
    storey = placed.storey
    put(model, placed, "board", *wall_spot(placed, "n", 0.6, 0.1))
    put(model, placed, "board", *wall_spot(placed, "n", 1.6, 0.1))
    meter = put(model, placed, "meter", *wall_spot(placed, "e", 0.5, 1.5))
    name = f"{model.title.zh} {storey.key.upper()} 楼层总电表"
    shows = f"{model.title.key}/{storey.entity.GlobalId}"
    add_point(model, storey, "em-1", "power", shows=shows, device=meter, name=name, maximum=round(load_kw, 1))
    add_point(model, storey, "em-1", "energy", shows=shows, device=meter, name=name)
    model.properties.give(meter, "Park_Meter", {"Measures": "楼层用电", "Storey": storey.key.upper()})


def _water(model: Model, placed: Placed, water: float) -> None:
    x0, y0, _, _ = placed.inner
    meter = put(model, placed, "water_meter", (round(x0 + 0.4, 3), round(y0 + 0.25, 3), 0.6))
    put(model, placed, "valve", (round(x0 + 0.9, 3), round(y0 + 0.25, 3), 0.6))
    name = f"{model.title.zh} {placed.storey.key.upper()} 水表"
    shows = f"{model.title.key}/{placed.storey.entity.GlobalId}"
    add_point(model, placed.storey, "wm-1", "water_flow", shows=shows, device=meter, name=name, maximum=water)


def _air_handling(model: Model, placed: Placed) -> None:
    key = "ahu" if min(placed.room.width, placed.room.depth) > 2.6 and placed.room.area > 14 else "fresh"
    turn = (0.0, 1.0) if placed.room.depth > placed.room.width else None
    unit = put(model, placed, key, (*placed.room.centre, 0.0), turn)
    at = (round(placed.room.centre[0] + 0.5, 3), round(placed.room.centre[1], 3), 2.0)
    probe = model.place(sensor_kind(model, "supply_air_temperature"), placed.storey, at, system="control")
    name = f"{model.title.zh} {placed.room.number} 空调机组"
    shows = f"{model.title.key}/{unit.GlobalId}"
    device = f"{placed.room.number.lower()}-ahu"
    add_point(model, placed.storey, device, "supply_air_temperature", shows=shows, device=probe, name=name)
    add_point(model, placed.storey, device, "load", shows=shows, device=unit, name=name)


def exit_doors(model: Model, spaces: Sequence[Placed]) -> None:
    """Door contacts on the doors of escape stairs."""
    for placed in spaces:
        if placed.room.usage == "stair" and placed.door_at is not None:
            room_sensor(model, placed, "door", (*placed.door_at, 2.2))
