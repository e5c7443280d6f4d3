"""The watch: all rules over all their points at once, as arrays.

A (rule, point) pair is one row. A row *holds* while its alarm condition is active: it must be met for the rule's on
delay, and be over for its off delay. Values that are not good decide nothing: a row that holds goes on to hold, a row
that was about to hold starts anew. A row is *suppressed by design* while its rule's `suppress_when` is met, while the
worse limit of the same rule holds, or (by `Wiring`) while its gateway is lost.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.rules.bind import Bound, bind
from twin.rules.conditions import COMPARISONS, Flags, Quality, Stuck
from twin.rules.rule import AlarmRule
from twin.rules.wiring import Links, Wiring
from twin.state import quality as q
from twin.state.hub import Hub
from twin.state.samples import Ints


class Watch:
    """Rules bound to the points of a hub. rule, point: (m,) indices of each row.

    holding, suppressed: (m,) flags, as of the last `evaluate`; told: rows that have an open alarm whose condition
    counts as active, kept by the alarms. unbound: ids of rules that watch no point; problems: why rows were left out.
    """

    def __init__(self, hub: Hub, rules: Sequence[AlarmRule], links: Links | None = None) -> None:
        found: Bound = bind(hub, [one for rule in rules for one in rule.expanded()])
        self.hub, self.rules, self.rule, self.point = hub, found.rules, found.rule, found.point
        self.unbound, self.problems, self.rows = found.unbound, found.problems, found.rows
        self._parts, self._clauses, self._over = found.parts, found.clauses, found.over
        count = len(self.rule)
        self.holding: Flags = np.zeros(count, dtype=np.bool_)
        self.told: Flags = np.zeros(count, dtype=np.bool_)
        self.suppressed: Flags = np.zeros(count, dtype=np.bool_)
        self.since: Ints = np.zeros(count, dtype=np.int64)  # when a change of holding began; 0: none is on its way
        self.pending: Ints = np.empty(0, dtype=np.int64)  # rows whose since is set
        self._met: Flags = np.zeros(count, dtype=np.bool_)
        self._usable: Flags = np.zeros(count, dtype=np.bool_)
        self._on: Ints = np.array([round(1000 * rule.delay_s) for rule in self.rules], dtype=np.int64)
        self._off: Ints = np.array([round(1000 * rule.off_delay_s) for rule in self.rules], dtype=np.int64)
        missing = next((span for op, span, _part in self._parts if op == "missing"), slice(0, 0))
        self.wiring = Wiring(hub, links or Links(), self.point[missing], missing.start)

    def __len__(self) -> int:
        return len(self.rule)

    @property
    def stuck(self) -> list[tuple[slice, Stuck]]:
        """The parts that remember values, with their rows."""
        return [(span, part) for _op, span, part in self._parts if isinstance(part, Stuck)]

    @property
    def began(self) -> int:
        """When it was first evaluated, epoch ms; -1 before, or where it watches no quality."""
        return max((part.began for _op, _span, part in self._parts if isinstance(part, Quality)), default=-1)

    def follow(self, other: Watch) -> None:
        """Go on where another watch of the same park ends."""
        for _op, _span, part in self._parts:
            if isinstance(part, Quality):
                part.began = other.began
        self.wiring.down = other.wiring.down

    def evaluate(self, now: int) -> None:
        """Bring holding and suppressed up to an instant (epoch ms)."""
        for _op, span, part in self._parts:
            self._met[span], self._usable[span] = part.met(now, self.holding[span])
        self._delay(now)
        if self._clauses or len(self._over[0]) or self.wiring.watched:
            self._suppress()

    def _delay(self, now: int) -> None:
        rows = np.flatnonzero(self._usable & (self._met != self.holding))
        if len(rows) == 0 and len(self.pending) == 0:
            return
        before = self.since[rows]
        self.since[self.pending] = 0
        begun = np.where((before == 0) | (before > now), now, before)  # a clock set back must not delay for ever
        delay = np.where(self.holding[rows], self._off[self.rule[rows]], self._on[self.rule[rows]])
        due = now - begun >= delay
        self.holding[rows[due]] ^= True
        self.pending = rows[~due]
        self.since[self.pending] = begun[~due]

    def _suppress(self) -> None:
        self.suppressed[:] = False
        hub = self.hub
        for op, rows, points, limits in self._clauses:
            met = COMPARISONS[op](hub.values[points], limits) & (hub.quality[points] == q.GOOD)
            self.suppressed[rows[met]] = True
        rows, worse = self._over
        # The worst comes first in each chain, and a limit that is itself suppressed by its machine hides nothing.
        self.suppressed[rows] |= self.holding[worse] & ~self.suppressed[worse]
        if self.wiring.watched:
            self.suppressed[self.wiring.update(self.holding)] = True

    def restore(self, rows: Ints, since: Ints) -> None:
        """Go on with delays that had begun before a restart."""
        self.since[rows] = since
        self.pending = np.flatnonzero(self.since)
