"""The head of a model: project, site, building, GlobalIds, products."""

from __future__ import annotations

from bim.order.subject import Subject
from twin.fault import Fault
from twin.finding import Finding, Severity

NO_PRODUCTS = Fault(
    code="ifc-no-products",
    severity=Severity.MAJOR,
    zh="文件中没有任何构件",
    en="The file holds no products",
    fix_zh="确认导出时选择了要输出的内容",
    fix_en="Check what was chosen for export",
)
NO_PROJECT = Fault(
    code="ifc-no-project",
    severity=Severity.MAJOR,
    zh="文件中没有 IfcProject",
    en="The file has no IfcProject",
    fix_zh="重新导出完整模型",
    fix_en="Export the whole model again",
)
MANY_PROJECTS = Fault(
    code="ifc-many-projects",
    severity=Severity.MAJOR,
    zh="文件中有 {n} 个 IfcProject，标准只允许一个；单位取自第一个",
    en="The file has {n} IfcProjects, the standard allows one; units were taken from the first",
    fix_zh="按项目分别导出，或在合并前统一为一个项目",
    fix_en="Export each project by itself, or merge them into one before export",
)
NO_SITE = Fault(
    code="ifc-no-site",
    severity=Severity.NOTICE,
    zh="文件中没有 IfcSite，场地与地理位置无处可写",
    en="The file has no IfcSite, so nothing can tell its plot and place",
    fix_zh="在建模软件中建立场地并随模型导出",
    fix_en="Make a site in the authoring tool and export it with the model",
)
NO_BUILDING = Fault(
    code="ifc-no-building",
    severity=Severity.MINOR,
    zh="文件中没有建筑或设施（IfcBuilding、IfcFacility），{n} 个构件无所归属",
    en="The file has no building or facility (IfcBuilding, IfcFacility) that its {n} elements could belong to",
    fix_zh="在建模软件中建立建筑与楼层，将构件归入其中",
    fix_en="Make a building with storeys in the authoring tool and assign the elements to it",
)
NO_GLOBALID = Fault(
    code="ifc-no-globalid",
    severity=Severity.MAJOR,
    zh="{n} 个构件没有 GlobalId，未读取",
    en="{n} products have no GlobalId and were left out",
    fix_zh="在建模软件中为构件生成 GlobalId 后重新导出",
    fix_en="Let the authoring tool give these products a GlobalId and export again",
)


def check(subject: Subject) -> list[Finding]:
    """What the model lacks at its head."""
    model = subject.model
    found: list[Finding] = []
    if not subject.ids:
        found += NO_PRODUCTS.found(count=1)
    projects = model.by_type("IfcProject")
    if not projects:
        found += NO_PROJECT.found(count=1)
    elif len(projects) > 1:
        found += MANY_PROJECTS.found(subject.ids_of(projects), count=len(projects))
    found += NO_GLOBALID.found(count=subject.products.unnamed)
    elements = int(subject.is_a("IfcElement").sum())
    if elements:
        found += NO_SITE.found(count=int(not subject.is_a("IfcSite").any()))
        if not subject.is_a("IfcBuilding", "IfcFacility").any():
            found += NO_BUILDING.found(count=elements)
    return found
