"""What features stand on: the park's terrain, or a level plane where it has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.geometry.heightfield import HeightField

F64 = npt.NDArray[np.float64]
MIN_STEP_M = 5.0
"""Draped surfaces are cut on a grid of this size, in whole cells of the terrain."""


@dataclass(frozen=True)
class Ground:
    """Heights in the park frame, metres. terrain None: the plane z = 0 at the park's height."""

    terrain: HeightField | None = None

    @property
    def flat(self) -> bool:
        """Whether there is no terrain to follow."""
        return self.terrain is None

    def z(self, points: F64) -> F64:
        """(n,) ground heights at (n, 2+) positions."""
        if self.terrain is None:
            return np.zeros(len(points))
        if len(points) == 0:
            return np.zeros(0)
        return self.terrain.sample(points)

    @property
    def step(self) -> float:
        """The edge of the grid that surfaces are cut on: a whole multiple of the terrain's cell, at least 5 m."""
        if self.terrain is None:
            return MIN_STEP_M
        cell = max(abs(self.terrain.dx), abs(self.terrain.dy))
        return float(cell * max(1.0, np.ceil(MIN_STEP_M / cell - 1e-6)))

    @property
    def corner(self) -> tuple[float, float]:
        """A node of that grid."""
        return (0.0, 0.0) if self.terrain is None else (self.terrain.x0, self.terrain.y0)

    def covers(self, points: F64) -> npt.NDArray[np.bool_]:
        """(n,) whether the terrain has a height there rather than its edge's."""
        if self.terrain is None:
            return np.ones(len(points), bool)
        x0, y0, x1, y1 = self.terrain.bounds
        x, y = points[:, 0], points[:, 1]
        return np.asarray((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
