"""What a race is given and what it gives back."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import solo
from tests.bench.cost import Sample

Cell = str | int | float | None


@dataclass
class Context:
    """folder: for files, thrown away at the end; rounds: runs per contestant; tiny: only try the race out.

    kept: what one race leaves for another, by name; call: runs a contestant, each in its own process.
    """

    folder: Path
    rounds: int = 3
    tiny: bool = False
    kept: dict = field(default_factory=dict)
    say: Callable[[str], None] = lambda _text: None
    call: Callable[..., Sample] = solo.call

    def size(self, full: int, tiny: int) -> int:
        """How much to do."""
        return tiny if self.tiny else full


@dataclass(frozen=True)
class Check:
    """One condition of the correctness gate. detail: what was compared, with numbers."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True)
class Ratio:
    """How many times better we are than the peer (below 1: worse), by one measure."""

    name: str
    value: float


@dataclass(frozen=True)
class Outcome:
    """A race's figures. verdict: one honest sentence made from them; skipped: why nothing was run."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    checks: Sequence[Check] = ()
    ratios: Sequence[Ratio] = ()
    verdict: str = ""
    notes: Sequence[str] = ()
    skipped: str = ""

    @property
    def passed(self) -> bool:
        """Whether the gate was passed; figures of a race that failed it mean nothing."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True)
class Race:
    """name: as on the command line; title, method: for the page."""

    name: str
    title: str
    method: str
    run: Callable[[Context], Outcome]


def geomean(values: Sequence[float]) -> float:
    """Geometric mean; NaN of nothing."""
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def times(ratio: float, better: str = "fewer", worse: str = "more") -> str:
    """A ratio in words: "2.1 times fewer" or, where we lose, "1.7 times more"."""
    size = max(ratio, 1 / ratio)
    return f"{size:{',.0f' if size >= 10 else '.2g' if size >= 1.1 else '.3g'}} times {better if ratio >= 1 else worse}"
