"""What many scopes choose of the points that changed, as one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.state.samples import Ints


@dataclass(frozen=True, slots=True)
class Choices:
    """Point indices of scopes one after the other. points: (n,); counts: how many each scope has, (scopes,)."""

    points: Ints
    counts: Ints

    @property
    def ends(self) -> Ints:
        """Where each scope's part ends in `points`."""
        return np.cumsum(self.counts)

    @property
    def told(self) -> Choices:
        """Without the scopes that have none."""
        return Choices(self.points, self.counts[self.counts > 0])

    def only(self, scopes: Sequence[bool]) -> Choices:
        """The parts of some scopes."""
        if all(scopes):
            return self
        kept = np.array(scopes, dtype=np.bool_)
        return Choices(self.points[np.repeat(kept, self.counts)], self.counts[kept])


class Scopes:
    """Scopes that are asked about together. scopes: point indices, ascending."""

    def __init__(self, scopes: Sequence[Ints]) -> None:
        self._points = scopes[0] if len(scopes) == 1 else np.concatenate(scopes)
        self._ends = np.cumsum([len(scope) for scope in scopes])

    def choose(self, changed: NDArray[np.bool_]) -> Choices:
        """The changed points of each scope. changed: by point index."""
        places = np.flatnonzero(changed.take(self._points))
        counts = np.diff(np.searchsorted(places, self._ends), prepend=0)
        return Choices(self._points.take(places), counts)
