"""Well-known slips of a georeference, mended: tried only where what the file says lands at no possible place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bim.georef.candidate import CONVERSIONS, F64, Candidate, GeorefKind
from bim.georef.extent import HUGE_M, Extent
from bim.georef.map_conversion import axis_unit
from bim.georef.zones import ZONES, is_prefixed, prefix_of, sibling, zone_of

SAME_HEIGHT_M = 1.0
"""The model's own heights repeat the conversion's where they begin this near to it."""


@dataclass(frozen=True)
class Slip:
    """A slip in words. zh, en: what is wrong in the file; fix: what to write there instead."""

    zh: str
    en: str
    fix_zh: str
    fix_en: str


SLIPS = {
    "swapped": Slip(
        "东坐标与北坐标写反",
        "eastings and northings are swapped",
        "Eastings 填东坐标（Y），Northings 填北坐标（X）",
        "Write the east coordinate to Eastings and the north coordinate to Northings",
    ),
    "millimetres": Slip(
        "坐标按毫米填写，而单位是米",
        "coordinates are written in millimetres where the map's unit is larger",
        "以 MapUnit 的单位填写坐标",
        "Write the coordinates in the unit that MapUnit names",
    ),
    "metres": Slip(
        "坐标按米填写，而 MapUnit 缺失或不是米",
        "coordinates are written in metres, but MapUnit is missing or names another unit",
        "在 IfcProjectedCRS.MapUnit 中填写米",
        "Name metres in IfcProjectedCRS.MapUnit",
    ),
    "zone-prefix": Slip(
        "东坐标带有带号，而坐标系不带带号（或相反）",
        "the easting carries the zone's number and the named system does not, or the other way round",
        "改用与坐标一致的坐标系编号",
        "Name the system that fits the coordinates",
    ),
    "double": Slip(
        "构件坐标已是地图坐标，又叠加了坐标转换",
        "placements carry map coordinates already, and the map conversion adds them once more",
        "只保留一种：构件用局部坐标，或坐标转换为零",
        "Keep one of the two: local coordinates with the conversion, or map coordinates with a conversion of zero",
    ),
    "radians": Slip(
        "经纬度按弧度填写",
        "latitude and longitude are written in radians",
        "以度、分、秒填写经纬度",
        "Write latitude and longitude in degrees, minutes and seconds",
    ),
    "decimal-minutes": Slip(
        "度的小数被当作分和秒填写",
        "the decimals of the degrees are written as minutes and seconds",
        "把小数乘以 60 得到分，再把余数乘以 60 得到秒",
        "Multiply the decimals by 60 for the minutes, their decimals again for the seconds",
    ),
    "sign": Slip(
        "经度或纬度的正负号错误",
        "the sign of latitude or longitude is wrong",
        "东经、北纬为正，西经、南纬为负",
        "East and north are positive, west and south negative",
    ),
}
"""All slips that are known; `swapped` also means latitude and longitude."""


def repairs(item: Candidate, extent: Extent) -> Iterator[Candidate]:
    """What the candidate would be were one slip mended, likeliest first."""
    if not item.crs:
        return
    if item.kind is GeorefKind.SITE:
        yield from _angles(item)
    elif item.geographic:
        yield from _degrees(item)
    elif item.kind in CONVERSIONS:
        yield from _map_coordinates(item, extent)


def _map_coordinates(item: Candidate, extent: Extent) -> Iterator[Candidate]:
    x, y, h = item.base
    if extent.outside(np.array(item.local)) > HUGE_M and max(abs(x), abs(y)) * item.unit > HUGE_M:
        for crs in (item.crs, sibling(item.crs, zone=prefix_of(float(extent.middle[0])), prefixed=True)):
            if crs:
                yield without_shift(item, crs, extent)
    yield from _prefix(item)
    swapped = _mended(item, "swapped", base=(y, x, h))
    yield swapped
    yield from (replace(other, repair="swapped") for other in _prefix(swapped))
    yield _mended(item, "millimetres", base=(x / 1000, y / 1000, h))
    map_unit = item.declared.get("map_unit_m")
    if isinstance(map_unit, float) and map_unit != 1.0:
        height = h / map_unit if abs(h / map_unit) < HUGE_M else h
        yield _mended(item, "metres", base=(x / map_unit, y / map_unit, height))


def without_shift(item: Candidate, crs: str, extent: Extent) -> Candidate:
    """The model's coordinates taken as the map's, the conversion's shift left out; its height too where the model has it already."""
    height = item.base[2]
    again = repeats_height(height, extent.low)
    return _mended(
        item,
        "double",
        crs=crs,
        base=(0.0, 0.0, 0.0 if again else height),
        local=(0.0, 0.0, 0.0),
        rotation=0.0,
        scale=1.0,
    )


def repeats_height(height: float, low: F64) -> bool:
    """Whether a model's lowest point stands where the conversion's height would put its zero."""
    return abs(height) > SAME_HEIGHT_M and abs(float(low[2]) - height) <= max(SAME_HEIGHT_M, abs(height) / 2)


def _prefix(item: Candidate) -> Iterator[Candidate]:
    """The same coordinates in the system that has, or has not, the zone's number before its eastings."""
    zone = prefix_of(item.base[0] * item.unit)
    if zone is not None and not is_prefixed(item.crs):
        other = sibling(item.crs, zone=zone, prefixed=True)
    elif zone is None and is_prefixed(item.crs):
        other = sibling(item.crs, prefixed=False)
    else:
        return
    if other:
        yield _mended(item, "zone-prefix", crs=other)


def _angles(item: Candidate) -> Iterator[Candidate]:
    latitude, longitude = item.declared.get("latitude_parts"), item.declared.get("longitude_parts")
    yield from _degrees(item)
    if isinstance(latitude, list) and isinstance(longitude, list):
        yield _globe(item, "decimal-minutes", _decimal(longitude), _decimal(latitude))


def _degrees(item: Candidate) -> Iterator[Candidate]:
    longitude, latitude = item.base[:2]
    yield _globe(item, "swapped", latitude, longitude)
    if abs(longitude) <= math.pi and abs(latitude) <= math.pi / 2:
        yield _globe(item, "radians", math.degrees(longitude), math.degrees(latitude))
    for east, north in ((-1, 1), (1, -1), (-1, -1)):
        yield _globe(item, "sign", east * longitude, north * latitude)


def _decimal(parts: Sequence[int]) -> float:
    """Degrees where the parts after the first are the digits of a decimal fraction: 30, 60, 0 is 30.60."""
    sign = -1.0 if any(part < 0 for part in parts) else 1.0
    whole, minutes, seconds = ([abs(part) for part in parts] + [0, 0, 0])[:3]
    return sign * (whole + minutes / 100 + seconds / 10_000)


def _globe(item: Candidate, name: str, longitude: float, latitude: float) -> Candidate:
    on = abs(longitude) <= 180 and abs(latitude) <= 90
    why = "" if on else "not on the globe"
    return replace(item, base=(longitude, latitude, item.base[2]), usable=on, why=why, repair=name)


def _mended(item: Candidate, name: str, **changes: object) -> Candidate:
    crs = str(changes.get("crs", item.crs))
    unit = item.unit if crs == item.crs else axis_unit(crs)
    return replace(item, repair=name, unit=unit, usable=True, why="", **changes)  # type: ignore[arg-type]


def neighbour_systems(crs: str) -> list[str]:
    """Systems that are named in place of the right one: the other zones of the same datum, nearest first."""
    own = zone_of(crs)
    if own is None:
        return []
    prefixed = is_prefixed(crs)
    return [
        sibling(crs, zone=zone, prefixed=prefixed) for zone in sorted(ZONES, key=lambda z: abs(z - own)) if zone != own
    ]
