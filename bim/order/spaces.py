"""Spaces in the graph: their boundaries."""

from __future__ import annotations

import numpy as np

from bim.order.subject import Subject
from bim.source.attribute import value_at
from twin.fault import Fault
from twin.finding import Finding, Severity

BOUNDARY = "IfcRelSpaceBoundary"
NO_BOUNDARIES = Fault(
    code="ifc-no-space-boundaries",
    severity=Severity.NOTICE,
    zh="模型有 {n} 个空间，但没有导出空间边界",
    en="The model has {n} spaces and no space boundary at all",
    fix_zh="导出时启用空间边界（第 1 或第 2 级），能耗与疏散分析需要它",
    fix_en="Switch on space boundaries (level 1 or 2) in the export; analyses of energy and escape need them",
)
UNBOUNDED = Fault(
    code="ifc-space-unbounded",
    severity=Severity.MINOR,
    zh="{n} 个空间没有空间边界，而其他空间有",
    en="{n} spaces have no boundary, though others in the model do",
    fix_zh="检查这些房间是否被墙、板完整围合",
    fix_en="Check that walls and slabs close these rooms",
)
INCOMPLETE = Fault(
    code="ifc-boundary-incomplete",
    severity=Severity.MINOR,
    zh="{n} 个空间边界缺少空间、构件或几何",
    en="{n} space boundaries lack their space, their element or their geometry",
    fix_zh="检查这些空间的围护构件后重新导出空间边界；虚拟边界应引用 IfcVirtualElement",
    fix_en="Check what encloses these spaces and export the boundaries again; a virtual one refers to an IfcVirtualElement",
)


def check(subject: Subject) -> list[Finding]:
    """Spaces without boundary, and boundaries without an end.

    Geometry is missed only where most boundaries have it: level 1 exports may leave it out as a whole.
    """
    spaces = np.flatnonzero(subject.is_a("IfcSpace"))
    if not len(spaces):
        return []
    bounded: set[str | None] = set()
    torn: list[int] = []
    bare: list[int] = []
    links, local = subject.hierarchy.links, subject.book.get_step
    boundaries = links.of(BOUNDARY)
    for boundary, (space, element) in zip(boundaries, links.pairs(BOUNDARY, 4, 5), strict=True):
        bounded.add(local(space))
        if not space or (not element and value_at(boundary, 7) != "VIRTUAL"):
            torn.append(space or element)
        elif value_at(boundary, 6) is None:
            bare.append(space)
    if not boundaries:
        return NO_BOUNDARIES.found(subject.ids_at(spaces))
    found = UNBOUNDED.found([name for name in subject.ids_at(spaces) if name not in bounded])
    if 2 * len(bare) < len(boundaries):
        torn += bare
    named = dict.fromkeys(filter(None, map(local, torn)))
    return found + INCOMPLETE.found(list(named), count=len(torn))
