"""Stage A: what the build already found out about the file."""

from __future__ import annotations

from bim.review.checked import Checked, finding
from bim.review.model import ReviewModel
from bim.review.rules import Rule
from twin.finding import Finding

DUPLICATE_CODES = ("ifc-repeated-globalid",)
GEOREF_CODES = (
    "ifc-no-georeference",
    "ifc-georef-unusable",
    "ifc-site-far",
    "ifc-huge-coordinates",
    "ifc-georef-contradiction",
    "ifc-georef-rotation",
    "ifc-georef-slip",
    "ifc-georef-double",
    "ifc-georef-elevation-twice",
)


def _from_build(model: ReviewModel, rule: Rule, codes: tuple[str, ...]) -> list[Finding]:
    found = []
    layer = str(model.tables.object.column("layer")[0].as_py()) if len(model.tables.object) else ""
    for row in model.build_findings:
        if row.get("code") in codes:
            ids = row.get("ids")
            gids = [f"{layer}/{local}" for local in ids] if isinstance(ids, list) else []
            known = [gid for gid in gids if gid in model]
            found.append(finding(model, rule, known, str(row["zh"]), str(row["en"])))
    return found


def guid_unique(model: ReviewModel, rule: Rule) -> Checked:
    """GlobalIds that stand more than once in the file."""
    return Checked(len(model.tables.object), _from_build(model, rule, DUPLICATE_CODES))


def georeference(model: ReviewModel, rule: Rule) -> Checked:
    """A model without a usable place, or with sources that contradict one another."""
    return Checked(1, _from_build(model, rule, GEOREF_CODES))
