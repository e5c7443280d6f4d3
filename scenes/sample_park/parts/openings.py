"""Openings in walls, with the door or window that fills them."""

from __future__ import annotations

from typing import Any

from scenes.sample_park.model.file import Kind, Model, Storey
from scenes.sample_park.model.solids import box
from scenes.sample_park.parts.doors import DOORS, door_kind, operation_of


def opening(
    model: Model, storey: Storey, wall: Any, at: tuple[float, float, float], size: tuple[float, float, float], y: float
) -> Any:
    """Cut a box out of a wall. `at` and `size` (width, thickness, height) in the wall's frame; y: its near face."""
    width, thickness, height = size
    guid, _ = model.next_guid("IfcOpeningElement", storey)
    placement = model.file.create_entity("IfcLocalPlacement", wall.ObjectPlacement, model.shapes.axes(*at))
    shape = model.shapes.product([box(0, y - 0.05, 0, width, thickness + 0.1, height, "")])
    made = model.file.create_entity(
        "IfcOpeningElement", guid, None, "洞口", None, None, placement, shape, None, "OPENING"
    )
    model.relations.void(wall, made)
    return made


def door_in(
    model: Model, storey: Storey, wall: Any, x: float, thickness: float, key: str, *, external: bool = False,
    y: float = 0.0, sill: float = 0.0,
) -> Any:  # fmt: skip
    """A door in a wall at `x` along it; the wall's thickness is centred on `y`."""
    spec = DOORS[key]
    hole = opening(model, storey, wall, (x, 0.0, sill), (spec.width, thickness, spec.height), y - thickness / 2)
    made = model.element(
        "IfcDoor", storey, spec.zh, (0.0, y, 0.0), kind=door_kind(model, key, external=external),
        tail=(model.shapes.size(spec.height), model.shapes.size(spec.width), "DOOR", operation_of(key), None),
        parent=hole.ObjectPlacement,
    )  # fmt: skip
    model.relations.fill(hole, made)
    model.properties.measure(
        made,
        "Qto_DoorBaseQuantities",
        {"Width:m": spec.width, "Height:m": spec.height, "Area:m2": spec.width * spec.height},
    )
    return made


def window_in(
    model: Model, storey: Storey, wall: Any, at: tuple[float, float], size: tuple[float, float], kind: Kind,
    thickness: float, y: float,
) -> Any:  # fmt: skip
    """A window at (x, sill) of a wall whose near face is at y; size is width, height."""
    (x, sill), (width, height) = at, size
    hole = opening(model, storey, wall, (x, 0.0, sill), (width, thickness, height), y)
    made = model.element(
        "IfcWindow", storey, kind.name, (0.0, y, 0.0), kind=kind,
        tail=(model.shapes.size(height), model.shapes.size(width), "WINDOW", "NOTDEFINED", None),
        parent=hole.ObjectPlacement,
    )  # fmt: skip
    model.relations.fill(hole, made)
    model.properties.measure(
        made,
        "Qto_WindowBaseQuantities",
        {"Width:m": width, "Height:m": height, "Area:m2": width * height},
    )
    return made
