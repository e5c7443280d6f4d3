"""The park's colours: white, light grey, wood, glass; calm enough that colour can mean state."""

from __future__ import annotations

Colour = tuple[float, float, float, float]
"""Red, green, blue 0..1 and transparency 0 (opaque) .. 1."""

_HEX = {
    "white": "#F3F4F2",
    "warm_white": "#ECE8E0",
    "light_grey": "#D5D9DB",
    "mid_grey": "#A4ABB0",
    "dark_grey": "#565F66",
    "charcoal": "#353C42",
    "concrete": "#C6C5BF",
    "screed": "#DAD8D2",
    "roof": "#BFC3C2",
    "roof_green": "#8CA57A",
    "gravel": "#CFCBC1",
    "wood": "#B88A5B",
    "wood_light": "#D2B48A",
    "oak": "#C79F6E",
    "bronze": "#8A7458",
    "terracotta": "#C08A6E",
    "metal": "#8F989E",
    "steel": "#B6BEC3",
    "galvanised": "#C3CACD",
    "fabric_blue": "#56738C",
    "fabric_sand": "#C9B79C",
    "fabric_green": "#6F8A74",
    "lamp": "#FBF3DD",
    "screen": "#22303C",
    "solar": "#2C3E57",
    "leaf": "#6F8F5C",
    "porcelain": "#F7F8F8",
    "fire_red": "#B9483F",
    "pipe_water": "#5B92B5",
    "pipe_fire": "#B25A50",
    "pipe_chilled": "#6FA3AD",
    "pipe_heat": "#B98563",
    "cable": "#A9A18E",
    "device": "#EDEFF0",
    "space": "#BFD3DF",
}
_CLEAR = {
    "glass": ("#A8C6D2", 0.55),
    "glass_blue": ("#8FB4C6", 0.45),
    "glass_fritted": ("#D3E0E4", 0.35),
    "glass_inner": ("#CFE0E4", 0.70),
    "space": ("#BFD3DF", 0.85),
}


def _rgb(text: str) -> tuple[float, float, float]:
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return round(red, 4), round(green, 4), round(blue, 4)


PALETTE: dict[str, Colour] = {name: (*_rgb(code), 0.0) for name, code in _HEX.items()}
PALETTE.update({name: (*_rgb(code), clear) for name, (code, clear) in _CLEAR.items()})
