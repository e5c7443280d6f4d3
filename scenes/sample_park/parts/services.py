"""What each room gets: lights, outlets, sprinklers, detectors, air, sensors, sanitary fittings."""

from __future__ import annotations

from typing import Any

from scenes.sample_park.model.file import HALF, NO_TURN, QUARTER, THREE_QUARTERS, Model, Turn
from scenes.sample_park.parts.devices import DEVICES, device
from scenes.sample_park.parts.furnish import grid
from scenes.sample_park.parts.placed import Placed
from scenes.sample_park.parts.sensors import add_point, room_sensor, sensor_kind

_INTO: dict[str, Turn] = {"s": HALF, "n": NO_TURN, "w": QUARTER, "e": THREE_QUARTERS}
"""Turn of a wall device (its front is −y) on each wall of a room, facing into it: the wall at `n` is behind −y."""
_DARK = {"shaft", "lift"}
CEILING = 0.75
"""Services hang this far below the slab's underside in rooms."""


def put(model: Model, placed: Placed, key: str, at: tuple[float, float, float], turn: Turn | None = None) -> Any:
    """One device in a room."""
    return model.place(device(model, key), placed.storey, at, turn, system=DEVICES[key].system)


def wall_spot(placed: Placed, side: str, along: float, z: float) -> tuple[tuple[float, float, float], Turn]:
    """A place on the inner face of a wall: `along` metres from its west or south end."""
    x0, y0, x1, y1 = placed.inner
    spots = {
        "s": (x0 + min(along, x1 - x0), y0),
        "n": (x0 + min(along, x1 - x0), y1),
        "w": (x0, y0 + min(along, y1 - y0)),
        "e": (x1, y0 + min(along, y1 - y0)),
    }
    x, y = spots[side]
    return (round(x, 3), round(y, 3), z), _INTO[side]


def serve(model: Model, placed: Placed, *, sprinklers: bool = True) -> None:
    """All services of one room."""
    room = placed.room
    if room.usage in _DARK:
        return
    ceiling = round(placed.clear - (CEILING if room.usage not in ("parking", "exhibition", "atrium") else 0.35), 3)
    lights = _lights(model, placed, ceiling)
    if room.usage == "stair":
        room_sensor(model, placed, "smoke", (*room.centre, placed.clear))
        return
    if sprinklers and room.usage not in ("electrical", "substation", "battery", "bath", "entry", "plant"):
        for x, y in grid(placed, (4.8, 4.8), margin=0.1, most=40 if room.usage == "parking" else 4):
            put(model, placed, "sprinkler", (x + 0.5, y, ceiling))
    if room.usage not in ("bath", "wc_m", "wc_f", "pantry", "entry"):
        spots = list(grid(placed, (7.5, 7.5), margin=0.1, most=4)) or [room.centre]
        room_sensor(model, placed, "smoke", (spots[0][0] - 0.6, spots[0][1], ceiling))
        for x, y in spots[1:]:
            # The first detector carries the room's point; a large room has more of them.
            model.place(sensor_kind(model, "smoke"), placed.storey, (x - 0.6, y, ceiling), system="fire_alarm")
    _air(model, placed, ceiling)
    _walls(model, placed)
    _sensors(model, placed, lights)
    _sanitary(model, placed)


def _lights(model: Model, placed: Placed, ceiling: float) -> list[Any]:
    usage = placed.room.usage
    key, cell, most = "light", (3.9, 3.9), 6
    if usage in ("corridor", "wc_m", "wc_f", "bath", "lift_lobby", "pantry", "stair", "store", "laundry"):
        key, cell, most = "downlight", (4.5, 1.3), 6
    elif usage == "parking":
        key, cell, most = "linear", (8.0, 7.5), 20
    elif usage in ("exhibition", "atrium", "chiller_room", "boiler_room", "pump_room", "gym"):
        key, cell, most = "highbay", (4.5, 4.5), 20
    elif usage in ("dining", "lobby", "cafe", "lounge"):
        key, cell, most = "linear", (3.4, 3.2), 20
    margin = 0.1 if usage in ("corridor", "stair", "bath", "wc_m", "wc_f") else 0.3
    made = [put(model, placed, key, (x, y, ceiling)) for x, y in grid(placed, cell, margin=margin, most=most)]
    return made or [put(model, placed, "downlight", (*placed.room.centre, ceiling))]


def _air(model: Model, placed: Placed, ceiling: float) -> None:
    usage, room = placed.room.usage, placed.room
    if usage in ("open_office", "meeting", "lab", "clean", "instrument", "dining", "exhibition", "auditorium", "lobby"):
        for x, y in grid(placed, (5.0, 5.0), margin=0.2, most=4):
            put(model, placed, "diffuser", (x - 1.0, y, ceiling))
        if usage not in ("dining", "exhibition", "lobby"):
            put(model, placed, "vav", (room.centre[0], room.centre[1], ceiling + 0.4))
    elif usage in ("office", "director", "flat", "lounge", "cafe", "shop", "gym", "guard", "control", "pantry"):
        put(model, placed, "fcu", (room.centre[0], room.centre[1], ceiling + 0.45))
        put(model, placed, "diffuser", (room.centre[0] + 0.9, room.centre[1], ceiling))


def _walls(model: Model, placed: Placed) -> None:
    room = placed.room
    side = placed.door_side
    if room.use.walk or room.usage in ("stair", "shaft"):
        return
    opposite = {"s": "n", "n": "s", "e": "w", "w": "e"}.get(side or "s", "n")
    length = room.width if opposite in "sn" else room.depth
    if room.usage not in ("bath", "wc_m", "wc_f"):
        put(model, placed, "outlet", *wall_spot(placed, _beside(opposite), length * 0.4 + 0.4, 0.3))
    if room.usage in ("open_office", "meeting", "lab", "control"):
        put(model, placed, "data_outlet", *wall_spot(placed, _beside(opposite), 0.8, 0.3))
    if room.usage in ("open_office", "meeting", "lab", "lounge", "auditorium", "cafe", "exhibition"):
        put(model, placed, "ap", (room.centre[0] + 1.4, room.centre[1] + 0.5, placed.clear - CEILING))
    if side is not None and room.use.person_m2:
        at, turn = wall_spot(placed, side, 1.9, 1.3)
        put(model, placed, "switch", at, turn)


def _beside(side: str) -> str:
    return {"s": "w", "n": "e", "e": "s", "w": "n"}[side]


def _sensors(model: Model, placed: Placed, lights: list[Any]) -> None:
    room = placed.room
    wall = _beside(placed.door_side or "s")
    for index, kind in enumerate(room.use.sensors):
        if kind == "lighting_power":
            name = f"{model.title.zh} {room.number} {room.use.zh}"
            watts = 36.0 * len(lights)
            add_point(
                model, placed.storey, f"{room.number.lower()}-lc", kind, shows=placed.gid, device=lights[0], name=name,
                maximum=watts,
            )  # fmt: skip
        elif kind == "occupancy":
            x, y = room.centre
            room_sensor(model, placed, kind, (x + 0.6, y, placed.clear - CEILING))
        else:
            at, turn = wall_spot(placed, wall, 0.5 + 0.25 * index, 1.4)
            room_sensor(model, placed, kind, at, turn)
    if room.usage in ("substation", "electrical", "control", "battery") and placed.door_at is not None:
        room_sensor(model, placed, "door", (*placed.door_at, 2.25))
    if room.usage in ("pump_room", "chiller_room"):
        room_sensor(model, placed, "leak", (room.centre[0], placed.inner[1] + 0.3, 0.05))


def _sanitary(model: Model, placed: Placed) -> None:
    room, (x0, y0, x1, y1) = placed.room, placed.inner
    if room.usage in ("wc_m", "wc_f"):
        count = max(2, int((x1 - x0 - 0.6) // 1.15))
        far = "n" if placed.door_side != "n" else "s"
        for index in range(min(count, 5)):
            along = 0.6 + index * 1.1
            key = "urinal" if room.usage == "wc_m" and index % 2 else "wc"
            put(model, placed, key, *wall_spot(placed, far, along, 0.0))
        near = _beside(far)
        for along in (0.7, 1.5):
            put(model, placed, "basin", *wall_spot(placed, near, along, 0.0))
        put(model, placed, "floor_drain", (*room.centre, 0.0))
    elif room.usage == "bath":
        put(model, placed, "wc", *wall_spot(placed, "n", (x1 - x0) / 2, 0.0))
        put(model, placed, "basin", *wall_spot(placed, "w", (y1 - y0) / 2, 0.0))
        put(model, placed, "shower", *wall_spot(placed, "s", (x1 - x0) - 0.55, 0.0))
    elif room.usage in ("pantry", "kitchen", "laundry", "lab"):
        put(model, placed, "sink", *wall_spot(placed, "w", min(1.2, (y1 - y0) / 2), 0.0))
