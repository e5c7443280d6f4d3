"""Units of measured values, and how one is converted to another of the same quantity.

A unit is known by its usual spelling and some others (`degC` for `°C`). Values are converted linearly through
the quantity's base unit: base = value · factor + shift. Factors are exact by definition (SI brochure, 9th
edition, 2019; ISO 80000), but for mmHg (133.322 387 415 Pa) and mmH2O (9.806 65 Pa, conventional).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from twin.errors import Invalid


@dataclass(frozen=True, slots=True)
class Unit:
    """base = value · factor + shift, in the base unit of `quantity`."""

    name: str
    quantity: str
    factor: float = 1.0
    shift: float = 0.0
    spellings: tuple[str, ...] = ()


UNITS: tuple[Unit, ...] = (
    Unit("°C", "temperature", 1.0, 0.0, ("C", "degC", "℃", "Cel", "degree Celsius", "DEG_C", "摄氏度")),
    Unit("°F", "temperature", 5 / 9, -160 / 9, ("F", "degF", "℉", "[degF]", "DEG_F")),
    Unit("K", "temperature", 1.0, -273.15, ("kelvin",)),
    Unit("Pa", "pressure", 1.0, 0.0, ("pascal",)),
    Unit("hPa", "pressure", 100.0, 0.0, ("mbar",)),
    Unit("kPa", "pressure", 1e3),
    Unit("MPa", "pressure", 1e6),
    Unit("bar", "pressure", 1e5),
    Unit("psi", "pressure", 6894.757293168361),
    Unit("mmHg", "pressure", 133.322387415),
    Unit("mmH2O", "pressure", 9.80665),
    Unit("W", "power", 1.0, 0.0, ("watt",)),
    Unit("kW", "power", 1e3),
    Unit("MW", "power", 1e6),
    Unit("J", "energy", 1.0),
    Unit("kJ", "energy", 1e3),
    Unit("MJ", "energy", 1e6),
    Unit("GJ", "energy", 1e9),
    Unit("Wh", "energy", 3600.0, 0.0, ("W.h", "W·h")),
    Unit("kWh", "energy", 3.6e6, 0.0, ("kW.h", "kW·h", "度")),
    Unit("MWh", "energy", 3.6e9, 0.0, ("MW.h", "MW·h")),
    Unit("VA", "apparent power", 1.0),
    Unit("kVA", "apparent power", 1e3),
    Unit("var", "reactive power", 1.0),
    Unit("kvar", "reactive power", 1e3),
    Unit("varh", "reactive energy", 1.0),
    Unit("kvarh", "reactive energy", 1e3),
    Unit("mV", "voltage", 1e-3),
    Unit("V", "voltage", 1.0, 0.0, ("volt",)),
    Unit("kV", "voltage", 1e3),
    Unit("mA", "current", 1e-3),
    Unit("A", "current", 1.0, 0.0, ("ampere",)),
    Unit("Hz", "frequency", 1.0),
    Unit("rpm", "rotation", 1.0, 0.0, ("r/min", "1/min")),
    Unit("m3", "volume", 1.0, 0.0, ("m³", "m^3", "立方米")),
    Unit("L", "volume", 1e-3, 0.0, ("l", "litre", "升")),
    Unit("m3/h", "volume flow", 1.0, 0.0, ("m³/h", "m^3/h")),
    Unit("m3/s", "volume flow", 3600.0, 0.0, ("m³/s", "m^3/s")),
    Unit("L/s", "volume flow", 3.6, 0.0, ("l/s",)),
    Unit("L/min", "volume flow", 0.06, 0.0, ("l/min",)),
    Unit("L/h", "volume flow", 1e-3, 0.0, ("l/h",)),
    Unit("mm", "length", 1e-3),
    Unit("cm", "length", 1e-2),
    Unit("m", "length", 1.0),
    Unit("km", "length", 1e3),
    Unit("ft", "length", 0.3048),
    Unit("m/s", "speed", 1.0),
    Unit("km/h", "speed", 1 / 3.6),
    Unit("kn", "speed", 1852 / 3600, 0.0, ("knot",)),
    Unit("mph", "speed", 0.44704),
    Unit("mm/h", "rainfall rate", 1.0),
    Unit("mm/min", "rainfall rate", 60.0),
    Unit("g", "mass", 1e-3),
    Unit("kg", "mass", 1.0),
    Unit("t", "mass", 1e3),
    Unit("µg/m3", "concentration", 1e-6, 0.0, ("ug/m3", "μg/m3", "µg/m³", "ug/m³", "μg/m³")),
    Unit("mg/m3", "concentration", 1e-3, 0.0, ("mg/m³",)),
    Unit("g/m3", "concentration", 1.0, 0.0, ("g/m³", "mg/L", "mg/l")),
    Unit("ppm", "fraction", 1e-6),
    Unit("ppb", "fraction", 1e-9),
    Unit("%", "fraction", 1e-2, 0.0, ("percent", "％", "%vol")),
    Unit("1", "fraction", 1.0, 0.0, ("fraction",)),
    Unit("%RH", "relative humidity", 1.0, 0.0, ("% RH", "%rh", "RH%")),
    Unit("%LEL", "lower explosive limit", 1.0, 0.0, ("% LEL",)),
    Unit("lx", "illuminance", 1.0, 0.0, ("lux",)),
    Unit("klx", "illuminance", 1e3),
    Unit("W/m2", "irradiance", 1.0, 0.0, ("W/m²", "W/m^2")),
    Unit("dB", "sound level", 1.0, 0.0, ("dB(A)", "dBA")),
    Unit("°", "angle", 1.0, 0.0, ("deg", "degree")),
    Unit("rad", "angle", 180 / math.pi),
    Unit("ms", "time", 1e-3),
    Unit("s", "time", 1.0, 0.0, ("sec",)),
    Unit("min", "time", 60.0),
    Unit("h", "time", 3600.0, 0.0, ("hour",)),
    Unit("d", "time", 86400.0, 0.0, ("day",)),
    Unit("person", "count", 1.0, 0.0, ("人", "persons", "people")),
    Unit("floor", "storey", 1.0, 0.0, ("层",)),
)


def _spelled() -> Iterator[tuple[str, Unit]]:
    for unit in UNITS:
        yield unit.name, unit
        for spelling in unit.spellings:
            yield spelling, unit


BY_NAME: Mapping[str, Unit] = MappingProxyType(dict(_spelled()))

# What is written as a per cent of something is often just `%`: equal numbers, not another quantity.
EQUAL = frozenset({("%", "%RH"), ("%RH", "%"), ("%", "%LEL"), ("%LEL", "%")})


def conversion(given: str, wanted: str) -> tuple[float, float]:
    """(factor, shift): wanted = given · factor + shift. Equal texts need not be known; an empty one is taken as equal.

    Raises Invalid naming the pair, and what the unit could be converted to.
    """
    if not given or not wanted or given == wanted:
        return 1.0, 0.0
    here, there = BY_NAME.get(given), BY_NAME.get(wanted)
    if here is not None and there is not None:
        if here is there or (here.name, there.name) in EQUAL:
            return 1.0, 0.0
        if here.quantity == there.quantity:
            return here.factor / there.factor, (here.shift - there.shift) / there.factor
    known = (
        f"{given!r} is no unit that parktwin knows"
        if here is None
        else f"{here.name} is converted to {', '.join(u.name for u in UNITS if u.quantity == here.quantity and u is not here) or 'nothing'}"
    )
    raise Invalid(f"Unit {given!r} cannot be converted to {wanted!r}: {known}", code="unit")
