"""A park's readings as a function of time: `ParkModel(points, seed).at(t)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.simulator.behaviour import BEHAVIOURS, Here, anything, metered_energy
from scenes.simulator.incident import chance, incidents
from scenes.simulator.noise import Floats, stream, uniform, wander
from scenes.simulator.profile import profile_of, share
from scenes.simulator.weather import weather
from twin.state.kinds import canonical
from twin.state.point import PointSpec

DIGITS = {
    "occupancy": 0,
    "co2": 0,
    "smoke": 0,
    "leak": 0,
    "door": 0,
    "bay_occupied": 0,
    "lift_position": 0,
    "energy": 2,
}
PERIODS_S = {"energy": (7.0, 10.0), "water": (7.0, 10.0), "smoke": (6.0, 10.0), "leak": (6.0, 10.0)}
PERIOD_S = (1.5, 6.0)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All readings at one instant, (n,): values (NaN where a broken device sends none), and who is silent."""

    values: Floats
    silent: NDArray[np.bool_]


class ParkModel:
    """Believable readings of `points`. The same seed, points and time give the same readings.

    utc_offset_h: the park's local time. rate: readings per second of all points together; None lets
    each point report every 1.5 to 10 s.
    """

    def __init__(
        self, points: Sequence[PointSpec], seed: int = 1, *, utc_offset_h: float = 8.0, rate: float | None = None
    ) -> None:
        self.points, self._seed, self._offset_s = tuple(points), seed, utc_offset_h * 3600
        ids = [point.point_id for point in points]
        self._kind = np.array([canonical(point.kind) for point in points], dtype=np.str_)
        self._own = stream(ids, seed, "own")
        self._room = stream([point.gid for point in points], seed, "room")
        self._excursion = stream(ids, seed, "excursion")
        self._fault = stream([point.device or point.gid for point in points], seed, "fault")
        self._low = np.array([-np.inf if point.min is None else point.min for point in points], dtype=np.float64)
        self._high = np.array([np.inf if point.max is None else point.max for point in points], dtype=np.float64)
        self._profile = profile_of([f"{point.gid} {point.point_id} {point.name}" for point in points])
        self._odds = chance(self._kind)
        self._of_kind = [(name, np.flatnonzero(self._kind == name)) for name in np.unique(self._kind).tolist()]
        self._digits = 10.0 ** np.array([DIGITS.get(name, 2) for name in self._kind.tolist()], dtype=np.float64)
        self._meter_high = self._power_of_meters()
        span = np.array([PERIODS_S.get(name, PERIOD_S) for name in self._kind.tolist()]).reshape(-1, 2)
        self.period_s = span[:, 0] + (span[:, 1] - span[:, 0]) * uniform(self._own, -9)
        if rate is not None and len(points):
            self.period_s *= float((1 / self.period_s).sum()) / rate
        self._phase = uniform(self._own, -10)

    def __len__(self) -> int:
        return len(self.points)

    def at(self, t_ms: int) -> Snapshot:
        """All readings at an instant, epoch ms."""
        t = t_ms / 1000 + self._offset_s
        wrong = incidents(self._excursion, self._fault, self._odds, t)
        sky = weather(self._seed, t)
        values = np.empty(len(self.points))
        for name, rows in self._of_kind:
            here = Here(
                t=t,
                weather=sky,
                low=self._low[rows],
                high=self._high[rows],
                own=self._own[rows],
                room=self._room[rows],
                profile=self._profile[rows],
                people=self._people(rows, t),
                excursion=wrong.excursion[rows],
            )
            if name == "energy":
                values[rows] = metered_energy(here, self._meter_high[rows])
            else:
                values[rows] = BEHAVIOURS.get(name, anything)(here)
        values = np.round(np.clip(values, self._low, self._high) * self._digits) / self._digits
        values[wrong.broken] = np.nan
        return Snapshot(values, wrong.silent)

    def due(self, after_ms: int, until_ms: int) -> NDArray[np.int64]:
        """Points that report in (after, until], epoch ms; each once, however long that is."""
        before = np.floor(after_ms / 1000 / self.period_s + self._phase)
        return np.flatnonzero(np.floor(until_ms / 1000 / self.period_s + self._phase) > before)

    @property
    def rate(self) -> float:
        """Readings per second of all points together, while none is silent."""
        return float((1 / self.period_s).sum()) if len(self.points) else 0.0

    def _people(self, rows: NDArray[np.int64], t: float) -> Callable[[float], Floats]:
        room, profile = self._room[rows], self._profile[rows]
        shift = 1800 * (uniform(room, 1) - 0.5)  # not all rooms fill at the same minute
        usual = 0.55 + 0.45 * uniform(room, 2)

        def people(ago_s: float) -> Floats:
            when = t - ago_s
            present = share(profile, when + shift)
            return np.clip(present * (usual + 0.3 * wander(room, when, 900)), 0, 1)

        return people

    def _power_of_meters(self) -> Floats:
        """For each energy meter the range of the power point on the same device or object, else 100 kW."""
        highs: dict[str, float] = {}
        for point, kind in zip(self.points, self._kind.tolist(), strict=True):
            if kind == "power" and point.max is not None:
                highs.setdefault(point.gid, point.max)
                if point.device:
                    highs[point.device] = point.max
        return np.array(
            [highs.get(point.device, highs.get(point.gid, 100.0)) for point in self.points], dtype=np.float64
        )
