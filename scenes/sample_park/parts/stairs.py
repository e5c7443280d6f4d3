"""Escape stairs: an IfcStair of two flights, a landing and railings, fitted into its room."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scenes.sample_park.model.file import HALF, NO_TURN, QUARTER, THREE_QUARTERS, Kind, Model, Turn
from scenes.sample_park.model.properties import Value
from scenes.sample_park.model.solids import Point2, Solid, box, side_prism
from scenes.sample_park.parts.placed import Placed
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect

LANDING = 1.35
GOING = 0.27
MAX_RISER = 0.165
GAP = 0.12
"""Eye between the flights."""


@dataclass(frozen=True)
class StairSize:
    """A two-flight stair for a storey height: risers of one flight and their height, length of a flight."""

    risers: int
    riser: float
    run: float


def stair_size(height: float) -> StairSize:
    """GB 55031-2022 5.3.9 for public buildings' main stairs: riser ≤ 0.165 m, going ≥ 0.26 m."""
    each = math.ceil(height / 2 / MAX_RISER - 1e-9)
    return StairSize(each, round(height / 2 / each, 5), round((each - 1) * GOING, 4))


def _frame(room: Room, side: str) -> tuple[tuple[float, float], Turn, float, float]:
    """Origin, turn, length and width of the stair's frame: x runs from the door into the room, y to its left."""
    half = 0.1
    x0, y0, x1, y1 = room.x0 + half, room.y0 + half, room.x1 - half, room.y1 - half
    frames: dict[str, tuple[tuple[float, float], Turn, float, float]] = {
        "w": ((x0, y0), NO_TURN, x1 - x0, y1 - y0),
        "e": ((x1, y1), HALF, x1 - x0, y1 - y0),
        "s": ((x1, y0), QUARTER, y1 - y0, x1 - x0),
        "n": ((x0, y1), THREE_QUARTERS, y1 - y0, x1 - x0),
    }
    return frames[side]


def long_side(room: Room, side: str | None) -> str:
    """The end of the stair room where people enter: the door's side, or the end of its longer direction."""
    lengthwise = "we" if room.width >= room.depth else "sn"
    return side if side is not None and side in lengthwise else lengthwise[0]


def stair_void(room: Room, side: str | None) -> Rect:
    """The hole in the slab above: the room without its first landing."""
    half = 0.12
    x0, y0, x1, y1 = room.x0 + half, room.y0 + half, room.x1 - half, room.y1 - half
    cut = LANDING - 0.05
    moved = {
        "w": (x0 + cut, y0, x1, y1),
        "e": (x0, y0, x1 - cut, y1),
        "s": (x0, y0 + cut, x1, y1),
        "n": (x0, y0, x1, y1 - cut),
    }[long_side(room, side)]
    return tuple(round(value, 4) for value in moved)  # type: ignore[return-value]


def _flight(size: StairSize, width: float) -> list[Solid]:
    top: list[Point2] = []
    for index in range(size.risers):
        top += [(index * GOING, index * size.riser), (index * GOING, (index + 1) * size.riser)]
    end = (size.risers - 1) * GOING
    rise = size.risers * size.riser
    below = [(end, rise - size.riser - 0.18), (0.28, 0.0)] if size.risers > 2 else [(end, 0.0)]
    outline = (*top, *below)
    return [side_prism(tuple((round(x, 4), round(z, 4)) for x, z in outline), 0.0, width, "concrete")]


def stair(model: Model, placed: Placed) -> None:
    """A stair from this storey to the next one, in the room."""
    storey, size = placed.storey, stair_size(placed.storey.height)
    origin, turn, length, width = _frame(placed.room, long_side(placed.room, placed.door_side))
    wide = round((width - GAP) / 2, 3)
    landing = round(length - LANDING - size.run, 3)
    half = round(storey.height / 2, 4)
    whole = model.element("IfcStair", storey, "疏散楼梯", (*origin, 0.0), turn=turn, tail=("HALF_TURN_STAIR",))
    model.properties.give(
        whole,
        "Pset_StairCommon",
        {
            "NumberOfRiser": ("IfcCountMeasure", 2 * size.risers),
            "NumberOfTreads": ("IfcCountMeasure", 2 * (size.risers - 1)),
            "RiserHeight": ("IfcPositiveLengthMeasure", size.riser),
            "TreadLength": ("IfcPositiveLengthMeasure", GOING),
            "RequiredHeadroom": ("IfcPositiveLengthMeasure", 2.2),
            "FireExit": True,
        },
    )
    frame = whole.ObjectPlacement
    kind = model.kind(
        "IfcStairFlight",
        f"梯段 {wide * 1000:.0f} {size.risers}×{size.riser * 1000:.1f}",
        _flight(size, wide),
        "STRAIGHT",
        {
            "Pset_StairFlightCommon": {
                "RiserHeight": ("IfcPositiveLengthMeasure", size.riser),
                "TreadLength": ("IfcPositiveLengthMeasure", GOING),
                "Headroom": ("IfcPositiveLengthMeasure", 2.2),
            },
            "GB_StairFlight": {"ClearWidth": ("IfcPositiveLengthMeasure", wide)},
        },
        material="钢筋混凝土 C30",
    )
    tail = (size.risers, size.risers - 1, model.shapes.size(size.riser), model.shapes.size(GOING), "STRAIGHT")
    rail = _railing(model, size)
    flights: tuple[tuple[tuple[float, float, float], Turn], ...] = (
        ((LANDING, 0.0, 0.0), NO_TURN),
        ((LANDING + size.run, width, half), HALF),
    )
    for at, way in flights:
        made = model.element(
            "IfcStairFlight", storey, "梯段", at, turn=way, kind=kind, tail=tail, whole=whole, parent=frame
        )
        model.properties.measure(made, "Qto_StairFlightBaseQuantities", {"Length:m": math.hypot(size.run, half)})
        y = at[1] + (wide - 0.05 if way is NO_TURN else -(wide - 0.05))
        model.place(rail, storey, (at[0], y, at[2]), way, whole=whole, parent=frame)
    model.element(
        "IfcSlab", storey, "休息平台", (LANDING + size.run, 0.0, 0.0),
        [box(0, 0, half - 0.15, landing, width, 0.15, "concrete")], tail=("LANDING",), whole=whole, parent=frame,
    )  # fmt: skip


def _railing(model: Model, size: StairSize) -> Kind:
    """A sloped guard of 1.10 m: a handrail plate and a row of balusters."""
    rise, run = (size.risers - 1) * size.riser, size.run
    z0 = size.riser + 1.05
    solids = [
        side_prism(((0.0, z0), (run, z0 + rise), (run, z0 + rise + 0.05), (0.0, z0 + 0.05)), -0.025, 0.05, "wood")
    ]
    solids.append(
        side_prism(
            ((0.0, z0 - 0.85), (run, z0 + rise - 0.85), (run, z0 + rise - 0.08), (0.0, z0 - 0.08)),
            -0.006,
            0.012,
            "glass_inner",
        )
    )
    psets: dict[str, dict[str, Value]] = {
        "Pset_RailingCommon": {"Height": ("IfcPositiveLengthMeasure", 1.1), "IsExternal": False}
    }
    return model.kind("IfcRailing", f"楼梯栏杆 {run * 1000:.0f}×{rise * 1000:.0f}", solids, "GUARDRAIL", psets)
