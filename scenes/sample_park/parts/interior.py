"""Interior walls between rooms, with one door each where a room needs one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenes.sample_park.model.file import QUARTER, Model, Storey
from scenes.sample_park.model.solids import box
from scenes.sample_park.parts.doors import DOORS
from scenes.sample_park.parts.openings import door_in
from scenes.sample_park.parts.placed import SLAB, WALL
from scenes.sample_park.plan.walls import Between

_FIRE = {
    "stair",
    "lift",
    "electrical",
    "plant",
    "shaft",
    "substation",
    "chiller_room",
    "pump_room",
    "battery",
    "kitchen",
}


def interior_walls(
    model: Model, storey: Storey, walls: Sequence[Between], doors: dict[Between, Any], slab: float = SLAB
) -> list[Any]:
    """A wall for each line between two rooms unless both are circulation. Returns the doors made."""
    made = []
    for wall in walls:
        usages = {wall.low.usage, wall.high.usage}
        if wall.low.use.walk and wall.high.use.walk:
            continue
        if usages == {"lift"}:
            continue
        made += _wall(model, storey, wall, doors.get(wall), slab)
    return made


def _wall(model: Model, storey: Storey, wall: Between, room: Any, slab: float) -> list[Any]:
    glass = any(r.use.glass for r in (wall.low, wall.high)) and any(r.use.walk for r in (wall.low, wall.high))
    fire = bool(_FIRE & {wall.low.usage, wall.high.usage})
    thickness = 0.1 if glass else WALL
    height = round(storey.height - slab, 3)
    at, turn = ((wall.a, wall.line, 0.0), None) if wall.along == "x" else ((wall.line, wall.a, 0.0), QUARTER)
    colour = "glass_inner" if glass else ("warm_white" if not fire else "light_grey")
    entity = model.element(
        "IfcWall",
        storey,
        "玻璃隔断" if glass else ("防火隔墙 200" if fire else "内隔墙 200"),
        at,
        [box(0, -thickness / 2, 0, wall.length, thickness, height, colour)],
        turn=turn,
        tail=("PARTITIONING" if not fire else "SOLIDWALL",),
    )
    common: dict[str, Any] = {"IsExternal": False, "LoadBearing": False, "Combustible": False}
    if fire:
        common["FireRating"] = "2.00h"
    model.properties.give(entity, "Pset_WallCommon", common)
    if glass:
        model.relations.material(model.material("钢化玻璃"), entity)
    else:
        layers = (("抹灰 Plaster", 0.01), ("加气混凝土砌块 AAC block", 0.18), ("抹灰 Plaster", 0.01))
        model.relations.material(model.layers("内墙 200", layers), entity)
    gross = wall.length * height
    door_area = 0.0
    made = []
    if room is not None:
        key = _door_key(room, wall.length)
        if key:
            spec = DOORS[key]
            x = _door_offset(wall.length, spec.width, centred=room.usage in ("lift", "exhibition", "dining"))
            made.append(door_in(model, storey, entity, x, thickness, key))
            door_area = spec.width * spec.height
    model.properties.measure(
        entity,
        "Qto_WallBaseQuantities",
        {
            "Length:m": wall.length,
            "Height:m": height,
            "Width:m": thickness,
            "GrossSideArea:m2": gross,
            "NetSideArea:m2": gross - door_area,
            "NetVolume:m3": (gross - door_area) * thickness,
        },
    )
    return made


def _door_key(room: Any, length: float) -> str:
    """The usual door of the room's usage, or a narrower one where the wall is short."""
    for key in (room.use.door, "wood", "wood_09", "wood_08"):
        if DOORS[key].width + 0.25 <= length:
            return str(key)
    return ""


def _door_offset(length: float, width: float, *, centred: bool) -> float:
    if centred or length < width + 1.0:
        return round((length - width) / 2, 3)
    return 0.45
