"""The hub: the latest value of every point, in arrays by point index.

Rules, in the order they are applied to a batch:

1. A reading's time later than now + `skew_ms`, or missing (≤ 0), is replaced by the time of receipt:
   a sensor's clock running ahead must not make its values look newer than all that follow.
2. A value that is no finite number, or that lies outside the point's min … max, is *bad*: it goes to
   the history as it came, the latest value stays the last good one, the quality becomes bad.
3. Of several readings of one point in a batch the newest by time wins, and of equal times the last.
4. A reading older than the one the hub has is *late*: it goes to the history and changes nothing
   here, nor does it prove the sensor alive. A sensor whose clock fell back turns stale, visibly.

Sequence numbers: updates belong to the tick that is open, `seq + 1`; `tick()` closes it. A point's
number moves when its value or quality changes, and at most every `echo_ms` when it was merely heard
again, so that followers learn that a constant value is fresh without paying for every repetition.

All calls come from one thread (the event loop).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.clock import Clock
from twin.errors import Invalid
from twin.state import quality as q
from twin.state.kinds import canonical, periods_ms
from twin.state.point import PointSpec
from twin.state.samples import Codes, Floats, Ints, Samples

SKEW_MS = 60_000
ECHO_MS = 10_000
STALE_PERIODS = 3
"""A point is stale after this many expected periods without a reading: two may be lost on the way."""


class Hub:
    """Latest values of `points`. Index = position in `points`; all arrays have that length.

    values: float64, the last good value, NaN where there is none; quality: uint8; changed_at: epoch
    ms of the reading that last changed the value; heard_at: epoch ms of the last receipt; sampled_at:
    epoch ms of the latest reading by the sensor's clock; point_seq: tick of the last announcement;
    simulated: whether the last reading was declared to be simulated. kind (as in `KINDS`), unit, gid,
    device: texts. Read them, never write them. past: whether this hub shows a past moment.
    """

    past = False

    def __init__(
        self,
        points: Sequence[PointSpec],
        clock: Clock,
        *,
        periods: Ints | None = None,
        skew_ms: int = SKEW_MS,
        echo_ms: int = ECHO_MS,
    ) -> None:
        count = len(points)
        self.points = tuple(points)
        self.clock = clock
        self.index = {point.point_id: number for number, point in enumerate(self.points)}
        if len(self.index) != count:
            raise Invalid(f"{count - len(self.index)} point ids stand twice: expected each once", code="points-twice")
        self.kind = _texts(canonical(point.kind) for point in self.points)
        self.unit = _texts(point.unit for point in self.points)
        self.gid = _texts(point.gid for point in self.points)
        self.device = _texts(point.device for point in self.points)
        self.low = np.array([-np.inf if p.min is None else p.min for p in self.points], dtype=np.float64)
        self.high = np.array([np.inf if p.max is None else p.max for p in self.points], dtype=np.float64)
        self.period_ms: Ints = periods_ms(self.points) if periods is None else periods
        self.stale_after = STALE_PERIODS * self.period_ms
        self.skew_ms, self.echo_ms = skew_ms, echo_ms
        self.values: Floats = np.full(count, np.nan)
        self.quality: Codes = np.full(count, q.NEVER, dtype=np.uint8)
        self.changed_at: Ints = np.zeros(count, dtype=np.int64)
        self.heard_at: Ints = np.zeros(count, dtype=np.int64)
        self.sampled_at: Ints = np.zeros(count, dtype=np.int64)
        self.point_seq: Ints = np.zeros(count, dtype=np.int64)
        self.simulated: NDArray[np.bool_] = np.zeros(count, dtype=np.bool_)
        self._announced_at: Ints = np.zeros(count, dtype=np.int64)
        self.seq = 0
        self.news = 0  # the last tick in which a point was announced; the open one is seq + 1
        self.counters = {"updates": 0, "late": 0, "bad": 0, "skewed": 0}

    def __len__(self) -> int:
        return len(self.points)

    def update(
        self,
        indices: ArrayLike,
        values: ArrayLike,
        times: ArrayLike | None = None,
        quality: ArrayLike | None = None,
        simulated: ArrayLike | None = None,
    ) -> Samples:
        """Take a batch of readings; returns all of them as the history should keep them.

        Those not newer than what was known of their point are marked `repeated`: they may be kept already.

        indices, values: (n,); times: (n,) epoch ms by the sensor's clock, ≤ 0 or None where unknown;
        quality: (n,) codes as the sender declares them, None is good; simulated: (n,) bool.
        Raises Invalid where an index is out of range or the lengths differ.
        """
        now = self.clock.now_ms()
        index = np.asarray(indices, dtype=np.int64).reshape(-1)
        value = np.asarray(values, dtype=np.float64).reshape(-1)
        count = len(index)
        time = np.full(count, now) if times is None else np.array(times, dtype=np.int64).reshape(-1)
        declared = np.zeros(count, np.int64) if quality is None else np.asarray(quality, dtype=np.int64).reshape(-1)
        sim = np.zeros(count, np.bool_) if simulated is None else np.asarray(simulated, dtype=np.bool_).reshape(-1)
        if not len(value) == len(time) == len(declared) == len(sim) == count:
            raise Invalid(f"A batch has {count} indices and {len(value)} values: expected equal lengths", code="batch")
        if count == 0:
            return Samples(index, time, value, declared.astype(np.uint8))
        if index.min() < 0 or index.max() >= len(self.points):
            raise Invalid(
                f"Point index {index.max()} is out of range: expected 0 … {len(self.points) - 1}", code="point-index"
            )
        skewed = time > now + self.skew_ms
        unknown = skewed | (time <= 0)
        time[unknown] = now
        usable = np.isfinite(value) & (value >= self.low[index]) & (value <= self.high[index])
        trusted = usable & (declared >= q.GOOD) & (declared <= q.STALE)
        code = np.where(trusted, declared, q.BAD).astype(np.uint8)
        samples = Samples(index, time, value, code, time <= self.sampled_at[index])
        self.counters["updates"] += count
        self.counters["skewed"] += int(skewed.sum())
        self.counters["bad"] += int((code == q.BAD).sum())
        self._apply(samples, sim, now)
        return samples

    def _apply(self, samples: Samples, simulated: NDArray[np.bool_], now: int) -> None:
        order = np.lexsort((samples.times, samples.points))  # stable: arrival order breaks ties
        sorted_points = samples.points[order]
        last = np.append(sorted_points[1:] != sorted_points[:-1], True)
        twice = (sorted_points[1:] == sorted_points[:-1]) & (samples.times[order[1:]] == samples.times[order[:-1]])
        if samples.repeated is not None:
            samples.repeated[order[1:][twice]] = True
        chosen = order[last]
        point, time, code = samples.points[chosen], samples.times[chosen], samples.quality[chosen]
        fresh = time >= self.sampled_at[point]
        if not fresh.all():
            self.counters["late"] += int((~fresh).sum())
            chosen, point, time, code = chosen[fresh], point[fresh], time[fresh], code[fresh]
        if len(point) == 0:
            return
        value = samples.values[chosen]
        good = code != q.BAD
        old = self.values[point]
        moved = good & ~(value == old)  # NaN (never heard) is unequal to everything
        changed = moved | (code != self.quality[point])
        self.values[point[moved]] = value[moved]
        self.changed_at[point[moved]] = time[moved]
        self.quality[point] = code
        self.heard_at[point] = now
        self.sampled_at[point] = time
        self.simulated[point] = simulated[chosen]
        self._announce(point[changed | (now - self._announced_at[point] >= self.echo_ms)], now)

    def sweep(self) -> Ints:
        """Mark good points stale that were not heard for three periods; returns their indices."""
        now = self.clock.now_ms()
        lost = np.flatnonzero((self.quality == q.GOOD) & (now - self.heard_at > self.stale_after))
        self.quality[lost] = q.STALE
        self._announce(lost, now)
        return lost

    def tick(self) -> int:
        """Close the open tick after a sweep; returns its sequence number."""
        self.sweep()
        self.seq += 1
        return self.seq

    def changed_since(self, seq: int) -> Ints:
        """Indices of the points announced after tick `seq`, ascending."""
        return np.flatnonzero(self.point_seq > seq)

    def restore(self, indices: Ints, times: Ints, values: Floats, sampled_at: Ints | None = None) -> None:
        """Take last known values from the history: stale until heard again. Points heard already are left alone.

        sampled_at: times of the last samples whatever their quality; None where they are `times`.
        """
        unheard = self.quality[indices] == q.NEVER
        if sampled_at is not None:
            self.sampled_at[indices[unheard]] = sampled_at[unheard]
        unheard &= np.isfinite(values)
        point, time = indices[unheard], times[unheard]
        self.values[point] = values[unheard]
        self.quality[point] = q.STALE
        self.changed_at[point] = self.heard_at[point] = time
        if sampled_at is None:
            self.sampled_at[point] = time
        self._announce(point, self.clock.now_ms())

    def adopt(self, other: Hub) -> None:
        """Carry the state of equal point ids over from a hub with other points; sequence numbers go on."""
        pairs = [(number, other.index[name]) for name, number in self.index.items() if name in other.index]
        self.seq = other.seq
        if pairs:
            here, there = np.array(pairs, dtype=np.int64).T
            for name in ("values", "quality", "changed_at", "heard_at", "sampled_at", "simulated", "_announced_at"):
                getattr(self, name)[here] = getattr(other, name)[there]
        self.counters = dict(other.counters)
        self.point_seq[:] = self.news = self.seq + 1

    def _announce(self, point: Ints, now: int) -> None:
        if len(point) == 0:
            return
        self.point_seq[point] = self.news = self.seq + 1
        self._announced_at[point] = now


def _texts(values: Iterable[str]) -> NDArray[np.str_]:
    return np.array(list(values), dtype=np.str_)
