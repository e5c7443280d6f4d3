"""Elements far away from the rest of their model."""

from __future__ import annotations

import numpy as np

from bim.order.subject import Subject
from twin.fault import Fault
from twin.finding import Finding, Severity

FEW = 8
"""Objects below which there is no "rest" to be far from."""
TIMES = 10.0
"""Times the extent of the middle half: sites with detached parts keep well within it."""
LEAST_M = 1000.0
"""And never nearer than a kilometre: what strays does so by a wrong origin or unit, and that is far."""
MOST_SHARE = 0.2
"""More than a fifth are no strays but a second group: two sites in one file."""

OUTLIER = Fault(
    code="ifc-outlier",
    severity=Severity.MAJOR,
    zh="{n} 个构件远离模型主体（最远 {distance:,.0f} m），视图与包围盒会因此失真",
    en="{n} elements lie far from the rest of the model, up to {distance:,.0f} m, and spoil views and extents",
    fix_zh="在建模软件中删除或移回这些构件",
    fix_en="Delete these elements in the authoring tool or move them back",
)


def check(subject: Subject) -> list[Finding]:
    """Objects whose middle is far outside the box of the middle half; ground and sites do not count."""
    rows = np.flatnonzero(subject.meshed & ~subject.is_a("IfcSite", "IfcGeographicElement", "IfcVirtualElement"))
    if len(rows) < FEW:
        return []
    middle = (subject.boxes[rows, :3] + subject.boxes[rows, 3:]) / 2
    low, high = np.percentile(middle, (25, 75), axis=0)
    gap = np.linalg.norm(np.maximum(np.maximum(low - middle, middle - high), 0.0), axis=1)
    far = gap > max(TIMES * float(np.linalg.norm(high - low)), LEAST_M)
    if not 0 < far.mean() <= MOST_SHARE:
        return []
    return OUTLIER.found(subject.ids_at(rows[far]), distance=float(gap.max()))
