"""Findings about the place that a model got."""

from __future__ import annotations

from bim.georef.candidate import F64, Candidate
from bim.georef.extent import HUGE_M
from twin.finding import Finding, Severity
from twin.geometry.frame import MAX_DISTANCE_M


def unusable(item: Candidate) -> Finding:
    """A source that cannot be used."""
    return Finding(
        code="ifc-georef-unusable",
        severity=Severity.MINOR,
        zh=f"坐标信息 {item.source} 不可用，已忽略",
        en=f"{item.source} cannot be used to place the model: {item.why}",
        fix_zh="在建模软件中填写正确的坐标系与坐标",
        fix_en="Set the right coordinate system and coordinates in the authoring tool",
    )


def malformed(name: str, cause: str) -> Finding:
    """A source whose entities cannot be read at all."""
    return Finding(
        code="ifc-georef-malformed",
        severity=Severity.MAJOR,
        zh=f"{name} 的属性类型不符合标准，无法读取",
        en=f"{name} cannot be read, its attributes are not of the schema's types: {cause[:160]}",
        fix_zh="在建模软件中重新导出，或用 buildingSMART 校验服务检查",
        fix_en="Export the model again, or check it with the buildingSMART validation service",
    )


def far_site(far: float) -> Finding:
    """A site's location that is far from the park. far: km."""
    return Finding(
        code="ifc-site-far",
        severity=Severity.MAJOR,
        zh=f"IfcSite 的经纬度距园区 {far:,.0f} 公里，多为建模软件默认值，未采用",
        en=f"The site's latitude and longitude lie {far:,.0f} km from the park, most likely the authoring tool's default; they were not used",
        fix_zh="在建模软件中设置项目位置，或以 IfcMapConversion 导出",
        fix_en="Set the project's location in the authoring tool, or export with a map conversion",
        value=round(far, 1),
        limit=MAX_DISTANCE_M / 1000,
        unit="km",
    )


def offset_finding(offset: F64) -> Finding:
    """A model moved to come near its own origin. offset: (3,) metres."""
    x, y, z = (float(value) for value in offset)
    return Finding(
        code="ifc-huge-coordinates",
        severity=Severity.MAJOR,
        zh=f"模型坐标远离自身原点且无坐标系，已平移 {-x:.0f}, {-y:.0f}, {-z:.0f} 米",
        en=f"The model's coordinates are far from its own origin and name no system; it was moved by {-x:.0f}, {-y:.0f}, {-z:.0f} m",
        fix_zh="若这些坐标属于某投影坐标系，请用 --crs 指定",
        fix_en="If these are coordinates of a projected system, name it with --crs",
        data={"offset": [x, y, z]},
    )


def read_as(crs: str, distance: float) -> Finding:
    """Coordinates of the model taken for those of a system that only their numbers speak for. distance: metres."""
    return Finding(
        code="ifc-georef-coordinates",
        severity=Severity.MINOR,
        zh=f"模型自身的坐标按 {crs} 理解，距园区原点 {distance:,.0f} 米；文件没有声明坐标系",
        en=f"The model's own coordinates were read as {crs}: they land {distance:,.0f} m from the park's origin; the file names no system for them",
        fix_zh="用 --crs 确认坐标系，或以 IfcMapConversion 和 IfcProjectedCRS 导出",
        fix_en="Confirm the system with --crs, or export with IfcMapConversion and IfcProjectedCRS",
        value=round(distance, 1),
        limit=MAX_DISTANCE_M,
        unit="m",
    )


def stray_objects(count: int) -> Finding:
    """Objects that stand far from all the others."""
    return Finding(
        code="ifc-stray-objects",
        severity=Severity.MINOR,
        zh=f"{count} 个构件远离模型主体，定位时未计入模型范围",
        en=f"{count} objects stand far from all the others; the model's extent was taken without them",
        fix_zh="在建模软件中删除或移回远离主体的构件",
        fix_en="Delete these objects in the authoring tool, or move them back",
        value=float(count),
        limit=HUGE_M,
    )


def no_georeference(*, assumed: bool) -> Finding:
    """A model without a place of its own. assumed: the park has none either."""
    where = (
        ("默认位置（东经 114.3°，北纬 30.6°）", "an assumed place (114.3° E, 30.6° N)")
        if assumed
        else ("园区原点", "the park's origin")
    )
    return Finding(
        code="ifc-no-georeference",
        severity=Severity.MAJOR if assumed else Severity.MINOR,
        zh=f"模型没有可用的坐标信息，已放置于{where[0]}",
        en=f"The model has no usable georeference; it was put at {where[1]}",
        fix_zh="以 IfcMapConversion 和 IfcProjectedCRS 导出，或用 --crs 指定坐标系",
        fix_en="Export with IfcMapConversion and IfcProjectedCRS, or name a system with --crs",
    )
