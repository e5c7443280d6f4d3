"""Air quality breakpoints as data: with source, date and how far they were verified.

HJ 633-2026 replaced HJ 633-2012 on 2026-03-01 and changed the particulate rows, but its numbers were
not at hand: the older table stands in, marked as superseded, until the new one is entered here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """One pollutant's table. concentration: µg/m³ at each step of `index`."""

    pollutant: str
    index: tuple[float, ...]
    concentration: tuple[float, ...]
    source: str
    effective: str
    superseded: str
    mark: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the index: up to and with `upto`."""

    upto: float
    zh: str
    en: str
    colour: str


PM25: Final = Breakpoints(
    pollutant="PM2.5, 24 h",
    index=(0, 50, 100, 150, 200, 300, 400, 500),
    concentration=(0, 35, 75, 115, 150, 250, 350, 500),
    source="HJ 633-2012",
    effective="2016-01-01",
    superseded="2026-03-01",
    mark="superseded",
)
LEVELS: Final = (
    Level(50, "优", "Excellent", "#00E400"),
    Level(100, "良", "Good", "#FFFF00"),
    Level(150, "轻度污染", "Lightly polluted", "#FF7E00"),
    Level(200, "中度污染", "Moderately polluted", "#FF0000"),
    Level(300, "重度污染", "Heavily polluted", "#99004C"),
    Level(500, "严重污染", "Severely polluted", "#7E0023"),
)
