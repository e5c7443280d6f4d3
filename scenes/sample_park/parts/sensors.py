"""Sensors in spaces: an IfcSensor each, and the points they feed."""

from __future__ import annotations

from typing import Any

from scenes.sample_park.model.file import Kind, Model, Storey
from scenes.sample_park.model.solids import box, centred
from scenes.sample_park.parts.placed import Placed
from scenes.sample_park.points.row import PointRow, point

# kind of value → (IfcSensorTypeEnum, name of the type, short device name)
_SENSORS: dict[str, tuple[str, str, str]] = {
    "temperature": ("TEMPERATURESENSOR", "温度传感器", "ts"),
    "humidity": ("HUMIDITYSENSOR", "湿度传感器", "hs"),
    "co2": ("CO2SENSOR", "二氧化碳传感器", "cs"),
    "co": ("COSENSOR", "一氧化碳传感器", "co"),
    "occupancy": ("MOVEMENTSENSOR", "人员存在传感器", "os"),
    "smoke": ("SMOKESENSOR", "点型感烟火灾探测器", "sd"),
    "door": ("CONTACTSENSOR", "门磁", "dc"),
    "leak": ("MOISTURESENSOR", "漏水传感器", "ls"),
    "pressure": ("PRESSURESENSOR", "压力传感器", "ps"),
    "supply_temperature": ("TEMPERATURESENSOR", "水管温度传感器", "st"),
    "return_temperature": ("TEMPERATURESENSOR", "水管温度传感器", "rt"),
    "supply_air_temperature": ("TEMPERATURESENSOR", "风管温度传感器", "sat"),
}


def sensor_kind(model: Model, kind: str) -> Kind:
    """The IfcSensorType of a kind of value."""
    predefined, name, _ = _SENSORS[kind]
    ceiling = kind in ("smoke", "occupancy")
    solids = [
        centred(0.11, 0.11, 0.05, "porcelain", -0.05)
        if ceiling
        else box(-0.04, -0.03, -0.05, 0.08, 0.03, 0.1, "porcelain")
    ]
    return model.kind("IfcSensor", name, solids, predefined, {"Park_DeviceType": {"Protocol": "MQTT", "Value": kind}})


def add_point(
    model: Model, storey: Storey | None, device_name: str, kind: str, *, shows: str, device: Any, name: str,
    maximum: float | None = None,
) -> PointRow:  # fmt: skip
    """Bind a value: `shows` is the gid of the object that shows it."""
    row = point(
        model.title.key, storey.key if storey else "", device_name, kind, gid=shows,
        device_gid=f"{model.title.key}/{device.GlobalId}", name=name, maximum=maximum,
    )  # fmt: skip
    model.points.append(row)
    return row


def room_sensor(model: Model, placed: Placed, kind: str, at: tuple[float, float, float], turn: Any = None) -> Any:
    """A sensor in a room whose value the room shows."""
    storey, room = placed.storey, placed.room
    short = _SENSORS[kind][2]
    system = "fire_alarm" if kind == "smoke" else "control"
    made = model.place(sensor_kind(model, kind), storey, at, turn, system=system)
    name = f"{model.title.zh} {room.number} {room.name or room.use.zh}"
    people = room.area / room.use.person_m2 * 1.3 if room.use.person_m2 else 6.0
    row = add_point(
        model, storey, f"{room.number.lower() or 'x'}-{short}", kind, shows=placed.gid, device=made, name=name,
        maximum=float(max(2, round(people))) if kind == "occupancy" else None,
    )  # fmt: skip
    model.properties.give(made, "Park_Device", {"PointId": row.point_id, "Address": row.address, "Protocol": "MQTT"})
    return made
