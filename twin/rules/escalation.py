"""Escalation: an alarm that nobody acknowledged in time gets more severe, or calls the next role."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from twin.rules.alarm import Alarm
from twin.rules.rule import AlarmRule
from twin.rules.states import HOLDS, UNACKNOWLEDGED

LOOK_AGAIN_MS = 60_000
"""A held alarm whose step is due is looked at again this much later."""


class Escalations:
    """The next step of each unacknowledged alarm, by when it is due."""

    def __init__(self, rules: Iterable[AlarmRule], alarms: Iterable[Alarm]) -> None:
        self._rules: Mapping[str, AlarmRule] = {rule.id: rule for rule in rules if rule.escalate}
        self._due: list[tuple[int, str, int]] = []
        for alarm in alarms:
            self.follow(alarm)

    def follow(self, alarm: Alarm) -> None:
        """Watch an alarm that was just raised or escalated."""
        rule = self._rules.get(alarm.rule)
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
            rule = self._rules.get(alarm.rule) if alarm is not None else None
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
                    severity=after.severity or alarm.severity,
                    role=after.role or alarm.role,
                    escalated=step + 1,
                )
            )
        for entry in waiting:
            heapq.heappush(self._due, entry)
        return changed
