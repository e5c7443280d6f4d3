"""Growth of a measure that jitters: Theil-Sen, which a third of wild readings does not move."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def theil_sen(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """The median slope of all pairs of points. x (n,) rising, y (n,); at least two points."""
    at, value = np.asarray(x, np.float64), np.asarray(y, np.float64)
    first, second = np.triu_indices(len(at), 1)
    return float(np.median((value[second] - value[first]) / (at[second] - at[first])))


def growth(values: npt.ArrayLike) -> float:
    """How much a measure taken once a round grows in the second half of the rounds, by its robust slope.

    The first half is for warming up: caches fill, code is compiled.
    """
    late = np.asarray(values, np.float64)[len(np.asarray(values)) // 2 :]
    return theil_sen(np.arange(len(late)), late) * (len(late) - 1)
