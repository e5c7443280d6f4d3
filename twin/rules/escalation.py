"""Escalation: an alarm that nobody acknowledged in time gets more severe, or calls the next role."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from twin.finding import Severity
from twin.rules.alarm import Alarm
from twin.rules.rule import RESERVED, AlarmRule
from twin.rules.states import HOLDS, UNACKNOWLEDGED
from twin.rules.watch import Watch

RANK = {severity: rank for rank, severity in enumerate(Severity)}
"""0 is the most severe."""
LOOK_AGAIN_MS = 60_000
"""A held alarm whose step is due is looked at again this much later."""


class Escalations:
    """The next step of each unacknowledged alarm, by when it is due.

    The alarm of a lost node takes the steps of the most severe rule with steps among those whose alarms it can hide:
    what is hidden behind it would have escalated, so it does.
    """

    def __init__(self, watch: Watch) -> None:
        self._rules: Mapping[str, AlarmRule] = {rule.id: rule for rule in watch.rules if rule.escalate}
        self._nodes = _node_rules(watch)
        self._due: list[tuple[int, str, int]] = []

    def follow(self, alarm: Alarm) -> None:
        """Watch an alarm that was just raised or escalated."""
        rule = self._rule(alarm)
        if rule is not None and alarm.process in UNACKNOWLEDGED and alarm.escalated < len(rule.escalate):
            after = round(1000 * rule.escalate[alarm.escalated].after_s)
            heapq.heappush(self._due, (alarm.raised_at + after, alarm.id, alarm.escalated))

    def take(self, now: int, find: Callable[[str], Alarm | None]) -> list[Alarm]:
        """Alarms whose next step is due at an instant, after that step. A held alarm waits until it is shown again."""
        changed: list[Alarm] = []
        waiting: list[tuple[int, str, int]] = []
        while self._due and self._due[0][0] <= now:
            _due, name, step = heapq.heappop(self._due)
            alarm = find(name)
            rule = self._rule(alarm) if alarm is not None else None
            if alarm is None or rule is None or alarm.process not in UNACKNOWLEDGED or alarm.escalated != step:
                continue
            after = rule.escalate[step]
            if alarm.raised_at + round(1000 * after.after_s) > now:
                continue  # raised again since: a later entry stands for it
            if alarm.state in HOLDS:
                waiting.append((now + LOOK_AGAIN_MS, name, step))
                continue
            changed.append(
                replace(
                    alarm,
                    severity=worse(after.severity or alarm.severity, alarm.severity),
                    role=after.role or alarm.role,
                    escalated=step + 1,
                )
            )
        for entry in waiting:
            heapq.heappush(self._due, entry)
        return changed

    def _rule(self, alarm: Alarm) -> AlarmRule | None:
        return self._nodes.get(alarm.point_id) if alarm.rule == RESERVED else self._rules.get(alarm.rule)


def worse(one: Severity, other: Severity) -> Severity:
    """The more severe of two."""
    return min(one, other, key=RANK.__getitem__)


def _node_rules(watch: Watch) -> dict[str, AlarmRule]:
    """Name of a node → the rule whose steps its alarm takes."""
    wiring, found = watch.wiring, dict[str, AlarmRule]()
    used = watch.rule[wiring.rows]
    numbers = [number for number in np.unique(used).tolist() if watch.rules[number].escalate]
    for number in sorted(numbers, key=lambda number: -RANK[watch.rules[number].severity]):
        for node in wiring.nodes_over(wiring.rows[used == number]).tolist():
            found[wiring.names[node]] = watch.rules[number]
    return found
