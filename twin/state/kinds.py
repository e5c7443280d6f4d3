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
        Kind("humidity", "相对湿度", "Relative humidity", "%RH"),
        Kind("co2", "二氧化碳浓度", "CO₂ concentration", "ppm"),
        Kind("co", "一氧化碳浓度", "CO concentration", "ppm"),
        Kind("occupancy", "在室人数", "Occupancy", "person"),
        Kind("illuminance", "照度", "Illuminance", "lx"),
        Kind("lighting_power", "照明功率", "Lighting power", "W"),
        Kind("power", "用电功率", "Electric power", "kW"),
        Kind("solar_power", "光伏功率", "Solar power", "kW"),
        Kind("lamp_power", "路灯功率", "Lamp power", "W"),
        Kind("energy", "累计电量", "Electric energy", "kWh"),
        Kind("voltage", "电压", "Voltage", "V"),
        Kind("current", "电流", "Current", "A"),
        Kind("water_flow", "用水流量", "Water flow", "m3/h"),
        Kind("water", "累计水量", "Water", "m3"),
        Kind("pressure", "压力", "Pressure", "kPa"),
        Kind("supply_temperature", "供水温度", "Supply water temperature", "°C"),
        Kind("return_temperature", "回水温度", "Return water temperature", "°C"),
        Kind("supply_air_temperature", "送风温度", "Supply air temperature", "°C"),
        Kind("pump_speed", "水泵频率", "Pump speed", "%"),
        Kind("load", "负荷率", "Load", "%"),
        Kind("lift_position", "电梯楼层", "Lift position", "floor"),
        Kind("smoke", "感烟报警状态", "Smoke detector state", ""),
        Kind("leak", "漏水状态", "Leak state", ""),
        Kind("gas", "可燃气体", "Combustible gas", "%LEL"),
        Kind("door", "门开启状态", "Door state", ""),
        Kind("bay_occupied", "车位占用", "Bay occupied", ""),
        Kind("manhole_level", "井内液位", "Manhole level", "m"),
        Kind("pm25", "PM2.5", "PM2.5", "µg/m3"),
        Kind("pm10", "PM10", "PM10", "µg/m3"),
        Kind("noise", "环境噪声", "Noise", "dB"),
        Kind("air_temperature", "室外气温", "Outdoor temperature", "°C"),
        Kind("wind_speed", "风速", "Wind speed", "m/s"),
        Kind("wind_direction", "风向", "Wind direction", "°"),
        Kind("rainfall", "降雨强度", "Rainfall", "mm/h"),
        Kind("status", "状态", "Status", ""),
    )
}
"""Kinds known by name. Others are allowed: they take the default period."""

ALIASES: Mapping[str, str] = {
    "pm2.5": "pm25",
    "pm2_5": "pm25",
    "flow": "water_flow",
    "people": "occupancy",
    "people_count": "occupancy",
    "bay": "bay_occupied",
    "parking": "bay_occupied",
    "parking_bay": "bay_occupied",
    "lux": "illuminance",
    "carbon_dioxide": "co2",
    "active_power": "power",
    "outdoor_temperature": "air_temperature",
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
