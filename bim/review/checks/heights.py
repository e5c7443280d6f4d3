"""Clear heights of spaces, heights of railings."""

from __future__ import annotations

from bim.review.checked import Checked, finding
from bim.review.model import ReviewModel
from bim.review.rules import Rule

CORRIDOR_WORDS = ("走廊", "走道", "通道", "过道", "corridor", "hallway", "passage")
NO_ROOM_WORDS = ("shaft", "竖井", "管井", "电梯井", "plenum", "吊顶")


def _words(model: ReviewModel, gids: list[str]) -> dict[str, str]:
    """Gid → everything that says what a space is for: name, long name, object type, description."""
    columns = [model.column(gids, "name"), model.column(gids, "description")]
    columns += [[texts.get(gid) for gid in gids] for texts in (model.texts("LongName"), model.texts("ObjectType"))]
    rows = zip(*columns, strict=True)
    return {gid: " ".join(str(value) for value in row if value).lower() for gid, row in zip(gids, rows, strict=True)}


def clear_height(model: ReviewModel, rule: Rule) -> Checked:
    """Spaces lower than the limit, corridors lower than theirs; declared height first, else the body's."""
    spaces = model.of_type("Space")
    declared = model.quantities("FinishCeilingHeight", "ClearHeight", "Height", "NetHeight")
    findings, lacking = [], []
    applied = 0
    for gid, words in _words(model, spaces).items():
        if any(word in words for word in NO_ROOM_WORDS):
            continue
        applied += 1
        box = model.box(gid)
        height = declared.get(gid, None if box is None else float(box[5] - box[2]))
        if height is None:
            lacking.append(gid)
            continue
        corridor = any(word in words for word in CORRIDOR_WORDS)
        limit = rule.parameters.get("corridor", 0.0) if corridor else (rule.limit or 0.0)
        if height < limit - 1e-3:
            findings.append(
                finding(
                    model,
                    rule,
                    [gid],
                    f"“{model.name(gid)}”净高 {height:.2f} m，小于 {limit:.2f} m",
                    f"{model.name(gid)} is {height:.2f} m high, less than {limit:.2f} m",
                    value=height,
                    limit=limit,
                )
            )
    return Checked(applied, findings, lacking)


def railing_height(model: ReviewModel, rule: Rule) -> Checked:
    """Railings lower than the limit, by their property; without it they are counted as lacking."""
    railings = model.of_type("Railing")
    heights = {**model.quantities("Height"), **model.numbers("Height", "RailingHeight")}
    limit = rule.limit or 0.0
    findings = [
        finding(
            model,
            rule,
            [gid],
            f"“{model.name(gid)}”高度 {heights[gid]:.2f} m，小于 {limit:.2f} m",
            f"{model.name(gid)} is {heights[gid]:.2f} m high, less than {limit:.2f} m",
            value=heights[gid],
        )
        for gid in railings
        if heights.get(gid, limit) < limit - 1e-3
    ]
    return Checked(len(railings), findings, [gid for gid in railings if gid not in heights])
