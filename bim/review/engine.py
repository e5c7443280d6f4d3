"""Run the rules: each gives a verdict, how many objects it looked at, and findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bim.review import checks
from bim.review.checked import Checked
from bim.review.model import ReviewModel
from bim.review.rules import Rule, load_rules
from twin.errors import Invalid
from twin.finding import Finding


class Verdict(StrEnum):
    """符合, 不符合, 数据不足, 不适用 (`standards.md` 1.2)."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INSUFFICIENT = "insufficient"
    NOT_APPLICABLE = "na"


@dataclass(frozen=True)
class RuleOutcome:
    """A rule with its verdict."""

    rule: Rule
    verdict: Verdict
    checked: int
    lacking: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ReviewResult:
    """All outcomes of one review."""

    outcomes: tuple[RuleOutcome, ...]

    @property
    def findings(self) -> list[tuple[Rule, Finding]]:
        """Every finding with its rule, in the rules' order."""
        return [(outcome.rule, finding) for outcome in self.outcomes for finding in outcome.findings]

    def counts(self) -> dict[str, int]:
        """Number of findings by severity, and of rules by verdict (`rules_fail`, …)."""
        counts: dict[str, int] = {}
        for _, finding in self.findings:
            counts[finding.severity.value] = counts.get(finding.severity.value, 0) + 1
        for outcome in self.outcomes:
            key = f"rules_{outcome.verdict.value}"
            counts[key] = counts.get(key, 0) + 1
        return counts


def _verdict(checked: Checked) -> Verdict:
    if checked.findings:
        return Verdict.FAIL
    if checked.lacking:
        return Verdict.INSUFFICIENT
    return Verdict.PASS if checked.applied else Verdict.NOT_APPLICABLE


def review(
    model: ReviewModel,
    rules: Sequence[Rule] | None = None,
    progress: Callable[[float, str], None] = lambda _done, _phase: None,
) -> ReviewResult:
    """Run rules over a model. Raises Invalid where a rule has no check of its name."""
    chosen = tuple(load_rules() if rules is None else rules)
    outcomes = []
    for number, rule in enumerate(chosen):
        check = checks.REGISTRY.get(rule.id)
        if check is None:
            raise Invalid(
                f"Rule {rule.id!r} has no check: known are {', '.join(sorted(checks.REGISTRY))}", code="rules"
            )
        checked = check(model, rule)
        outcomes.append(
            RuleOutcome(rule, _verdict(checked), checked.applied, len(checked.lacking), tuple(checked.findings))
        )
        progress((number + 1) / len(chosen), rule.stage)
    return ReviewResult(tuple(outcomes))
