"""Positions on a grid of a power of two: exact in float32, short in the stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenes.tiles.arrays import F64

FINEST = -10
"""Grid steps of 2^-10 m (0.98 mm): an error below 0.49 mm along each axis. A finer grid took 5 to 10 % more bytes."""
HALF = 32767


@dataclass(frozen=True)
class Quantised:
    """data: (n, 3) int16 grid numbers to be scaled by `scale`, or (n, 3) float32 metres (scale 1).

    exponent: the grid of float32 data, else None.
    """

    data: npt.NDArray[Any]
    scale: float
    exponent: int | None


@dataclass(frozen=True)
class Grid:
    """One grid for all primitives of a node. whole: int16 numbers suffice."""

    exponent: int
    whole: bool

    @classmethod
    def over(
        cls, reach: float, step: float | None = None, scale: float | None = None, *, rounded: bool = False
    ) -> Grid:
        """The grid that holds coordinates of up to `reach` metres from the centre.

        step: metres, a power of two; the coordinates are known to be multiples of it. scale: the largest of instances.
        rounded: whether their places are too; their one mesh then gets, where it fits, half the step that they need.
        """
        if step is not None and reach <= HALF * step:
            return cls(int(np.log2(step)), whole=True)
        exponent = FINEST if scale is None else FINEST - rounded - max(0, int(np.ceil(np.log2(scale))))
        while exponent < FINEST and reach > np.ldexp(HALF, exponent):
            exponent += 1
        if reach <= np.ldexp(HALF, exponent):
            return cls(exponent, whole=True)
        while reach >= np.ldexp((1 << 23) - 1, exponent):
            exponent += 1
        return cls(exponent, whole=False)

    @property
    def scale(self) -> float:
        """Metres of one unit of the stored numbers."""
        return float(np.ldexp(1.0, self.exponent)) if self.whole else 1.0

    def quantise(self, position: F64) -> Quantised:
        """Round (n, 3) metres to the grid."""
        cells = np.rint(np.ldexp(position, -self.exponent))
        if self.whole:
            return Quantised(cells.astype(np.int16), self.scale, None)
        return Quantised(np.ldexp(cells, self.exponent).astype(np.float32), 1.0, self.exponent)
