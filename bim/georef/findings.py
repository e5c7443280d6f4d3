"""Findings about the place that a model got."""

from __future__ import annotations

from twin.fault import Fault
from twin.finding import Severity

UNUSABLE = Fault(
    "ifc-georef-unusable",
    Severity.MINOR,
    "坐标信息 {source} 不可用，已忽略",
    "{source} cannot be used to place the model: {why}",
    "在建模软件中填写正确的坐标系与坐标",
    "Set the right coordinate system and coordinates in the authoring tool",
)
MALFORMED = Fault(
    "ifc-georef-malformed",
    Severity.MAJOR,
    "{source} 的属性类型不符合标准，无法读取",
    "{source} cannot be read, its attributes are not of the schema's types: {why}",
    "在建模软件中重新导出，或用 buildingSMART 校验服务检查",
    "Export the model again, or check it with the buildingSMART validation service",
)
FAR_SITE = Fault(
    "ifc-site-far",
    Severity.MAJOR,
    "IfcSite 的经纬度距园区 {far:,.0f} 公里，多为建模软件默认值，未采用",
    "The site's latitude and longitude lie {far:,.0f} km from the park, most likely the authoring tool's default; they were not used",
    "在建模软件中设置项目位置，或以 IfcMapConversion 导出",
    "Set the project's location in the authoring tool, or export with a map conversion",
)
OFFSET = Fault(
    "ifc-huge-coordinates",
    Severity.MAJOR,
    "模型坐标远离自身原点且无坐标系，已平移 {x:.0f}, {y:.0f}, {z:.0f} 米",
    "The model's coordinates are far from its own origin and name no system; it was moved by {x:.0f}, {y:.0f}, {z:.0f} m",
    "若这些坐标属于某投影坐标系，请用 --crs 指定",
    "If these are coordinates of a projected system, name it with --crs",
)
READ_AS = Fault(
    "ifc-georef-coordinates",
    Severity.MINOR,
    "模型自身的坐标按 {crs} 理解，距园区原点 {far:,.0f} 米；文件没有声明坐标系",
    "The model's own coordinates were read as {crs}: they land {far:,.0f} m from the park's origin; the file names no system for them",
    "用 --crs 确认坐标系，或以 IfcMapConversion 和 IfcProjectedCRS 导出",
    "Confirm the system with --crs, or export with IfcMapConversion and IfcProjectedCRS",
)
STRAY_OBJECTS = Fault(
    "ifc-stray-objects",
    Severity.MINOR,
    "{n} 个构件远离模型主体，定位时未计入模型范围",
    "{n} objects stand far from all the others; the model's extent was taken without them",
    "在建模软件中删除或移回远离主体的构件",
    "Delete these objects in the authoring tool, or move them back",
)
NO_GEOREFERENCE = Fault(
    "ifc-no-georeference",
    Severity.MINOR,
    "模型没有可用的坐标信息，已放置于{where}",
    "The model has no usable georeference; it was put at {where}",
    "以 IfcMapConversion 和 IfcProjectedCRS 导出，或用 --crs 指定坐标系",
    "Export with IfcMapConversion and IfcProjectedCRS, or name a system with --crs",
)
AT_ORIGIN = ("园区原点", "the park's origin")
AT_ASSUMED = ("默认位置（东经 114.3°，北纬 30.6°）", "an assumed place (114.3° E, 30.6° N)")
