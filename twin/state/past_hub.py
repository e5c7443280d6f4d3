"""A hub that shows a past moment: the points of the living one, with values from the history."""

from __future__ import annotations

import numpy as np

from twin.clock import ManualClock
from twin.state import quality as q
from twin.state.hub import Hub
from twin.state.picture import Picture
from twin.state.samples import Ints


class PastHub(Hub):
    """State of its own over the columns of another hub. `clock` stands at the moment that is shown."""

    past = True
    clock: ManualClock

    def __init__(self, of: Hub, at: int) -> None:
        self.__dict__.update(of.__dict__)  # points, kinds, limits …: shared, for they never change
        count = len(of)
        self.clock = ManualClock(at)
        self.values = np.full(count, np.nan)
        self.quality = np.full(count, q.NEVER, dtype=np.uint8)
        for name in ("changed_at", "heard_at", "sampled_at", "point_seq", "_announced_at"):
            setattr(self, name, np.zeros(count, dtype=np.int64))
        self.simulated = np.zeros(count, dtype=np.bool_)
        self.seq = 0
        self.counters = dict.fromkeys(of.counters, 0)

    def show(self, index: Ints, part: Picture, at: int) -> None:
        """Move on to `at`, epoch ms: rows of a picture or a step, for the points at `index`; then silence may make stale."""
        self.clock.advance((at - self.clock.now_ms()) / 1000)
        usable = part.good > 0
        there, value, good = index[usable], part.values[usable], part.good[usable]
        moved = ~(self.values[there] == value)
        self.values[there[moved]] = value[moved]
        self.changed_at[there[moved]] = good[moved]
        self.quality[index] = np.minimum(part.quality, q.BAD)
        self.heard_at[index] = self.sampled_at[index] = part.heard
        self._announce(index, at)
