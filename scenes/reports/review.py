"""The report of a BIM review, in HTML (Jinja) and PDF (Typst), Chinese with English beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bim.review import ReviewResult
from bim.review.engine import Verdict
from scenes.reports.pictures import NONE, RANK, WHOLE, Pictures, Subject, pictures
from scenes.reports.typeset import COLOURS, SEVERITIES, html, pdf
from twin.graph.layerfile import LayerVersion

VERDICTS = {
    Verdict.PASS: ("符合", "complies"),
    Verdict.FAIL: ("不符合", "does not comply"),
    Verdict.INSUFFICIENT: ("数据不足", "data missing"),
    Verdict.NOT_APPLICABLE: ("不适用", "not applicable"),
}
STAGES = {"file": ("A 文件", "A File"), "information": ("B 信息", "B Information"), "rules": ("C 规则", "C Rules")}


@dataclass(frozen=True)
class ReviewReport:
    """What the report is about: the submission, its model, the outcome, and when it was made (RFC 3339, UTC)."""

    title: str
    submission: str
    version: LayerVersion
    result: ReviewResult
    made_at: str
    made_by: str


def review_pictures(folder: Path, report: ReviewReport) -> Pictures:
    """Where the findings' objects are. folder: of the reviewed version. Takes seconds."""
    subjects = [
        Subject(_key(number), finding.severity.value, finding.ids)
        for number, (_, finding) in enumerate(report.result.findings, 1)
    ]
    return pictures(folder, report.version, sorted(subjects, key=lambda one: RANK.index(one.severity)))


def _key(number: int) -> str:
    return f"finding-{number}"


def _data(report: ReviewReport, shown: Pictures, picture: Callable[[str], str]) -> dict[str, Any]:
    """Plain data for both templates. picture: what a template shows for a key, empty where there is none."""
    outcomes = report.result.outcomes
    return {
        "title": report.title,
        "submission": report.submission,
        "source": report.version.source,
        "sha256": report.version.sha256,
        "made_at": report.made_at,
        "made_by": report.made_by,
        "picture": picture(WHOLE),
        "colours": COLOURS,
        "lacking": shown.lacking,
        "objects": report.version.stats.get("objects", 0),
        "triangles": report.version.stats.get("triangles", 0),
        "crs": report.version.crs or "—",
        "counts": {key: report.result.counts().get(key, 0) for key in SEVERITIES},
        "rules_run": len(outcomes),
        "rules_insufficient": sum(outcome.verdict is Verdict.INSUFFICIENT for outcome in outcomes),
        "rules": [
            {
                "id": outcome.rule.id,
                "stage": STAGES[outcome.rule.stage],
                "title": (outcome.rule.title_zh, outcome.rule.title_en),
                "text": (outcome.rule.text_zh, outcome.rule.text_en),
                "clause": " ".join(part for part in (outcome.rule.source, outcome.rule.clause) if part),
                "mark": outcome.rule.mark,
                "verdict": VERDICTS[outcome.verdict],
                "verdict_id": outcome.verdict.value,
                "checked": outcome.checked,
                "lacking": outcome.lacking,
                "failed": len(outcome.findings),
            }
            for outcome in outcomes
        ],
        "findings": [
            {
                "number": number,
                "picture": picture(_key(number)),
                "rule": (rule.title_zh, rule.title_en),
                "severity": SEVERITIES[finding.severity.value],
                "severity_id": finding.severity.value,
                "text": (finding.zh, finding.en),
                "fix": (finding.fix_zh, finding.fix_en),
                "ids": [gid.partition("/")[2] for gid in finding.ids[:8]],
                "more": max(0, len(finding.ids) - 8),
                "value": "" if finding.value is None else f"{finding.value:g} {finding.unit}".strip(),
                "limit": ""
                if finding.limit is None or finding.value is None
                else f"{finding.limit:g} {finding.unit}".strip(),
            }
            for number, (rule, finding) in enumerate(report.result.findings, 1)
        ],
    }


def render_html(report: ReviewReport, shown: Pictures = NONE) -> str:
    """A page that stands alone: no script, no outside address; texts are escaped."""
    return html("review.html.j2", _data(report, shown, shown.link))


def render_pdf(report: ReviewReport, shown: Pictures = NONE) -> bytes:
    """The same as PDF. Raises Unavailable where the report fonts were not set up."""
    return pdf("review.typ", _data(report, shown, shown.name), shown.files())
