"""Outcomes as text and as plain data."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

from tests.bench.race import Cell, Outcome, Race


def shown(value: Cell) -> str:
    """A number with three significant digits, whole numbers with separators."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{round(value):,}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def text_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Columns under their heads; numbers to the right."""
    cells = [[shown(value) for value in row] for row in rows]
    wide = [max(map(_width, column)) for column in zip(columns, *cells, strict=True)]
    right = [
        bool(rows) and all(not isinstance(row[place], str) or row[place] == "–" for row in rows)
        for place in range(len(columns))
    ]

    def line(values: Sequence[str]) -> str:
        parts = []
        for value, width, number in zip(values, wide, right, strict=True):
            gap = " " * (width - _width(value))
            parts.append(gap + value if number else value + gap)
        return "  ".join(parts).rstrip()

    return "\n".join([line(columns), line(["-" * width for width in wide]), *map(line, cells)])


def as_text(race: Race, outcome: Outcome) -> str:
    """A race for people at a terminal."""
    head = f"{race.name}: {race.title}"
    if outcome.skipped:
        return f"{head}\n  skipped: {outcome.skipped}\n"
    gate = "\n".join(
        f"  gate {'passed' if check.passed else 'FAILED'}: {check.name}{': ' + check.detail if check.detail else ''}"
        for check in outcome.checks
    )
    if not outcome.passed:
        return f"{head}\n{gate}\n  no figures: the gate was not passed\n"
    ratios = "".join(f"  {ratio.name}: {shown(ratio.value)}x\n" for ratio in outcome.ratios)
    notes = "".join(f"  note: {note}\n" for note in outcome.notes)
    return f"{head}\n{gate}\n{text_table(outcome.columns, outcome.rows)}\n{ratios}{notes}  {outcome.verdict}\n"


def as_data(race: Race, outcome: Outcome) -> dict[str, object]:
    """A race for programs: `--json`."""
    figures = outcome.passed and not outcome.skipped
    return {
        "name": race.name,
        "title": race.title,
        "skipped": outcome.skipped or None,
        "passed": outcome.passed,
        "checks": [{"name": c.name, "passed": c.passed, "detail": c.detail} for c in outcome.checks],
        "columns": list(outcome.columns) if figures else [],
        "rows": [[_plain(value) for value in row] for row in outcome.rows] if figures else [],
        "ratios": {ratio.name: ratio.value for ratio in outcome.ratios} if figures else {},
        "verdict": outcome.verdict if figures else "",
        "notes": list(outcome.notes),
    }


def _plain(value: Cell) -> Cell:
    return None if isinstance(value, float) and not math.isfinite(value) else value
