"""What one check gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bim.review.model import ReviewModel
from bim.review.rules import Rule
from twin.finding import Finding


@dataclass(frozen=True)
class Checked:
    """What a check saw: objects it applied to, those without the data it needs, findings (ids are gids)."""

    applied: int
    findings: Sequence[Finding] = ()
    lacking: Sequence[str] = ()


def finding(
    model: ReviewModel,
    rule: Rule,
    gids: Sequence[str],
    zh: str,
    en: str,
    *,
    value: float | None = None,
    limit: float | None = None,
) -> Finding:
    """A finding of this rule on these objects, placed at the first one's middle."""
    return Finding(
        code=rule.id,
        severity=rule.severity,
        zh=zh,
        en=en,
        ids=tuple(gids),
        fix_zh=rule.fix_zh,
        fix_en=rule.fix_en,
        value=None if value is None else round(value, 4),
        limit=rule.limit if limit is None and value is not None else limit,
        unit=rule.unit,
        at=model.centre(gids[0]) if gids else None,
    )
