"""An indicator: a name, titles, a unit, and how its value is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from twin.state.facts import PointFacts
from twin.state.hub import Hub
from twin.state.samples import Floats


@dataclass(frozen=True, slots=True)
class Moment:
    """All that indicators are computed from, at one instant.

    alarms: open alarms by severity. baseline: (n,) counter readings at the start of the local day, NaN
    where there is none. now: epoch ms.
    """

    hub: Hub
    facts: PointFacts
    alarms: Mapping[str, int]
    baseline: Floats
    now: int


@dataclass(frozen=True, slots=True)
class Part:
    """A share of an indicator: of one building, of one state."""

    key: str
    label_zh: str
    label_en: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """A computed indicator. value is None where it cannot be told, and then the reasons say why.

    used, points: how many points went into it, of how many there are.
    """

    value: float | None
    parts: tuple[Part, ...] = ()
    reason_zh: str = ""
    reason_en: str = ""
    used: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named indicator. formula: how it is computed, in words; source, mark: whence a table or limit, how verified."""

    name: str
    title_zh: str
    title_en: str
    unit: str
    compute: Callable[[Moment], Result]
    formula: str
    digits: int = 1
    source: str = ""
    mark: str = ""
