"""All indicators by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from twin.errors import Invalid, NotFound
from twin.indicators.air import AIR
from twin.indicators.assets import ASSETS
from twin.indicators.comfort import COMFORT
from twin.indicators.electricity import ELECTRICITY
from twin.indicators.indicator import Indicator
from twin.indicators.surroundings import SURROUNDINGS


def registry(indicators: Iterable[Indicator]) -> Mapping[str, Indicator]:
    """Indicators by name, not to be changed. Raises Invalid where a name stands twice."""
    found: dict[str, Indicator] = {}
    for indicator in indicators:
        if indicator.name in found:
            raise Invalid(
                f"Indicator {indicator.name!r} is registered twice: expected each name once", code="indicator"
            )
        found[indicator.name] = indicator
    return MappingProxyType(found)


INDICATORS = registry((*ELECTRICITY, *COMFORT, *ASSETS, *AIR, *SURROUNDINGS))


def indicator(name: str, among: Mapping[str, Indicator] = INDICATORS) -> Indicator:
    """The indicator of a name. Raises NotFound listing the known ones."""
    if name not in among:
        raise NotFound(f"Indicator {name!r} is unknown: expected one of {', '.join(sorted(among))}", code="indicator")
    return among[name]
