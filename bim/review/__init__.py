"""Review: rules over a built model, findings that point at its objects."""

from bim.review.engine import ReviewResult, RuleOutcome, review
from bim.review.model import ReviewModel
from bim.review.rules import Rule, load_rules

__all__ = ["ReviewModel", "ReviewResult", "Rule", "RuleOutcome", "load_rules", "review"]
