"""Units of measure as city models write them, to SI."""

from __future__ import annotations

import math

_UNITS: dict[str, tuple[str, float]] = {
    "m": ("m", 1.0), "metre": ("m", 1.0), "meter": ("m", 1.0), "mm": ("m", 1e-3), "cm": ("m", 1e-2), "km": ("m", 1e3),
    "ft": ("m", 0.3048), "[ft_i]": ("m", 0.3048), "us-ft": ("m", 1200 / 3937), "[ft_us]": ("m", 1200 / 3937),
    "m2": ("m2", 1.0), "m^2": ("m2", 1.0), "sqm": ("m2", 1.0), "㎡": ("m2", 1.0), "ha": ("m2", 1e4), "km2": ("m2", 1e6),
    "m3": ("m3", 1.0), "m^3": ("m3", 1.0),
    "deg": ("rad", math.pi / 180), "degree": ("rad", math.pi / 180), "rad": ("rad", 1.0),
    "s": ("s", 1.0), "sec": ("s", 1.0), "minute": ("s", 60.0), "hour": ("s", 3600.0), "h": ("s", 3600.0), "day": ("s", 86400.0),
    "kg": ("kg", 1.0), "t": ("kg", 1000.0), "w": ("W", 1.0), "kw": ("W", 1e3), "kwh": ("J", 3.6e6), "mwh": ("J", 3.6e9),
}  # fmt: skip
METRES = frozenset(
    {"measuredHeight", "storeyHeightsAboveGround", "storeyHeightsBelowGround", "trunkDiameter", "crownDiameter"}
)
"""Attributes of CityGML that CityJSON writes without their unit, metres (CityJSON 2.0, section 2.2)."""


def si(uom: str) -> tuple[str, float] | None:
    """(SI symbol, factor) of a unit by its symbol, `#symbol`, URN or URL; None where it is not known."""
    return _UNITS.get(uom.strip().rsplit("#", 1)[-1].rsplit(":", 1)[-1].rsplit("/", 1)[-1].lower())
