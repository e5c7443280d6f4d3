"""Stage B: is the information there that later checks and the operation need?"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bim.order.duplicates import SAME_M, twins
from bim.order.shapes import STAND_IN
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
    """Elements that repeat another one of their type: the engine of `ifc-duplicate`, on the measured layer."""
    table = model.tables.object
    gids = table.column("gid").to_pylist()
    kinds = pa.array((*BUILT, "Furniture", "FurnishingElement"))
    real = pc.is_in(table.column("type"), kinds).to_numpy(zero_copy_only=False) & np.isfinite(model.boxes).all(axis=1)
    # a stand-in is the box of a shape that no engine could make: equal boxes do not tell that the shapes are equal
    real &= pc.fill_null(pc.not_equal(table.column("engine"), STAND_IN), True).to_numpy(zero_copy_only=False)
    volume, area = (
        np.array([known.get(gid, np.nan) for gid in gids], np.float64)
        for known in (model.quantities(name, origin="measured") for name in ("Volume", "ProjectedArea"))
    )
    objects = table.select(["gid", "type", "parent"]).rename_columns(["id", "type", "parent"])
    copies = twins(objects, model.boxes, volume, area, real, rule.limit or SAME_M)
    findings = [
        finding(
            model,
            rule,
            [gids[first], gids[copy]],
            f"“{model.name(gids[first])}”与“{model.name(gids[copy])}”位置重复",
            f"{model.name(gids[first])} and {model.name(gids[copy])} stand at the same place",
        )
        for copy, first in copies.items()
    ]
    return Checked(int(real.sum()), findings)


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
