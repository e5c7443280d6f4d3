"""Plain data to a page: HTML by a Jinja template, PDF by a Typst one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import typst

from twin.errors import Unavailable

FOLDER = Path(__file__).parent
FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
SEVERITIES = {
    "critical": ("严重", "critical"),
    "major": ("重要", "major"),
    "minor": ("一般", "minor"),
    "notice": ("提示", "notice"),
}
COLOURS = {"critical": "#d9363e", "major": "#d46b08", "minor": "#ad8b00", "notice": "#1766d6"}
"""Of severities, in pictures and PDF; the page's are a shade darker, for small text on white."""


def html(template: str, data: Mapping[str, Any]) -> str:
    """A page that stands alone: no script, no outside address; texts are escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template(template).render(**data)


def pdf(template: str, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """The template finds the data as `data.json` and the files beside it. Raises Unavailable where the report fonts are missing."""
    if not any(FONTS.glob("*.ttf")):
        raise Unavailable(f"The report fonts are missing in {FONTS.name}: run make setup", code="fonts")
    with tempfile.TemporaryDirectory(prefix="parktwin-report-") as folder:
        root = Path(folder)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in (files or {}).items():
            (root / name).write_bytes(content)
        (root / template).write_text((FOLDER / template).read_text(encoding="utf-8"), encoding="utf-8")
        return bytes(
            typst.compile(str(root / template), root=str(root), font_paths=[str(FONTS)], ignore_system_fonts=True)
        )
