"""Where the sources of a model's place contradict one another, and what in them cannot be meant."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bim.georef.candidate import CONVERSIONS, Candidate, GeorefKind
from bim.georef.extent import HUGE_M, Extent
from bim.georef.landing import Landing, ground_distance
from bim.georef.repair import SLIPS, repeats_height
from bim.georef.site_location import slips
from bim.georef.survey import Survey
from bim.georef.zones import zone_of
from twin.finding import Finding, Severity
from twin.geometry.frame import crs as known_crs

EXPLICIT_M, SITE_M = 0.1, 50.0
"""Metres between the landing points of two exact sources, or of one and a site's latitude and longitude, which are
given to the second at best (31 m) and only say about where the site is."""
EXPLICIT_DEG, SITE_DEG = 0.01, 1.0
"""Degrees between their rotations. 0.01° moves the far end of a 500 m building by 9 cm; true north is drawn by hand."""
EXPLICIT_HEIGHT_M, SITE_HEIGHT_M = 0.1, 2.0
"""Metres between their heights."""
GRID_SCALE = 1 / 40_000
"""A grid that stretches more than this, 2.5 cm in a kilometre, is felt in setting out (`GK`, common practice)."""
SAME_SCALE = 1e-6
_RIGHT_ANGLE_DEG = 90.0
_COMPARED = CONVERSIONS | {GeorefKind.SITE, GeorefKind.COORDINATES}


@dataclass(frozen=True)
class Landed:
    """A candidate with its name in the report and where it lands; None where it lands nowhere."""

    name: str
    item: Candidate
    landing: Landing | None


def contradictions(survey: Survey, landed: list[Landed], extent: Extent) -> list[Finding]:
    """All contradictions as findings; `data.between` names the candidates."""
    shown = [one for one in landed if one.landing is not None and one.item.kind in _COMPARED and not one.item.repair]
    found: list[Finding] = []
    for first, second in combinations(shown, 2):
        found += _pair(first, second, turned=survey.north is not None)
    for one in landed:
        found += _repair(one, landed)
        if one.item.kind in CONVERSIONS and one.item.usable and not one.item.repair:
            found += [
                *_true_north(one, survey),
                *_zone(one),
                *_height_datum(one),
                *_double(one, extent),
                *_twice(one, survey),
            ]
            found += [*_stretch(one), *_factors(one)]
        if one.item.kind is GeorefKind.SITE and not one.item.repair:
            found += _angle_parts(one)
    return found


def _pair(first: Landed, second: Landed, *, turned: bool) -> Iterator[Finding]:
    """turned: whether the model says where true north is, so that a site's rotation means something."""
    a, b = first.landing, second.landing
    if a is None or b is None:
        return
    site = GeorefKind.SITE in (first.item.kind, second.item.kind)
    between = [first.name, second.name]
    distance, limit = ground_distance(a.lonlat, b.lonlat), SITE_M if site else EXPLICIT_M
    if distance > limit:
        yield Finding(
            code="ifc-georef-contradiction",
            severity=Severity.MAJOR,
            zh=f"{first.name} 与 {second.name} 的落点相距 {distance:,.1f} 米",
            en=f"{first.name} and {second.name} put the model {distance:,.1f} m apart",
            fix_zh="在建模软件中使各坐标来源一致，或指定采用哪一个",
            fix_en="Make the sources agree in the authoring tool, or say which one counts",
            value=round(distance, 3),
            limit=limit,
            unit="m",
            data={"between": between},
        )
        if distance > HUGE_M:
            return  # heights and rotations at places that far apart cannot be compared
    turn, limit = math.degrees(math.remainder(b.rotation - a.rotation, math.tau)), SITE_DEG if site else EXPLICIT_DEG
    if abs(turn) > limit and (turned or not site):
        yield _rotation(first.name, second.name, turn, limit, _likely(a.rotation, b.rotation, limit))
    height, limit = b.lonlat[2] - a.lonlat[2], SITE_HEIGHT_M if site else EXPLICIT_HEIGHT_M
    if abs(height) > limit:
        yield Finding(
            code="ifc-georef-height",
            severity=Severity.MINOR,
            zh=f"{first.name} 与 {second.name} 的高程相差 {abs(height):,.2f} 米",
            en=f"{first.name} and {second.name} put the model {abs(height):,.2f} m apart in height",
            fix_zh="使 OrthogonalHeight 与 RefElevation 表示同一高程",
            fix_en="Let OrthogonalHeight and RefElevation state the same height",
            value=round(abs(height), 3),
            limit=limit,
            unit="m",
            data={"between": between},
        )


def _likely(a: float, b: float, limit: float) -> tuple[str, str]:
    """What two rotations, radians, look like in both languages: a sign that is wrong, or an axis taken for another."""
    first, second = math.degrees(a), math.degrees(b)

    def same(x: float, y: float) -> bool:
        return abs(math.remainder(x - y, 360.0)) <= limit

    if same(first, -second):
        return "：角度大小相同而符号相反", ": the same angle with the other sign"
    if same(first, _RIGHT_ANGLE_DEG - second):
        return "：XAxisAbscissa 与 XAxisOrdinate 可能写反", ": XAxisAbscissa and XAxisOrdinate look swapped"
    if same(abs(math.remainder(first - second, 360.0)), _RIGHT_ANGLE_DEG):
        return (
            "：恰差 90°，可能把北方向当作 X 轴方向",
            ": a right angle, as if the direction of north had been taken for the x axis",
        )
    if same(first - second, 180.0):
        return "：方向相反", ": the opposite direction"
    return "", ""


def _rotation(first: str, second: str, turn: float, limit: float, likely: tuple[str, str]) -> Finding:
    return Finding(
        code="ifc-georef-rotation",
        severity=Severity.MAJOR,
        zh=f"{first} 与 {second} 的方向相差 {abs(turn):.2f}°{likely[0]}",
        en=f"{first} and {second} turn the model {abs(turn):.2f}° apart{likely[1]}",
        fix_zh="核对 XAxisAbscissa/XAxisOrdinate 与 TrueNorth：前者是 X 轴的坐标北方向，后者是真北",
        fix_en="Check XAxisAbscissa and XAxisOrdinate (the x axis on the grid) against TrueNorth (true north in the model)",
        value=round(abs(turn), 4),
        limit=limit,
        unit="deg",
        data={"between": [first, second]},
    )


def _true_north(one: Landed, survey: Survey) -> Iterator[Finding]:
    """True north that the context gives, against the conversion's; the grid's convergence is in the landing already."""
    if survey.north is None or one.landing is None or survey_has_site(survey):
        return
    stated = math.degrees(math.pi / 2 - survey.north)
    turn = math.remainder(stated - one.landing.place["rotation_deg"], 360.0)
    if abs(turn) > SITE_DEG:
        rotation = math.radians(one.landing.place["rotation_deg"])
        yield _rotation(one.name, "TrueNorth", turn, SITE_DEG, _likely(rotation, math.radians(stated), SITE_DEG))


def survey_has_site(survey: Survey) -> bool:
    """Whether a site's candidate carries the true north, so that the pair says it."""
    return any(item.kind is GeorefKind.SITE and item.usable for item in survey.candidates)


def _repair(one: Landed, landed: list[Landed]) -> Iterator[Finding]:
    if not one.item.repair or one.landing is None:
        return
    slip = SLIPS[one.item.repair]
    plain = next(other for other in landed if other.item.source == one.item.source and not other.item.repair)
    yield Finding(
        code="ifc-georef-slip",
        severity=Severity.MAJOR,
        zh=f"{plain.name}：{slip.zh}；改正后落点距园区原点 {one.landing.distance:,.0f} 米",
        en=f"{plain.name}: {slip.en}; put right, the model lands {one.landing.distance:,.0f} m from the park's origin",
        fix_zh=slip.fix_zh,
        fix_en=slip.fix_en,
        data={"between": [plain.name, one.name], "slip": one.item.repair, "crs": one.item.crs},
    )


def _zone(one: Landed) -> Iterator[Finding]:
    """MapZone against the central meridian of the system."""
    digits = re.search(r"\d+", str(one.item.declared.get("map_zone", "")))
    if digits is None or not one.item.crs:
        return
    meridian, zone = _central_meridian(one.item.crs), int(digits.group())
    own = zone_of(one.item.crs)
    expected = {own} if own else set()
    if meridian is not None:
        expected |= {round(meridian), round(meridian / 3), round((meridian + 3) / 6), round((meridian + 183) / 6)}
    if meridian is None or zone in expected:
        return
    yield Finding(
        code="ifc-georef-zone",
        severity=Severity.MINOR,
        zh=f"{one.name} 的 MapZone 为 {zone}，而 {one.item.crs} 的中央子午线是 {meridian:g}°",
        en=f"{one.name} names MapZone {zone}, but the central meridian of {one.item.crs} is {meridian:g}°",
        fix_zh="使坐标系编号与分带一致",
        fix_en="Let the system and the zone agree",
        data={"between": [one.name]},
    )


def _central_meridian(name: str) -> float | None:
    operation = known_crs(name).to_2d().coordinate_operation
    for parameter in () if operation is None else operation.params:
        if parameter.name == "Longitude of natural origin":
            return float(math.degrees(parameter.value * parameter.unit_conversion_factor))
    return None


def _height_datum(one: Landed) -> Iterator[Finding]:
    if not one.item.base[2] or one.item.declared.get("vertical_datum") or not one.item.crs:
        return
    if known_crs(one.item.crs).is_compound or known_crs(one.item.crs).is_vertical:
        return
    yield Finding(
        code="ifc-georef-no-height-datum",
        severity=Severity.NOTICE,
        zh=f"{one.name} 给出高程 {one.item.base[2]:.2f} 米，但没有高程基准",
        en=f"{one.name} gives the height {one.item.base[2]:.2f} m and no vertical datum; the park's is assumed",
        fix_zh="在 IfcProjectedCRS.VerticalDatum 中填写高程基准（如 1985 国家高程基准 EPSG:5737）",
        fix_en="Name the datum in IfcProjectedCRS.VerticalDatum, such as EPSG:5737 for the Yellow Sea 1985 heights",
        data={"between": [one.name]},
    )


def _double(one: Landed, extent: Extent) -> Iterator[Finding]:
    """A conversion with a shift over a model whose own coordinates are a map's."""
    far = extent.outside(np.array(one.item.local))
    if (
        one.item.geographic
        or far <= HUGE_M
        or max(abs(one.item.base[0]), abs(one.item.base[1])) * one.item.unit <= HUGE_M
    ):
        return
    yield Finding(
        code="ifc-georef-double",
        severity=Severity.MAJOR,
        zh=f"{one.name} 有平移量，而构件坐标自身已远离原点 {far / 1000:,.0f} 公里：疑似重复定位",
        en=f"{one.name} shifts the model although its coordinates are {far / 1000:,.0f} km from its origin already: it looks georeferenced twice",
        fix_zh=SLIPS["double"].fix_zh,
        fix_en=SLIPS["double"].fix_en,
        value=round(far, 1),
        limit=HUGE_M,
        unit="m",
        data={"between": [one.name]},
    )


def _twice(one: Landed, survey: Survey) -> Iterator[Finding]:
    """The conversion's height once more in the placement of the site or building."""
    height = one.item.base[2]
    for entity, z in survey.spatial_heights.items():
        if repeats_height(height, np.array([0.0, 0.0, z])) and abs(z - height) <= 1.0:
            yield Finding(
                code="ifc-georef-elevation-twice",
                severity=Severity.MAJOR,
                zh=f"{one.name} 的高程 {height:.2f} 米在 {entity} 的放置中又加了一次（{z:.2f} 米）",
                en=f"The height {height:.2f} m of {one.name} is in the placement of {entity} once more ({z:.2f} m)",
                fix_zh="高程只保留在坐标转换或放置其中之一",
                fix_en="Keep the height in the conversion or in the placement, not in both",
                value=round(height + z, 3),
                unit="m",
                data={"between": [one.name]},
            )
            return


def _stretch(one: Landed) -> Iterator[Finding]:
    scale = None if one.landing is None else one.landing.grid_scale
    if scale is None or not abs(scale - 1.0) > GRID_SCALE:
        return
    yield Finding(
        code="ifc-georef-grid-scale",
        severity=Severity.NOTICE,
        zh=f"{one.item.crs} 在此处的长度比为 {scale:.6f}，每公里变形 {abs(scale - 1) * 1000:.3f} 米；模型按真实尺寸放置，不随网格伸缩",
        en=f"{one.item.crs} has the scale factor {scale:.6f} here, {abs(scale - 1) * 1000:.3f} m in a kilometre;"
        " the model keeps its true size and is not stretched with the grid",
        fix_zh="选用中央子午线更近的坐标系",
        fix_en="Choose a system whose central meridian is nearer",
        value=round(abs(scale - 1.0), 7),
        limit=GRID_SCALE,
        data={"between": [one.name]},
    )


def _factors(one: Landed) -> Iterator[Finding]:
    factors = one.item.declared.get("factors")
    if not isinstance(factors, list) or max(factors) - min(factors) <= SAME_SCALE * abs(max(factors)):
        return
    yield Finding(
        code="ifc-georef-factors",
        severity=Severity.MINOR,
        zh=f"{one.name} 三个方向的比例不同（{', '.join(f'{value:g}' for value in factors)}）；模型按真实尺寸放置",
        en=f"{one.name} scales the axes differently ({', '.join(f'{value:g}' for value in factors)}); the model keeps its true size",
        fix_zh="FactorX、FactorY、FactorZ 取相同的值",
        fix_en="Give FactorX, FactorY and FactorZ the same value",
        data={"between": [one.name]},
    )


def _angle_parts(one: Landed) -> Iterator[Finding]:
    for name in ("latitude", "longitude"):
        parts = one.item.declared.get(f"{name}_parts")
        slip = slips(parts) if isinstance(parts, list) else ""
        if slip:
            yield Finding(
                code="ifc-georef-angle",
                severity=Severity.MINOR,
                zh=f"{one.name} 的{'纬度' if name == 'latitude' else '经度'} {parts} 超出范围（{slip}）",
                en=f"The {name} {parts} of {one.name} is out of range: {slip}",
                fix_zh="按度、分、秒、百万分之一秒填写，各部分同号",
                fix_en="Write degrees, minutes, seconds and millionths of a second, all with one sign",
                data={"between": [one.name]},
            )
