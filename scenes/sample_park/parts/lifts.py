"""Lifts: one IfcTransportElement per shaft, with its position as a point."""

from __future__ import annotations

from scenes.sample_park.model.file import Model
from scenes.sample_park.model.solids import box
from scenes.sample_park.parts.placed import Placed
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect
from scenes.sample_park.points.row import point


def lift_void(room: Room) -> Rect:
    """The hole that a lift shaft cuts in slabs."""
    half = 0.12
    return round(room.x0 + half, 4), round(room.y0 + half, 4), round(room.x1 - half, 4), round(room.y1 - half, 4)


def lift(model: Model, placed: Placed, number: int, storeys: int, rise: float) -> None:
    """A lift car standing at the lowest storey; `storeys` it serves, `rise` metres."""
    room = placed.room
    dx, dy = min(room.width, 2.4) - 0.7, min(room.depth, 2.6) - 0.8
    kind = model.kind(
        "IfcTransportElement",
        "客梯 1000 kg",
        [
            box(-dx / 2, -dy / 2, 0.0, dx, dy, 0.08, "mid_grey"),
            box(-dx / 2, -dy / 2, 0.08, 0.04, dy, 2.3, "steel"),
            box(dx / 2 - 0.04, -dy / 2, 0.08, 0.04, dy, 2.3, "steel"),
            box(-dx / 2, -dy / 2, 2.38, dx, dy, 0.06, "steel"),
        ],
        "ELEVATOR",
        {
            "Pset_TransportElementElevator": {
                "FireFightingLift": number == 1,
                "ClearWidth": ("IfcPositiveLengthMeasure", round(dx - 0.08, 3)),
                "ClearDepth": ("IfcPositiveLengthMeasure", round(dy, 3)),
            }
        },
    )
    made = model.place(kind, placed.storey, (*room.centre, 0.0), name=f"{number}号客梯")
    model.properties.give(
        made,
        "Pset_TransportElementCommon",
        {"CapacityPeople": ("IfcCountMeasure", 13), "CapacityWeight": ("IfcMassMeasure", 1000.0)},
    )
    model.properties.give(
        made,
        "Park_Lift",
        {"Storeys": storeys, "Rise": ("IfcPositiveLengthMeasure", round(rise, 2)), "Number": number},
    )
    gid = f"{model.title.key}/{made.GlobalId}"
    model.points.append(
        point(
            model.title.key, "", f"lift-{number}", "lift_position", gid=gid, device_gid=gid,
            name=f"{model.title.zh} {number}号客梯", maximum=float(storeys),
        )
    )  # fmt: skip
