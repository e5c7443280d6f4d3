"""Outdoors: noise, water, weather."""

from __future__ import annotations

import numpy as np

from twin.indicators.comfort import over
from twin.indicators.indicator import Indicator
from twin.indicators.select import mean, total
from twin.state.samples import Floats


def energetic_mean(levels: Floats) -> float:
    """Mean of sound levels in dB by energy: 10 lg(1/N Σ 10^(L/10)) (GB 3096, equivalent level)."""
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))


SURROUNDINGS = (
    Indicator("noise", "环境噪声", "Noise", "dB", over("noise", energetic_mean), "10 lg(1/N Σ 10^(L/10))"),
    Indicator("water_flow", "用水流量", "Water flow", "m³/h", over("water_flow", total), "Σ flow of meters"),
    Indicator(
        "air_temperature", "室外气温", "Outdoor temperature", "°C", over("air_temperature", mean), "mean of stations"
    ),
    Indicator("wind_speed", "风速", "Wind speed", "m/s", over("wind_speed", mean), "mean of stations"),
    Indicator("rainfall", "降雨强度", "Rainfall", "mm/h", over("rainfall", mean), "mean of stations"),
)
