"""Shapes that no engine could make, that a box stands for, or that were inside out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bim.geometry.box_engine import BoxEngine
from bim.geometry.mesher import Placed
from bim.graph.id_book import IdBook
from twin.fault import Fault
from twin.finding import Finding, Severity

NO_MESH = Fault(
    code="ifc-no-mesh",
    severity=Severity.MINOR,
    zh="{n} 个构件的几何无法生成，无网格",
    en="{n} objects have a shape that no engine could make; they are without mesh",
    fix_zh="检查这些构件的几何表达后重新导出",
    fix_en="Check the shapes of these objects and export again",
)
BOX_MESH = Fault(
    code="ifc-box-mesh",
    severity=Severity.MINOR,
    zh="{n} 个构件的几何无法生成，以包围盒代替",
    en="{n} objects have a shape that no engine could make; a bounding box stands for it",
    fix_zh="检查这些构件的几何表达后重新导出",
    fix_en="Check the shapes of these objects and export again",
)
KERNEL_FAILURE = Fault(
    code="ifc-kernel-failure",
    severity=Severity.MINOR,
    zh="{n} 个构件使几何内核中断或停滞，已隔离并改用其他方式",
    en="{n} objects made a geometry kernel stop; each was set apart and left to another engine",
    fix_zh="检查这些构件的几何表达后重新导出",
    fix_en="Check the shapes of these objects and export again",
)
DEFECT = Fault(
    code="ifc-defect",
    severity=Severity.MINOR,
    zh="{n} 个构件遇到 parktwin 自身的缺陷，已隔离并改用其他方式",
    en="{n} objects met a defect of parktwin's own; each was set apart and left to another engine",
    fix_zh="请把模型与日志中的错误信息报告给 parktwin",
    fix_en="Report it to parktwin, with the model and the traceback in the log",
)
INSIDE_OUT = Fault(
    code="ifc-inside-out",
    severity=Severity.NOTICE,
    zh="{n} 个构件的封闭外壳面朝内，已翻转",
    en="{n} objects have a closed shell whose faces point inwards; they were turned",
    fix_zh="在建模软件中修正这些外壳的面方向",
    fix_en="Mend the orientation of these faces in the authoring tool",
    repaired=True,
)


def check(placed: Placed, book: IdBook) -> list[Finding]:
    """What the engines could not do, and what was turned."""
    boxed = [step for step, engine in placed.engines.items() if engine == BoxEngine.name]
    pairs = zip(placed.step.tolist(), placed.shape.tolist(), strict=True)
    turned = dict.fromkeys(step for step, shape in pairs if shape in placed.turned)
    return [
        *NO_MESH.found(_ids(book, placed.failed)),
        *BOX_MESH.found(_ids(book, boxed)),
        *_failed(
            KERNEL_FAILURE, {step: how for step, how in placed.culprits.items() if step not in placed.defects}, book
        ),
        *_failed(DEFECT, {step: placed.culprits[step] for step in placed.defects}, book),
        *INSIDE_OUT.found(_ids(book, turned)),
    ]


def _failed(fault: Fault, how: Mapping[int, str], book: IdBook) -> list[Finding]:
    notes = {name: text for step, text in how.items() if (name := book.get_step(step)) is not None}
    return fault.found(_ids(book, how), notes=notes)


def _ids(book: IdBook, steps: Iterable[int]) -> list[str]:
    return [name for name in map(book.get_step, steps) if name is not None]
