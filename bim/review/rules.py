"""Rules as data: `rules.yaml` gives texts, clause, limit and its mark; a registered function does the check."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from twin.errors import Invalid
from twin.finding import Severity

FILE = Path(__file__).with_name("rules.yaml")
STAGES = ("file", "information", "rules")


@dataclass(frozen=True)
class Rule:
    """One requirement. `mark` GK: the limit is from general knowledge and unverified; it is shown with it."""

    id: str
    stage: str  # file (A), information (B), rules (C)
    severity: Severity
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    fix_zh: str
    fix_en: str
    clause: str = ""
    source: str = ""
    mark: str = ""
    limit: float | None = None
    unit: str = ""
    parameters: dict[str, float] = field(default_factory=dict)


@lru_cache(maxsize=4)
def load_rules(path: Path = FILE) -> tuple[Rule, ...]:
    """Read the rules. Raises Invalid naming the file, the rule and what is wrong with it."""
    rules: dict[str, Rule] = {}
    for row in yaml.safe_load(path.read_text(encoding="utf-8")):
        try:
            rule = Rule(**{**row, "severity": Severity(row["severity"])})
        except (TypeError, ValueError, KeyError) as error:
            raise Invalid(f"{path.name}: rule {row.get('id', '?')!r} is wrong: {error}", code="rules") from error
        if rule.id in rules or rule.stage not in STAGES:
            raise Invalid(
                f"{path.name}: rule {rule.id!r} stands twice or has a stage other than {', '.join(STAGES)}",
                code="rules",
            )
        rules[rule.id] = rule
    return tuple(rules.values())
