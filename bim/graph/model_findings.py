"""What a model lacks as a whole: project, units, containers, GlobalIds."""

from __future__ import annotations

from typing import Any

from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import MAX_IDS, IdBook
from bim.graph.products import Products
from bim.units.unit_table import UnitTable
from twin.finding import Finding, Severity


def model_findings(
    model: Any, units: UnitTable, products: Products, hierarchy: Hierarchy, book: IdBook
) -> list[Finding]:
    """Findings about the file as a whole; none of them stops the reading."""
    found = []
    if not products.ids:
        found.append(
            Finding(
                "ifc-no-products",
                Severity.MAJOR,
                "文件中没有任何构件",
                "The file holds no products",
                fix_zh="确认导出时选择了要输出的内容",
                fix_en="Check what was chosen for export",
            )
        )
    if not model.by_type("IfcProject"):
        found.append(
            Finding(
                "ifc-no-project",
                Severity.MAJOR,
                "文件中没有 IfcProject",
                "The file has no IfcProject",
                fix_zh="重新导出完整模型",
                fix_en="Export the whole model again",
            )
        )
    found.extend(
        Finding("ifc-unit", Severity.MINOR, f"单位定义有问题：{problem}", f"The unit assignment has a fault: {problem}")
        for problem in dict.fromkeys(units.problems)
    )
    if products.unnamed:
        found.append(
            Finding(
                "ifc-no-globalid",
                Severity.MAJOR,
                f"{products.unnamed} 个构件没有 GlobalId，未读取",
                f"{products.unnamed} products have no GlobalId and were left out",
                value=float(products.unnamed),
                limit=0.0,
            )
        )
    loose = [
        step for step, entity in products.by_step.items() if step not in hierarchy.parent and entity.is_a("IfcElement")
    ]
    if loose:
        ids = tuple(filter(None, map(book.get_step, loose[:MAX_IDS])))
        found.append(
            Finding(
                "ifc-uncontained",
                Severity.MINOR,
                f"{len(loose)} 个构件不属于任何空间或构件",
                f"{len(loose)} elements belong to no storey, space or other element",
                ids=ids,
                fix_zh="在建模软件中将构件归入楼层",
                fix_en="Assign the elements to storeys in the authoring tool",
                value=float(len(loose)),
                limit=0.0,
            )
        )
    return found
