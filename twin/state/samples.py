"""Samples: a batch of readings as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Samples:
    """Readings as columns of one length n, in the order they arrived.

    points: point indices; times: epoch milliseconds; values: in the point's unit, NaN where the
    reading was no number; quality: codes of `twin.state.quality`; repeated: whether a sample may have come
    before, None where none can have.
    """

    points: Ints
    times: Ints
    values: Floats
    quality: Codes
    repeated: Mask | None = None

    def __len__(self) -> int:
        return len(self.points)

    def where(self, mask: Mask) -> Samples:
        """Those that a mask keeps, in order."""
        return Samples(self.points[mask], self.times[mask], self.values[mask], self.quality[mask])

    def part(self, start: int, stop: int) -> Samples:
        """Those from one place to before another."""
        rows = slice(start, stop)
        repeated = None if self.repeated is None else self.repeated[rows]
        return Samples(self.points[rows], self.times[rows], self.values[rows], self.quality[rows], repeated)


def join(batches: Sequence[Samples]) -> Samples:
    """Several batches as one, in order."""
    if len(batches) == 1:
        return batches[0]
    return Samples(
        points=np.concatenate([batch.points for batch in batches]),
        times=np.concatenate([batch.times for batch in batches]),
        values=np.concatenate([batch.values for batch in batches]),
        quality=np.concatenate([batch.quality for batch in batches]),
        repeated=None
        if all(batch.repeated is None for batch in batches)
        else np.concatenate(
            [np.zeros(len(batch), np.bool_) if batch.repeated is None else batch.repeated for batch in batches]
        ),
    )
