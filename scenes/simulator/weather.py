"""The park's weather, one for all its stations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.simulator.noise import Hashes, stream, wander
from scenes.simulator.profile import DAY


@dataclass(frozen=True, slots=True)
class Weather:
    """Weather at one instant. temperature °C, wind m/s, rain mm/h, pm25 µg/m³, sun 0 … 1 of full, dark: lamps on."""

    temperature: float
    humidity: float
    wind: float
    rain: float
    pm25: float
    sun: float
    dark: bool


def weather(seed: int, t: float) -> Weather:
    """Weather at local seconds since 1970: a subtropical year (Wuhan: January 4 °C, July 29 °C), days and fronts."""
    names: Hashes = stream(("front", "cloud", "rain", "wind", "haze", "mild"), seed, "weather")
    front, cloud, wet, breeze, haze, mild = (
        float(x) for x in wander(names, t, np.array([2, 0.1, 0.35, 0.2, 1.5, 0.4]) * DAY)
    )
    year, hour = (t / DAY) % 365.25, (t % DAY) / 3600
    season = -np.cos(2 * np.pi * (year - 20) / 365.25)
    temperature = 16.8 + 12.2 * season + 4.2 * np.cos(2 * np.pi * (hour - 15) / 24) + 3 * front + mild
    rain = max(0.0, wet - 0.62) * 40
    height = np.cos(2 * np.pi * (hour - 12.3) / 24) + 0.18 * season  # > 0 by day, longer in summer
    sun = float(np.clip(height, 0, 1)) * (1 - 0.6 * max(0.0, cloud)) * (0.3 if rain > 0 else 1.0)
    return Weather(
        temperature=float(np.clip(temperature, -7, 41)),
        humidity=float(np.clip(68 - 12 * np.cos(2 * np.pi * (hour - 15) / 24) + 12 * wet, 25, 97)),
        wind=float(max(0.1, 2.4 + 1.9 * breeze + 0.6 * sun)),
        rain=rain,
        pm25=float(np.clip(38 + 26 * haze - 9 * season - 0.5 * rain + 6 * np.cos(2 * np.pi * (hour - 8) / 12), 4, 180)),
        sun=sun,
        dark=bool(height < 0.05),
    )
