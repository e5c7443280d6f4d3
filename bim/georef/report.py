"""The georeference report: what was found, what was used and why, where each candidate lands, what contradicts."""

from __future__ import annotations

import math

from bim.georef.candidate import GeorefKind
from bim.georef.contradictions import Landed
from bim.georef.extent import Extent
from bim.georef.landing import Landing
from bim.georef.survey import Survey
from twin.finding import Finding

WHY = {
    GeorefKind.PLACED: ("用户指定了位置", "the user gave the place"),
    GeorefKind.MAP_CONVERSION: ("坐标转换是最可靠的来源", "a map conversion is the strongest source"),
    GeorefKind.PROPERTY_SET: (
        "属性集中的坐标转换等同于 IfcMapConversion",
        "the property sets stand for a map conversion",
    ),
    GeorefKind.RIGID_OPERATION: ("刚性转换是最可靠的来源", "a rigid operation is the strongest source"),
    GeorefKind.OVERRIDE: ("用户指定了坐标系", "the user named the system of the model's coordinates"),
    GeorefKind.COORDINATES: ("模型自身的坐标就是地图坐标", "the model's own coordinates are a map's"),
    GeorefKind.SITE: (
        "没有可用的坐标转换，采用场地经纬度",
        "no conversion is usable, so the site's latitude and longitude count",
    ),
    GeorefKind.LOCAL: ("没有可用的坐标信息", "no source is usable"),
}
"""Why a source is used, in both languages."""


def report_of(
    survey: Survey, landed: list[Landed], used: Landed, extent: Extent, conflicts: list[Finding], *, assumed: bool
) -> dict[str, object]:
    """Plain data for layer.json; keys: docs/guides/modellers.md. Angles in degrees, lengths in metres."""
    landing = used.landing
    if landing is None:
        raise ValueError("the used candidate has no landing")
    return {
        "used": used.item.kind.value,
        "candidate": used.name,
        "why": _why(used, survey),
        "crs": used.item.crs,
        "assumed": assumed,
        "longitude": landing.lonlat[0],
        "latitude": landing.lonlat[1],
        "height": landing.lonlat[2],
        "rotation_deg": math.degrees(landing.rotation),
        "offset": [float(value) for value in landing.offset],
        "placing": survey.placing.as_dict(),
        "anchor": list(survey.placing.place.anchor or extent.anchor) if survey.placing.place else list(extent.anchor),
        "extent": extent.as_dict(),
        "true_north_deg": None if survey.north is None else math.degrees(survey.north - math.pi / 2),
        "addresses": survey.addresses,
        "candidates": [_row(one, used) for one in landed],
        "contradictions": [finding.as_dict() for finding in conflicts],
        "checks": survey.checks,
    }


def _row(one: Landed, used: Landed) -> dict[str, object]:
    landing: Landing | None = one.landing
    return {
        "id": one.name,
        **one.item.as_dict(),
        "used": one is used,
        "landing": None if landing is None else landing.as_dict(),
    }


def _why(used: Landed, survey: Survey) -> dict[str, str]:
    zh, en = WHY[used.item.kind]
    if survey.placing.use and used.item.kind is not GeorefKind.PLACED:
        zh, en = "用户选择了这一来源", "the user chose this source"
    if used.item.repair:
        zh, en = f"{zh}；已按改正后的值采用", f"{en}; it was used with its slip put right"
    return {"zh": zh, "en": en}
