"""Air quality: PM2.5 now, and its individual index."""

from __future__ import annotations

import math

import numpy as np

from twin.indicators.air_quality_table import LEVELS, PM25, Breakpoints, Level
from twin.indicators.comfort import over
from twin.indicators.indicator import Indicator, Moment, Part, Result
from twin.indicators.select import mean, nothing, of_kind, usable


def iaqi(concentration: float, table: Breakpoints = PM25) -> int:
    """Individual air quality index of a concentration, µg/m³, rounded up; 500 beyond the table.

    IAQI = (IH − IL)/(BPH − BPL)·(C − BPL) + IL, linear between breakpoints (HJ 633, formula 1).
    """
    value = float(np.interp(concentration, table.concentration, table.index))
    return math.ceil(round(value, 6))


def level(index: float) -> Level:
    """The level that an index belongs to."""
    return next((found for found in LEVELS if index <= found.upto), LEVELS[-1])


def air_quality(moment: Moment) -> Result:
    """Index of the mean of all good PM2.5 readings now; the one part names its level."""
    points = of_kind(moment, "pm25")
    good = usable(moment, points)
    if not good.any():
        return nothing("pm25", len(points))
    index = iaqi(mean(moment.hub.values[points[good]]))
    found = level(index)
    return Result(index, (Part(found.colour, found.zh, found.en, index),), used=int(good.sum()), points=len(points))


AIR = (
    Indicator("pm25", "PM2.5", "PM2.5", "µg/m³", over("pm25", mean), "mean of stations", 0),
    Indicator(
        "air_quality",
        "空气质量指数（PM2.5 实时）",
        "Air quality index (PM2.5 now)",
        "",
        air_quality,
        "IAQI of the present PM2.5 mean; the standard's own index is over 24 h and six pollutants",
        0,
        source=PM25.source,
        mark=PM25.mark,
    ),
)
