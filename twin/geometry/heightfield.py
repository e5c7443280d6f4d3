"""A regular grid of terrain heights in the park frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.errors import Invalid


@dataclass(frozen=True)
class HeightField:
    """Heights `z` (rows, columns) float32 in metres at x0 + column*dx, y0 + row*dy (park frame); NaN is no data."""

    x0: float
    y0: float
    dx: float
    dy: float
    z: npt.NDArray[np.float32]

    def sample(self, points: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Bilinear height at (n, 2+) positions; outside the grid the nearest edge counts; NaN becomes 0."""
        xy = np.asarray(points, np.float64).reshape(len(np.atleast_2d(points)), -1)
        rows, columns = self.z.shape
        u = np.clip((xy[:, 0] - self.x0) / self.dx, 0, columns - 1)
        v = np.clip((xy[:, 1] - self.y0) / self.dy, 0, rows - 1)
        i, j = np.minimum(u.astype(int), max(columns - 2, 0)), np.minimum(v.astype(int), max(rows - 2, 0))
        i1, j1 = np.minimum(i + 1, columns - 1), np.minimum(j + 1, rows - 1)
        fu, fv = u - i, v - j
        z = np.nan_to_num(self.z.astype(np.float64))
        low = z[j, i] * (1 - fu) + z[j, i1] * fu
        high = z[j1, i] * (1 - fu) + z[j1, i1] * fu
        return np.asarray(low * (1 - fv) + high * fv)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Min x, min y, max x, max y in metres."""
        rows, columns = self.z.shape
        return self.x0, self.y0, self.x0 + (columns - 1) * self.dx, self.y0 + (rows - 1) * self.dy

    def save(self, path: Path) -> None:
        """Write a compressed .npz."""
        np.savez_compressed(path, grid=np.array([self.x0, self.y0, self.dx, self.dy]), z=self.z)

    @classmethod
    def load(cls, path: Path) -> HeightField:
        """Read what `save` wrote. Raises Invalid."""
        try:
            with np.load(path) as data:
                x0, y0, dx, dy = (float(value) for value in data["grid"])
                return cls(x0, y0, dx, dy, data["z"].astype(np.float32))
        except (OSError, KeyError, ValueError) as error:
            raise Invalid(f"Terrain file {path} cannot be read: {error}", code="terrain") from error
