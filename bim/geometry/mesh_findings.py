"""What the geometry phase has to say: shapes that no engine could make, boxes, kernels that died."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bim.geometry.box_engine import BoxEngine
from bim.geometry.mesher import Placed
from bim.graph.id_book import MAX_IDS
from twin.finding import Finding, Severity


def mesh_findings(placed: Placed, culprits: Mapping[int, str], local: Callable[[int], str | None]) -> list[Finding]:
    """Findings by code. culprits: STEP id → how a kernel failed on it; local: STEP id → id in the layer."""
    boxed = [step for step, engine in placed.engines.items() if engine == BoxEngine.name]
    how = next(iter(culprits.values()), "")
    rows = (
        (
            placed.failed,
            "ifc-no-mesh",
            "个构件的几何无法生成，无网格",
            "objects have a shape that no engine could make; they are without mesh",
        ),
        (
            boxed,
            "ifc-box-mesh",
            "个构件的几何无法生成，以包围盒代替",
            "objects have a shape that no engine could make; a bounding box stands for it",
        ),
        (
            list(culprits),
            "ifc-kernel-failure",
            f"个构件使几何内核中断或停滞（{how}），已隔离并改用其他方式",
            f"objects made a geometry kernel stop ({how}); each was set apart and left to another engine",
        ),
    )
    return [_finding(steps, code, zh, en, local) for steps, code, zh, en in rows if steps]


def _finding(steps: Sequence[int], code: str, zh: str, en: str, local: Callable[[int], str | None]) -> Finding:
    return Finding(
        code=code,
        severity=Severity.MINOR,
        zh=f"{len(steps)} {zh}",
        en=f"{len(steps)} {en}",
        ids=tuple(filter(None, map(local, steps[:MAX_IDS]))),
        fix_zh="检查这些构件的几何表达后重新导出",
        fix_en="Check the shapes of these objects and export again",
        value=float(len(steps)),
        limit=0.0,
    )
