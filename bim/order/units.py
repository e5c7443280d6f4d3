"""Units: what the project leaves open or says twice, and lengths that no building has."""

from __future__ import annotations

import numpy as np

from bim.order.subject import Subject
from twin.fault import Fault
from twin.finding import Finding, Severity

MANY = 3
"""Doors, walls and columns needed before their heights say something about the unit."""
LOWEST_M, HIGHEST_M = 0.1, 60.0
"""Median height of doors, walls and columns: below is a model in the wrong unit (metres exported as millimetres), above
too; the tallest storeys ever built measure some twenty metres, and glass halls some forty."""

ASSUMED = Fault(
    code="ifc-unit",
    severity=Severity.MINOR,
    zh="单位定义有问题，已按此处理：{problem}",
    en="The unit assignment has a fault, read as follows: {problem}",
    fix_zh="在建模软件中设定项目单位，随模型导出 IfcUnitAssignment",
    fix_en="Set the project's units in the authoring tool and export IfcUnitAssignment with the model",
    repaired=True,
)
IMPLAUSIBLE = Fault(
    code="ifc-unit-implausible",
    severity=Severity.MAJOR,
    zh="{n} 个门、墙、柱的高度中位数为 {height:.4g} m，长度单位很可能写错",
    en="The {n} doors, walls and columns have a median height of {height:.4g} m: the length unit is most likely wrong",
    fix_zh="核对导出设置中的长度单位（米或毫米）后重新导出",
    fix_en="Check the length unit in the export settings (metre or millimetre) and export again",
)


def check(subject: Subject) -> list[Finding]:
    """Faults of the unit assignment, each once, and implausible sizes."""
    found: list[Finding] = []
    for problem in dict.fromkeys(subject.units.problems):
        found += ASSUMED.found(count=1, problem=problem)
    return found + implausible(subject)


def implausible(subject: Subject) -> list[Finding]:
    """Doors, walls and columns that are all too low or too high."""
    tall = subject.is_a("IfcWall", "IfcDoor", "IfcColumn") & subject.meshed
    heights = (subject.boxes[:, 5] - subject.boxes[:, 2])[tall]
    if len(heights) >= MANY:
        median = float(np.median(heights))
        if not LOWEST_M <= median <= HIGHEST_M:
            return IMPLAUSIBLE.found(subject.ids_at(np.flatnonzero(tall)), height=median)
    return []
