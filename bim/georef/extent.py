"""How far a model reaches in its own frame, and the point of it that a place is given for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bim.georef.candidate import F64

HUGE_M = 5_000.0
"""Coordinates farther than this from the model's own origin are no building's: a map's numbers without its name."""
_STRAY_FACTOR = 20.0
"""An object is a stray where it stands HUGE_M and this many times the median distance from the model's middle."""


@dataclass(frozen=True)
class Extent:
    """The model's box in its own frame, metres, strays left out: low, high (3,), and middle (3,): the median of its objects' middles."""

    low: F64
    high: F64
    middle: F64
    strays: int = 0

    @classmethod
    def of_boxes(cls, low: F64, high: F64) -> Extent:
        """Around boxes (n, 3); around the origin where there are none."""
        fine = np.isfinite(low).all(axis=1) & np.isfinite(high).all(axis=1)
        if not fine.any():
            return cls(np.zeros(3), np.zeros(3), np.zeros(3))
        low, high = low[fine], high[fine]
        centres = (low + high) / 2
        middle = np.median(centres, axis=0)
        away = np.linalg.norm(centres - middle, axis=1)
        near = away <= max(HUGE_M, _STRAY_FACTOR * float(np.median(away)))
        return cls(low[near].min(axis=0), high[near].max(axis=0), middle, int((~near).sum()))

    def outside(self, point: F64) -> float:
        """Metres from a point (3,) to the box, the larger of plan and height."""
        gap = np.maximum(np.maximum(self.low - point, point - self.high), 0.0)
        return max(float(np.hypot(gap[0], gap[1])), float(gap[2]))

    @property
    def shift(self) -> F64:
        """Whole metres that bring the box near the origin: its middle in plan, its foot in height where that is far off too.

        Zero where it stands near the origin already.
        """
        if self.outside(np.zeros(3)) <= HUGE_M:
            return np.zeros(3)
        middle, foot = np.round(self.middle), float(self.low[2])
        return np.array([middle[0], middle[1], np.floor(foot) if abs(foot) > HUGE_M else 0.0])

    @property
    def anchor(self) -> tuple[float, float]:
        """x, y of the point a place is given for: the model's origin, else its rounded middle."""
        x, y, _z = self.shift
        return float(x), float(y)

    def corners(self) -> F64:
        """(4, 3): the plan rectangle at the foot, counter-clockwise."""
        (x0, y0, z0), (x1, y1, _z1) = self.low, self.high
        return np.array([[x0, y0, z0], [x1, y0, z0], [x1, y1, z0], [x0, y1, z0]], np.float64)

    def as_dict(self) -> dict[str, object]:
        """Plain data for the report."""
        return {"low": self.low.tolist(), "high": self.high.tolist(), "strays": self.strays}
