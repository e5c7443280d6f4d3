"""Rooms of a storey, and what each usage asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["s", "e", "n", "w"]


@dataclass(frozen=True)
class Usage:
    """What a room is used for; drives its fittings, devices and classification.

    door: kind of its door to circulation; walk: part of the circulation; glass: its wall to
    circulation is glazed; person_m2: floor area per person (0: nobody stays here).
    """

    zh: str
    en: str
    code: str
    door: str = "wood"
    walk: bool = False
    glass: bool = False
    person_m2: float = 0.0
    sensors: tuple[str, ...] = ()
    lux: int = 200
    wet: bool = False
    rent: bool = False


_AIR = ("temperature", "humidity", "co2", "occupancy", "lighting_power")
_OPEN = ("temperature", "co2", "occupancy", "lighting_power")
_MEET = ("temperature", "co2", "occupancy")
_WORK = ("temperature", "occupancy")
USAGES: dict[str, Usage] = {
    "office": Usage("办公室", "Office", "KJ-01.01", "wood", person_m2=8, sensors=_WORK, lux=300, rent=True),
    "open_office": Usage(
        "开放办公区",
        "Open-plan office",
        "KJ-01.02",
        "glass",
        glass=True,
        person_m2=7,
        sensors=_OPEN,
        lux=300,
        rent=True,
    ),
    "meeting": Usage(
        "会议室", "Meeting room", "KJ-01.03", "glass", glass=True, person_m2=2.5, sensors=_MEET, lux=300, rent=True
    ),
    "director": Usage(
        "经理室", "Manager's office", "KJ-01.04", "wood", person_m2=15, sensors=_WORK, lux=300, rent=True
    ),
    "pantry": Usage("茶水间", "Pantry", "KJ-01.05", "wood", sensors=("temperature",), wet=True),
    "lobby": Usage("门厅", "Lobby", "KJ-02.01", walk=True, sensors=("temperature", "occupancy", "co2"), lux=200),
    "corridor": Usage("走道", "Corridor", "KJ-02.02", walk=True, sensors=("lighting_power",), lux=100),
    "lift_lobby": Usage("电梯厅", "Lift lobby", "KJ-02.03", walk=True, sensors=("occupancy",), lux=150),
    "stair": Usage("疏散楼梯间", "Escape stair", "KJ-02.04", "fire_b", lux=75),
    "lift": Usage("电梯井", "Lift shaft", "KJ-02.05", "lift"),
    "atrium": Usage(
        "中庭", "Atrium", "KJ-02.06", walk=True, sensors=("temperature", "humidity", "co2", "occupancy"), lux=200
    ),
    "wc_m": Usage("男卫生间", "Toilet, men", "KJ-03.01", "wood_09", wet=True),
    "wc_f": Usage("女卫生间", "Toilet, women", "KJ-03.02", "wood_09", wet=True),
    "electrical": Usage("配电间", "Electrical room", "KJ-04.01", "fire_a", sensors=("temperature",)),
    "plant": Usage("空调机房", "Air-handling room", "KJ-04.02", "fire_a", sensors=("temperature",)),
    "shaft": Usage("管道井", "Riser", "KJ-04.03", "fire_c"),
    "control": Usage("监控室", "Control room", "KJ-04.04", "fire_b", person_m2=6, sensors=_WORK, lux=300),
    "substation": Usage("变配电室", "Substation", "KJ-04.05", "fire_a2", sensors=("temperature", "humidity")),
    "chiller_room": Usage("制冷机房", "Chiller plant", "KJ-04.06", "fire_a2", sensors=("temperature", "humidity")),
    "boiler_room": Usage("热泵机房", "Heat-pump plant", "KJ-04.07", "fire_a2", sensors=("temperature", "humidity")),
    "pump_room": Usage("水泵房", "Pump room", "KJ-04.08", "fire_a2", sensors=("temperature", "humidity"), wet=True),
    "battery": Usage("储能室", "Battery room", "KJ-04.09", "fire_a2", sensors=("temperature", "humidity")),
    "lab": Usage("实验室", "Laboratory", "KJ-05.01", "lab", person_m2=9, sensors=_AIR, lux=500, rent=True),
    "clean": Usage(
        "洁净室", "Clean room", "KJ-05.02", "lab", glass=True, person_m2=12, sensors=_AIR, lux=500, rent=True
    ),
    "instrument": Usage(
        "仪器室",
        "Instrument room",
        "KJ-05.03",
        "lab",
        sensors=("temperature", "humidity", "occupancy"),
        lux=500,
        rent=True,
    ),
    "flat": Usage(
        "公寓居室",
        "Living room of a flat",
        "KJ-06.01",
        "wood_09",
        person_m2=14,
        sensors=("temperature", "humidity", "occupancy"),
        rent=True,
    ),
    "entry": Usage("玄关", "Entrance hall of a flat", "KJ-06.05", "fire_b1", lux=75, rent=True),
    "bath": Usage("卫浴", "Bathroom", "KJ-06.02", "wood_08", wet=True),
    "laundry": Usage("洗衣房", "Laundry", "KJ-06.03", wet=True, sensors=("temperature",)),
    "lounge": Usage("公共客厅", "Common room", "KJ-06.04", "glass", glass=True, person_m2=4, sensors=_WORK),
    "dining": Usage("餐厅", "Dining hall", "KJ-07.01", "glass", person_m2=2.0, sensors=_AIR, lux=200, rent=True),
    "kitchen": Usage("厨房", "Kitchen", "KJ-07.02", "fire_b", person_m2=8, sensors=_AIR, lux=300, wet=True, rent=True),
    "servery": Usage("售餐区", "Servery", "KJ-07.03", walk=True, sensors=("temperature", "occupancy"), rent=True),
    "cafe": Usage("咖啡厅", "Café", "KJ-07.04", "glass", glass=True, person_m2=3, sensors=_AIR, rent=True),
    "store": Usage("库房", "Store", "KJ-08.01", "fire_b1", sensors=("temperature",)),
    "exhibition": Usage("展厅", "Exhibition hall", "KJ-09.01", "glass2", person_m2=3, sensors=_AIR, lux=300, rent=True),
    "auditorium": Usage("报告厅", "Auditorium", "KJ-09.02", "glass2", person_m2=1.6, sensors=_AIR, lux=300, rent=True),
    "shop": Usage("服务用房", "Shop", "KJ-09.03", "glass", glass=True, person_m2=4, sensors=_WORK, rent=True),
    "gym": Usage("健身房", "Gym", "KJ-09.04", "glass", glass=True, person_m2=5, sensors=_AIR, rent=True),
    "parking": Usage("停车区", "Parking deck", "KJ-10.01", walk=True, sensors=("co", "lighting_power"), lux=50),
    "guard": Usage("值班室", "Guard room", "KJ-11.01", "wood", person_m2=5, sensors=_WORK),
}


@dataclass(frozen=True)
class Room:
    """A rectangle of a plan between wall centre lines, metres in the building's frame."""

    x0: float
    y0: float
    x1: float
    y1: float
    usage: str
    number: str = ""
    name: str = ""
    door: Side | None = None  # the side its door should be on
    tenant: int | None = None

    @property
    def use(self) -> Usage:
        """The table's row of its usage."""
        return USAGES[self.usage]

    @property
    def width(self) -> float:
        """Extent along x."""
        return self.x1 - self.x0

    @property
    def depth(self) -> float:
        """Extent along y."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Area between wall centre lines, m²."""
        return self.width * self.depth

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2
