"""Doors: fire rating and width."""

from __future__ import annotations

from bim.review.checked import Checked, finding
from bim.review.model import ReviewModel
from bim.review.rules import Rule

FIRE_WORDS = ("防火", "fire door", "fire-rated", "brandschutz")


def fire_rating(model: ReviewModel, rule: Rule) -> Checked:
    """Exit doors and doors named fire doors without FireRating."""
    doors = model.of_type("Door", "DoorStandardCase")
    exits, ratings = model.numbers("FireExit"), model.texts("FireRating")
    concerned = [
        gid for gid in doors if exits.get(gid, 0.0) > 0.5 or any(word in model.name(gid).lower() for word in FIRE_WORDS)
    ]
    findings = [
        finding(model, rule, [gid], f"“{model.name(gid)}”未填写耐火等级", f"{model.name(gid)} gives no fire rating")
        for gid in concerned
        if gid not in ratings
    ]
    return Checked(len(concerned), findings)


def width(model: ReviewModel, rule: Rule) -> Checked:
    """Doors whose nominal width is below the limit for the clear width."""
    doors = model.of_type("Door", "DoorStandardCase")
    widths = {**model.quantities("Width"), **model.numbers("OverallWidth")}
    limit = rule.limit or 0.0
    findings = [
        finding(
            model,
            rule,
            [gid],
            f"“{model.name(gid)}”标称宽度 {widths[gid]:.2f} m，小于 {limit:.2f} m",
            f"{model.name(gid)} is {widths[gid]:.2f} m wide, less than {limit:.2f} m",
            value=widths[gid],
        )
        for gid in doors
        if widths.get(gid, limit) < limit - 1e-6
    ]
    return Checked(len(doors), findings, [gid for gid in doors if gid not in widths])
