"""Curtain walls: mullions with fins, glass panels, spandrels; parts aggregated in an IfcCurtainWall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenes.sample_park.model.file import Kind, Model, Storey
from scenes.sample_park.model.properties import Value
from scenes.sample_park.model.solids import box
from scenes.sample_park.parts.doors import DOORS, door_kind, operation_of
from scenes.sample_park.parts.facade import TURNS, Facade
from scenes.sample_park.plan.walls import Run

FACE = -0.10
"""Outer face of the glass, metres in front of the slab's edge."""


def _panel(model: Model, width: float, height: float, style: Facade) -> Kind:
    name = f"幕墙玻璃板 {width * 1000:.0f}×{height * 1000:.0f} {style.glass} {style.sub}格"
    solids = [box(0.02, FACE, 0.02, width - 0.04, 0.03, height - 0.04, style.glass)]
    for index in range(1, style.sub):
        x = index * width / style.sub
        solids.append(box(x - 0.025, FACE - style.fin, 0.0, 0.05, style.fin + 0.06, height, style.metal))
    common: dict[str, Value] = {
        "IsExternal": True,
        "LoadBearing": False,
        "ThermalTransmittance": ("IfcThermalTransmittanceMeasure", 1.8),
    }
    return model.kind("IfcPlate", name, solids, "CURTAIN_PANEL", {"Pset_PlateCommon": common}, material="中空夹胶玻璃")


def _spandrel(model: Model, width: float, height: float, style: Facade) -> Kind:
    name = f"幕墙层间板 {width * 1000:.0f}×{height * 1000:.0f} {style.spandrel}"
    solids = [box(0.0, FACE - 0.01, 0.0, width, 0.06, height, style.spandrel)]
    common: dict[str, Value] = {"IsExternal": True, "LoadBearing": False, "FireRating": "1.00h"}
    return model.kind("IfcPlate", name, solids, "CURTAIN_PANEL", {"Pset_PlateCommon": common}, material="铝板")


def _mullion(model: Model, height: float, style: Facade) -> Kind:
    name = f"幕墙竖挺 {height * 1000:.0f} 肋{style.fin * 1000:.0f} {style.metal}"
    solids = [box(-0.03, FACE - style.fin, 0.0, 0.06, style.fin + 0.08, height, style.metal)]
    return model.kind("IfcMember", name, solids, "MULLION", material="铝合金型材")


def curtain_wall(
    model: Model, storey: Storey, run: Run, style: Facade, doors: Sequence[tuple[float, str]], top: float = 0.0
) -> Any:
    """One IfcCurtainWall for a run of a storey, modules of equal width between mullions."""
    count = max(1, round(run.length / style.module))
    width = round(run.length / count, 4)
    ground = storey.elevation <= 0.0
    low = 0.0 if ground else style.spandrel_low
    height = round(storey.height + style.spandrel_low + top - low, 3)
    turn = TURNS[run.side]
    wall = model.element("IfcCurtainWall", storey, "玻璃幕墙", (run.x, run.y, 0.0), turn=turn, tail=("NOTDEFINED",))
    model.properties.give(
        wall,
        "Pset_CurtainWallCommon",
        {"IsExternal": True, "FireRating": "1.00h", "ThermalTransmittance": ("IfcThermalTransmittanceMeasure", 1.8)},
    )
    model.properties.measure(
        wall,
        "Qto_CurtainWallQuantities",
        {"Length:m": run.length, "Height:m": height, "GrossSideArea:m2": run.length * height},
    )
    frame = wall.ObjectPlacement
    mullion = _mullion(model, height, style)
    for index in range(count + 1):
        if any(abs(index * width - at) < DOORS[key].width / 2 - 0.05 for at, key in doors):
            continue  # a door stands there
        model.place(mullion, storey, (round(index * width, 4), 0.0, low), whole=wall, parent=frame)
    corner = model.kind(
        "IfcMember",
        f"幕墙转角挺 {height * 1000:.0f} {style.metal}",
        [box(-0.11, -0.11, 0.0, 0.11, 0.11, height, style.metal)],
        "MULLION",
    )
    model.place(corner, storey, (0.0, 0.0, low), whole=wall, parent=frame)
    high = style.spandrel_high
    if high > low:
        pieces = max(1, round(run.length / 4.5))
        panel = _spandrel(model, round(run.length / pieces, 4), round(high - low, 3), style)
        for index in range(pieces):
            x = round(index * run.length / pieces, 4)
            if not any(x - 1.9 < at < x + run.length / pieces + 1.9 for at, _ in doors):
                model.place(panel, storey, (x, 0.0, low), whole=wall, parent=frame)
    glass_height = round(low + height - high, 3)
    vision = _panel(model, width, glass_height, style)
    for index in range(count):
        x = round(index * width, 4)
        door = next((d for d in doors if abs(d[0] - (x + width / 2)) < DOORS[d[1]].width / 2 + width * 0.3), None)
        if door is None:
            model.place(vision, storey, (x, 0.0, high), whole=wall, parent=frame)
            continue
        above = round(high + glass_height - DOORS[door[1]].height, 3)
        if above > 0.2:
            model.place(
                _panel(model, width, above, style),
                storey,
                (x, 0.0, DOORS[door[1]].height),
                whole=wall,
                parent=frame,
            )
    for at, key in doors:
        _entrance(model, storey, wall, at, key)
    return wall


def _entrance(model: Model, storey: Storey, wall: Any, at: float, key: str) -> None:
    spec = DOORS[key]
    door = model.element(
        "IfcDoor", storey, spec.zh, (at - spec.width / 2, FACE + 0.02, 0.0),
        kind=door_kind(model, key, external=True), parent=wall.ObjectPlacement,
        tail=(model.shapes.size(spec.height), model.shapes.size(spec.width), "DOOR", operation_of(key), None),
    )  # fmt: skip
    model.properties.measure(door, "Qto_DoorBaseQuantities", {"Width:m": spec.width, "Height:m": spec.height})
