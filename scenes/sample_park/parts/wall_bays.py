"""Exterior walls bay by bay: window bands, louvres, solid bays; blades in front of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenes.sample_park.model.file import Kind, Model, Storey
from scenes.sample_park.model.properties import Value
from scenes.sample_park.model.solids import Solid, box
from scenes.sample_park.parts.doors import DOORS
from scenes.sample_park.parts.facade import EXTERIOR, TURNS, Facade
from scenes.sample_park.parts.openings import door_in, window_in
from scenes.sample_park.parts.placed import SLAB
from scenes.sample_park.plan.walls import DIRECTION, Run


def window_kind(model: Model, width: float, height: float, panes: int, glass: str, frame: str) -> Kind:
    """A fixed band window: frame, mullions, one pane of glass."""
    name = f"铝合金窗 {width * 1000:.0f}×{height * 1000:.0f} {panes}扇"
    bar, depth, y = 0.05, 0.08, 0.06
    solids: list[Solid] = [
        box(0, y, 0, width, depth, bar, frame),
        box(0, y, height - bar, width, depth, bar, frame),
    ]
    step = width / panes
    for index in range(panes + 1):
        x = min(max(index * step - bar / 2, 0.0), width - bar)
        solids.append(box(x, y, bar, bar, depth, height - 2 * bar, frame))
    solids.append(box(bar, y + 0.03, bar, width - 2 * bar, 0.02, height - 2 * bar, glass))
    psets: dict[str, dict[str, Value]] = {
        "Pset_WindowCommon": {
            "IsExternal": True,
            "ThermalTransmittance": ("IfcThermalTransmittanceMeasure", 2.2),
            "GlazingAreaFraction": ("IfcPositiveRatioMeasure", 0.86),
        }
    }
    return model.kind("IfcWindow", name, solids, "WINDOW", psets, extra=("NOTDEFINED",), material="断桥铝合金")


def _louvre(model: Model, width: float, height: float, style: Facade) -> Kind:
    blades = max(2, round(width / 0.6))
    step = width / blades
    solids = [
        box(index * step + step / 2 - 0.03, -style.fin - 0.05, 0.0, 0.06, style.fin, height, style.metal)
        for index in range(blades)
    ]
    solids.append(box(0.0, -0.06, height * 0.5, width, 0.05, 0.08, "metal"))
    name = f"竖向遮阳格栅 {width * 1000:.0f}×{height * 1000:.0f} {style.metal}"
    return model.kind("IfcShadingDevice", name, solids, "JALOUSIE", material="铝合金型材")


def _ledge(model: Model, width: float, style: Facade) -> Kind:
    name = f"水平遮阳板 {width * 1000:.0f}×{style.ledge * 1000:.0f}"
    solids = [box(0.0, -style.ledge, 0.0, width, style.ledge, 0.06, style.metal)]
    return model.kind("IfcShadingDevice", name, solids, "AWNING", material="铝合金型材")


def wall_bays(
    model: Model, storey: Storey, run: Run, style: Facade, doors: Sequence[tuple[float, str]], *, trim: float = 0.0
) -> None:
    """A run as equal bays, one IfcWall each, with one opening for its window band or its door."""
    count = max(1, round(run.length / style.module))
    width = round(run.length / count, 4)
    turn = TURNS[run.side]
    dx, dy = DIRECTION[run.side]
    full = round(storey.height - SLAB, 3)
    height = min(style.sill, full) if style.system == "louvre" else full
    for index in range(count):
        x = index * width
        size = round(width - (trim if index == count - 1 else 0.0), 4)
        at = (round(run.x + dx * x, 4), round(run.y + dy * x, 4), 0.0)
        door = next((key for place, key in doors if x <= place < x + width), None)
        if style.system == "louvre" and door == "drive":
            continue  # an open bay to drive through
        wall = model.element(
            "IfcWall", storey, "外墙 300" if style.system != "louvre" else "车库栏板 300", at,
            [box(0, 0, 0, size, EXTERIOR, height, style.colour)], turn=turn,
            tail=("SOLIDWALL" if style.system != "louvre" else "PARAPET",),
        )  # fmt: skip
        hole = _fill(model, storey, wall, style, size, full, door)
        _describe(model, wall, size, height, hole)
        if style.system == "louvre" and door is None:
            blade = _louvre(model, width, full + SLAB, style)
            model.place(blade, storey, (0.0, 0.0, 0.0), parent=wall.ObjectPlacement)
        if style.ledge:
            model.place(_ledge(model, width, style), storey, (0.0, 0.0, style.head + 0.08), parent=wall.ObjectPlacement)


def _fill(model: Model, storey: Storey, wall: Any, style: Facade, size: float, full: float, door: str | None) -> float:
    """The bay's opening. Returns its area, m²."""
    if door is not None and style.system != "louvre":
        spec = DOORS[door]
        x = round((size - spec.width) / 2, 3)
        door_in(model, storey, wall, x, EXTERIOR, door, external=True, y=EXTERIOR / 2)
        return spec.width * spec.height
    if style.system != "band":
        return 0.0
    width = round(size - style.pier, 3)
    height = round(min(style.head, full - 0.1) - style.sill, 3)
    if width < 0.5 or height < 0.4:
        return 0.0
    kind = window_kind(model, width, height, style.panes, style.glass, "dark_grey")
    window_in(model, storey, wall, (round(style.pier / 2, 3), style.sill), (width, height), kind, EXTERIOR, 0.0)
    return width * height


def _describe(model: Model, wall: Any, length: float, height: float, hole: float) -> None:
    layers = (
        ("外饰面板 Rain screen", 0.03),
        ("岩棉 Mineral wool", 0.07),
        ("加气混凝土砌块 AAC block", 0.19),
        ("抹灰 Plaster", 0.01),
    )
    model.relations.material(model.layers("外墙 300", layers), wall)
    model.properties.give(
        wall,
        "Pset_WallCommon",
        {
            "IsExternal": True,
            "LoadBearing": False,
            "FireRating": "1.00h",
            "ThermalTransmittance": ("IfcThermalTransmittanceMeasure", 0.55),
        },
    )
    gross = length * height
    model.properties.measure(
        wall,
        "Qto_WallBaseQuantities",
        {
            "Length:m": length,
            "Height:m": height,
            "Width:m": EXTERIOR,
            "GrossSideArea:m2": gross,
            "NetSideArea:m2": gross - hole,
            "NetVolume:m3": (gross - hole) * EXTERIOR,
        },
    )
