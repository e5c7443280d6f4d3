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


def _look(name: str, code: str, alpha: float = 1.0) -> Look:
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return Look(name, (round(red, 4), round(green, 4), round(blue, 4), alpha))


WALL = _look("building wall", "D9D6CF")
ROOF = _look("building roof", "C4C1BA")
PALE_WALL = _look("neighbour wall", "EEF0F2")
PALE_ROOF = _look("neighbour roof", "E4E7EA")

ASPHALT = _look("asphalt", "4A4D52")
PAVING = _look("paving", "A8A199")
PARKING = _look("parking", "6B6F76")
RAIL = _look("railway", "6A635C")
GREEN = _look("green", "7E9B6E")
WATER = _look("water", "6D93AE", 0.78)
LAND = _look("land use", "C9C3B4", 0.45)
PLOT = _look("plot boundary", "B5483F")
AREA = _look("area outline", "7D8794")
LINE = _look("line", "8A8F98")
FENCE = _look("fence", "8D9296")
MASONRY = _look("masonry", "B4ADA2")
HEDGE = _look("hedge", "5F7D52")

BARK = _look("bark", "6B5846")
FOLIAGE = _look("foliage", "66865A")
CONIFER = _look("conifer", "4F6F55")
POLE = _look("galvanised steel", "8F969C")
LAMP_HEAD = _look("luminaire", "D8DCE0")
SCREEN = _look("screen", "27313D")
IRON = _look("cast iron", "3E4145")
MARKER = _look("marker", "4D7FB5")
HYDRANT_RED = _look("fire red", "C0392B")

PIPE_SUPPLY = _look("water supply pipe", "3FA0E0")
PIPE_STORM = _look("storm drain", "9B7653")
PIPE_SEWAGE = _look("sewer", "6B4423")
PIPE_GAS = _look("gas pipe", "F48FB1")
PIPE_HEAT = _look("heat pipe", "F28C28")
PIPE_POWER = _look("power duct", "D7263D")
PIPE_TELECOM = _look("telecommunication duct", "2E9E57")
PIPE_OTHER = _look("pipe", "4B4B4B")
