"""The conditions of rules over many points at once: each object holds the rows of one kind of condition.

`met(now, holding)` gives two arrays of its rows: whether the condition is met, and whether the present values decide
anything at all. What decides nothing changes nothing: a row that holds goes on to hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from twin.rules.rule import AlarmRule
from twin.state import quality as q
from twin.state.hub import Hub
from twin.state.samples import Floats, Ints

Flags = NDArray[np.bool_]
COMPARISONS: Final[Mapping[str, np.ufunc]] = {
    ">": np.greater,
    ">=": np.greater_equal,
    "<": np.less,
    "<=": np.less_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


class Condition(Protocol):
    """The rows of one kind of condition. Rules and points: (n,), one per row."""

    def met(self, now: int, holding: Flags, /) -> tuple[Flags, Flags]:
        """(met, usable), both (n,), at an instant (epoch ms); holding: rows whose alarm condition is active."""
        ...


class Taker:
    """Takes a column's values at some points: by a view where these lie side by side."""

    def __init__(self, points: Ints) -> None:
        side_by_side = len(points) > 0 and bool(np.all(np.diff(points) == 1))
        self._where: slice | Ints = slice(int(points[0]), int(points[-1]) + 1) if side_by_side else points

    def floats(self, column: Floats) -> Floats:
        """Values of a float column."""
        return column[self._where]

    def ints(self, column: Ints) -> Ints:
        """Values of an int column."""
        return column[self._where]

    def codes(self, column: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Quality codes."""
        return column[self._where]


def column(rules: Sequence[AlarmRule], name: str) -> Floats:
    """A numeric field of each row's rule, NaN where it has none."""
    return np.array([np.nan if (value := getattr(rule, name)) is None else value for rule in rules], dtype=np.float64)


class Compare:
    """value op limit; with a dead band the value must come back by that much before the condition is over."""

    def __init__(self, hub: Hub, op: str, rules: Sequence[AlarmRule], points: Ints) -> None:
        self._hub, self._take, self._compare = hub, Taker(points), COMPARISONS[op]
        self._limit = column(rules, "limit")
        band = column(rules, "dead_band")
        self._release = self._limit - band if ">" in op else self._limit + band
        self._banded = bool(band.any())

    def met(self, _now: int, holding: Flags, /) -> tuple[Flags, Flags]:
        """See `Condition`."""
        threshold = np.where(holding, self._release, self._limit) if self._banded else self._limit
        usable = self._take.codes(self._hub.quality) == q.GOOD
        return np.asarray(self._compare(self._take.floats(self._hub.values), threshold), dtype=np.bool_), usable


class Deviation:
    """The value is further than `limit` from its set point: another point, or a number."""

    def __init__(self, hub: Hub, rules: Sequence[AlarmRule], points: Ints, set_points: Ints) -> None:
        """set_points: (n,) index of the point that gives the set point, -1 where it is a number."""
        self._hub, self._take = hub, Taker(points)
        self._constant, self._from = column(rules, "set_value"), set_points
        self._limit, self._band = column(rules, "limit"), column(rules, "dead_band")
        self._directed = Direction(rules)

    def met(self, _now: int, holding: Flags, /) -> tuple[Flags, Flags]:
        """See `Condition`. Both the value and the set point must be good."""
        other = self._from >= 0
        wanted = np.where(other, self._hub.values[self._from], self._constant)
        usable = (self._take.codes(self._hub.quality) == q.GOOD) & (~other | (self._hub.quality[self._from] == q.GOOD))
        off = self._take.floats(self._hub.values) - wanted
        threshold = self._limit - np.where(holding, self._band, 0.0)
        return self._directed.furthest(off, -off) > threshold, usable


class Direction:
    """Which way counts: up, down, or both."""

    def __init__(self, rules: Sequence[AlarmRule]) -> None:
        self._up = np.array([rule.direction != "down" for rule in rules], dtype=np.bool_)
        self._down = np.array([rule.direction != "up" for rule in rules], dtype=np.bool_)

    def furthest(self, up: Floats, down: Floats) -> Floats:
        """The greater of what counts."""
        return np.fmax(np.where(self._up, up, -np.inf), np.where(self._down, down, -np.inf))


SLOTS: Final = 12
"""A window's extremes are kept in this many parts: the window is exact to a twelfth."""


class Rate:
    """The value moved by more than `limit` within the window, from the lowest or the highest value in it.

    It needs a window of values before it can say that nothing moves: until then a row that holds goes on to hold.
    """

    def __init__(self, hub: Hub, window_ms: int, rules: Sequence[AlarmRule], points: Ints) -> None:
        self._hub, self._take, self._directed = hub, Taker(points), Direction(rules)
        self._limit, self._band = column(rules, "limit"), column(rules, "dead_band")
        self._window = window_ms
        self._step = max(1, window_ms // (SLOTS - 1))
        self._low = np.full((SLOTS, len(points)), np.nan)
        self._high = np.full((SLOTS, len(points)), np.nan)
        self._past_low = self._past_high = np.full(len(points), np.nan)
        self._slot = -1
        self._began = -1

    def met(self, now: int, holding: Flags, /) -> tuple[Flags, Flags]:
        """See `Condition`."""
        good = self._take.codes(self._hub.quality) == q.GOOD
        value = np.where(good, self._take.floats(self._hub.values), np.nan)
        self._turn(now)
        place = self._slot % SLOTS
        np.fmin(self._low[place], value, out=self._low[place])
        np.fmax(self._high[place], value, out=self._high[place])
        up = value - np.fmin(self._past_low, self._low[place])
        down = np.fmax(self._past_high, self._high[place]) - value
        threshold = self._limit - np.where(holding, self._band, 0.0)
        met = good & (self._directed.furthest(up, down) > threshold)
        return met, good & (met | (now - self._began >= self._window))

    def _turn(self, now: int) -> None:
        slot = now // self._step
        if slot == self._slot:
            return
        if self._slot < 0 or slot < self._slot:  # the first call, or the clock was set back
            self._low[:], self._high[:], self._began = np.nan, np.nan, now
        for passed in range(max(self._slot + 1, slot - SLOTS + 1), slot + 1):
            self._low[passed % SLOTS], self._high[passed % SLOTS] = np.nan, np.nan
        self._slot = slot
        self._past_low, self._past_high = np.fmin.reduce(self._low), np.fmax.reduce(self._high)


class Stuck:
    """The value did not move by more than `dead_band` for the window, while readings came.

    Time is the sensor's own: a clock that is wrong by hours is wrong at both ends.
    """

    def __init__(self, hub: Hub, rules: Sequence[AlarmRule], points: Ints) -> None:
        self._hub, self._take = hub, Taker(points)
        self.window, self._band = 1000 * column(rules, "window_s"), column(rules, "dead_band")
        self.anchor = self._take.floats(hub.values).copy()
        self.since = self._take.ints(hub.changed_at).copy()
        self.points = points

    def met(self, _now: int, _holding: Flags, /) -> tuple[Flags, Flags]:
        """See `Condition`."""
        value, sampled = self._take.floats(self._hub.values), self._take.ints(self._hub.sampled_at)
        good = self._take.codes(self._hub.quality) == q.GOOD
        moved = good & ~(np.abs(value - self.anchor) <= self._band)  # NaN (never heard) has moved
        moved |= sampled < self.since  # the sensor's clock was set back
        np.copyto(self.anchor, value, where=moved)
        np.copyto(self.since, sampled, where=moved)
        return good & (sampled - self.since >= self.window), good


class Bit:
    """One bit of a whole number is as given."""

    def __init__(self, hub: Hub, rules: Sequence[AlarmRule], points: Ints) -> None:
        self._hub, self._take = hub, Taker(points)
        self._bit, self._wanted = column(rules, "bit").astype(np.int64), column(rules, "limit") == 1

    def met(self, _now: int, _holding: Flags, /) -> tuple[Flags, Flags]:
        """See `Condition`. Numbers beyond 2^53 and parts of one decide nothing."""
        value = self._take.floats(self._hub.values)
        whole = (np.abs(value) < 2.0**53) & (value == np.floor(value))
        bits = np.where(whole, value, 0.0).astype(np.int64)
        usable = whole & (self._take.codes(self._hub.quality) == q.GOOD)
        return ((bits >> self._bit) & 1).astype(np.bool_) == self._wanted, usable


class Quality:
    """The point's quality is one of some: `missing` is stale, `bad` is bad.

    It decides at any time, but for one thing: a point that was silent before the watch began, as all are after a
    restart, counts as stale once the time that it may be silent has passed since.
    """

    def __init__(self, hub: Hub, rules: Sequence[AlarmRule], points: Ints) -> None:
        self._hub, self._take = hub, Taker(points)
        wanted = {"missing": ["stale"], "bad": ["bad"]}
        self._table = np.zeros((len(q.NAMES), len(rules)), dtype=np.bool_)
        for row, rule in enumerate(rules):
            for name in rule.quality or wanted[rule.op]:
                self._table[q.NAMES.index(name), row] = True
        self._rows = np.arange(len(rules))
        self._patience = int(self._take.ints(hub.stale_after).max(initial=0))
        self.began = -1

    def met(self, now: int, _holding: Flags, /) -> tuple[Flags, Flags]:
        """See `Condition`."""
        if self.began < 0:
            self.began = now
        code = self._take.codes(self._hub.quality)
        met = self._table[code, self._rows]
        if now - self.began > self._patience:
            return met, np.ones(len(met), dtype=np.bool_)
        early = now - self.began <= self._take.ints(self._hub.stale_after)
        return met, ~((code == q.STALE) & early & (self._take.ints(self._hub.heard_at) <= self.began))
