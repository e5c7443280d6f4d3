"""Unpack the web fonts into TrueType files for PDF reports: `python -m tools.report_fonts`.

The PDF engine reads no WOFF. Source: npm @fontsource/noto-sans-sc (SIL Open Font License 1.1).
Latin and Chinese are separate files there, so each becomes a family of its own, listed in order by the report.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "web" / "node_modules" / "@fontsource" / "noto-sans-sc" / "files"
TARGET = ROOT / "assets" / "fonts"
FAMILIES = {"latin": "Parktwin Latin", "chinese-simplified": "Parktwin Hans"}
WEIGHTS = {400: "Regular", 700: "Bold"}


def convert(subset: str, weight: int) -> Path:
    """One WOFF file to one TrueType file under its report family; returns the path."""
    font = TTFont(SOURCE / f"noto-sans-sc-{subset}-{weight}-normal.woff")
    font.flavor = None
    family, style = FAMILIES[subset], WEIGHTS[weight]
    names = {
        1: family,
        2: style,
        4: f"{family} {style}",
        6: f"{family}-{style}".replace(" ", ""),
        16: family,
        17: style,
    }
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    TARGET.mkdir(parents=True, exist_ok=True)
    path = TARGET / f"{family.replace(' ', '')}-{style}.ttf"
    font.save(path)
    return path


if __name__ == "__main__":
    for part in FAMILIES:
        for number in WEIGHTS:
            convert(part, number)
