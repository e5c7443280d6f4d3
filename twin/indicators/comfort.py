"""Indoor climate and people: mean temperature, humidity and CO₂, and how many are in."""

from __future__ import annotations

from collections.abc import Callable

from twin.indicators.indicator import Indicator, Moment, Result
from twin.indicators.select import Reduce, mean, of_kind, reduced, total, usable


def over(kind: str, reduce: Reduce) -> Callable[[Moment], Result]:
    """An indicator's computation: one figure over all good points of a kind."""

    def compute(moment: Moment) -> Result:
        points = of_kind(moment, kind)
        return reduced(moment, points, moment.hub.values[points], usable(moment, points), reduce, kind)

    return compute


COMFORT = (
    Indicator("people", "在园人数", "People in", "人", over("occupancy", total), "Σ people counted in rooms", 0),
    Indicator(
        "temperature", "室内平均温度", "Mean indoor temperature", "°C", over("temperature", mean), "mean over rooms"
    ),
    Indicator("humidity", "室内平均湿度", "Mean indoor humidity", "%RH", over("humidity", mean), "mean over rooms"),
    Indicator("co2", "平均二氧化碳", "Mean CO₂", "ppm", over("co2", mean), "mean over rooms", 0),
)
