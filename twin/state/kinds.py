"""Kinds of points: how often each is expected to report, and how people call it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.state.point import PointSpec


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of point. period_s: seconds between two reports of a healthy sensor."""

    name: str
    zh: str
    en: str
    unit: str
    period_s: float = 30.0


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("temperature", "温度", "Temperature", "°C"),
        Kind("humidity", "湿度", "Humidity", "%"),
        Kind("co2", "二氧化碳", "Carbon dioxide", "ppm"),
        Kind("pm25", "PM2.5", "PM2.5", "µg/m³"),
        Kind("pm10", "PM10", "PM10", "µg/m³"),
        Kind("noise", "噪声", "Noise", "dB(A)"),
        Kind("illuminance", "照度", "Illuminance", "lx"),
        Kind("occupancy", "占用", "Occupancy", ""),
        Kind("people", "人数", "People", ""),
        Kind("power", "功率", "Power", "kW"),
        Kind("energy", "电能", "Energy", "kWh", 60.0),
        Kind("voltage", "电压", "Voltage", "V"),
        Kind("current", "电流", "Current", "A"),
        Kind("water_flow", "流量", "Water flow", "m³/h"),
        Kind("water", "用水量", "Water", "m³", 60.0),
        Kind("water_level", "液位", "Water level", "m"),
        Kind("pressure", "压力", "Pressure", "MPa"),
        Kind("parking", "车位", "Parking bay", ""),
        Kind("smoke", "烟雾", "Smoke", ""),
        Kind("gas", "可燃气体", "Combustible gas", "%LEL"),
        Kind("door", "门", "Door", ""),
        Kind("status", "状态", "Status", ""),
        Kind("wind_speed", "风速", "Wind speed", "m/s"),
        Kind("wind_direction", "风向", "Wind direction", "°"),
        Kind("rainfall", "降雨", "Rainfall", "mm/h"),
    )
}
"""Kinds known by name. Others are allowed: they take the default period."""

ALIASES: Mapping[str, str] = {
    "pm2.5": "pm25",
    "pm2_5": "pm25",
    "flow": "water_flow",
    "presence": "occupancy",
    "bay": "parking",
    "parking_bay": "parking",
    "bay_occupied": "parking",
    "level": "water_level",
    "lux": "illuminance",
    "carbon_dioxide": "co2",
    "people_count": "people",
    "active_power": "power",
}
DEFAULT_PERIOD_S = 30.0


def canonical(kind: str) -> str:
    """The name in `KINDS` that a kind stands for; a kind not known is returned as it is, in lower case."""
    name = kind.strip().lower().replace("-", "_")
    return ALIASES.get(name, name)


def periods_ms(points: Sequence[PointSpec], overrides: Mapping[str, float] | None = None) -> NDArray[np.int64]:
    """Expected reporting period of each point, (n,) int64 milliseconds.

    overrides: seconds by kind, from the park's settings; they go before the defaults.
    """
    seconds = {name: kind.period_s for name, kind in KINDS.items()}
    seconds.update({canonical(name): value for name, value in (overrides or {}).items()})
    return np.array(
        [round(1000 * seconds.get(canonical(point.kind), DEFAULT_PERIOD_S)) for point in points], dtype=np.int64
    )
