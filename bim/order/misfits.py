"""References to things of a wrong class: what an exporter or a broken file put where the schema wants something else."""

from __future__ import annotations

from bim.geometry.placements import Placements
from bim.order.subject import Subject
from twin.fault import Fault
from twin.finding import Finding, Severity

MISFIT = Fault(
    code="ifc-misfit",
    severity=Severity.MINOR,
    zh="{where} 有 {n} 处不是 {expected}（如 {example}），已略过，其余内容照常读取",
    en="{where} holds {n} things that are no {expected}, such as {example}; they were passed over and the rest was read",
    fix_zh="在建模软件中重新导出，或用 buildingSMART 校验服务检查",
    fix_en="Export the model again, or check it with the buildingSMART validation service",
)


def check(subject: Subject, placements: Placements) -> list[Finding]:
    """One finding per attribute that holds misfits, with the objects and concepts among them."""
    misfits = subject.hierarchy.misfits
    known = dict(zip(subject.products.by_step, subject.texts("ifc_class"), strict=True))
    subject.hierarchy.links.check(misfits, {step: name for step, name in known.items() if name})
    found: list[Finding] = []
    for place, things in (*placements.misfits.found.items(), *misfits.found.items()):
        ids = list(dict.fromkeys(filter(None, (subject.book.get_step(step) for step, _ in things))))
        where, (_, example) = f"{place.ifc_class}.{place.attribute}", next(iter(things))
        found += MISFIT.found(ids, count=things.total(), where=where, expected=place.expected, example=example)
    return found
