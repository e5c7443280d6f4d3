"""Units of imported files: what turns a value into the unit of its point."""

from __future__ import annotations

from collections.abc import Mapping

from twin.errors import Invalid

UNITS: Mapping[str, tuple[str, float, float]] = {
    "Wh": ("energy", 1.0, 0.0),
    "kWh": ("energy", 1e3, 0.0),
    "MWh": ("energy", 1e6, 0.0),
    "J": ("energy", 1 / 3600, 0.0),
    "MJ": ("energy", 1e6 / 3600, 0.0),
    "GJ": ("energy", 1e9 / 3600, 0.0),
    "W": ("power", 1.0, 0.0),
    "kW": ("power", 1e3, 0.0),
    "MW": ("power", 1e6, 0.0),
    "°C": ("temperature", 1.0, 273.15),
    "°F": ("temperature", 5 / 9, 459.67 * 5 / 9),
    "K": ("temperature", 1.0, 0.0),
    "m3": ("volume", 1.0, 0.0),
    "l": ("volume", 1e-3, 0.0),
    "m3/h": ("flow", 1.0, 0.0),
    "l/s": ("flow", 3.6, 0.0),
    "l/min": ("flow", 0.06, 0.0),
    "Pa": ("pressure", 1.0, 0.0),
    "kPa": ("pressure", 1e3, 0.0),
    "bar": ("pressure", 1e5, 0.0),
    "hPa": ("pressure", 1e2, 0.0),
    "m/s": ("speed", 1.0, 0.0),
    "km/h": ("speed", 1 / 3.6, 0.0),
    "m": ("length", 1.0, 0.0),
    "mm": ("length", 1e-3, 0.0),
}
"""Quantity, and factor and offset to the quantity's own unit (SI, but watt hours and cubic metres an hour)."""


def conversion(source: str, target: str) -> tuple[float, float]:
    """Factor and offset with which a value in `source` is one in `target`. Raises Invalid where they do not fit."""
    if not source or source == target:
        return 1.0, 0.0
    if source not in UNITS or target not in UNITS or UNITS[source][0] != UNITS[target][0]:
        raise Invalid(
            f"Values in {source!r} cannot be turned into {target!r}: expected units of one quantity among"
            f" {', '.join(UNITS)}",
            code="unit",
        )
    _, factor, offset = UNITS[source]
    _, other, shift = UNITS[target]
    return factor / other, (offset - shift) / other
