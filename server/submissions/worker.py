"""Worker process of a review: `python -m server.submissions.worker SPEC`; the rules never run inside the server."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bim.review import ReviewModel, ReviewResult, Rule, review
from scenes.reports import ReviewReport, render_html, render_pdf, review_pictures
from server.submissions.worker_files import HTML, PDF, RESULT
from twin.clock import iso
from twin.errors import ParkError, Unavailable
from twin.graph.layerfile import read_version
from twin.graph.layertables import read_tables
from twin.park import write_atomic


def _clause(rule: Rule) -> str:
    """Where a rule stands: the document, then the clause in it."""
    return " ".join(part for part in (rule.source, rule.clause) if part)


def say(row: dict[str, Any]) -> None:
    """One line for the supervisor."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def as_data(result: ReviewResult) -> dict[str, Any]:
    """The result as it is kept and served; `gids` instead of states, which only a published park knows."""
    findings: list[dict[str, Any]] = []
    for rule, finding in result.findings:
        row = finding.as_dict()
        gids = row.pop("ids")
        for name in ("data", "repaired"):  # a review mends nothing
            row.pop(name)
        findings.append(
            {
                "id": f"{rule.id}-{len(findings) + 1}",
                "rule": rule.id,
                **row,
                "fix_zh": finding.fix_zh or rule.fix_zh,
                "fix_en": finding.fix_en or rule.fix_en,
                "gids": gids,
                "requirement": _clause(rule),
                "mark": rule.mark,
            }
        )
    rules = [
        {
            "rule": outcome.rule.id,
            "stage": outcome.rule.stage,
            "title_zh": outcome.rule.title_zh,
            "title_en": outcome.rule.title_en,
            "text_zh": outcome.rule.text_zh,
            "text_en": outcome.rule.text_en,
            "clause": _clause(outcome.rule),
            "mark": outcome.rule.mark,
            "limit": outcome.rule.limit,
            "unit": outcome.rule.unit,
            "verdict": outcome.verdict.value,
            "checked": outcome.checked,
            "lacking": outcome.lacking,
            "failed": len(outcome.findings),
        }
        for outcome in result.outcomes
    ]
    return {"items": findings, "rules": rules, "counts": result.counts()}


def work(spec: dict[str, Any]) -> dict[str, Any]:
    """Review the version in `folder`; writes the result and the reports to `out`."""

    def progress(done: float, phase: str) -> None:
        say({"progress": 0.8 * done, "phase": phase})

    folder, out = Path(spec["folder"]), Path(spec["out"])
    version = read_version(folder)
    result = review(ReviewModel(read_tables(folder), version.findings), progress=progress)
    data = as_data(result)
    say({"progress": 0.8, "phase": "report"})
    report = ReviewReport(spec["name"], spec["id"], version, result, iso(spec["made_ms"]), spec["owner"])
    shown = review_pictures(folder, report)
    say({"progress": 0.95, "phase": "report"})
    write_atomic(out / HTML, render_html(report, shown))
    try:
        (out / PDF).write_bytes(render_pdf(report, shown))
    except Unavailable as error:  # the review stands without it; the report's route says why it is missing
        data["pdf_error"] = error.message
    write_atomic(out / RESULT, json.dumps(data, ensure_ascii=False, default=str))  # last: with it the review is whole
    return {"counts": data["counts"]}


def main() -> int:
    """Run one review; the supervisor reads the outcome from standard output."""
    try:
        say({"done": work(json.loads(sys.argv[1]))})
    except ParkError as error:
        say({"error": {"class": type(error).__name__, "code": error.code, "message": error.message}})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
