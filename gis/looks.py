"""The palette: calm, so that colour in the scene stays free for state.

Pipe colours follow CJJ 61 (Technical specification for detecting and surveying underground pipelines
in city): supply blue, drainage brown, gas pink, heat orange, power red, telecommunication green.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A named colour, sRGB 0..1 with alpha."""

    name: str
    rgba: tuple[float, float, float, float]


def look(name: str, code: str, alpha: float = 1.0) -> Look:
    """A look by its RRGGBB code."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return Look(name, (round(red, 4), round(green, 4), round(blue, 4), alpha))


WALL = look("building wall", "D9D6CF")
ROOF = look("building roof", "C4C1BA")
PALE_WALL = look("neighbour wall", "EEF0F2")
PALE_ROOF = look("neighbour roof", "E4E7EA")

ASPHALT = look("asphalt", "4A4D52")
PAVING = look("paving", "A8A199")
PARKING = look("parking", "6B6F76")
RAIL = look("railway", "6A635C")
GREEN = look("green", "7E9B6E")
WATER = look("water", "6D93AE", 0.78)
LAND = look("land use", "C9C3B4", 0.45)
PLOT = look("plot boundary", "B5483F")
AREA = look("area outline", "7D8794")
LINE = look("line", "8A8F98")
FENCE = look("fence", "8D9296")
MASONRY = look("masonry", "B4ADA2")
HEDGE = look("hedge", "5F7D52")

BARK = look("bark", "6B5846")
FOLIAGE = look("foliage", "66865A")
CONIFER = look("conifer", "4F6F55")
POLE = look("galvanised steel", "8F969C")
LAMP_HEAD = look("luminaire", "D8DCE0")
SCREEN = look("screen", "27313D")
IRON = look("cast iron", "3E4145")
MARKER = look("marker", "4D7FB5")
HYDRANT_RED = look("fire red", "C0392B")

PIPE_SUPPLY = look("water supply pipe", "3FA0E0")
PIPE_STORM = look("storm drain", "9B7653")
PIPE_SEWAGE = look("sewer", "6B4423")
PIPE_GAS = look("gas pipe", "F48FB1")
PIPE_HEAT = look("heat pipe", "F28C28")
PIPE_POWER = look("power duct", "D7263D")
PIPE_TELECOM = look("telecommunication duct", "2E9E57")
PIPE_OTHER = look("pipe", "4B4B4B")
