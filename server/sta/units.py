"""Units and kinds of points in the words of UCUM and QUDT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from twin.state.kinds import KINDS, canonical

QUDT_UNIT = "http://qudt.org/vocab/unit/"
QUDT_KIND = "http://qudt.org/vocab/quantitykind/"
OWN_KIND = "urn:parktwin:point-kind:"
OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
MEASUREMENT, COUNT, TRUTH = f"{OM}OM_Measurement", f"{OM}OM_CountObservation", f"{OM}OM_TruthObservation"
OBSERVATION_TYPES = (MEASUREMENT, COUNT, TRUTH)
"""Types of observations whose results the history keeps: numbers and yes or no."""


class Unit(NamedTuple):
    """name: in words; ucum: case-sensitive UCUM code; qudt: local name of QUDT's unit, empty where it has none."""

    name: str
    ucum: str
    qudt: str = ""


UNITS: Mapping[str, Unit] = {
    "°C": Unit("degree Celsius", "Cel", "DEG_C"),
    "℃": Unit("degree Celsius", "Cel", "DEG_C"),
    "K": Unit("kelvin", "K", "K"),
    "%": Unit("percent", "%", "PERCENT"),
    "%RH": Unit("percent relative humidity", "%", "PERCENT_RH"),
    "%LEL": Unit("percent of the lower explosive limit", "%{LEL}"),
    "ppm": Unit("parts per million", "[ppm]", "PPM"),
    "ppb": Unit("parts per billion", "[ppb]", "PPB"),
    "person": Unit("persons", "{person}"),
    "floor": Unit("floor", "{floor}"),
    "lx": Unit("lux", "lx", "LUX"),
    "W": Unit("watt", "W", "W"),
    "kW": Unit("kilowatt", "kW", "KiloW"),
    "kWh": Unit("kilowatt hour", "kW.h", "KiloW-HR"),
    "kvar": Unit("kilovar", "kvar"),
    "V": Unit("volt", "V", "V"),
    "kV": Unit("kilovolt", "kV", "KiloV"),
    "A": Unit("ampere", "A", "A"),
    "Hz": Unit("hertz", "Hz", "HZ"),
    "m3/h": Unit("cubic metre per hour", "m3/h", "M3-PER-HR"),
    "m³/h": Unit("cubic metre per hour", "m3/h", "M3-PER-HR"),
    "m3": Unit("cubic metre", "m3", "M3"),
    "m³": Unit("cubic metre", "m3", "M3"),
    "L/s": Unit("litre per second", "L/s", "L-PER-SEC"),
    "Pa": Unit("pascal", "Pa", "PA"),
    "kPa": Unit("kilopascal", "kPa", "KiloPA"),
    "MPa": Unit("megapascal", "MPa", "MegaPA"),
    "bar": Unit("bar", "bar", "BAR"),
    "m": Unit("metre", "m", "M"),
    "mm": Unit("millimetre", "mm", "MilliM"),
    "µg/m3": Unit("microgram per cubic metre", "ug/m3", "MicroGM-PER-M3"),
    "mg/m3": Unit("milligram per cubic metre", "mg/m3", "MilliGM-PER-M3"),
    "dB": Unit("decibel", "dB", "DeciB"),
    "m/s": Unit("metre per second", "m/s", "M-PER-SEC"),
    "°": Unit("degree", "deg", "DEG"),
    "mm/h": Unit("millimetre per hour", "mm/h", "MilliM-PER-HR"),
    "s": Unit("second", "s", "SEC"),
    "min": Unit("minute", "min", "MIN"),
    "h": Unit("hour", "h", "HR"),
    "kg": Unit("kilogram", "kg", "KiloGM"),
}
NONE = Unit("one", "1", "UNITLESS")

QUANTITIES: Mapping[str, str] = {
    **dict.fromkeys(
        ("temperature", "supply_temperature", "return_temperature", "supply_air_temperature", "air_temperature"),
        "Temperature",
    ),
    "humidity": "RelativeHumidity",
    "illuminance": "Illuminance",
    **dict.fromkeys(("lighting_power", "power", "solar_power", "lamp_power"), "ActivePower"),
    "energy": "Energy",
    "voltage": "Voltage",
    "current": "ElectricCurrent",
    "water_flow": "VolumeFlowRate",
    "water": "Volume",
    "pressure": "Pressure",
    "manhole_level": "Height",
    "noise": "SoundPressureLevel",
    "wind_speed": "Speed",
    "wind_direction": "Angle",
    **dict.fromkeys(("pm25", "pm10"), "MassConcentration"),
}
"""QUDT's kind of quantity, where one says the same as the kind of point."""

YES_NO = frozenset({"smoke", "leak", "door", "bay_occupied"})
COUNTED = frozenset({"occupancy"})


def unit_of(text: str) -> dict[str, str]:
    """`unitOfMeasurement` of a unit as the points file writes it; a unit not known keeps its text."""
    unit = UNITS.get(text, NONE if not text else Unit(text, ""))
    definition = f"{QUDT_UNIT}{unit.qudt}" if unit.qudt else f"ucum:{unit.ucum}" if unit.ucum else ""
    return {"name": unit.name, "symbol": text, "definition": definition}


def ucum_of(text: str) -> str:
    """The UCUM code of a unit, "" where it is not known."""
    return UNITS.get(text, NONE if not text else Unit(text, "")).ucum


def observation_type(kind: str) -> str:
    """The type of the observations of a kind of point."""
    name = canonical(kind)
    return TRUTH if name in YES_NO else COUNT if name in COUNTED else MEASUREMENT


def observed_property(kind: str) -> dict[str, object]:
    """`name`, `definition`, `description` and `properties` of the property that a kind of point observes."""
    name = canonical(kind)
    known = KINDS.get(name)
    quantity = QUANTITIES.get(name)
    return {
        "name": known.en if known else name,
        "definition": f"{QUDT_KIND}{quantity}" if quantity else f"{OWN_KIND}{name}",
        "description": known.zh if known else name,
        "properties": {"kind": name},
    }
