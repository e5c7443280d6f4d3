"""`georeference.md`: sources of a model's place, slips that are mended, limits of contradictions, buildingSMART's rules."""

from __future__ import annotations

from bim.georef import contradictions as limits
from bim.georef.candidate import USE, GeorefKind
from bim.georef.extent import HUGE_M
from bim.georef.grf import RULES, SCALE_TOLERANCE
from bim.georef.repair import SLIPS
from bim.georef.report import WHY
from tools.reference_text import code, table
from twin.geometry.frame import MAX_DISTANCE_M


def page() -> str:
    """The page."""
    uses = {kind: name for name, kind in USE.items()}
    sources = [(code(kind.value), code(uses[kind]) if kind in uses else "", *WHY[kind]) for kind in GeorefKind]
    rows: list[tuple[str, object, str]] = [
        ("distance, exact sources", limits.EXPLICIT_M, "m"),
        ("distance, with a site", limits.SITE_M, "m"),
        ("rotation, exact sources", limits.EXPLICIT_DEG, "°"),
        ("rotation, with a site or true north", limits.SITE_DEG, "°"),
        ("height, exact sources", limits.EXPLICIT_HEIGHT_M, "m"),
        ("height, with a site", limits.SITE_HEIGHT_M, "m"),
        ("distortion of the grid that is said", f"1 : {1 / limits.GRID_SCALE:,.0f}", ""),
        ("coordinates that are a map's, from the model's origin", f"{HUGE_M:,.0f}", "m"),
        ("distance from the park that is taken for a mistake", f"{MAX_DISTANCE_M:,.0f}", "m"),
        ("Scale against the ratio of units (GRF005)", f"{SCALE_TOLERANCE:g}", ""),
    ]
    return "\n\n".join(
        [
            "# Georeference of building models",
            "How a place is chosen, in words: [modellers' guide](../guides/modellers.md).",
            "## Sources, strongest first",
            table(["source", "`--use`", "中文", "English"], sources),
            "## Slips that are put right",
            (
                "Tried only where what the file says lands at no possible place. Of a conversion the mended value is used, of a"
                " site it is offered."
            ),
            table(
                ["slip", "中文", "English", "fix"],
                [(code(name), slip.zh, slip.en, f"{slip.fix_zh} {slip.fix_en}") for name, slip in SLIPS.items()],
            ),
            "## Limits",
            table(["what", "limit", "unit"], rows),
            "## buildingSMART rules",
            "Verdicts: `pass`, `fail`, `na` (nothing in the model that it concerns, or a schema that it is not for).",
            table(["rule", "中文", "English", "since"], [(rule.code, rule.zh, rule.en, rule.since) for rule in RULES]),
        ]
    )
