"""Stage B: is the information there that later checks and the operation need?"""

from __future__ import annotations

import numpy as np

from bim.review.checked import Checked, finding
from bim.review.model import ReviewModel
from bim.review.rules import Rule

BUILT = (
    "Wall", "WallStandardCase", "Slab", "Column", "Beam", "Door", "Window", "Stair", "StairFlight", "Railing",
    "Roof", "CurtainWall", "Ramp", "RampFlight", "Covering",
)  # fmt: skip
PARAPET_M = 1.8
"""Walls lower than this enclose no room."""
WALLS = ("Wall", "WallStandardCase", "WallElementedCase")


def storey_containment(model: ReviewModel, rule: Rule) -> Checked:
    """Built elements without a storey; parts of a contained whole count as contained.

    A storey that reading only told from the height (`ifc-storey-assigned`) is none: the file must say it.
    """
    gids = model.of_type(*BUILT)
    storeys = model.column(gids, "storey")
    lost = [gid for gid, storey in zip(gids, storeys, strict=True) if storey not in model.above(gid)]
    findings = [
        finding(model, rule, [gid], f"“{model.name(gid)}”没有归属楼层", f"{model.name(gid)} belongs to no storey")
        for gid in lost
    ]
    return Checked(len(gids), findings)


def space_present(model: ReviewModel, rule: Rule) -> Checked:
    """Storeys that hold full walls but no space; low walls alone are a roof's parapets."""
    walls = model.of_type(*WALLS)
    boxes = [model.box(gid) for gid in walls]
    full = [gid for gid, box in zip(walls, boxes, strict=True) if box is None or box[5] - box[2] >= PARAPET_M]
    with_walls = {storey for storey in model.column(full, "storey") if storey}
    spaces = model.of_type("Space")
    with_spaces = set(model.column(spaces, "storey")) | set(model.column(spaces, "parent"))
    bare = sorted(str(storey) for storey in with_walls - with_spaces)
    findings = [
        finding(model, rule, [gid], f"楼层“{model.name(gid)}”没有空间", f"Storey {model.name(gid)} has no space")
        for gid in bare
    ]
    return Checked(len(with_walls), findings)


def element_duplicate(model: ReviewModel, rule: Rule) -> Checked:
    """Elements of one type whose boxes agree within the limit."""
    gids = [gid for gid in model.of_type(*BUILT, "Furniture", "FurnishingElement") if model.box(gid) is not None]
    if not gids:
        return Checked(0)
    step = rule.limit or 0.001
    types = model.column(gids, "type")
    boxes = np.array([model.box(gid) for gid in gids])
    kinds = np.unique(np.array(types, object).astype(str), return_inverse=True)[1]
    # Sorted by type and box, twins stand side by side; rounding alone would part twins at a cell's border.
    order = np.lexsort((*boxes.T[::-1].round(2), kinds))
    first, second = order[:-1], order[1:]
    same = (kinds[first] == kinds[second]) & (np.abs(boxes[first] - boxes[second]).max(axis=1) <= step)
    findings = [
        finding(
            model,
            rule,
            [gids[a], gids[b]],
            f"“{model.name(gids[a])}”与“{model.name(gids[b])}”位置重复",
            f"{model.name(gids[a])} and {model.name(gids[b])} stand at the same place",
        )
        for a, b in zip(first[same], second[same], strict=True)
    ]
    return Checked(len(gids), findings)


def wall_properties(model: ReviewModel, rule: Rule) -> Checked:
    """Walls without IsExternal or LoadBearing; one finding for all walls that lack the same."""
    walls = model.of_type(*WALLS)
    findings = []
    for name in ("IsExternal", "LoadBearing"):
        have = model.texts(name)
        lack = [gid for gid in walls if gid not in have]
        if lack:
            findings.append(
                finding(
                    model, rule, lack, f"{len(lack)} 面墙缺少属性 {name}", f"{len(lack)} walls lack the property {name}"
                )
            )
    return Checked(len(walls), findings)
