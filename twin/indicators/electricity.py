"""Electric power now, solar power now, and energy since the start of the local day."""

from __future__ import annotations

import numpy as np

from twin.indicators.indicator import Indicator, Moment, Result
from twin.indicators.select import in_unit, main_meters, nothing, of_kind, reduced, total, usable

TO_KW = {"W": 0.001, "kW": 1.0, "MW": 1000.0}
TO_KWH = {"Wh": 0.001, "kWh": 1.0, "MWh": 1000.0}


def power_now(moment: Moment) -> Result:
    """Sum of the main meters' power, kW."""
    points = main_meters(moment, of_kind(moment, "power"))
    return reduced(moment, points, in_unit(moment, points, TO_KW), usable(moment, points), total, "power")


def solar_now(moment: Moment) -> Result:
    """Sum of the solar inverters' power, kW."""
    points = of_kind(moment, "solar_power")
    return reduced(moment, points, in_unit(moment, points, TO_KW), usable(moment, points), total, "solar_power")


def energy_today(moment: Moment) -> Result:
    """Sum of the main meters' readings now less those at the start of the day, kWh.

    A meter without a reading from the start of the day, or that has run backwards (it was changed or
    reset), is left out; `used` tells how many count.
    """
    points = main_meters(moment, of_kind(moment, "energy"))
    start = moment.baseline[points]
    spent = in_unit(moment, points, TO_KWH, moment.hub.values[points] - start)
    good = usable(moment, points) & np.isfinite(start) & (spent >= 0)
    if len(points) and not good.any():
        return Result(
            None,
            reason_zh=f"{len(points)} 块电表还没有当日零点以来的读数",
            reason_en=f"None of the {len(points)} meters has readings since the start of the day",
            points=len(points),
        )
    return nothing("energy", 0) if len(points) == 0 else reduced(moment, points, spent, good, total, "energy")


ELECTRICITY = (
    Indicator("power", "当前功率", "Power now", "kW", power_now, "Σ power of main meters"),
    Indicator("solar_power", "光伏功率", "Solar power", "kW", solar_now, "Σ power of inverters"),
    Indicator(
        "energy_today",
        "今日用电",
        "Energy today",
        "kWh",
        energy_today,
        "Σ (meter now − meter at 00:00, or its first reading of today)",
    ),
)
