"""Texts that were mended in the file before it was parsed."""

from __future__ import annotations

from collections.abc import Mapping

from bim.order.subject import Subject
from bim.source.mangled_text import Repaired
from twin.fault import Fault
from twin.finding import Finding, Severity

REPAIRED = Fault(
    code="ifc-text-repaired",
    severity=Severity.MINOR,
    zh="{n} 个文字在编码中损坏，已按 {encoding} 还原",
    en="{n} texts were mangled in encoding and restored as {encoding}",
    fix_zh="在导出软件中选用标准 IFC 文字编码（ISO 10303-21 的 \\X2\\ 转义）",
    fix_en="Choose standard IFC text encoding in the exporting tool (\\X2\\ escapes of ISO 10303-21)",
    repaired=True,
)


def check(subject: Subject, texts: Mapping[int, Repaired]) -> list[Finding]:
    """One finding with the objects whose own text was mended; each note is a text as it now reads."""
    if not texts:
        return []
    notes = {}
    for step, repaired in texts.items():
        local = subject.book.get_step(step)
        if local is not None:
            notes[local] = repaired.text
    encodings = ", ".join(dict.fromkeys(repaired.encoding for repaired in texts.values()))
    count = sum(repaired.count for repaired in texts.values())
    return REPAIRED.found(list(notes), count=count, notes=notes, encoding=encodings)
