"""Writes `docs/reference/` from the code: `python -m tools.reference`; `--check` only says which pages are stale."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tools import (
    reference_alarms,
    reference_cli,
    reference_data,
    reference_errors,
    reference_findings,
    reference_georef,
    reference_http,
    reference_viewer,
    reference_web,
    reference_widget,
)

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from {source}. Change the code, not this page. -->\n\n"

Page = tuple[str, Callable[[], str]]
"""(what the page is made from, the function that makes it)."""

PAGES: Mapping[str, Page] = {
    "cli.md": ("server/cli", reference_cli.page),
    "http.md": ("server/routes", reference_http.page),
    "settings.md": ("server/settings.py", reference_http.settings),
    "rules.md": ("bim/review/rules.yaml", reference_data.rules),
    "indicators.md": ("twin/indicators and scenes/schemes/compare.py", reference_data.indicators),
    "feature-kinds.md": ("gis/kinds", reference_data.feature_kinds),
    "point-kinds.md": ("twin/state/kinds.py", reference_data.point_kinds),
    "alarm-rules.md": ("twin/rules", reference_alarms.page),
    "tables.md": ("twin/graph/schema.py", reference_data.tables),
    "panels.md": ("web/src/panels, web/src/tools", reference_web.page),
    "viewer.md": ("web/src/viewer", reference_viewer.page),
    "widget.md": ("web/src/embed/types.ts", reference_widget.page),
    "errors.md": ("every raised error", reference_errors.errors),
    "georeference.md": ("bim/georef", reference_georef.page),
    "findings.md": ("every finding of the readers", reference_findings.findings),
}


def openapi() -> str:
    """`openapi.json`, as `python -m server.openapi` prints it."""
    from server.app import describe_only  # noqa: PLC0415
    from server.openapi import document  # noqa: PLC0415

    return json.dumps(document(describe_only()), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def generate() -> dict[str, str]:
    """All pages by file name, the same text for the same code."""
    pages = {name: NOTE.format(source=source) + make().strip() + "\n" for name, (source, make) in PAGES.items()}
    return {**pages, "openapi.json": openapi()}


def stale() -> list[str]:
    """Pages on disk that differ from what the code gives now."""
    return [
        name
        for name, text in generate().items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name the stale ones and return 1."""
    if "--check" in arguments:
        old = stale()
        sys.stdout.write("".join(f"docs/reference/{name} is stale: run make docs\n" for name in old))
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in generate().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
