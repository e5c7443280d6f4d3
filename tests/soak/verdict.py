"""The rounds of a soak judged: what each measure began with, ended with, and by how much it grew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.soak.probe import MEASURES, Measure
from tests.soak.slope import growth

FEWEST = 8
"""Rounds that a slope can be told from: four of them are looked at."""
MOST = 4 * FEWEST


@dataclass(frozen=True)
class Verdict:
    """In the measure's own unit."""

    measure: Measure
    warm: float
    last: float
    most: float
    grown: float
    allowed: float

    @property
    def flat(self) -> bool:
        return self.grown <= self.allowed

    def words(self) -> str:
        scale, unit = self.measure.scale, self.measure.unit
        return f"{self.measure.title}: grew by {self.grown * scale:,.2f} {unit} in the second half, allowed {self.allowed * scale:,.2f}"


def verdicts(rounds: Sequence[dict[str, float]], measures: Sequence[Measure] = MEASURES) -> list[Verdict]:
    """One a measure. Raises ValueError where there are too few rounds."""
    if len(rounds) < FEWEST:
        raise ValueError(f"{len(rounds)} rounds were measured: expected at least {FEWEST}")
    found = []
    for measure in measures:
        values = np.array([row[measure.name] for row in rounds], np.float64)
        late = values[len(values) // 2 :]
        allowed = measure.allowed / measure.scale + measure.share * float(np.median(late))
        found.append(
            Verdict(measure, float(late[0]), float(values[-1]), float(values.max()), max(0.0, growth(values)), allowed)
        )
    return found


def told(rounds: Sequence[dict[str, float]], measures: Sequence[Measure] = MEASURES) -> bool:
    """Whether the rounds tell: enough of them, and flat, or four times as many.

    A list of alarms that got longer, or a cache that fills late on a loaded machine, stays as it is in the rounds that follow; a
    leak goes on, over more rounds than before.
    """
    if (count := len(rounds)) < FEWEST:
        return False
    return count >= MOST or (count % FEWEST == 0 and all(one.flat for one in verdicts(rounds, measures)))


def table(found: Sequence[Verdict]) -> str:
    """A Markdown table."""
    lines = ["| what | warm | at the end | largest | growth | allowed |", "|---|---:|---:|---:|---:|---:|"]
    for one in found:
        scale, unit = one.measure.scale, f" {one.measure.unit}".rstrip()
        digits = 2 if one.measure.unit else 0
        cells = [f"{value * scale:,.{digits}f}{unit}" for value in (one.warm, one.last, one.most)]
        cells += [f"{one.grown * scale:,.{digits or 1}f}{unit}", f"{one.allowed * scale:,.{digits or 1}f}{unit}"]
        lines.append(f"| {one.measure.title} | {' | '.join(cells)} |")
    return "\n".join(lines)
