"""The board: all indicators with their trends."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping

from twin.errors import NotFound
from twin.indicators.indicator import Indicator, Moment, Result
from twin.indicators.registry import INDICATORS

log = logging.getLogger(__name__)

SAMPLE_S = 10
KEPT = 180
"""Trend values kept of each indicator: half an hour at one in ten seconds."""


class IndicatorBoard:
    """Computes indicators, and keeps the last `kept` sampled values of each."""

    def __init__(self, indicators: Mapping[str, Indicator] = INDICATORS, kept: int = KEPT) -> None:
        self._indicators = indicators
        self._trends: dict[str, deque[float | None]] = {name: deque(maxlen=kept) for name in indicators}
        self._times: deque[int] = deque(maxlen=kept)

    def sample(self, moment: Moment) -> None:
        """Add the present values to the trends."""
        self._times.append(moment.now)
        for name, indicator in self._indicators.items():
            self._trends[name].append(_rounded(_result(indicator, moment).value, indicator.digits))

    def rows(self, moment: Moment) -> list[dict[str, object]]:
        """All indicators as plain data for JSON: present value, breakdown, trend, and why there is no value."""
        return [self._row(indicator, _result(indicator, moment), moment) for indicator in self._indicators.values()]

    def row(self, name: str, moment: Moment) -> dict[str, object]:
        """One indicator as plain data. Raises NotFound."""
        indicator = self._indicators.get(name)
        if indicator is None:
            raise NotFound(
                f"Indicator {name!r} is unknown: expected one of {', '.join(sorted(self._indicators))}",
                code="indicator",
            )
        return self._row(indicator, _result(indicator, moment), moment)

    def _row(self, indicator: Indicator, result: Result, moment: Moment) -> dict[str, object]:
        digits = indicator.digits
        return {
            "name": indicator.name,
            "title_zh": indicator.title_zh,
            "title_en": indicator.title_en,
            "unit": indicator.unit,
            "value": _rounded(result.value, digits),
            "at": moment.now,
            "trend": list(self._trends[indicator.name]),
            "trend_at": list(self._times),
            "breakdown": [
                {
                    "key": part.key,
                    "label_zh": part.label_zh,
                    "label_en": part.label_en,
                    "value": _rounded(part.value, digits),
                }
                for part in result.parts
            ],
            "reason_zh": result.reason_zh,
            "reason_en": result.reason_en,
            "used": result.used,
            "points": result.points,
            "formula": indicator.formula,
            "source": indicator.source,
            "mark": indicator.mark,
        }


def _result(indicator: Indicator, moment: Moment) -> Result:
    try:
        return indicator.compute(moment)
    except (ArithmeticError, ValueError, IndexError):
        # One wrong figure must not take the others off the wall.
        log.exception("Indicator %s cannot be computed", indicator.name)
        return Result(None, reason_zh="计算失败，见服务器日志", reason_en="It cannot be computed: see the server's log")


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)
