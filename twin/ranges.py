"""Ranges of whole numbers, many at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]


def ranges(first: I64, counts: I64) -> I64:
    """The whole numbers first, first + 1 … of each range, one range after the other."""
    ends: I64 = np.cumsum(counts)
    inside = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    return np.asarray(inside + np.repeat(first - (ends - counts), counts), np.int64)
