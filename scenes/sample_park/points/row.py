"""One row of points.csv, and the kinds of value the park measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PointRow:
    """A binding: `gid` shows the value (a room, a bay), `device` measures it."""

    point_id: str
    gid: str
    device: str
    kind: str
    unit: str
    min: float
    max: float
    role: str
    name: str
    address: str


COLUMNS = ("point_id", "gid", "device", "kind", "unit", "min", "max", "role", "name", "address")


@dataclass(frozen=True)
class ValueKind:
    """A kind of value: unit and the range a healthy device reports in."""

    unit: str
    min: float
    max: float
    zh: str
    en: str
    role: str = "measured"


KINDS: dict[str, ValueKind] = {
    "temperature": ValueKind("°C", 10.0, 40.0, "温度", "Temperature"),
    "humidity": ValueKind("%RH", 10.0, 95.0, "相对湿度", "Relative humidity"),
    "co2": ValueKind("ppm", 380.0, 2000.0, "二氧化碳浓度", "CO2 concentration"),
    "occupancy": ValueKind("person", 0.0, 60.0, "在室人数", "Occupancy"),
    "lighting_power": ValueKind("W", 0.0, 2000.0, "照明功率", "Lighting power"),
    "power": ValueKind("kW", 0.0, 400.0, "用电功率", "Electric power"),
    "energy": ValueKind("kWh", 0.0, 1_000_000.0, "累计电量", "Electric energy", "counter"),
    "water_flow": ValueKind("m3/h", 0.0, 30.0, "用水流量", "Water flow"),
    "smoke": ValueKind("", 0.0, 1.0, "感烟报警状态", "Smoke detector state", "state"),
    "door": ValueKind("", 0.0, 1.0, "门开启状态", "Door state", "state"),
    "lift_position": ValueKind("floor", 1.0, 16.0, "电梯楼层", "Lift position"),
    "supply_temperature": ValueKind("°C", 4.0, 60.0, "供水温度", "Supply water temperature"),
    "return_temperature": ValueKind("°C", 6.0, 60.0, "回水温度", "Return water temperature"),
    "supply_air_temperature": ValueKind("°C", 10.0, 35.0, "送风温度", "Supply air temperature"),
    "pressure": ValueKind("kPa", 0.0, 1200.0, "压力", "Pressure"),
    "pump_speed": ValueKind("%", 0.0, 100.0, "水泵频率", "Pump speed"),
    "load": ValueKind("%", 0.0, 100.0, "负荷率", "Load"),
    "pm25": ValueKind("µg/m3", 0.0, 300.0, "PM2.5", "PM2.5"),
    "noise": ValueKind("dB", 30.0, 110.0, "环境噪声", "Noise"),
    "wind_speed": ValueKind("m/s", 0.0, 30.0, "风速", "Wind speed"),
    "air_temperature": ValueKind("°C", -8.0, 42.0, "室外气温", "Outdoor temperature"),
    "rainfall": ValueKind("mm/h", 0.0, 100.0, "降雨强度", "Rainfall"),
    "bay_occupied": ValueKind("", 0.0, 1.0, "车位占用", "Bay occupied", "state"),
    "lamp_power": ValueKind("W", 0.0, 180.0, "路灯功率", "Lamp power"),
    "manhole_level": ValueKind("m", 0.0, 3.5, "井内液位", "Manhole level"),
    "level": ValueKind("m", 0.0, 4.0, "液位", "Level"),
    "co": ValueKind("ppm", 0.0, 100.0, "一氧化碳浓度", "CO concentration"),
    "solar_power": ValueKind("kW", 0.0, 60.0, "光伏功率", "Solar power"),
    "leak": ValueKind("", 0.0, 1.0, "漏水状态", "Leak state", "state"),
}


def point(
    building: str,
    storey: str,
    device: str,
    kind: str,
    *,
    gid: str,
    device_gid: str,
    name: str,
    maximum: float | None = None,
) -> PointRow:
    """A row whose id and address follow the park's one scheme; `maximum` narrows the kind's range."""
    value = KINDS[kind]
    point_id = ".".join(part for part in (building, storey, device, kind) if part)
    address = "mqtt:park/" + "/".join(part for part in (building, storey, device, kind) if part)
    top = value.max if maximum is None else maximum
    return PointRow(
        point_id, gid, device_gid, kind, value.unit, value.min, top, value.role, f"{name} {value.zh}", address
    )
