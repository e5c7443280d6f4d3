"""Mains along corridors: ducts with connected ports, cable trays, pipes; branches into rooms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scenes.sample_park.model.file import QUARTER, Kind, Model, Storey
from scenes.sample_park.model.solids import Solid, bar, cylinder
from scenes.sample_park.parts.placed import Placed

PIECE = 9.0
"""Longest piece of a main, metres."""


@dataclass
class Ducts:
    """Duct pieces of a storey with their middles, and the open end of the chain."""

    pieces: list[tuple[float, float, Any]] = field(default_factory=list)


def _segment(model: Model, cls: str, predefined: str, zh: str, solids: list[Solid], length: float) -> Kind:
    return model.kind(cls, f"{zh} L{length * 1000:.0f}", solids, predefined)


def _solids(shape: str, length: float) -> list[Solid]:
    if shape == "duct":
        return [bar(0, 0, 0, length, 0.6, 0.3, "galvanised")]
    if shape == "branch":
        return [bar(0, 0, 0, length, 0.3, 0.22, "galvanised")]
    if shape == "tray":
        return [bar(0, 0, 0, length, 0.3, 0.1, "cable")]
    radius, colour = {
        "fire": (0.055, "pipe_fire"),
        "chilled": (0.08, "pipe_chilled"),
        "water": (0.04, "pipe_water"),
        "drain": (0.06, "mid_grey"),
    }[shape]
    return [cylinder(0, 0, 0, radius, length, colour, "x")]


_SHAPES: dict[str, tuple[str, str, str, str]] = {
    "duct": ("IfcDuctSegment", "RIGIDSEGMENT", "送风管 600×300", "supply_air"),
    "branch": ("IfcDuctSegment", "RIGIDSEGMENT", "支风管 300×220", "supply_air"),
    "tray": ("IfcCableCarrierSegment", "CABLETRAYSEGMENT", "电缆桥架 300×100", "power"),
    "fire": ("IfcPipeSegment", "RIGIDSEGMENT", "喷淋干管 DN100", "fire_water"),
    "chilled": ("IfcPipeSegment", "RIGIDSEGMENT", "冷冻水管 DN150", "chilled"),
    "water": ("IfcPipeSegment", "RIGIDSEGMENT", "给水管 DN80", "water"),
    "drain": ("IfcPipeSegment", "RIGIDSEGMENT", "排水管 DN110", "drainage"),
}


def segment(
    model: Model, storey: Storey, shape: str, at: tuple[float, float, float], length: float, *, along_y: bool = False
) -> Any:
    """One straight piece starting at `at`."""
    cls, predefined, zh, system = _SHAPES[shape]
    kind = _segment(model, cls, predefined, zh, _solids(shape, length), length)
    made = model.place(kind, storey, at, QUARTER if along_y else None, system=system)
    model.properties.measure(made, f"Qto_{cls[3:]}BaseQuantities", {"Length:m": length})
    return made


def port(model: Model, storey: Storey, host: Any, x: float, flow: str) -> Any:
    """A port of an air-side element at `x` along it."""
    guid, number = model.next_guid("IfcDistributionPort", storey)
    placement = model.file.create_entity("IfcLocalPlacement", host.ObjectPlacement, model.shapes.axes(x, 0.0, 0.0))
    made = model.file.create_entity(
        "IfcDistributionPort", guid, None, f"端口 {number}", None, None, placement, None, flow, "DUCT", "VENTILATION"
    )
    model.relations.nest(host, made)
    return made


def corridor_mains(
    model: Model, placed: Placed, ducts: Ducts, shapes: Sequence[str] = ("duct", "tray", "fire", "chilled")
) -> None:
    """Mains side by side under the corridor's ceiling; duct pieces are joined port to port."""
    x0, y0, x1, y1 = placed.inner
    along_y = placed.room.depth > placed.room.width
    length, across = (y1 - y0, x1 - x0) if along_y else (x1 - x0, y1 - y0)
    count = max(1, math.ceil(length / PIECE))
    piece = round(length / count, 4)
    offsets = {"duct": 0.5, "tray": -0.3, "fire": 0.02, "chilled": -0.62, "water": -0.85, "drain": -0.95}
    for shape in shapes:
        side = max(-across / 2 + 0.15, min(across / 2 - 0.35, offsets[shape]))
        before = None
        for index in range(count):
            start = index * piece
            middle = (x0 + x1) / 2 + side if along_y else (y0 + y1) / 2 + side
            z = round(placed.clear - (0.3 if shape != "tray" else 0.2), 3)
            at = (middle, y0 + start, z) if along_y else (x0 + start, middle, z)
            at = (round(at[0], 4), round(at[1], 4), z)
            made = segment(model, placed.storey, shape, at, piece, along_y=along_y)
            if shape == "duct":
                inlet = port(model, placed.storey, made, 0.0, "SINK")
                outlet = port(model, placed.storey, made, piece, "SOURCE")
                if before is not None:
                    model.relations.connect(before, inlet)
                before = outlet
                centre = (at[0], at[1] + piece / 2) if along_y else (at[0] + piece / 2, at[1])
                ducts.pieces.append((*centre, made))


def branch(model: Model, placed: Placed, ducts: Ducts) -> None:
    """A branch duct from the nearest main into a room, through its door's wall."""
    side = placed.door_side
    if side is None or not ducts.pieces:
        return
    x, y = placed.room.centre
    x0, y0, x1, y1 = placed.inner
    z = round(placed.clear - 0.3, 3)
    length = round((placed.room.width if side in "we" else placed.room.depth) / 2 - 0.7, 3)
    if length < 0.6:
        return
    starts = {"s": (x, y0), "n": (x, y1 - length), "w": (x0, y), "e": (x1 - length, y)}
    at = starts[side]
    made = segment(model, placed.storey, "branch", (round(at[0], 3), round(at[1], 3), z), length, along_y=side in "sn")
    main = min(ducts.pieces, key=lambda piece: (round((piece[0] - x) ** 2 + (piece[1] - y) ** 2, 3), piece[2].id()))[2]
    tap = port(model, placed.storey, main, PIECE / 2, "SOURCE")
    inlet = port(model, placed.storey, made, 0.0 if side in "sw" else length, "SINK")
    model.relations.connect(tap, inlet)
