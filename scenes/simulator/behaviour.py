"""How each kind of value behaves: functions from the state of the park to readings, all points of a kind at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from scenes.simulator.noise import Floats, Hashes, uniform, wander
from scenes.simulator.profile import PARKING, share, share_integral
from scenes.simulator.weather import Weather


@dataclass(frozen=True, slots=True)
class Here:
    """What a behaviour may know of its m points at one instant.

    t: local seconds since 1970; low, high, span: the points' range; own: their random streams; room:
    streams shared by all points of one object; profile: of the building; people: from seconds ago to
    the share of people present in the room then; excursion: 0 … 1.
    """

    t: float
    weather: Weather
    low: Floats
    high: Floats
    own: Hashes
    room: Hashes
    profile: NDArray[np.int64]
    people: Callable[[float], Floats]
    excursion: Floats

    @property
    def span(self) -> Floats:
        """Width of the range."""
        return self.high - self.low

    def noise(self, period_s: float) -> Floats:
        """Smooth noise of each point, -1 … 1."""
        return wander(self.own, self.t, period_s)

    def raised(self, value: Floats, towards: Floats) -> Floats:
        """A value pulled towards another one as far as an excursion says."""
        return value + self.excursion * (towards - value)

    @property
    def fixed(self) -> Floats:
        """A constant of each point, 0 … 1."""
        return uniform(self.own)


Behaviour = Callable[[Here], Floats]
SLOW, FAST = 1800.0, 45.0


def temperature(h: Here) -> Floats:
    """Air-conditioned rooms: a set point, people, a little of the weather."""
    value = 22.6 + 1.6 * (h.fixed - 0.5) + 1.1 * h.people(0) + 0.06 * (h.weather.temperature - 18)
    return h.raised(value + 0.4 * h.noise(SLOW) + 0.08 * h.noise(FAST), 31 + 4 * h.fixed)


def humidity(h: Here) -> Floats:
    """Between the weather's and a comfortable one."""
    return h.raised(
        0.3 * h.weather.humidity + 33 + 5 * h.people(0) + 4 * h.noise(SLOW) + 0.5 * h.noise(FAST), h.low + 0.92 * h.span
    )


def co2(h: Here) -> Floats:
    """Follows the people of the last half hour."""
    people = (h.people(300) + h.people(900) + h.people(1500)) / 3
    return h.raised(425 + 440 * people + 25 * h.noise(SLOW) + 8 * h.noise(FAST), 1350 + 500 * h.fixed)


def co(h: Here) -> Floats:
    """Carbon monoxide of a garage: traffic at the rush hours."""
    traffic = np.abs(share(h.profile, h.t) - share(h.profile, h.t - 1200))
    return h.raised(1.5 + 30 * traffic + 0.8 * h.noise(FAST), 35 + 25 * h.fixed)


def occupancy(h: Here) -> Floats:
    """People counted: the share present of the places there."""
    return np.rint(h.people(0) * (0.35 + 0.4 * uniform(h.room, 5)) * h.high)


def lighting_power(h: Here) -> Floats:
    """On while people are there, dimmed by daylight."""
    on = np.clip(4 * h.people(0), 0, 1)
    return h.raised(
        h.high * (0.015 + on * (0.42 + 0.22 * (1 - h.weather.sun))) + 0.01 * h.span * h.noise(FAST), 0.97 * h.high
    )


def _power_levels(meter: Hashes, high: Floats) -> tuple[Floats, Floats]:
    size = high * (0.55 + 0.3 * uniform(meter, 11))
    return 0.24 * size, 0.62 * size


def power(h: Here) -> Floats:
    """A base load, and what people and machines of the building use."""
    base, use = _power_levels(h.room, h.high)
    value = base + use * share(h.profile, h.t) + 0.02 * h.high * h.noise(300) + 0.008 * h.high * h.noise(FAST)
    return h.raised(value, 0.97 * h.high)


def metered_energy(h: Here, power_high: Floats) -> Floats:
    """The integral of the meter's power, kWh, without its noise, which averages out; rolls over at the meter's end.

    power_high: range of the power point on the same meter, kW.
    """
    base, use = _power_levels(h.room, power_high)
    spent = (base * h.t + use * share_integral(h.profile, h.t)) / 3600
    return h.low + spent % np.where(np.isfinite(h.span), h.span, np.inf)


def solar_power(h: Here) -> Floats:
    """Follows the sun."""
    return np.clip(h.high * 0.86 * h.weather.sun * (1 + 0.03 * h.noise(FAST)), 0, None)


def lamp_power(h: Here) -> Floats:
    """On at night."""
    return h.raised(
        np.where(h.weather.dark, h.high * (0.62 + 0.01 * h.noise(FAST)), 1.2 + 0.2 * h.noise(FAST)), 0.98 * h.high
    )


def water_flow(h: Here) -> Floats:
    """A little leakage, and people."""
    use = share(h.profile, h.t) * (0.55 + 0.45 * h.noise(120))
    return h.raised(h.high * np.clip(0.012 + 0.42 * use, 0, 1), 0.95 * h.high)


def water(h: Here) -> Floats:
    """The integral of a flow of 4 m³/h at most; rolls over at the meter's end."""
    return h.low + (4 * share_integral(h.profile, h.t) / 3600) % np.where(np.isfinite(h.span), h.span, np.inf)


def pressure(h: Here) -> Floats:
    """Around a third of the range; sinks a little when water is drawn."""
    return h.raised(
        h.low + h.span * (0.32 + 0.08 * h.fixed - 0.04 * share(h.profile, h.t) + 0.01 * h.noise(FAST)),
        h.low + 0.03 * h.span,
    )


def _cooling(h: Here) -> bool:
    return h.weather.temperature > 18


def supply_temperature(h: Here) -> Floats:
    """Chilled water in warm weather, heating water in cold."""
    return h.raised(
        (7.2 if _cooling(h) else 44.0) + 0.6 * h.noise(SLOW) + 0.1 * h.noise(FAST),
        np.where(_cooling(h), 13.5, 57.0) + 0 * h.fixed,
    )


def return_temperature(h: Here) -> Floats:
    """The supply's, moved by the load."""
    moved = 1.5 + 4 * share(h.profile, h.t)
    return (7.2 + moved if _cooling(h) else 44.0 - 1.4 * moved) + 0.5 * h.noise(SLOW) + 0.1 * h.noise(FAST)


def supply_air_temperature(h: Here) -> Floats:
    """What the air handling unit blows in."""
    return h.raised((17.0 if _cooling(h) else 24.0) + 0.8 * h.noise(SLOW) + 0.15 * h.noise(FAST), 31.0 + 0 * h.fixed)


def load(h: Here) -> Floats:
    """Percent of what the machine can."""
    return h.raised(18 + 58 * share(h.profile, h.t) + 5 * h.noise(300) + h.noise(FAST), 96 + 3 * h.fixed)


def lift_position(h: Here) -> Floats:
    """Trips of half a minute from floor to floor; at rest below when nobody is there."""
    trip = 36.0
    place = h.t / trip + uniform(h.own, -3)
    number = np.floor(place).astype(np.int64)
    busy = np.clip(share(h.profile, h.t) + 0.05, 0, 1)

    def target(which: NDArray[np.int64]) -> Floats:
        goes = uniform(h.own, 2 * which + 1) < busy
        return np.where(goes, np.rint(h.low + h.span * uniform(h.own, 2 * which)), h.low)

    before, after = target(number), target(number + 1)
    return np.rint(
        before + (after - before) * np.clip((place - number) * trip / (2 * np.abs(after - before) + 1e-9), 0, 1)
    )


def door(h: Here) -> Floats:
    """Opened for some seconds, the more often the more people are there."""
    place = h.t / 25 + uniform(h.own, -3)
    return (uniform(h.own, np.floor(place).astype(np.int64)) < 0.02 + 0.3 * share(h.profile, h.t)).astype(np.float64)


def alarm_state(h: Here) -> Floats:
    """Smoke and leak detectors: 1 in an excursion, else 0."""
    return (h.excursion > 0).astype(np.float64)


def bay_occupied(h: Here) -> Floats:
    """Stays of 20 minutes to 3 hours; taken as often as car parks are full at that hour."""
    stay = 1200 + 9600 * uniform(h.own, -5)
    number = np.floor(h.t / stay + uniform(h.own, -4)).astype(np.int64)
    middle = (number + 0.5 - uniform(h.own, -4)) * stay
    return (uniform(h.own, number) < share(np.full(len(h.own), PARKING), middle)).astype(np.float64)


def manhole_level(h: Here) -> Floats:
    """Low, and rising with rain."""
    return h.raised(
        h.low + h.span * np.clip(0.08 + 0.05 * h.fixed + 0.012 * h.weather.rain + 0.01 * h.noise(SLOW), 0, 1),
        h.low + 0.9 * h.span,
    )


def pm25(h: Here) -> Floats:
    """The park's haze, and what is near a station."""
    return h.raised(
        h.weather.pm25 * (0.95 + 0.1 * h.fixed) + 3 * h.noise(SLOW) + 0.8 * h.noise(FAST), 170 + 60 * h.fixed
    )


def pm10(h: Here) -> Floats:
    """Coarser dust: more than the fine one."""
    return 1.5 * pm25(h)


def noise_level(h: Here) -> Floats:
    """Quiet nights, busy days, single events."""
    return h.raised(43 + 13 * share(h.profile, h.t) + 3 * h.noise(240) + 1.5 * h.noise(FAST), 84 + 8 * h.fixed)


def air_temperature(h: Here) -> Floats:
    """The weather's, a little different at each station."""
    return h.weather.temperature + 0.4 * (h.fixed - 0.5) + 0.15 * h.noise(FAST)


def wind_speed(h: Here) -> Floats:
    """Gusts."""
    return np.clip(h.weather.wind * (1 + 0.35 * h.noise(FAST)), 0, None)


def rainfall(h: Here) -> Floats:
    """The weather's rain."""
    return h.weather.rain * (1 + 0.1 * h.noise(FAST))


def anything(h: Here) -> Floats:
    """A kind not known here: wanders in the middle of its range."""
    low, high = np.where(np.isfinite(h.low), h.low, 0.0), np.where(np.isfinite(h.high), h.high, 100.0)
    return (low + high) / 2 + 0.25 * (high - low) * (0.8 * h.noise(SLOW) + 0.2 * h.noise(FAST))


BEHAVIOURS: Mapping[str, Behaviour] = MappingProxyType(
    {
        "temperature": temperature, "humidity": humidity, "co2": co2, "co": co, "occupancy": occupancy,
        "lighting_power": lighting_power, "power": power, "solar_power": solar_power, "lamp_power": lamp_power,
        "water_flow": water_flow, "water": water, "pressure": pressure, "supply_temperature": supply_temperature,
        "return_temperature": return_temperature, "supply_air_temperature": supply_air_temperature, "load": load,
        "pump_speed": load, "lift_position": lift_position, "door": door, "smoke": alarm_state, "leak": alarm_state,
        "bay_occupied": bay_occupied, "manhole_level": manhole_level, "pm25": pm25, "pm10": pm10,
        "noise": noise_level, "air_temperature": air_temperature, "wind_speed": wind_speed, "rainfall": rainfall,
    }
)  # fmt: skip
