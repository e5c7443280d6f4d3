"""Stairs and ramps: risers, widths, slopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bim.review.checked import Checked, finding
from bim.review.model import ReviewModel
from bim.review.rules import Rule
from twin.finding import Finding

STAIRS = ("Stair", "StairFlight")


def _compare(
    model: ReviewModel,
    rule: Rule,
    gids: Sequence[str],
    values: dict[str, float],
    breaks: Callable[[float, float], bool],
    texts: tuple[str, str],
) -> list[Finding]:
    limit = rule.limit or 0.0
    zh, en = texts
    return [
        finding(
            model,
            rule,
            [gid],
            zh.format(name=model.name(gid), value=values[gid], limit=limit),
            en.format(name=model.name(gid), value=values[gid], limit=limit),
            value=values[gid],
        )
        for gid in gids
        if gid in values and breaks(values[gid], limit)
    ]


def riser(model: ReviewModel, rule: Rule) -> Checked:
    """Stairs and flights whose risers are higher than the limit."""
    values = model.numbers("RiserHeight")
    gids = [gid for gid in model.of_type(*STAIRS) if gid in values]
    lacking = [gid for gid in model.of_type("StairFlight") if gid not in values]
    texts = (
        "“{name}”踏步高 {value:.3f} m，大于 {limit:.3f} m",
        "{name} has risers of {value:.3f} m, more than {limit:.3f} m",
    )
    findings = _compare(model, rule, gids, values, lambda value, limit: value > limit + 1e-6, texts)
    return Checked(len(gids) + len(lacking), findings, lacking)


def width(model: ReviewModel, rule: Rule) -> Checked:
    """Stairs and flights narrower than the limit, by declared width."""
    values = {**model.quantities("Width"), **model.numbers("ClearWidth", "ActualWidth", "Width")}
    gids = [gid for gid in model.of_type(*STAIRS) if gid in values]
    lacking = [gid for gid in model.of_type("StairFlight") if gid not in values]
    texts = ("“{name}”净宽 {value:.2f} m，小于 {limit:.2f} m", "{name} is {value:.2f} m wide, less than {limit:.2f} m")
    findings = _compare(model, rule, gids, values, lambda value, limit: value < limit - 1e-6, texts)
    return Checked(len(gids) + len(lacking), findings, lacking)


def ramp_slope(model: ReviewModel, rule: Rule) -> Checked:
    """Ramps steeper than the limit; Slope is a plane angle in radians."""
    values = model.numbers("Slope")
    gids = model.of_type("Ramp", "RampFlight")
    texts = (
        "“{name}”坡度 {value:.3f} rad，大于 {limit:.3f} rad",
        "{name} slopes {value:.3f} rad, more than {limit:.3f} rad",
    )
    findings = _compare(model, rule, gids, values, lambda value, limit: value > limit, texts)
    return Checked(len(gids), findings, [gid for gid in gids if gid not in values])
